//! Somebody cancels.

use super::Person;
use super::charge::refuse_repeated;
use super::record::{Conversion, ConversionKind};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::ConversionId;
use crate::domain::referral::ReferralState;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// A cancellation.
#[derive(Clone, Debug)]
pub struct Cancellation {
    /// Who cancels.
    pub person: Person,
    /// The customer's own id of the event (v1).
    pub event_id: Option<String>,
    /// When it happened; `None`: now.
    pub created_at: Option<Timestamp>,
    /// Whether e-mails go out.
    pub notifies: bool,
}

/// Records that a referral cancels: it is `cancelled` and pays nothing any more. For one that has cancelled
/// already the former event is answered and nothing happens. Earns and takes back nothing.
///
/// # Errors
/// [`Refusal::NoReferral`]; [`Refusal::DuplicateEvent`] for an event id seen before.
///
/// Evidence: v1 reference (the state and the monthly revenue); chosen (cancelling twice, unknown people).
pub fn cancellation(
    state: &mut State,
    now: Timestamp,
    cancellation: Cancellation,
) -> Result<ConversionId, Refusal> {
    if !cancellation.notifies {
        state.agenda.send_no_emails();
    }
    let referral_id = cancellation.person.referral(state).ok_or(Refusal::NoReferral)?;
    if let Some(event_id) = &cancellation.event_id {
        refuse_repeated(state, ConversionKind::Cancellation, event_id)?;
    }
    let referral = state.referrals.get(referral_id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let enrolment_id = referral.enrolment_id;
    if referral.cancelled_at.is_some() {
        let latest_first = state.conversions.index().by_referral.of(&referral_id).rev();
        let former = latest_first
            .filter_map(|id| state.conversions.get(id))
            .find(|row| row.kind == ConversionKind::Cancellation);
        if let Some(former) = former {
            return Ok(former.id);
        }
    }
    let at = cancellation.created_at.unwrap_or(now);
    state.referrals.update(referral_id, |row| {
        match row.state {
            ReferralState::Denied => row.state_before_denied = Some(ReferralState::Cancelled),
            _ => row.state = ReferralState::Cancelled,
        }
        row.cancelled_at = row.cancelled_at.or(Some(at));
        row.mrr = 0;
    });
    let id = state.ids.issue();
    let of = (referral_id, enrolment_id);
    let conversion = Conversion {
        event_id: cancellation.event_id.map(Into::into),
        ..Conversion::without_money(id, ConversionKind::Cancellation, of, at)
    };
    Ok(state.conversions.insert(conversion).id)
}
