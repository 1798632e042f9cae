//! Generated calls, one operation at a time: valid ones first, then ones with exactly one fault.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config as Runner, RngAlgorithm, TestRng, TestRunner};

use super::session::{Session, Stop};
use crate::config::case_seed;
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

/// Runs the phase. Against a host that is not this machine only reads are generated, unless writes are allowed.
pub(super) fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    let wanted = |session: &Session<'_>, blueprint: &Blueprint| {
        session.config.wants_operation(&blueprint.operation) && (blueprint.is_read() || session.may_write())
    };
    let blueprints: Vec<Blueprint> =
        session.blueprints.iter().filter(|blueprint| wanted(session, blueprint)).cloned().collect();
    for number in 0..session.config.cases {
        for list in LISTS {
            session.learn(list)?;
        }
        for blueprint in &blueprints {
            valid(session, blueprint, number)?;
            faulty(session, blueprint, number)?;
        }
    }
    Ok(())
}

fn valid(session: &mut Session<'_>, blueprint: &Blueprint, number: u32) -> Result<(), Stop> {
    let seed = case_seed(session.config.seed, &blueprint.operation.key(), number);
    let Some(draft) = draw(session, blueprint, seed) else { return Ok(()) };
    let call = draft.call(blueprint, &session.client);
    let exchange = session.send_checked(call, seed)?;
    if let Some(reply) = exchange.json().filter(|_| exchange.is_success()) {
        session.pool.learn(&blueprint.operation.path, &reply);
    }
    Ok(())
}

/// Every fault of the operation once in the first round, then one a round.
fn faulty(session: &mut Session<'_>, blueprint: &Blueprint, number: u32) -> Result<(), Stop> {
    let faults = blueprint.faults();
    let chosen = match number {
        0 => faults.as_slice(),
        _ if faults.is_empty() => &[],
        _ => std::slice::from_ref(&faults[number as usize % faults.len()]),
    };
    for fault in chosen {
        let seed = case_seed(
            session.config.seed,
            &format!("{} {}", blueprint.operation.key(), fault.name()),
            number,
        );
        let Some(faulty) = draw(session, blueprint, seed).and_then(|draft| fault.put_into(&draft)) else {
            continue;
        };
        let call = faulty.call(blueprint, &session.client);
        session.send_checked(call, seed)?;
    }
    Ok(())
}

/// One request of an operation, the same for the same seed and state.
fn draw(session: &mut Session<'_>, blueprint: &Blueprint, seed: u64) -> Option<Draft> {
    let mut bytes = [0u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Runner::default(), rng);
    match blueprint.drafts(&session.pool).new_tree(&mut runner) {
        Ok(tree) => Some(tree.current()),
        Err(reason) => {
            let reason = format!("{}: no request could be made: {reason}", blueprint.operation.key());
            session.findings().skip("positive_data_acceptance", reason);
            None
        }
    }
}
