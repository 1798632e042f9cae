//! Random sequences judged by the model of the business. Each runs in an account of its own, which only a mock
//! gives; a failing one is shrunk there.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config as Runner, RngAlgorithm, TestRng, TestRunner};

use super::session::{Session, Stop};
use crate::client::{Client, Limits};
use crate::config::case_seed;
use crate::failure::{Confirmed, Failure, Identity};
use crate::sequence::{Disagreement, Outcome, Step, perform, sequence, shrink};

/// Steps of a sequence.
const LENGTH: usize = 30;
/// Trials that shrinking one failure may take.
const SHRINK_TRIALS: usize = 150;

/// What is counted as one trial of the model.
const MODEL: &str = "agrees_with_the_model";

/// Runs the phase.
pub(super) fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    if !session.client.target().is_in_process() {
        session
            .findings()
            .skip(MODEL, "sequences need accounts of their own, which only a mock in this process gives");
        return Ok(());
    }
    for number in 0..session.config.cases {
        let seed = case_seed(session.config.seed, MODEL, number);
        let steps = draw(seed);
        let outcome = in_fresh_account(session, &steps, &format!("{seed:x}"))?;
        session.findings().tried(MODEL);
        if let Some(disagreement) = outcome.disagreement {
            report(session, &steps, &disagreement, seed)?;
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

fn in_fresh_account(session: &Session<'_>, steps: &[Step], account: &str) -> Result<Outcome, Stop> {
    let number = session.client.sent();
    let target = session.client.target().as_account(&format!("model-{account}-{number}"));
    let Some(target) = target else { return Ok(Outcome { disagreement: None, shown: Vec::new() }) };
    let client = Client::new(&target, Limits::default());
    let outcome = perform(&client, steps, "model");
    session.client.count(client.sent())?;
    outcome
}

fn report(session: &mut Session<'_>, steps: &[Step], found: &Disagreement, seed: u64) -> Result<(), Stop> {
    let identity =
        Identity { property: found.property, operation: found.operation.clone(), cause: found.cause.clone() };
    let calls_to_detection = session.calls();
    if session.findings().failures.contains_key(&identity) {
        return Ok(());
    }
    let same = |outcome: &Outcome| {
        outcome.disagreement.as_ref().is_some_and(|d| d.property == found.property && d.cause == found.cause)
    };
    let (least, _) = shrink(steps, SHRINK_TRIALS, |candidate| {
        in_fresh_account(session, candidate, &format!("{seed:x}")).map(|outcome| same(&outcome))
    })?;
    let outcome = in_fresh_account(session, &least, &format!("{seed:x}"))?;
    let confirmed = Confirmed { times: 1 + u32::from(same(&outcome)), of: 2 };
    let message = outcome.disagreement.as_ref().map_or(&found.message, |d| &d.message).clone();
    let mut reproduction: Vec<String> =
        least.iter().map(|step| format!("# step {}: {:?}", step.handle, step.action)).collect();
    reproduction.extend(outcome.shown);
    session.findings().fail(Failure { identity, message, reproduction, seed, confirmed, calls_to_detection });
    Ok(())
}
