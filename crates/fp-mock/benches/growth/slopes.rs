//! Figures of several sizes, each taken in a process of its own, and how they grow.

use std::fmt::Write as _;
use std::process::Command;

use super::machine::{CLIENT_CORE, SERVER_CORE, stay_on};
use super::table::{middle, shown};

/// Figures of one size: what each is, and what it came to.
pub type Figures = Vec<(String, f64)>;

/// Runs this program in a role of its own for one size, one time after the other, and answers the middle of what it
/// measured.
pub fn measured_apart(role: &str, size: usize, times: usize) -> Figures {
    let every: Vec<Figures> = (0..times).map(|_| measured_once(role, size)).collect();
    let middle_of = |name: &str| middle(every.iter().map(|figures| figure(figures, name)).collect());
    every[0].iter().map(|(name, _)| (name.clone(), middle_of(name))).collect()
}

/// Runs it on the servers' core, and reads the figures that it prints.
fn measured_once(role: &str, size: usize) -> Figures {
    stay_on(SERVER_CORE);
    let mut command = Command::new(std::env::current_exe().expect("the path of this program"));
    let output = command.args([role, &size.to_string()]).output().expect("it grows");
    stay_on(CLIENT_CORE);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let figures = text.lines().filter_map(|line| line.rsplit_once('\t'));
    figures.map(|(name, figure)| (name.to_owned(), figure.parse().expect("a figure"))).collect()
}

/// The figure of this name.
pub fn figure(figures: &Figures, name: &str) -> f64 {
    figures.iter().find(|(known, _)| known == name).map_or(f64::NAN, |(_, figure)| *figure)
}

/// A table of all sizes, which are powers of ten from 10³ on, with the exponent of the growth between the last two.
pub fn written(title: &str, every: &[Figures]) -> String {
    let sizes = &["10³", "10⁴", "10⁵", "10⁶"][..every.len()];
    let (last, before) = (every.len() - 1, every.len() - 2);
    let (from, to) = (sizes[before], sizes[last]);
    let mut text = format!(
        "\n{title}; the slope is the exponent from {from} to {to}: 0 is constant, 1 linear.\n\n\
         | what | {} | slope |\n|{}\n",
        sizes.join(" | "),
        " --- |".to_owned() + &" ---: |".repeat(sizes.len() + 1)
    );
    for (name, _) in &every[last] {
        let figures: Vec<f64> = every.iter().map(|figures| figure(figures, name)).collect();
        let slope = (figures[last] / figures[before]).log10();
        let cells: Vec<String> = figures.iter().map(|figure| shown(*figure)).collect();
        // Writing into a text cannot fail.
        let _ = writeln!(text, "| {name} | {} | {slope:.2} |", cells.join(" | "));
    }
    text
}
