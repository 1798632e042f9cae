//! Rewards: what promoters earned.

use serde::Serialize;

use super::{Lead, Promoter, Promotion};
use crate::clock::timestamp::Timestamp;
use crate::domain::commission::{Commission, CommissionKind};
use crate::domain::ids::CommissionId;
use crate::domain::money::Amount;
use crate::domain::state::State;

/// A reward, inside an event or with the promoter and promotion that it belongs to.
#[derive(Debug, Serialize)]
pub struct Reward<'a> {
    id: CommissionId,
    status: &'static str,
    amount: Amount,
    unit: &'static str,
    created_at: Timestamp,
    /// Where replies have the lead; null for a reward without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<Option<Lead<'a>>>,
    event_id: Option<&'a str>,
    conversion_amount: Option<Amount>,
    tier_level: u8,
    split_type: Option<&'static str>,
    /// Where webhooks have it.
    #[serde(rename = "lead", skip_serializing_if = "Option::is_none")]
    notified_lead: Option<Option<Lead<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promoter: Option<Promoter<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promotion: Option<Promotion<'a>>,
}

impl<'a> Reward<'a> {
    /// Shows a commission inside the event that made it. `split_type` is null, as in every document.
    ///
    /// Evidence: published v1 tracking document; that a reward made by hand has no amount of a sale is the v1
    /// reference's.
    pub fn of_event(state: &'a State, commission: &'a Commission) -> Self {
        let lead = commission.referral_id.and_then(|id| state.referrals.get(id));
        let is_sale = commission.kind == CommissionKind::Sale;
        Self {
            id: commission.id,
            status: commission.status.name(),
            amount: commission.amount,
            unit: commission.unit.name(),
            created_at: commission.created_at,
            lead: Some(lead.map(|referral| Lead::summary(state, referral))),
            event_id: commission.event_id.as_deref(),
            conversion_amount: is_sale.then_some(commission.sale_amount),
            tier_level: commission.tier,
            split_type: None,
            notified_lead: None,
            promoter: None,
            promotion: None,
        }
    }

    /// Shows a commission with its promoter and promotion, as v1 does.
    ///
    /// Evidence: published v1 rewards document.
    pub fn whole(state: &'a State, commission: &'a Commission) -> Self {
        Self::with(state, commission, Promoter::summary)
    }

    /// Shows a commission with its promoter and promotion, as legacy webhooks do: the promoter has a profile, and the
    /// lead stands behind the reward's own fields.
    ///
    /// Evidence: service behaviour notes; for the lead's place, service help pages.
    pub fn notified(state: &'a State, commission: &'a Commission) -> Self {
        let whole = Self::with(state, commission, Promoter::notified);
        Self { notified_lead: whole.lead, lead: None, ..whole }
    }

    fn with(
        state: &'a State,
        commission: &'a Commission,
        shown: fn(&'a State, &'a crate::domain::promoter::Promoter) -> Promoter<'a>,
    ) -> Self {
        let promoter = state.promoters.get(commission.promoter_id);
        let enrolment = state.enrolments.get(commission.enrolment_id);
        Self {
            promoter: promoter.map(|promoter| shown(state, promoter)),
            promotion: enrolment.map(|enrolment| Promotion::of(state, enrolment)),
            ..Self::of_event(state, commission)
        }
    }
}
