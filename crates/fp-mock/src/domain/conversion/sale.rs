//! Somebody buys.

use std::sync::Arc;

use super::Person;
use super::attribution::{Trail, attribute};
use super::charge::{Charge, converted, refuse_repeated};
use super::record::{Conversion, ConversionKind};
use super::signup::arriving;
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::{self, Billing};
use crate::domain::commission::{self, ByHand, standing};
use crate::domain::enrolment;
use crate::domain::ids::{CommissionId, ConversionId, PlanId, ReferralId};
use crate::domain::money::{Amount, LARGEST};
use crate::domain::referral::{self, Referral, ReferralState};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// A sale that the customer's application tracks.
#[derive(Clone, Debug)]
pub struct Sale {
    /// Who bought.
    pub person: Person,
    /// Who sent him, for somebody new.
    pub trail: Trail,
    /// The customer's own id of the sale.
    pub event_id: String,
    /// Its amount in minor units of `currency`.
    pub amount: Amount,
    /// How many items, from 1.
    pub quantity: i64,
    /// The plan's id at the billing provider.
    pub plan: Option<String>,
    /// The currency; `None`: the account's.
    pub currency: Option<String>,
    /// What the customer pays each month from now on, in minor units of `currency`; `None`: as before.
    pub mrr: Option<Amount>,
    /// How it was billed (v1); `None`: as the plan says.
    pub billing: Option<Billing>,
    /// The subscription at the billing provider (v1); kept with the referral's data.
    pub subscription_id: Option<String>,
    /// When it happened; `None`: now.
    pub created_at: Option<Timestamp>,
    /// Whether e-mails go out.
    pub notifies: bool,
}

/// A sale that the company enters by hand.
#[derive(Clone, Debug)]
pub struct SaleByHand {
    /// Who bought.
    pub referral_id: ReferralId,
    /// Its amount in minor units of the account's currency.
    pub amount: Amount,
    /// The plan.
    pub plan_id: Option<PlanId>,
    /// How it was billed; `None`: as the plan says.
    pub billing: Option<Billing>,
    /// The customer's own id of the sale.
    pub event_id: Option<String>,
    /// When it happened; `None`: now.
    pub happened_at: Option<Timestamp>,
    /// Unit, notes and who enters it.
    pub by_hand: ByHand,
}

/// Records a sale of the referral with this uid or e-mail address; somebody unknown becomes a referral of the
/// promoter to whom the trail leads. Makes the commissions of the sale.
///
/// # Errors
/// [`Refusal::ReferralNotFoundOrPromoterBlocked`] if he is nobody's referral or his promoter is out,
/// [`Refusal::DuplicateEvent`], [`Refusal::AmountInvalid`], [`Refusal::AmountOutOfRange`],
/// [`Refusal::Invalid`] for an unknown currency, a commission beyond all measure, or an invalid new referral.
///
/// Evidence: service behaviour notes (the look-up and the refusals); published v1 tracking document (the
/// subscription goes to the referral's metadata); chosen (their order, and that a referral
/// keeps its promoter whatever the trail says).
pub fn sale(state: &mut State, now: Timestamp, sale: Sale) -> Result<ConversionId, Refusal> {
    if !sale.notifies {
        state.agenda.send_no_emails();
    }
    let charge = Charge::read(state, sale.amount, sale.currency.as_deref())?;
    let mrr = sale.mrr.map(|mrr| converted(state, mrr, sale.currency.as_deref())).transpose()?;
    let at = sale.created_at.unwrap_or(now);
    let nobody = Refusal::ReferralNotFoundOrPromoterBlocked;
    let known = sale.person.referral(state);
    let attribution = if known.is_none() { attribute(state, &sale.trail) } else { None };
    if known.is_none() && attribution.is_none() {
        return Err(nobody);
    }
    refuse_repeated(state, ConversionKind::Sale, &sale.event_id)?;
    let referral_id = match (known, attribution) {
        (Some(id), _) => id,
        (None, Some(attribution)) => {
            let new = arriving(state, attribution, &sale.person, None);
            referral::create(state, at, new)?
        }
        (None, None) => return Err(nobody),
    };
    if !is_tracked(state, referral_id) {
        return Err(nobody);
    }
    let plan_id = sale.plan.as_deref().map(|plan| campaign::ensure_plan(state, plan));
    let plans_billing = plan_id.and_then(|id| state.plans.get(id)).map(|plan| plan.billing);
    let billing = sale.billing.or(plans_billing);
    let details = Details { event_id: Some(sale.event_id), quantity: sale.quantity, plan_id, billing, at };
    let id = record(state, referral_id, charge, details)?;
    if mrr.is_some() || sale.subscription_id.is_some() {
        state.referrals.update(referral_id, |row| {
            row.mrr = mrr.unwrap_or(row.mrr);
            if let Some(subscription) = sale.subscription_id {
                row.details.metadata.insert("subscription_id".into(), subscription.into());
            }
        });
    }
    commission::create_for_sale(state, now, id, None)?;
    level_up(state, now, referral_id)?;
    Ok(id)
}

