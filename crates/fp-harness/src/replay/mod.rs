//! Does one case of an earlier run again, and says whether it still fails.
//!
//! A case is a function of the seed, the configuration and its own name. At a mock it is made again from the start
//! of its unit, in an account as fresh as it was then. Elsewhere the account has moved on: there the saved call or
//! the saved steps are made.

mod saved;

pub use saved::{NotReadable, Saved, SavedFailure, read, write};

use crate::client::Interrupt;
use crate::config::{Config, Phase};
use crate::failure::{Case, Failure, Sent};
use crate::promise;
use crate::property::behaviour::BEHAVIOURS;
use crate::run::{Outcome, Unit, Unwatched, run_parts};
use crate::target::Target;

/// Which failure is looked for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The property's code.
    pub property: String,
    /// The operation's key.
    pub operation: String,
    /// What exactly was wrong; `None`: anything.
    pub cause: Option<String>,
    /// The case; [`Case::Other`]: the first ones of the phase that is about the property.
    pub case: Case,
    /// The call that showed it.
    pub call: Option<Sent>,
}

/// What came of it.
#[derive(Debug)]
pub enum Answer {
    /// It still fails.
    Shows(Box<Failure>),
    /// It does not fail any more.
    Gone,
    /// It could not be tried, and why.
    NotTried(String),
}

/// Sequences that are performed when no case is named.
const FIRST_SEQUENCES: u32 = 20;
/// Rounds that are made when no case is named.
const FIRST_ROUNDS: u32 = 5;

/// Does a case again. `config` is that of the run that found it.
pub fn again(asked: &Asked, config: &Config, target: &Target, interrupt: &Interrupt) -> Answer {
    let units = match units(asked, target) {
        Ok(units) => units,
        Err(reason) => return Answer::NotTried(reason),
    };
    let Some(phase) = units.first().map(Unit::phase) else { return Answer::Gone };
    let narrowed = Config { properties: vec![asked.property.clone()], ..config.clone() };
    let outcome = run_parts(&narrowed, target, interrupt, &Unwatched, vec![(phase, units)]);
    let found = outcome.findings.failures.values().map(|(failure, _)| failure).find(|found| asked.is(found));
    match found {
        Some(failure) => Answer::Shows(Box::new(failure.clone())),
        None => gone(&outcome),
    }
}

/// Nothing was found: because nothing is wrong, or because nothing was done.
fn gone(outcome: &Outcome) -> Answer {
    if let Some(stop) = &outcome.stopped {
        return Answer::NotTried(format!("the target could not be asked: {stop:?}"));
    }
    let tried = !outcome.findings.tested.is_empty();
    match outcome.findings.not_judged.keys().next() {
        Some((_, reason)) if !tried => Answer::NotTried(reason.clone()),
        _ => Answer::Gone,
    }
}

impl Asked {
    /// Whether a failure is the one that is looked for. Fewer steps of a sequence may show it on another operation.
    fn is(&self, failure: &Failure) -> bool {
        let identity = &failure.identity;
        let in_sequence = matches!(failure.case, Case::Sequence { .. });
        self.property == identity.property
            && (in_sequence || self.operation == identity.operation)
            && self.cause.as_ref().is_none_or(|cause| *cause == identity.cause)
    }
}

/// What has to be done to see the case again.
fn units(asked: &Asked, target: &Target) -> Result<Vec<Unit>, String> {
    match &asked.case {
        Case::Request { .. } if !target.gives_accounts() => match &asked.call {
            Some(call) => Ok(vec![Unit::Call(call.clone())]),
            None => {
                Err("only a file of saved failures tells the call, and there is no mock to make it anew"
                    .into())
            }
        },
        Case::Request { round, .. } => Ok(vec![Unit::up_to_round(*round)]),
        Case::Behaviour { code } => behaviour(code).map(|unit| vec![unit]),
        Case::Sequence { number, steps, .. } if steps.is_empty() => Ok(vec![Unit::Sequence(*number)]),
        Case::Sequence { number, steps, .. } => {
            Ok(vec![Unit::Steps { number: *number, steps: steps.clone() }])
        }
        Case::Other => match promise::of(&asked.property).map(|promise| promise.phase) {
            Some(Phase::Contract) => Ok(vec![Unit::Rounds { from: 0, to: FIRST_ROUNDS }]),
            Some(Phase::Behaviour) => behaviour(&asked.property).map(|unit| vec![unit]),
            Some(Phase::Model) => Ok((0..FIRST_SEQUENCES).map(Unit::Sequence).collect()),
            None => Err(format!("there is no property {}", asked.property)),
        },
    }
}

fn behaviour(code: &str) -> Result<Unit, String> {
    let place = BEHAVIOURS.iter().position(|behaviour| behaviour.code == code);
    place.map(|at| Unit::Behaviours(vec![at])).ok_or_else(|| format!("there is no property {code}"))
}
