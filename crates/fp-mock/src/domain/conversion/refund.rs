//! Somebody gets money back.

use std::sync::Arc;

use super::Person;
use super::charge::{Charge, refuse_repeated};
use super::record::{Conversion, ConversionKind, of_event};
use crate::clock::timestamp::Timestamp;
use crate::domain::commission;
use crate::domain::ids::{ConversionId, ReferralId};
use crate::domain::money::Amount;
use crate::domain::referral::ReferralState;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Who gets it.
    pub person: Person,
    /// The customer's own id of the refund.
    pub event_id: String,
    /// Its amount in minor units of `currency`, positive.
    pub amount: Amount,
    /// The currency; `None`: the account's.
    pub currency: Option<String>,
    /// How many items are returned, from 1.
    pub quantity: i64,
    /// The customer's own id of the sale; `None`: the latest with something left to refund.
    pub sale_event_id: Option<String>,
    /// When it happened; `None`: now.
    pub created_at: Option<Timestamp>,
    /// Whether e-mails go out.
    pub notifies: bool,
}

/// Records a refund as sent, and takes back what its sale earned, in proportion to the amounts and never more
/// than the sale has left. A referral whose sales are all refunded in full is `refunded`.
///
/// # Errors
/// [`Refusal::NoReferral`], [`Refusal::DuplicateEvent`], [`Refusal::AmountInvalid`],
/// [`Refusal::AmountOutOfRange`], [`Refusal::Invalid`] for an unknown currency or a `sale_event_id` that is no
/// sale of this referral.
///
/// Evidence: service behaviour notes (negative commissions, 204, 409); chosen (the proportion, the latest sale,
/// the cap, what an unknown sale answers, `refunded`).
pub fn refund(state: &mut State, now: Timestamp, refund: Refund) -> Result<ConversionId, Refusal> {
    if !refund.notifies {
        state.agenda.send_no_emails();
    }
    let charge = Charge::read(state, refund.amount, refund.currency.as_deref())?.negated();
    let referral_id = refund.person.referral(state).ok_or(Refusal::NoReferral)?;
    refuse_repeated(state, ConversionKind::Refund, &refund.event_id)?;
    let sale_id = match &refund.sale_event_id {
        Some(event_id) => Some(named_sale(state, referral_id, event_id)?),
        None => latest_sale(state, referral_id),
    };
    let sale = sale_id.and_then(|id| state.conversions.get(id)).cloned();
    let referral = state.referrals.get(referral_id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let conversion = Conversion {
        enrolment_id: sale.as_ref().map_or(referral.enrolment_id, |sale| sale.enrolment_id),
        id: state.ids.issue(),
        kind: ConversionKind::Refund,
        referral_id,
        event_id: Some(Arc::from(refund.event_id)),
        amount: charge.amount,
        original_amount: charge.original_amount,
        original_currency: charge.original_currency,
        quantity: refund.quantity,
        plan_id: sale.as_ref().and_then(|sale| sale.plan_id),
        billing: sale.as_ref().and_then(|sale| sale.billing),
        sale_id,
        created_at: refund.created_at.unwrap_or(now),
    };
    let before = sale_id.map_or(0, |id| refunded(state, id));
    state.conversions.insert(conversion.clone());
    if let Some(sale) = &sale {
        let after = refunded(state, sale.id);
        commission::take_back(state, &conversion, sale, before.min(sale.amount), after.min(sale.amount));
    }
    if is_refunded_in_full(state, referral_id) {
        state.referrals.update(referral_id, |row| match row.state {
            ReferralState::Denied => row.state_before_denied = Some(ReferralState::Refunded),
            _ => row.state = ReferralState::Refunded,
        });
    }
    Ok(conversion.id)
}

/// What was refunded of a sale so far.
fn refunded(state: &State, sale: ConversionId) -> Amount {
    state.conversions.index().refunded.get(&sale).copied().unwrap_or(0)
}

fn has_something_left(state: &State, sale: ConversionId) -> bool {
    state.conversions.get(sale).is_some_and(|row| refunded(state, sale) < row.amount)
}

/// The referral's sale with this event id.
fn named_sale(state: &State, referral: ReferralId, event_id: &str) -> Result<ConversionId, Refusal> {
    let found = of_event(state, ConversionKind::Sale, event_id);
    let own = found.filter(|id| state.conversions.get(*id).is_some_and(|row| row.referral_id == referral));
    let problem = || format!("is no tracked sale of this referral, found {event_id:?}");
    own.ok_or_else(|| Refusal::invalid(Entity::Conversion, "sale_event_id", problem()))
}

/// The referral's latest sale with something left, else its latest sale.
fn latest_sale(state: &State, referral: ReferralId) -> Option<ConversionId> {
    let latest_first = || state.conversions.index().sales_by_referral.of(&referral).rev().map(|(_, id)| id);
    latest_first().find(|id| has_something_left(state, *id)).or_else(|| latest_first().next())
}

fn is_refunded_in_full(state: &State, referral: ReferralId) -> bool {
    let sales = &state.conversions.index().sales_by_referral;
    sales.count(&referral) > 0 && sales.of(&referral).all(|(_, id)| !has_something_left(state, id))
}
