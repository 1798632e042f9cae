//! `pages_partition_the_list`: pages of any size show every record once, in the same order.

use serde_json::Value;

use super::Behaviour;
use crate::exchange::Exchange;
use crate::run::{Session, Stop};

pub(super) const PAGES_PARTITION: Behaviour = Behaviour {
    code: "pages_partition_the_list",
    promise: "the pages of a list show each of its records once and in the same order",
    writes: false,
    run,
};

/// Lists whose rows carry an id, and where the rows are.
pub(super) const LISTS: &[(&str, &str)] = &[
    ("/api/v2/company/promoters", "/data"),
    ("/api/v2/company/promoter_campaigns", ""),
    ("/api/v2/company/referrals", ""),
    ("/api/v2/company/commissions", ""),
    ("/api/v2/company/payouts", ""),
    ("/api/v2/company/promo_codes", ""),
    ("/api/v2/company/emails", ""),
    ("/api/v2/company/webhooks", ""),
    ("/api/v1/promoters/list", ""),
    ("/api/v1/leads/list", ""),
    ("/api/v1/rewards/list", ""),
    ("/api/v1/payouts/list", ""),
];

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    for (path, rows_at) in session.wanted_lists(LISTS) {
        let whole = session.ask("GET", &with(path, "per_page=100"), &Value::Null)?;
        let Some(expected) = ids(&whole, rows_at) else { continue };
        if expected.len() >= 100 {
            session.findings().skip(PAGES_PARTITION.code, format!("{path} has more than one page of 100"));
            continue;
        }
        for size in [1, 3, 7] {
            let mut seen = Vec::new();
            for page in 1..=expected.len() / size + 1 {
                let exchange =
                    session.ask("GET", &with(path, &format!("page={page}&per_page={size}")), &Value::Null)?;
                let rows = ids(&exchange, rows_at).unwrap_or_default();
                let fits = rows.len() <= size;
                let message = format!("expected at most {size} rows, found {}", rows.len());
                session.verify(
                    PAGES_PARTITION.code,
                    fits,
                    "a page is larger than asked",
                    &message,
                    &[&exchange],
                );
                seen.extend(rows);
            }
            let message = format!("expected {expected:?} over pages of {size}, found {seen:?}");
            session.verify(
                PAGES_PARTITION.code,
                seen == expected,
                "records lost, doubled or moved",
                &message,
                &[&whole],
            );
        }
    }
    Ok(())
}

/// A path with one more parameter.
pub(super) fn with(path: &str, query: &str) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}{query}")
}

/// The rows of a list, if it was answered.
pub(super) fn rows(exchange: &Exchange, at: &str) -> Option<Vec<Value>> {
    exchange.json().filter(|_| exchange.is_success())?.pointer(at)?.as_array().cloned()
}

/// The ids of a list's rows.
pub(super) fn ids(exchange: &Exchange, at: &str) -> Option<Vec<u64>> {
    Some(rows(exchange, at)?.iter().filter_map(|row| row.get("id")?.as_u64()).collect())
}
