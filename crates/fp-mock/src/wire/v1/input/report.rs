//! What v1 calls say about reports.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::clock::timestamp::Timestamp;
use crate::domain::calendar::{self, Grain};
use crate::domain::ids::PromoterId;
use crate::domain::refusal::Refusal;
use crate::domain::report::{Column, OrderBy, OrderKey, Query};
use crate::wire::fields::Fields;

/// What a report shows unless asked otherwise.
///
/// Evidence: v1 reference.
const DEFAULT: [Column; 4] = [Column::Revenue, Column::Clicks, Column::Referrals, Column::Customers];

/// By day a report spans at most so many days.
///
/// Evidence: v1 reference.
const DAYS_BY_DAY: i32 = 90;

/// How many periods a report has at most.
///
/// Evidence: chosen.
const PERIODS_MAX: usize = 4_000;

/// What a report is asked for, as of `now`; its own order.
///
/// # Errors
/// [`Refusal::InvalidParam`] for unknown figures, periods and dates, and for too long a span.
///
/// Evidence: v1 reference (the defaults, the limit by day); that without a first day the limit decides where a report by
/// day begins, and that a span which is asked for and too long is refused, is chosen.
pub fn query(fields: &Fields<'_>, now: Timestamp) -> Result<Query, Refusal> {
    let today = now.date();
    let grain = fields.named("group_by", grain, &["day", "month", "year"])?.unwrap_or(Grain::Month);
    let to = date(fields, "end_date")?.unwrap_or(today);
    let from = date(fields, "start_date")?.unwrap_or_else(|| match grain {
        Grain::Day => to.saturating_sub((DAYS_BY_DAY - 1).days()),
        _ => calendar::months_earlier(today, 12),
    });
    if to < from {
        return Err(fields.invalid("end_date", "a day that is not before start_date"));
    }
    if grain == Grain::Day && (to - from).get_days() >= DAYS_BY_DAY {
        let expected = format!("a day within {DAYS_BY_DAY} days of start_date, as group_by is day");
        return Err(fields.invalid("end_date", expected));
    }
    if grain.spans(from, to).take(PERIODS_MAX + 1).count() > PERIODS_MAX {
        return Err(fields.invalid("end_date", format!("a day that makes at most {PERIODS_MAX} periods")));
    }
    Ok(Query { columns: columns(fields)?, from, to, grain, q: None, order: None })
}

/// The order of the overview: by `sort`, or else by the first figure that it shows.
///
/// # Errors
/// [`Refusal::InvalidParam`] for an unknown figure or direction.
///
/// Evidence: v1 reference.
pub fn order(fields: &Fields<'_>, columns: &[Column]) -> Result<Option<OrderBy>, Refusal> {
    let directions = |text: &str| match text {
        "asc" => Some(false),
        "desc" => Some(true),
        _ => None,
    };
    let is_descending = fields.named("sort_dir", directions, &["asc", "desc"])?.unwrap_or(true);
    let column = figure(fields, "sort")?.or(columns.first().copied());
    Ok(column.map(|column| OrderBy { key: OrderKey::Column(column), is_descending }))
}

/// The order that decides who heads the list of promoters.
///
/// # Errors
/// [`Refusal::InvalidParam`] for an unknown figure.
///
/// Evidence: v1 reference.
pub fn head_order(fields: &Fields<'_>) -> Result<OrderBy, Refusal> {
    let column = figure(fields, "top_50")?.unwrap_or(Column::Revenue);
    Ok(OrderBy { key: OrderKey::Column(column), is_descending: true })
}

/// The promoters that the report is of; `None`: all.
///
/// # Errors
/// [`Refusal::InvalidParam`] if one of them is no id.
///
/// Evidence: published v1 reports document.
pub fn promoters(fields: &Fields<'_>) -> Result<Option<Vec<PromoterId>>, Refusal> {
    Ok(fields.ids("promoter_ids")?.map(|ids| ids.into_iter().map(PromoterId::new).collect()))
}

fn grain(name: &str) -> Option<Grain> {
    Grain::named(name).filter(|grain| *grain != Grain::Week)
}

