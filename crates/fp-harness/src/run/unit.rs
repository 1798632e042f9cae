//! What a phase is made of, so that several workers can share it.

use super::session::{Session, Stop};
use super::{behaviour_phase, contract_phase, model_phase};
use crate::config::{Config, Phase};
use crate::failure::{Case, Sent};
use crate::property::behaviour::BEHAVIOURS;
use crate::sequence::Step;
use crate::target::Target;

/// A part of a phase that needs nothing of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Rounds of generated calls, one after the other, the last one excluded.
    Rounds {
        /// The first round.
        from: u32,
        /// The round behind the last.
        to: u32,
    },
    /// Properties that make calls of their own, by their places in the table.
    Behaviours(Vec<usize>),
    /// A sequence, by its number.
    Sequence(u32),
    /// The steps of a sequence, once more.
    Steps {
        /// The number of the sequence that they are left of.
        number: u32,
        /// The steps.
        steps: Vec<Step>,
    },
    /// A call, once more.
    Call(Sent),
}

/// Rounds that share an account: enough for records to meet, few enough to be made again by a replay.
const ROUNDS_OF_A_UNIT: u32 = 5;

impl Unit {
    /// The units of a phase, in order.
    pub fn of(phase: Phase, config: &Config, target: &Target) -> Vec<Self> {
        match phase {
            Phase::Contract if target.gives_accounts() => {
                let starts = (0..config.cases).step_by(ROUNDS_OF_A_UNIT as usize);
                starts
                    .map(|from| Self::Rounds { from, to: config.cases.min(from + ROUNDS_OF_A_UNIT) })
                    .collect()
            }
            Phase::Contract => vec![Self::Rounds { from: 0, to: config.cases }],
            Phase::Behaviour => {
                let wanted = (0..BEHAVIOURS.len()).filter(|at| config.wants_property(BEHAVIOURS[*at].code));
                if target.gives_accounts() {
                    wanted.map(|at| Self::Behaviours(vec![at])).collect()
                } else {
                    vec![Self::Behaviours(wanted.collect())]
                }
            }
            Phase::Model => (0..config.cases).map(Self::Sequence).collect(),
        }
    }

    /// The unit that a round belongs to, up to that round.
    pub fn up_to_round(round: u32) -> Self {
        Self::Rounds { from: round - round % ROUNDS_OF_A_UNIT, to: round + 1 }
    }

    /// Whether a case is one of its own.
    pub(super) fn makes(&self, case: &Case) -> bool {
        match (self, case) {
            (Self::Rounds { from, to }, Case::Request { round, .. }) => (*from..*to).contains(round),
            (Self::Behaviours(places), Case::Behaviour { code }) => {
                places.iter().any(|at| BEHAVIOURS[*at].code == code)
            }
            _ => false,
        }
    }

    /// The phase it is a part of.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Rounds { .. } | Self::Call(_) => Phase::Contract,
            Self::Behaviours(_) => Phase::Behaviour,
            Self::Sequence(_) | Self::Steps { .. } => Phase::Model,
        }
    }

    /// The account it works on at a mock: its own, whoever does it and whenever.
    pub fn account(&self, config: &Config) -> String {
        let namespace = config.namespace();
        match self {
            Self::Rounds { from, .. } => format!("{namespace}contract-{from}"),
            Self::Behaviours(places) => {
                let code = places.first().map_or("none", |at| BEHAVIOURS[*at].code);
                format!("{namespace}behaviour-{code}")
            }
            Self::Sequence(number) | Self::Steps { number, .. } => format!("{namespace}model-{number}"),
            Self::Call(_) => format!("{namespace}call"),
        }
    }

    /// Does it.
    pub(super) fn perform(&self, session: &mut Session<'_>) -> Result<(), Stop> {
        match self {
            Self::Rounds { from, to } => contract_phase::run(session, *from..*to),
            Self::Behaviours(places) => behaviour_phase::run(session, places),
            Self::Sequence(number) => model_phase::run(session, *number),
            Self::Steps { number, steps } => model_phase::again(session, *number, steps),
            Self::Call(sent) => contract_phase::again(session, sent),
        }
    }
}
