//! `lists_of_both_apis_agree`: v1 and v2 are two views of the same records.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Behaviour;
use super::pages::{rows, with};
use crate::run::{Session, Stop};

pub(super) const BOTH_APIS_AGREE: Behaviour = Behaviour {
    code: "lists_of_both_apis_agree",
    promise: "v1 and v2 list the same records with the same values",
    writes: true,
    run,
};

/// A pair of lists, and which members of their rows mean the same.
struct Pair {
    older: &'static str,
    newer: &'static str,
    rows: &'static str,
    same: &'static [(&'static str, &'static str)],
}

const PAIRS: &[Pair] = &[
    Pair {
        older: "/api/v1/promoters/list",
        newer: "/api/v2/company/promoters",
        rows: "/data",
        same: &[("/email", "/email"), ("/cust_id", "/cust_id"), ("/note", "/note")],
    },
    Pair {
        older: "/api/v1/leads/list",
        newer: "/api/v2/company/referrals",
        rows: "",
        same: &[("/email", "/email"), ("/state", "/state"), ("/uid", "/uid")],
    },
    Pair {
        older: "/api/v1/rewards/list",
        newer: "/api/v2/company/commissions",
        rows: "",
        same: &[("/amount", "/amount"), ("/status", "/status"), ("/unit", "/unit")],
    },
    Pair {
        older: "/api/v1/payouts/list",
        newer: "/api/v2/company/payouts",
        rows: "",
        same: &[("/status", "/status"), ("/amount", "/amount")],
    },
];

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    change_an_email(session)?;
    for pair in PAIRS {
        if session.wants_target("GET", pair.older) && session.wants_target("GET", pair.newer) {
            compare(session, pair)?;
        }
    }
    Ok(())
}

/// So that there is something that changed after it was made.
fn change_an_email(session: &mut Session<'_>) -> Result<(), Stop> {
    let email = |mark: &str, session: &Session<'_>| format!("{}@example.com", session.own(mark));
    let body = json!({ "email": email("before", session) });
    let made = session.ask("POST", "/api/v2/company/promoters", &body)?;
    if let Some(id) = made.json().filter(|_| made.is_success()).and_then(|reply| reply.get("id")?.as_u64()) {
        let body = json!({ "email": email("after", session) });
        session.ask("PUT", &format!("/api/v2/company/promoters/{id}"), &body)?;
    }
    Ok(())
}

fn compare(session: &mut Session<'_>, pair: &Pair) -> Result<(), Stop> {
    let code = BOTH_APIS_AGREE.code;
    let older = session.ask("GET", &with(pair.older, "per_page=100"), &Value::Null)?;
    let newer = session.ask("GET", &with(pair.newer, "per_page=100"), &Value::Null)?;
    let by_id = |rows: Vec<Value>| -> BTreeMap<u64, Value> {
        rows.into_iter().filter_map(|row| Some((row.get("id")?.as_u64()?, row))).collect()
    };
    let (Some(of_older), Some(of_newer)) = (rows(&older, "").map(by_id), rows(&newer, pair.rows).map(by_id))
    else {
        return Ok(());
    };
    if of_older.len() >= 100 || of_newer.len() >= 100 {
        session.findings().skip(code, format!("{} has more than one page of 100", pair.newer));
        return Ok(());
    }
    let ids = |rows: &BTreeMap<u64, Value>| rows.keys().copied().collect::<Vec<_>>();
    let message = format!("v1 lists {:?}, v2 {:?}", ids(&of_older), ids(&of_newer));
    session.verify(code, ids(&of_older) == ids(&of_newer), "other records", &message, &[&newer, &older]);
    for (id, row) in &of_older {
        let Some(other) = of_newer.get(id) else { continue };
        for (in_older, in_newer) in pair.same {
            let (Some(one), Some(two)) = (row.pointer(in_older), other.pointer(in_newer)) else { continue };
            let message = format!("expected the same {in_older} of {id}, v1 shows {one}, v2 {two}");
            session.verify(code, one == two, in_older, &message, &[&newer, &older]);
        }
    }
    Ok(())
}
