//! What was measured, what was wanted, and whether it is met.

use std::fmt::Write as _;

/// Rows of figures as a Markdown table.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 4]>,
    notes: String,
}

/// What a figure is to be.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

impl Table {
    /// Adds a figure that has a target.
    pub fn judge(&mut self, what: &str, figure: f64, unit: &str, wanted: Wanted) {
        let (sign, limit, is_met) = match wanted {
            Wanted::AtMost(limit) => ("≤", limit, figure <= limit),
            Wanted::AtLeast(limit) => ("≥", limit, figure >= limit),
        };
        let verdict = if is_met { "met" } else { "**missed**" };
        let target = format!("{sign} {} {unit}", shown(limit));
        self.add([what.to_owned(), format!("{} {unit}", shown(figure)), target, verdict.to_owned()]);
    }

    /// Adds a figure for scale.
    pub fn tell(&mut self, what: &str, figure: f64, unit: &str) {
        self.add([what.to_owned(), format!("{} {unit}", shown(figure)), String::new(), String::new()]);
    }

    /// Adds lines that stand below the table.
    pub fn say(&mut self, text: &str) {
        eprintln!("{text}");
        self.notes.push_str(text);
        self.notes.push('\n');
    }

    fn add(&mut self, row: [String; 4]) {
        eprintln!("{}", row.join(" | "));
        self.rows.push(row);
    }

    /// Writes it to standard output.
    pub fn print(&self) {
        let mut text = String::from("\n| what | measured | target | |\n| --- | ---: | ---: | --- |\n");
        for [what, figure, target, verdict] in &self.rows {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "| {what} | {figure} | {target} | {verdict} |");
        }
        println!("{text}\n{}", self.notes);
    }
}

/// The middle of some figures.
pub fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Three digits that count, or all before the point.
pub fn shown(figure: f64) -> String {
    match figure.abs() {
        0.0 => "0".to_owned(),
        size if size >= 1_000.0 => grouped(figure.round() as i64),
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

fn grouped(number: i64) -> String {
    let digits = number.abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}
