//! Commissions that the company makes by hand, without a sale.

use std::sync::Arc;

use super::record::{
    Commission, CommissionDetails, CommissionKind, CommissionStatus, Fulfilment, Settlement,
};
use super::standing::standing;
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::Billing;
use crate::domain::ids::{CommissionId, EnrolmentId, ReferralId};
use crate::domain::money::{Amount, LARGEST, Unit};
use crate::domain::rare::Rare;
use crate::domain::referral::FraudCheck;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// A commission by hand.
#[derive(Clone, Debug)]
pub struct CustomCommission {
    /// Who earns it.
    pub enrolment_id: EnrolmentId,
    /// The referral it is for, if it is for one (v1).
    pub referral_id: Option<ReferralId>,
    /// How much; more than zero.
    pub amount: Amount,
    /// In what.
    pub unit: Unit,
    /// How it stands from the start.
    pub status: CommissionStatus,
    /// The customer's own id of what it is for; need not be unique.
    pub event_id: Option<String>,
    /// When that happened; `None`: now.
    pub happened_at: Option<Timestamp>,
    /// How what it is for was billed.
    pub billing: Option<Billing>,
    /// Seen by the company only.
    pub internal_note: Option<String>,
    /// Seen by the promoter too.
    pub external_note: Option<String>,
    /// Who makes it.
    pub user_email: String,
}

/// Makes a commission by hand.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown enrolment or referral, [`Refusal::Invalid`] for an amount that is not
/// above zero or beyond all measure, [`Refusal::WrongState`] if the promoter is blocked, rejected or archived.
///
/// Evidence: published v2 commissions document (the fields); chosen (the limits, and who can get none).
pub fn create_custom(
    state: &mut State,
    now: Timestamp,
    wish: CustomCommission,
) -> Result<CommissionId, Refusal> {
    let not_found = Refusal::NotFound(Entity::PromoterCampaign);
    let enrolment = state.enrolments.get(wish.enrolment_id).ok_or(not_found)?;
    if wish.referral_id.is_some_and(|id| !state.referrals.contains(id)) {
        return Err(Refusal::NotFound(Entity::Referral));
    }
    if wish.amount <= 0 {
        return Err(Refusal::invalid(Entity::Commission, "amount", "must be greater than 0"));
    }
    if wish.amount > LARGEST {
        let problem = format!("must be less than or equal to {LARGEST}");
        return Err(Refusal::invalid(Entity::Commission, "amount", problem));
    }
    if !standing(state, enrolment).earns() {
        let problem = "the promoter takes no part in the campaign any more and cannot earn a commission";
        return Err(Refusal::wrong_state(Entity::PromoterCampaign, problem));
    }
    let promoter_id = enrolment.promoter_id;
    let details = CommissionDetails {
        internal_note: wish.internal_note.map(Arc::from),
        external_note: wish.external_note.map(Arc::from),
        created_by_user_email: Some(Arc::from(wish.user_email)),
        created_by_user_at: Some(now),
        ..CommissionDetails::default()
    };
    let id = state.ids.issue();
    state.commissions.insert(Commission {
        id,
        status: wish.status,
        kind: CommissionKind::Custom,
        enrolment_id: wish.enrolment_id,
        promoter_id,
        referral_id: wish.referral_id,
        conversion_id: None,
        reward_id: None,
        refund_of: None,
        unit: wish.unit,
        amount: wish.amount,
        sale_amount: 0,
        original_sale_amount: 0,
        original_sale_currency: None,
        event_id: wish.event_id.map(Arc::from),
        plan_id: None,
        billing: wish.billing,
        tier: 1,
        is_self_referral: false,
        fraud_check: FraudCheck::NoSuspicion,
        details: Rare::of(details),
        settlement: Settlement::Open,
        fulfilment: Fulfilment::Unfulfilled,
        created_at: wish.happened_at.unwrap_or(now),
        status_updated_at: None,
    });
    Ok(id)
}
