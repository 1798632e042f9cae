//! Somebody leaves an address without signing up.

use super::attribution::{Trail, attribute};
use super::record::{Conversion, ConversionKind};
use super::signup::{Signup, newcomer};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::ConversionId;
use crate::domain::referral::{self, NewReferral, ReferralState};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Records a subscription: on the referral with this uid or e-mail address, or on a new one, `subscribed`, of the
/// promoter that the trail leads to.
///
/// # Errors
/// [`Refusal::NoReferral`] for somebody new whom nobody sent, [`Refusal::VisitorInvalid`] if the trail leads
/// nowhere, [`Refusal::DuplicateEvent`] if he subscribed before, [`Refusal::Invalid`] for a malformed address.
///
/// Evidence: published v1 tracking document (the three statuses); what leads to which is chosen.
pub fn subscriber(state: &mut State, now: Timestamp, subscriber: &Signup) -> Result<ConversionId, Refusal> {
    let at = subscriber.created_at.unwrap_or(now);
    let referral_id = match subscriber.person.referral(state) {
        Some(id) => id,
        None if subscriber.trail == Trail::default() => return Err(Refusal::NoReferral),
        None => {
            let attribution = attribute(state, &subscriber.trail).ok_or(Refusal::VisitorInvalid)?;
            let newcomer = newcomer(state, attribution, subscriber);
            referral::create(state, at, NewReferral { state: Some(ReferralState::Subscribed), ..newcomer })?
        }
    };
    let referral = state.referrals.get(referral_id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let of = (referral_id, referral.enrolment_id);
    let events = state.conversions.index().by_referral.of(&referral_id);
    let has_subscribed = events
        .filter_map(|id| state.conversions.get(id))
        .any(|event| event.kind == ConversionKind::Subscriber);
    if has_subscribed {
        let known_as = subscriber.person.email.clone().or_else(|| subscriber.person.uid.clone());
        return Err(Refusal::DuplicateEvent {
            kind: ConversionKind::Subscriber.name(),
            event_id: known_as.unwrap_or_default(),
        });
    }
    let id = state.ids.issue();
    let conversion = Conversion::without_money(id, ConversionKind::Subscriber, of, at);
    Ok(state.conversions.insert(conversion).id)
}
