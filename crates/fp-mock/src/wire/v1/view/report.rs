//! Reports as v1 shows them: money as text, periods by their names, the newest first.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::domain::calendar::Grain;
use crate::domain::campaign::Campaign;
use crate::domain::money::{Amount, Currency, ratio};
use crate::domain::promoter::Promoter;
use crate::domain::report::{Figure, Kind, Line, Query, Report, Window};

/// What a report is shown with.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// What was asked for.
    pub query: &'a Query,
    /// The account's currency.
    pub currency: &'a Currency,
}

/// The whole account: a row for each period.
///
/// Evidence: v1 reference.
pub fn overview<'a>(frame: Frame<'a>, report: &'a Report<'_, Window>) -> Vec<impl Serialize + 'a> {
    let row = |line: &'a Line<Window>| Row { frame, figures: &line.total, window: &line.subject };
    report.lines.iter().map(row).collect()
}

/// A row for each campaign.
///
/// Evidence: v1 reference.
pub fn campaigns<'a>(frame: Frame<'a>, report: &'a Report<'_, &'a Campaign>) -> Vec<impl Serialize + 'a> {
    let entry = |line: &'a Line<&'a Campaign>| Entry {
        frame,
        names: ["campaign_name", "campaign_id"],
        name: line.subject.name.clone(),
        id: line.subject.id.number(),
        items: rows(frame, report, line),
        total: &line.total,
    };
    report.lines.iter().map(entry).collect()
}

/// A row for each promoter. One without a name is shown by his e-mail address.
///
/// Evidence: v1 reference; the address is chosen.
pub fn promoters<'a>(frame: Frame<'a>, report: &'a Report<'_, &'a Promoter>) -> Vec<impl Serialize + 'a> {
    let entry = |line: &'a Line<&'a Promoter>| {
        let name = line.subject.name();
        Entry {
            frame,
            names: ["promoter_name", "promoter_id"],
            name: if name.is_empty() { line.subject.email.clone() } else { name },
            id: line.subject.id.number(),
            items: rows(frame, report, line),
            total: &line.total,
        }
    };
    report.lines.iter().map(entry).collect()
}

/// The periods of a line, the newest first.
///
/// Evidence: v1 reference.
fn rows<'a, S>(frame: Frame<'a>, report: &'a Report<'_, S>, line: &'a Line<S>) -> Vec<Row<'a>> {
    let periods = report.by_period(line).map(|(window, figures)| Row { frame, figures, window });
    let mut rows: Vec<Row<'a>> = periods.collect();
    rows.reverse();
    rows
}

/// A campaign or promoter: its name, its periods, and its figures over the whole time.
struct Entry<'a> {
    frame: Frame<'a>,
    names: [&'static str; 2],
    name: String,
    id: u64,
    items: Vec<Row<'a>>,
    total: &'a [Figure],
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let [name, id] = self.names;
        map.serialize_entry(name, &self.name)?;
        map.serialize_entry(id, &self.id)?;
        map.serialize_entry("items", &self.items)?;
        self.frame.write(self.total, &mut map)?;
        map.end()
    }
}

/// The figures of one period, and which it is.
struct Row<'a> {
    frame: Frame<'a>,
    figures: &'a [Figure],
    window: &'a Window,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.figures.len() + 1))?;
        self.frame.write(self.figures, &mut map)?;
        map.serialize_entry("period", &period(self.frame.query.grain, self.window))?;
        map.end()
    }
}

impl Frame<'_> {
    fn write<M: SerializeMap>(&self, figures: &[Figure], map: &mut M) -> Result<(), M::Error> {
        for (column, figure) in self.query.columns.iter().zip(figures) {
            let name = column.name();
            match (column.kind(), *figure) {
                (Kind::Money, figure) => map.serialize_entry(name, &money(whole(figure), self.currency))?,
                (Kind::Count | Kind::Percent, Figure::Whole(number)) => map.serialize_entry(name, &number)?,
                (Kind::Count | Kind::Percent, Figure::Hundredths(number)) => {
                    map.serialize_entry(name, &(number as f64 / 100.0))?;
                }
            }
        }
        Ok(())
    }
}

/// A figure of money in whole minor units: earnings per click have decimals of them, which v1 does not show.
///
/// Evidence: chosen.
fn whole(figure: Figure) -> Amount {
    match figure {
        Figure::Whole(amount) => amount,
        Figure::Hundredths(hundredths) => ratio(hundredths, 1, 100),
    }
}

/// `$13,500.72`, `-$5.00`, `¥1,200`; a currency without a sign of its own is shown by its code, `CHF7.50`.
///
/// Evidence: v1 reference (dollars); the others are chosen.
fn money(amount: Amount, currency: &Currency) -> String {
    let sign = match currency.code() {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        other => other,
    };
    let (per_whole, magnitude) = (currency.minor_per_whole().unsigned_abs(), amount.unsigned_abs());
    let minus = if amount < 0 { "-" } else { "" };
    let wholes = grouped(magnitude / per_whole);
    if per_whole == 1 {
        return format!("{minus}{sign}{wholes}");
    }
    format!("{minus}{sign}{wholes}.{:02}", magnitude % per_whole)
}

/// `13,500`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `May 2021`, `01 May 2021`, `2021`; a period that is cut keeps the name of the whole.
///
/// Evidence: v1 reference (the month); the rest is chosen.
fn period(grain: Grain, window: &Window) -> String {
    let format = match grain {
        Grain::Day | Grain::Week => "%d %b %Y",
        Grain::Month => "%b %Y",
        Grain::Year => "%Y",
    };
    window.first.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_text_with_its_sign_and_commas() {
        let usd = Currency::new("USD").expect("a code");
        for (amount, text) in [
            (1_350_072, "$13,500.72"),
            (0, "$0.00"),
            (5, "$0.05"),
            (99_999, "$999.99"),
            (100_000_000_000, "$1,000,000,000.00"),
            (-72_400, "-$724.00"),
        ] {
            assert_eq!(money(amount, &usd), text);
        }
        let shown = |code: &str| money(120_050, &Currency::new(code).expect("a code"));
        assert_eq!([shown("JPY"), shown("EUR"), shown("CHF")], ["¥120,050", "€1,200.50", "CHF1,200.50"]);
        assert_eq!(whole(Figure::Hundredths(714)), 7);
    }
}
