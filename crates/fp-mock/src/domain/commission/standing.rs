//! Whether an enrolment earns commissions at present.

use crate::domain::enrolment::{Enrolment, EnrolmentState};
use crate::domain::state::State;

/// How far an enrolment takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Brings visitors and earns.
    Full,
    /// The same, but what it earns waits: the promoter is not accepted yet.
    Waiting,
    /// Earns on the referrals it has and brings no new ones.
    Suspended,
    /// Nothing is tracked for it.
    Out,
}

impl Standing {
    /// Whether visits and signups through its link count.
    pub fn takes_new_referrals(self) -> bool {
        matches!(self, Self::Full | Self::Waiting)
    }

    /// Whether sales of its referrals count.
    pub fn earns(self) -> bool {
        self != Self::Out
    }
}

/// How far an enrolment takes part.
///
/// Evidence: service behaviour notes (a blocked promoter earns nothing); service help pages (archived is blocked
/// everywhere; suspended, our inactive, keeps earning on what it has); chosen (a pending promoter's referrals are
/// tracked while he waits, a rejected one's are not).
pub fn standing(state: &State, enrolment: &Enrolment) -> Standing {
    let promoter = state.promoters.get(enrolment.promoter_id);
    if promoter.is_none_or(|promoter| promoter.archived_at.is_some()) {
        return Standing::Out;
    }
    match enrolment.state {
        EnrolmentState::Accepted => Standing::Full,
        EnrolmentState::Pending => Standing::Waiting,
        EnrolmentState::Inactive => Standing::Suspended,
        EnrolmentState::Rejected | EnrolmentState::Blocked => Standing::Out,
    }
}
