//! `sorting_is_ordered`: a sorted list is in order, the same each time, and has the same records.

use serde_json::Value;

use super::Behaviour;
use super::pages::{ids, rows, with};
use crate::run::{Session, Stop};

pub(super) const SORTING_ORDERED: Behaviour = Behaviour {
    code: "sorting_is_ordered",
    promise: "a sorted list is in order, the same each time, and lacks no record",
    writes: false,
    run,
};

/// A sorting, and where a row shows what it sorts by.
const SORTINGS: &[(&str, &str, &str, &str)] = &[
    ("/api/v2/company/promoters", "/data", "clicks_count", "/stats/clicks_count"),
    ("/api/v2/company/promoters", "/data", "referrals_count", "/stats/referrals_count"),
    ("/api/v2/company/promoters", "/data", "customers_count", "/stats/customers_count"),
    ("/api/v2/company/promoters", "/data", "revenue_amount", "/stats/revenue_amount"),
    ("/api/v2/company/promoters", "/data", "joined_at", "/joined_at"),
    ("/api/v2/company/commissions", "", "sale_amount", "/sale_amount"),
    ("/api/v2/company/commissions", "", "amount", "/amount"),
    ("/api/v2/company/commissions", "", "created_at", "/created_at"),
    ("/api/v2/company/payouts", "", "amount", "/amount"),
    ("/api/v2/company/payouts", "", "period_start", "/period_start"),
    ("/api/v2/company/payouts", "", "period_end", "/period_end"),
];

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    for &(list, at, key, shown) in SORTINGS {
        if !session.wants_target("GET", list) {
            continue;
        }
        let whole = session.ask("GET", &with(list, "per_page=100"), &Value::Null)?;
        let Some(mut expected) = ids(&whole, at) else { continue };
        expected.sort_unstable();
        for direction in ["asc", "desc"] {
            let target = with(&with(list, "per_page=100"), &format!("sorting[{key}]={direction}"));
            let exchange = session.ask("GET", &target, &Value::Null)?;
            let again = session.ask("GET", &target, &Value::Null)?;
            let (Some(sorted), Some(mut found)) = (rows(&exchange, at), ids(&exchange, at)) else { continue };
            let cause = |what: &str| format!("sorting[{key}]={direction}: {what}");
            let values: Vec<&Value> =
                sorted.iter().filter_map(|row| row.pointer(shown)).filter(|v| !v.is_null()).collect();
            let ordered = values.windows(2).all(|pair| {
                let order = compare(pair[0], pair[1]);
                if direction == "asc" { order.is_le() } else { order.is_ge() }
            });
            session.verify(
                SORTING_ORDERED.code,
                ordered,
                &cause("not in order"),
                &format!("found {values:?}"),
                &[&exchange],
            );
            let stable = ids(&again, at) == ids(&exchange, at);
            session.verify(
                SORTING_ORDERED.code,
                stable,
                &cause("differs the second time"),
                "expected the same order twice",
                &[&exchange],
            );
            if expected.len() < 100 {
                found.sort_unstable();
                let message = format!("expected the records {expected:?}, found {found:?}");
                session.verify(
                    SORTING_ORDERED.code,
                    found == expected,
                    &cause("other records"),
                    &message,
                    &[&exchange],
                );
            }
        }
    }
    Ok(())
}

fn compare(one: &Value, other: &Value) -> std::cmp::Ordering {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => one.as_str().cmp(&other.as_str()),
    }
}
