//! Who may get an e-mail.

use std::collections::BTreeMap;

use super::Email;
use super::trigger::TriggerName;
use crate::domain::enrolment::{Enrolment, EnrolmentState};
use crate::domain::ids::{EnrolmentId, PromoterId};
use crate::domain::promoter::Promoter;
use crate::domain::state::State;

/// Whether a promoter wants e-mails and is still there.
///
/// Evidence: published v2 promoters document (`subscribed_to_email`); chosen (archived ones get none).
fn wants_emails(promoter: &Promoter) -> bool {
    promoter.subscribed_to_email && promoter.archived_at.is_none()
}

/// The promoters who take part in the campaigns of an e-mail, each with the oldest of his enrolments there.
///
/// Evidence: chosen (accepted promoters, one copy each).
pub(super) fn all(state: &State, email: &Email) -> BTreeMap<PromoterId, EnrolmentId> {
    let mut audience = BTreeMap::new();
    for enrolment in state.enrolments.iter() {
        let takes_part = enrolment.state == EnrolmentState::Accepted && email.reaches(enrolment.campaign_id);
        if takes_part && state.promoters.get(enrolment.promoter_id).is_some_and(wants_emails) {
            audience.entry(enrolment.promoter_id).or_insert(enrolment.id);
        }
    }
    audience
}

/// The promoter of an enrolment if he may get an e-mail with this trigger: what it says must still hold.
///
/// Evidence: chosen.
pub(super) fn one<'a>(state: &'a State, enrolment: &Enrolment, trigger: TriggerName) -> Option<&'a Promoter> {
    let promoter = state.promoters.get(enrolment.promoter_id).filter(|promoter| wants_emails(promoter))?;
    let holds = match trigger {
        TriggerName::PromoterAccepted | TriggerName::Inactivity => {
            enrolment.state == EnrolmentState::Accepted
        }
        TriggerName::PromoterRejected => enrolment.state == EnrolmentState::Rejected,
        _ => enrolment.state != EnrolmentState::Blocked,
    };
    holds.then_some(promoter)
}
