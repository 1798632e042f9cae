//! Whether the request carries what the operation asks for to know its sender. Values are never shown.

use super::plan::Credential;
use super::{Case, Judgement};
use crate::source::pointer_step;
use crate::violation::{Side, Violation};

pub(super) fn check(case: &Case<'_>, judgement: &mut Judgement) {
    let alternatives = &case.plan.security;
    if !case.rules.credentials || alternatives.is_empty() {
        return;
    }
    let missing: Vec<&Credential> = alternatives
        .iter()
        .filter_map(|all| all.iter().find(|credential| !is_there(case, credential)))
        .collect();
    if missing.len() < alternatives.len() {
        return;
    }
    let (pointer, expected, found) = match missing[0] {
        Credential::Scheme(scheme) => {
            let sent = case.exchange.request.header("authorization").is_some();
            let found = if sent { "another scheme" } else { "none" };
            (
                "/header/authorization".to_owned(),
                format!("an `Authorization` header with {scheme} credentials"),
                found,
            )
        }
        Credential::Header(name) => (
            pointer_step("/header", &name.to_ascii_lowercase()),
            format!("a key in the header `{name}`"),
            "none",
        ),
        Credential::Query(name) => {
            (pointer_step("/query", name), format!("a key in the query's `{name}`"), "none")
        }
    };
    let rule = format!("{}/security", case.operation.pointer);
    judgement.violate(
        Violation::new("missing-credentials", Side::Request, pointer, expected, found)
            .against(case.document, &rule),
    );
}

fn is_there(case: &Case<'_>, credential: &Credential) -> bool {
    let request = &case.exchange.request;
    match credential {
        Credential::Scheme(wanted) => request.header("authorization").is_some_and(|value| {
            let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value, ""));
            scheme.eq_ignore_ascii_case(wanted) && !rest.trim().is_empty()
        }),
        Credential::Header(name) => request.header(name).is_some_and(|value| !value.trim().is_empty()),
        Credential::Query(name) => case.params.as_ref().is_ok_and(|params| params.get(name).is_some()),
    }
}
