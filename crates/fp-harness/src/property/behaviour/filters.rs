//! `filters_are_sound`, `filters_are_complete`: a filtered list shows exactly the records that fit.

use serde_json::Value;

use super::Behaviour;
use super::pages::{rows, with};
use crate::run::{Session, Stop};

pub(super) const FILTERS_SOUND: Behaviour = Behaviour {
    code: "filters_are_sound",
    promise: "a filtered list shows no record that does not fit",
    writes: false,
    run: sound,
};

pub(super) const FILTERS_COMPLETE: Behaviour = Behaviour {
    code: "filters_are_complete",
    promise: "a filtered list lacks no record that fits",
    writes: false,
    run: complete,
};

/// A filter whose effect shows in the rows themselves.
struct Filter {
    list: &'static str,
    rows: &'static str,
    /// The parameter; `$` stands for the value.
    query: &'static str,
    /// Where a row shows what the filter asks for.
    shown: &'static str,
    /// When a shown value fits the asked one.
    fits: Fits,
}

/// When a shown value fits the asked one.
#[derive(Clone, Copy, PartialEq)]
enum Fits {
    /// When it is the same.
    Same,
    /// When it is a number not below it.
    AtLeast,
    /// When it is a number not above it.
    AtMost,
    /// When it lies on the same day or later.
    Since,
}

impl Fits {
    fn hold(self, shown: &Value, asked: &Value) -> bool {
        match self {
            Self::Same => shown == asked,
            Self::AtLeast => shown.as_f64().zip(asked.as_f64()).is_some_and(|(shown, asked)| shown >= asked),
            Self::AtMost => shown.as_f64().zip(asked.as_f64()).is_some_and(|(shown, asked)| shown <= asked),
            Self::Since => self.text(shown) >= self.text(asked) && shown.is_string(),
        }
    }

    /// A value as the query asks for it: of moments, the day.
    fn text(self, value: &Value) -> String {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if self == Self::Since { text.chars().take(10).collect() } else { text }
    }
}

const REFERRALS: &str = "/api/v2/company/referrals";
const COMMISSIONS: &str = "/api/v2/company/commissions";
const PROMOTERS: &str = "/api/v2/company/promoters";
const PAYOUTS: &str = "/api/v2/company/payouts";

const FILTERS: &[Filter] = &[
    Filter { list: REFERRALS, rows: "", query: "filters[state]=$", shown: "/state", fits: Fits::Same },
    Filter {
        list: REFERRALS,
        rows: "",
        query: "filters[promoter_id]=$",
        shown: "/promoter_campaign/promoter_id",
        fits: Fits::Same,
    },
    Filter {
        list: REFERRALS,
        rows: "",
        query: "filters[created_at][from]=$",
        shown: "/created_at",
        fits: Fits::Since,
    },
    Filter {
        list: REFERRALS,
        rows: "",
        query: "filters[customer_since][from]=$",
        shown: "/customer_since",
        fits: Fits::Since,
    },
    Filter { list: REFERRALS, rows: "", query: "ids[]=$", shown: "/id", fits: Fits::Same },
    Filter { list: COMMISSIONS, rows: "", query: "filters[status]=$", shown: "/status", fits: Fits::Same },
    Filter {
        list: COMMISSIONS,
        rows: "",
        query: "filters[promoter_id]=$",
        shown: "/promoter_campaign/promoter_id",
        fits: Fits::Same,
    },
    Filter {
        list: COMMISSIONS,
        rows: "",
        query: "filters[campaign_id]=$",
        shown: "/promoter_campaign/campaign_id",
        fits: Fits::Same,
    },
    Filter {
        list: COMMISSIONS,
        rows: "",
        query: "filters[amount][from]=$",
        shown: "/amount",
        fits: Fits::AtLeast,
    },
    Filter {
        list: COMMISSIONS,
        rows: "",
        query: "filters[amount][to]=$",
        shown: "/amount",
        fits: Fits::AtMost,
    },
    Filter {
        list: COMMISSIONS,
        rows: "",
        query: "filters[sale_amount][from]=$",
        shown: "/sale_amount",
        fits: Fits::AtLeast,
    },
    Filter {
        list: COMMISSIONS,
        rows: "",
        query: "filters[fraud_check]=$",
        shown: "/fraud_check",
        fits: Fits::Same,
    },
    Filter { list: COMMISSIONS, rows: "", query: "ids[]=$", shown: "/id", fits: Fits::Same },
    Filter {
        list: PROMOTERS,
        rows: "/data",
        query: "filters[referrals_count][from]=$",
        shown: "/stats/referrals_count",
        fits: Fits::AtLeast,
    },
    Filter {
        list: PROMOTERS,
        rows: "/data",
        query: "filters[revenue_amount][from]=$",
        shown: "/stats/revenue_amount",
        fits: Fits::AtLeast,
    },
    Filter {
        list: PROMOTERS,
        rows: "/data",
        query: "filters[customers_count][from]=$",
        shown: "/stats/customers_count",
        fits: Fits::AtLeast,
    },
    Filter { list: PROMOTERS, rows: "/data", query: "ids[]=$", shown: "/id", fits: Fits::Same },
    Filter { list: PROMOTERS, rows: "/data", query: "q=$", shown: "/email", fits: Fits::Same },
    Filter { list: PAYOUTS, rows: "", query: "filters[status]=$", shown: "/status", fits: Fits::Same },
    Filter {
        list: PAYOUTS,
        rows: "",
        query: "filters[promoter_id]=$",
        shown: "/promoter/id",
        fits: Fits::Same,
    },
];

