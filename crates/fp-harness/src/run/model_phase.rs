//! Random sequences judged by the model of the business. Each runs in an account of its own where there are such;
//! a failing one is cut down there.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config as Runner, RngAlgorithm, TestRng, TestRunner};

use super::session::{Session, Stop};
use crate::config::case_seed;
use crate::failure::{Case, Confirmed, Failure, Identity};
use crate::sequence::{Disagreement, Outcome, Step, perform, sequence, shrink};

/// Steps of a sequence.
const LENGTH: usize = 30;
/// Trials that shrinking one failure may take.
const SHRINK_TRIALS: usize = 150;
/// How often a failure is tried again once it is as short as it gets.
const CONFIRMATIONS: u32 = 2;

/// What is counted as one trial of the model.
const MODEL: &str = "agrees_with_the_model";

/// Performs a sequence.
pub(super) fn run(session: &mut Session<'_>, number: u32) -> Result<(), Stop> {
    if !session.client.target().gives_accounts() {
        session.findings().skip(MODEL, "sequences need accounts of their own, which only a mock gives");
        return Ok(());
    }
    let seed = case_seed(session.config.seed, MODEL, number);
    let steps = draw(seed);
    let outcome = perform(&session.client, &steps, "model")?;
    session.findings().tried(MODEL);
    if let Some(found) = &outcome.disagreement {
        let case = Case::Sequence { number, steps: steps.clone(), shrunk: false };
        let failure = failure(session, found, case, &outcome.shown, seed, Confirmed::ONCE);
        if session.config.wants_property(failure.identity.property) {
            session.findings().fail(failure);
        }
    }
    Ok(())
}

/// The sequence of a seed.
fn draw(seed: u64) -> Vec<Step> {
    let mut bytes = [0u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(Runner::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    sequence(LENGTH).new_tree(&mut runner).map(|tree| tree.current()).unwrap_or_default()
}

fn failure(
    session: &Session<'_>,
    found: &Disagreement,
    case: Case,
    shown: &[String],
    seed: u64,
    confirmed: Confirmed,
) -> Failure {
    let identity =
        Identity { property: found.property, operation: found.operation.clone(), cause: found.cause.clone() };
    let mut reproduction = Vec::new();
    if let Case::Sequence { steps, .. } = &case {
        reproduction.extend(steps.iter().map(|step| format!("# step {}: {:?}", step.handle, step.action)));
    }
    reproduction.extend_from_slice(shown);
    let message = session.client.target().without_keys(&found.message);
    let calls_to_detection = session.calls();
    Failure { identity, case, message, reproduction, seed, confirmed, calls_to_detection }
}

/// Cuts a failing sequence down to the fewest steps that show the same, and tries those again.
pub(super) fn cut_down(session: &mut Session<'_>, long: &Failure) -> Result<(), Stop> {
    let Case::Sequence { number, steps, .. } = &long.case else { return Ok(()) };
    let same = |outcome: &Outcome| {
        let found = outcome.disagreement.as_ref();
        found.is_some_and(|d| d.property == long.identity.property && d.cause == long.identity.cause)
    };
    let mut trial = 0;
    let (least, _) = shrink(steps, SHRINK_TRIALS, |candidate| {
        in_fresh_account(session, candidate, &mut trial).map(|outcome| same(&outcome))
    })?;
    let mut confirmed = Confirmed { times: 1, of: 1 + CONFIRMATIONS };
    let mut short = long.clone();
    for _ in 0..CONFIRMATIONS {
        let outcome = in_fresh_account(session, &least, &mut trial)?;
        if let Some(found) = outcome.disagreement.as_ref().filter(|_| same(&outcome)) {
            confirmed.times += 1;
            let case = Case::Sequence { number: *number, steps: least.clone(), shrunk: true };
            short = failure(session, found, case, &outcome.shown, long.seed, confirmed);
        }
    }
    let calls_to_detection = long.calls_to_detection;
    let identity = long.identity.clone();
    session.findings().fail(Failure { confirmed, calls_to_detection, identity, ..short });
    Ok(())
}

fn in_fresh_account(session: &Session<'_>, steps: &[Step], trial: &mut u32) -> Result<Outcome, Stop> {
    *trial += 1;
    let account = format!("{}-{trial}", session.client.target().account());
    let target = session.client.target().as_account(&account);
    let Some(target) = target else { return Ok(Outcome { disagreement: None, shown: Vec::new() }) };
    perform(&session.client.as_account(&target), steps, "model")
}
