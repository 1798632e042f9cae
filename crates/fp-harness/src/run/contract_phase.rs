//! Generated calls, one operation at a time: valid ones first, then ones with exactly one fault.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config as Runner, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use std::ops::Range;

use super::session::{Session, Stop};
use crate::config::case_seed;
use crate::exchange::Exchange;
use crate::failure::{Case, Sent};
use crate::generate::{Blueprint, Draft};

/// Lists that tell which records there are.
const LISTS: [&str; 9] = [
    "/api/v2/company/promoters?per_page=100",
    "/api/v2/company/promoter_campaigns?per_page=100",
    "/api/v2/company/referrals?per_page=100",
    "/api/v2/company/commissions?per_page=100",
    "/api/v2/company/payouts?per_page=100",
    "/api/v2/company/promo_codes?per_page=100",
    "/api/v2/company/emails?per_page=100",
    "/api/v2/company/webhooks?per_page=100",
    "/api/v2/company/batch_processes?per_page=100",
];

/// Does some rounds. Against a host that is not this machine only reads are generated, unless writes are allowed.
pub(super) fn run(session: &mut Session<'_>, rounds: Range<u32>) -> Result<(), Stop> {
    let blueprints: Vec<&Blueprint> = session
        .blueprints
        .iter()
        .filter(|blueprint| session.config.wants_operation(&blueprint.operation))
        .filter(|blueprint| blueprint.is_read() || session.may_write())
        .collect();
    for round in rounds {
        session.case = Case::Request { round, fault: None };
        for list in LISTS {
            session.learn(list)?;
        }
        for blueprint in &blueprints {
            valid(session, blueprint, round)?;
            faulty(session, blueprint, round)?;
        }
    }
    Ok(())
}

/// Makes one call once more.
pub(super) fn again(session: &mut Session<'_>, sent: &Sent) -> Result<(), Stop> {
    let mut call = session.client.call(&sent.method, &sent.target, &Value::Null);
    call.headers.extend(sent.content_type.iter().map(|kind| ("content-type".to_owned(), kind.clone())));
    call.body = sent.body.clone().into_bytes();
    let seed = session.config.seed;
    session.send_checked(call, seed).map(|_| ())
}

fn valid(session: &mut Session<'_>, blueprint: &Blueprint, round: u32) -> Result<(), Stop> {
    let seed = case_seed(session.config.seed, &blueprint.operation.key(), round);
    let Some(draft) = draw(session, blueprint, seed) else { return Ok(()) };
    session.case = Case::Request { round, fault: None };
    let Some(exchange) = send(session, blueprint, &draft, seed)? else { return Ok(()) };
    if let Some(reply) = exchange.json().filter(|_| exchange.is_success()) {
        session.pool.learn(&blueprint.operation.path, &reply);
    }
    Ok(())
}

/// Every fault of the operation once in the first round, then one a round.
fn faulty(session: &mut Session<'_>, blueprint: &Blueprint, round: u32) -> Result<(), Stop> {
    let faults = blueprint.faults();
    let chosen = match round {
        0 => faults.as_slice(),
        _ if faults.is_empty() => &[],
        _ => std::slice::from_ref(&faults[round as usize % faults.len()]),
    };
    for fault in chosen {
        let name = fault.name();
        let seed = case_seed(session.config.seed, &format!("{} {name}", blueprint.operation.key()), round);
        let Some(faulty) = draw(session, blueprint, seed).and_then(|draft| fault.put_into(&draft)) else {
            continue;
        };
        session.case = Case::Request { round, fault: Some(name) };
        send(session, blueprint, &faulty, seed)?;
    }
    Ok(())
}

/// Sends a generated request; `None` if it could have touched what is not the run's.
fn send(
    session: &mut Session<'_>,
    blueprint: &Blueprint,
    draft: &Draft,
    seed: u64,
) -> Result<Option<Exchange>, Stop> {
    let call = draft.call(blueprint, &session.client);
    match session.send_checked(call, seed) {
        Err(Stop::Guarded(reason)) => {
            session.findings().skip("safe_on_real_accounts", reason);
            Ok(None)
        }
        sent => sent.map(Some),
    }
}

/// One request of an operation, the same for the same seed and state.
fn draw(session: &mut Session<'_>, blueprint: &Blueprint, seed: u64) -> Option<Draft> {
    let mut bytes = [0u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Runner::default(), rng);
    match blueprint.drafts(&session.pool).new_tree(&mut runner) {
        Ok(tree) => match session.client.line().guard() {
            Some(guard) if !blueprint.is_read() => Some(guard.adapt(blueprint, &tree.current())),
            _ => Some(tree.current()),
        },
        Err(reason) => {
            let reason = format!("{}: no request could be made: {reason}", blueprint.operation.key());
            session.findings().skip("positive_data_acceptance", reason);
            None
        }
    }
}