fn sound(session: &mut Session<'_>) -> Result<(), Stop> {
    compare(session, FILTERS_SOUND.code, |shown_ids, fitting| {
        shown_ids.iter().find(|id| !fitting.contains(id)).map(|id| format!("record {id} does not fit"))
    })
}

fn complete(session: &mut Session<'_>) -> Result<(), Stop> {
    compare(session, FILTERS_COMPLETE.code, |shown_ids, fitting| {
        fitting.iter().find(|id| !shown_ids.contains(id)).map(|id| format!("record {id} is lacking"))
    })
}

/// Asks for each value that occurs, and compares with filtering the whole list ourselves.
fn compare(
    session: &mut Session<'_>,
    code: &'static str,
    wrong: fn(&[u64], &[u64]) -> Option<String>,
) -> Result<(), Stop> {
    const VALUES: usize = 4;
    let id = |row: &Value| row.get("id").and_then(Value::as_u64);
    for filter in FILTERS {
        if !session.wants_target("GET", filter.list) {
            continue;
        }
        let whole = session.ask("GET", &with(filter.list, "per_page=100"), &Value::Null)?;
        let Some(all) = rows(&whole, filter.rows).filter(|rows| rows.len() < 100) else {
            session.findings().skip(code, format!("{} has no list of less than 100 rows", filter.list));
            continue;
        };
        let mut values: Vec<Value> = Vec::new();
        for value in all.iter().filter_map(|row| row.pointer(filter.shown)).filter(|value| !value.is_null()) {
            if !values.contains(value) && values.len() < VALUES {
                values.push(value.clone());
            }
        }
        for asked in values {
            let text = filter.fits.text(&asked);
            let target = with(&with(filter.list, "per_page=100"), &filter.query.replace('$', &text));
            let exchange = session.ask("GET", &target, &Value::Null)?;
            let Some(shown) = rows(&exchange, filter.rows) else { continue };
            let shown: Vec<u64> = shown.iter().filter_map(id).collect();
            let fits =
                |row: &&Value| row.pointer(filter.shown).is_some_and(|shown| filter.fits.hold(shown, &asked));
            let fitting: Vec<u64> = all.iter().filter(fits).filter_map(id).collect();
            let problem = wrong(&shown, &fitting);
            let message = problem.clone().unwrap_or_default();
            let name = filter.query.trim_end_matches("=$");
            session.verify(code, problem.is_none(), name, &message, &[&exchange]);
        }
    }
    Ok(())
}
