//! Random sequences judged by the model of the business. Each runs in an account of its own where there are such,
//! else under names of its own; a failing one is cut down.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config as Runner, RngAlgorithm, TestRng, TestRunner};

use super::session::{Session, Stop, reset};
use crate::client::{Client, Limits};
use crate::config::case_seed;
use crate::failure::{Case, Confirmed, Failure, Identity};
use crate::model::Program;
use crate::sequence::{Action, Disagreement, Outcome, Step, perform, sequence, shrink};
use crate::target::Target;

/// Steps of a sequence.
const LENGTH: usize = 30;
/// Trials that shrinking one failure may take.
const SHRINK_TRIALS: usize = 150;
/// The same at a target that answers more slowly, when the fake does not show the failure.
const REMOTE_TRIALS: usize = 30;
/// How often a failure is tried again once it is as short as it gets.
const CONFIRMATIONS: u32 = 2;

/// What is counted as one trial of the model.
const MODEL: &str = "agrees_with_the_model";

/// Performs a sequence.
pub(super) fn run(session: &mut Session<'_>, number: u32) -> Result<(), Stop> {
    if let Some(reason) = why_not(session) {
        session.findings().skip(MODEL, reason);
        return Ok(());
    }
    let seed = case_seed(session.config.seed, MODEL, number);
    let steps = draw(seed, &session.client.target().programs());
    judge(session, number, &steps, false)
}

/// Performs steps that are left of a sequence once more.
pub(super) fn again(session: &mut Session<'_>, number: u32, steps: &[Step]) -> Result<(), Stop> {
    match why_not(session) {
        Some(reason) => session.findings().skip(MODEL, reason),
        None => judge(session, number, steps, true)?,
    }
    Ok(())
}

fn judge(session: &mut Session<'_>, number: u32, steps: &[Step], shrunk: bool) -> Result<(), Stop> {
    let seed = case_seed(session.config.seed, MODEL, number);
    let outcome = perform(&session.client, steps, &namespace(session, number, 0))?;
    session.findings().tried(MODEL);
    if let Some(found) = &outcome.disagreement {
        let case = Case::Sequence { number, steps: steps.to_vec(), shrunk };
        let failure = failure(session, found, case, &outcome.shown, seed, Confirmed::ONCE);
        if session.config.wants_property(failure.identity.property) {
            session.findings().fail(failure);
        }
    }
    Ok(())
}

/// Why no sequence can be performed at the target.
fn why_not(session: &Session<'_>) -> Option<&'static str> {
    let target = session.client.target();
    if !session.may_write() {
        Some("it would change records of a host that is not this machine")
    } else if target.programs().is_empty() {
        Some("what the account's campaigns promise was not told: --campaign main=ID names one that pays 20%")
    } else {
        None
    }
}

/// The beginning of every name that a sequence makes. At a mock it has an account to itself.
fn namespace(session: &Session<'_>, number: u32, trial: u32) -> String {
    if session.client.target().gives_accounts() {
        "model".to_owned()
    } else {
        session.own(&format!("s{number}.{trial}"))
    }
}

/// The sequence of a seed, about the programs that there are.
fn draw(seed: u64, programs: &[Program]) -> Vec<Step> {
    let mut bytes = [0u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(Runner::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let mut steps = sequence(LENGTH).new_tree(&mut runner).map(|tree| tree.current()).unwrap_or_default();
    for step in &mut steps {
        if let Action::Promoter { program, .. } = &mut step.action {
            let place = Program::ALL.iter().position(|known| known == program).unwrap_or_default();
            *program = programs[place % programs.len()];
        }
    }
    steps
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
    Failure { identity, case, call: None, message, reproduction, seed, confirmed, calls_to_detection }
}

/// Cuts a failing sequence down to the fewest steps that show the same, and tries those again. At a target that
/// is not in this process that is done on the fake, if the failure shows there too.
pub(super) fn cut_down(session: &mut Session<'_>, long: &Failure) -> Result<(), Stop> {
    let Case::Sequence { number, steps, shrunk: false } = &long.case else { return Ok(()) };
    let same = |outcome: &Outcome| shows(outcome, &long.identity);
    let mut trial = 0;
    let least = match shrunk_on_the_fake(session, steps, &long.identity)? {
        Some(least) => least,
        None => {
            let trials = if session.client.target().is_in_process() { SHRINK_TRIALS } else { REMOTE_TRIALS };
            let fails = |candidate: &[Step]| {
                afresh(session, candidate, *number, &mut trial).map(|found| same(&found))
            };
            shrink(steps, trials, fails)?.0
        }
    };
    let mut confirmed = Confirmed { times: 1, of: 1 + CONFIRMATIONS };
    let mut short = long.clone();
    for _ in 0..CONFIRMATIONS {
        let outcome = afresh(session, &least, *number, &mut trial)?;
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

/// Whether a sequence showed this failure; the operation may be another one when fewer steps lead to it.
pub(super) fn shows(outcome: &Outcome, identity: &Identity) -> bool {
    let found = outcome.disagreement.as_ref();
    found.is_some_and(|found| found.property == identity.property && found.cause == identity.cause)
}

/// The fewest steps that show a failure of another target on a mock in this process; `None` if it does not show
/// there, or that is the target.
fn shrunk_on_the_fake(
    session: &Session<'_>,
    steps: &[Step],
    identity: &Identity,
) -> Result<Option<Vec<Step>>, Stop> {
    if session.client.target().is_in_process() {
        return Ok(None);
    }
    let fake = Target::in_process(session.config.seed);
    let mut trial = 0;
    let mut fails = |candidate: &[Step]| {
        trial += 1;
        let Some(account) = fake.as_account(&format!("shrink-{trial}")) else { return Ok(false) };
        let outcome = perform(&Client::new(&account, Limits::default()), candidate, "model")?;
        Ok::<_, Stop>(shows(&outcome, identity))
    };
    if !fails(steps)? {
        return Ok(None);
    }
    shrink(steps, SHRINK_TRIALS, fails).map(|(least, _)| Some(least))
}

/// Performs steps where nothing is known yet: in an account of their own, or under names of their own.
pub(super) fn afresh(
    session: &Session<'_>,
    steps: &[Step],
    number: u32,
    trial: &mut u32,
) -> Result<Outcome, Stop> {
    *trial += 1;
    let target = session.client.target();
    match target.as_account(&format!("{}-{trial}", target.account())) {
        Some(account) => {
            let client = session.client.as_account(&account);
            reset(&client)?;
            perform(&client, steps, "model")
        }
        None => perform(&session.client, steps, &namespace(session, number, *trial)),
    }
}