/// Records a sale that the company enters by hand and answers the commissions it makes, at least one.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown referral or plan, [`Refusal::Invalid`] for a taken event id or an amount
/// that is not above zero or beyond all measure, [`Refusal::WrongState`] if nobody earns anything by it.
///
/// Evidence: published v2 commissions document (the fields); chosen (the refusals).
pub fn sale_by_hand(
    state: &mut State,
    now: Timestamp,
    sale: SaleByHand,
) -> Result<Vec<CommissionId>, Refusal> {
    let plan = match sale.plan_id {
        Some(id) => Some(state.plans.get(id).ok_or(Refusal::NotFound(Entity::Plan))?),
        None => None,
    };
    let billing = sale.billing.or(plan.map(|plan| plan.billing));
    if !state.referrals.contains(sale.referral_id) {
        return Err(Refusal::NotFound(Entity::Referral));
    }
    if sale.amount <= 0 {
        return Err(Refusal::invalid(Entity::Commission, "sale_amount", "must be greater than 0"));
    }
    if sale.amount > LARGEST {
        let problem = format!("must be less than or equal to {LARGEST}");
        return Err(Refusal::invalid(Entity::Commission, "sale_amount", problem));
    }
    if let Some(event_id) = &sale.event_id {
        let taken = |_| Refusal::invalid(Entity::Commission, "event_id", "has already been taken");
        refuse_repeated(state, ConversionKind::Sale, event_id).map_err(taken)?;
    }
    if !is_tracked(state, sale.referral_id) {
        let problem = "the referral's promoter takes no part in the campaign any more and earns nothing";
        return Err(Refusal::wrong_state(Entity::Referral, problem));
    }
    let charge = Charge::read(state, sale.amount, None)?;
    let at = sale.happened_at.unwrap_or(now);
    let details = Details { event_id: sale.event_id, quantity: 1, plan_id: sale.plan_id, billing, at };
    let id = record(state, sale.referral_id, charge, details)?;
    let made = commission::create_for_sale(state, now, id, Some(&sale.by_hand))?;
    if made.is_empty() {
        let problem = "no reward of the referral's campaign applies to this sale";
        return Err(Refusal::wrong_state(Entity::Commission, problem));
    }
    level_up(state, now, sale.referral_id)?;
    Ok(made)
}

/// Lets the promoter of a new customer move on to the campaign's next one, if that was the customer it took.
fn level_up(state: &mut State, now: Timestamp, customer: ReferralId) -> Result<(), Refusal> {
    match state.referrals.get(customer).map(|row| row.enrolment_id) {
        Some(enrolment) => enrolment::apply_threshold(state, now, enrolment),
        None => Ok(()),
    }
}

/// Whether sales of a referral count: its promoter is not out.
fn is_tracked(state: &State, id: ReferralId) -> bool {
    let enrolment = state.referrals.get(id).and_then(|row| state.enrolments.get(row.enrolment_id));
    enrolment.is_some_and(|enrolment| standing(state, enrolment).earns())
}

/// Whether a sale tells nothing new of its referral, as most do not after the first.
fn is_known_customer(referral: &Referral, details: &Details) -> bool {
    referral.state == ReferralState::Active
        && referral.customer_since.is_some()
        && referral.cancelled_at.is_none()
        && details.plan_id.is_none_or(|plan| referral.plan_id == Some(plan))
}

/// What a sale is besides its amount.
struct Details {
    event_id: Option<String>,
    quantity: i64,
    plan_id: Option<PlanId>,
    billing: Option<Billing>,
    at: Timestamp,
}

/// Writes a sale down and makes its referral a customer. A disabled referral stays disabled and is a customer
/// once it is enabled.
///
/// Evidence: service behaviour notes (`active`, `customer_since`, active again after cancelling); chosen (for
/// disabled ones).
fn record(
    state: &mut State,
    referral_id: ReferralId,
    charge: Charge,
    details: Details,
) -> Result<ConversionId, Refusal> {
    let Some(referral) = state.referrals.get(referral_id) else {
        return Err(Refusal::NotFound(Entity::Referral));
    };
    let enrolment_id = referral.enrolment_id;
    if !is_known_customer(referral, &details) {
        state.referrals.update(referral_id, |row| {
            row.customer_since = row.customer_since.or(Some(details.at));
            row.plan_id = details.plan_id.or(row.plan_id);
            if row.state == ReferralState::Denied {
                row.state_before_denied = Some(ReferralState::Active);
            } else {
                row.state = ReferralState::Active;
                row.cancelled_at = None;
            }
        });
    }
    let conversion = Conversion {
        id: state.ids.issue(),
        kind: ConversionKind::Sale,
        referral_id,
        enrolment_id,
        event_id: details.event_id.map(Arc::from),
        amount: charge.amount,
        original_amount: charge.original_amount,
        original_currency: charge.original_currency,
        quantity: details.quantity,
        plan_id: details.plan_id,
        billing: details.billing,
        sale_id: None,
        created_at: details.at,
    };
    Ok(state.conversions.insert(conversion).id)
}
