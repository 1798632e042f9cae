//! What a transaction gives occasion to write to promoters about.

use super::trigger::{Cause, TriggerName};
use super::{Email, Metric};
use crate::clock::timestamp::Timestamp;
use crate::domain::commission::Fulfilment;
use crate::domain::conversion::ConversionKind;
use crate::domain::enrolment::EnrolmentState;
use crate::domain::ids::{CommissionId, EmailId, EnrolmentId, ReferralId};
use crate::domain::state::{Changes, State};

/// An e-mail that is to go to one promoter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dispatch {
    /// The e-mail.
    pub email_id: EmailId,
    /// What triggered it; if that is no longer its trigger, it is not sent.
    pub trigger: TriggerName,
    /// Whose promoter gets it.
    pub enrolment_id: EnrolmentId,
    /// The referral it is about.
    pub referral_id: Option<ReferralId>,
    /// The commission it is about.
    pub commission_id: Option<CommissionId>,
}

/// Something that happened in an enrolment.
struct Occasion {
    trigger: TriggerName,
    enrolment_id: EnrolmentId,
    referral_id: Option<ReferralId>,
    commission_id: Option<CommissionId>,
}

impl Occasion {
    fn of(trigger: TriggerName, enrolment_id: EnrolmentId) -> Self {
        Self { trigger, enrolment_id, referral_id: None, commission_id: None }
    }
}

/// The e-mails that a transaction triggered, each with the moment at which it is due. Which promoters may get
/// them is decided when they are due.
///
/// Evidence: published v2 emails document (the triggers); chosen (what exactly sets each off).
pub fn occasions(state: &State, changes: &Changes, now: Timestamp) -> Vec<(Timestamp, Dispatch)> {
    if state.emails.is_empty() || state.agenda.sends_no_emails() {
        return Vec::new();
    }
    let mut due = Vec::new();
    let happened = enrolment_decisions(state, changes).chain(earnings(changes)).chain(signups(changes));
    for occasion in happened {
        for email in enabled(state, occasion.trigger) {
            let at = if let Cause::PromoterAccepted(delay) = email.cause { delay.after(now) } else { now };
            due.extend(dispatch(state, email, &occasion).map(|dispatch| (at, dispatch)));
        }
    }
    for email in enabled(state, TriggerName::CountReached) {
        let Cause::CountReached { metric, count } = email.cause else { continue };
        for enrolment in reached(state, changes, metric, i64::from(count)) {
            let occasion = Occasion::of(TriggerName::CountReached, enrolment);
            due.extend(dispatch(state, email, &occasion).map(|dispatch| (now, dispatch)));
        }
    }
    due
}

fn enabled(state: &State, trigger: TriggerName) -> impl Iterator<Item = &Email> {
    state.emails.index().enabled.of(&trigger).filter_map(|id| state.emails.get(id))
}

fn dispatch(state: &State, email: &Email, occasion: &Occasion) -> Option<Dispatch> {
    let enrolment = state.enrolments.get(occasion.enrolment_id)?;
    email.reaches(enrolment.campaign_id).then_some(Dispatch {
        email_id: email.id,
        trigger: occasion.trigger,
        enrolment_id: occasion.enrolment_id,
        referral_id: occasion.referral_id,
        commission_id: occasion.commission_id,
    })
}

/// Enrolments that were accepted or turned down. Whoever is in at once, without anybody's decision, is welcomed
/// only if that was ordered with his enrolment.
///
/// Evidence: published v2 promoters document (`drip_emails` orders the welcome).
fn enrolment_decisions(state: &State, changes: &Changes) -> impl Iterator<Item = Occasion> {
    changes.enrolments.iter().filter_map(|change| {
        let after = change.after.as_deref()?;
        if change.before.as_deref().is_some_and(|before| before.state == after.state) {
            return None;
        }
        let is_welcome = || state.promoters.get(after.promoter_id).is_some_and(|row| row.drip_emails);
        let trigger = match after.state {
            EnrolmentState::Accepted if change.before.is_some() || is_welcome() => {
                TriggerName::PromoterAccepted
            }
            EnrolmentState::Accepted => return None,
            EnrolmentState::Rejected => TriggerName::PromoterRejected,
            EnrolmentState::Pending | EnrolmentState::Blocked | EnrolmentState::Inactive => return None,
        };
        Some(Occasion::of(trigger, after.id))
    })
}

/// New commissions, except those that take others back, and non-monetary ones that were handed over.
fn earnings(changes: &Changes) -> impl Iterator<Item = Occasion> {
    changes.commissions.iter().flat_map(|change| {
        let is_fulfilled = |fulfilment| matches!(fulfilment, Fulfilment::Fulfilled { .. });
        let after = change.after.as_deref();
        let earned = after.filter(|row| change.before.is_none() && row.refund_of.is_none());
        let was_fulfilled = change.before.as_deref().is_some_and(|before| is_fulfilled(before.fulfilment));
        let fulfilled = after.filter(|row| is_fulfilled(row.fulfilment) && !was_fulfilled);
        let both = [(earned, TriggerName::RewardCreated), (fulfilled, TriggerName::FulfilmentCompleted)];
        both.into_iter().filter_map(|(row, trigger)| {
            let row = row?;
            let (referral_id, commission_id) = (row.referral_id, Some(row.id));
            Some(Occasion { referral_id, commission_id, ..Occasion::of(trigger, row.enrolment_id) })
        })
    })
}

fn signups(changes: &Changes) -> impl Iterator<Item = Occasion> {
    changes.conversions.iter().filter_map(|change| {
        let signup = change.after.as_deref().filter(|row| row.kind == ConversionKind::Signup)?;
        let referral_id = Some(signup.referral_id);
        let occasion = Occasion::of(TriggerName::LeadSignup, signup.enrolment_id);
        change.before.is_none().then_some(Occasion { referral_id, ..occasion })
    })
}

/// The enrolments whose count was lower before the transaction and is reached now.
fn reached(state: &State, changes: &Changes, metric: Metric, count: i64) -> Vec<EnrolmentId> {
    let crossed = |(enrolment, growth): (EnrolmentId, i64)| {
        let now = metric.count(state, enrolment);
        (now - growth < count && count <= now).then_some(enrolment)
    };
    metric.growth(changes).into_iter().filter_map(crossed).collect()
}