/// The figures of v1; v2 has one more.
///
/// Evidence: v1 reference.
fn column(name: &str) -> Option<Column> {
    Column::named(name).filter(|column| *column != Column::Signups)
}

/// Doubled ones count once.
///
/// Evidence: chosen (doubles).
fn columns(fields: &Fields<'_>) -> Result<Vec<Column>, Refusal> {
    let mut columns = Vec::new();
    for name in fields.texts("selected_fields")? {
        let column = column(&name).ok_or_else(|| fields.invalid("selected_fields", "names of figures"))?;
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    Ok(if columns.is_empty() { DEFAULT.to_vec() } else { columns })
}

fn figure(fields: &Fields<'_>, name: &str) -> Result<Option<Column>, Refusal> {
    let Some(text) = fields.text(name)? else { return Ok(None) };
    column(&text).map(Some).ok_or_else(|| fields.invalid(name, "the name of a figure"))
}

/// A day, day first or as ISO 8601.
///
/// Evidence: v1 reference (`01-05-2021` in a report that ends with May); the ISO form is chosen.
fn date(fields: &Fields<'_>, name: &str) -> Result<Option<Date>, Refusal> {
    let Some(text) = fields.text(name)? else { return Ok(None) };
    let day_first = || {
        let mut parts = text.splitn(3, '-');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let iso = format!("{:0>4}-{:0>2}-{:0>2}", year, month, day);
        (day.len() <= 2).then(|| Timestamp::parse(&iso)).flatten()
    };
    let found = day_first().or_else(|| Timestamp::parse(&text)).map(Timestamp::date);
    found.map(Some).ok_or_else(|| fields.invalid(name, "a day as 31-12-2021 or 2021-12-31"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: &str = "2025-01-15T10:30:00Z";

    fn asked(params: &Value) -> Result<Query, Refusal> {
        let now = Timestamp::parse(NOW).expect("a moment");
        query(&Fields::root(params.as_object().expect("an object")), now)
    }

    fn days(params: &Value) -> Option<(String, String)> {
        asked(params).ok().map(|query| (query.from.to_string(), query.to.to_string()))
    }

    #[test]
    fn dates_are_day_first_or_iso_and_default_to_the_last_twelve_months() {
        let both = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(days(&json!({})), both("2024-01-15", "2025-01-15"));
        assert_eq!(
            days(&json!({"start_date": "01-02-2021", "end_date": "1-5-2021"})),
            both("2021-02-01", "2021-05-01")
        );
        assert_eq!(days(&json!({"start_date": "2024-12-31"})), both("2024-12-31", "2025-01-15"));
        for bad in ["31-02-2021", "13-13-2021", "yesterday", "01-05-21x", "1-2"] {
            assert_eq!(days(&json!({ "start_date": bad })), None, "{bad}");
        }
        assert_eq!(days(&json!({"start_date": "02-01-2025", "end_date": "01-01-2025"})), None);
    }

    #[test]
    fn by_day_ninety_days_are_the_most() {
        let span = |to: &str| days(&json!({"group_by": "day", "start_date": "01-10-2024", "end_date": to}));
        assert!(span("29-12-2024").is_some());
        assert!(span("30-12-2024").is_none());
        let both = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(days(&json!({"group_by": "day"})), both("2024-10-18", "2025-01-15"));
        assert_eq!(
            days(&json!({"group_by": "day", "end_date": "01-05-2021"})),
            both("2021-02-01", "2021-05-01")
        );
        assert!(asked(&json!({"group_by": "week"})).is_err());
        assert!(
            asked(&json!({"group_by": "month", "start_date": "1970-01-01", "end_date": "9000-01-01"}))
                .is_err()
        );
    }

    #[test]
    fn figures_come_in_the_order_asked_for() {
        let columns = |params: &Value| asked(params).map(|query| query.columns);
        assert_eq!(columns(&json!({})), Ok(DEFAULT.to_vec()));
        let selected = json!({"selected_fields": ["3m_epc", "sales_count", "3m_epc"]});
        assert_eq!(columns(&selected), Ok(vec![Column::Epc3Months, Column::Sales]));
        assert!(columns(&json!({"selected_fields": ["signups_count"]})).is_err());
    }
}
