//! Commissions as v2 shows them.

use serde::Serialize;

use super::reference::{self, Partners};
use crate::clock::timestamp::Timestamp;
use crate::domain::commission::{self, CommissionKind};
use crate::domain::ids::{CommissionId, EnrolmentId, PromoterId};
use crate::domain::json::JsonObject;
use crate::domain::money::Amount;
use crate::domain::state::State;

/// A commission as tracking answers it.
#[derive(Debug, Serialize)]
pub struct Tracked<'a> {
    id: CommissionId,
    status: &'static str,
    metadata: &'a JsonObject,
    is_self_referral: bool,
    commission_type: &'static str,
    created_by_user_email: Option<&'a str>,
    created_by_user_at: Option<Timestamp>,
    sale_amount: Option<Amount>,
    original_sale_amount: Option<Amount>,
    original_sale_currency: Option<&'a str>,
    event_id: Option<&'a str>,
    plan_id: Option<&'a str>,
    tier: u8,
    internal_note: Option<&'a str>,
    external_note: Option<&'a str>,
    unit: &'static str,
    fraud_check: &'static str,
    amount: Amount,
    is_paid: bool,
    is_split: bool,
    created_at: Timestamp,
    status_updated_at: Option<Timestamp>,
    promoter_campaign: Option<reference::PromoterCampaign<'a>>,
    referral: Option<reference::Referral<'a>>,
    reward: Option<reference::Reward<'a>>,
}

/// A commission with how its referral is shared.
#[derive(Debug, Serialize)]
pub struct Commission<'a> {
    #[serde(flatten)]
    commission: Tracked<'a>,
    split_details: Option<SplitDetails>,
}

/// How the commissions of a referral are shared.
#[derive(Debug, Serialize)]
struct SplitDetails {
    percentage: Option<u32>,
    partners: Vec<Share>,
}

#[derive(Debug, Serialize)]
struct Share {
    promoter_campaign_id: EnrolmentId,
    promoter_id: Option<PromoterId>,
    percentage: u32,
}

impl<'a> Tracked<'a> {
    /// Shows a commission. `plan_id` is the plan's id at the billing provider.
    ///
    /// Evidence: published v2 tracking document; that commissions made by hand show no sale is chosen.
    pub fn of(state: &'a State, row: &'a commission::Commission) -> Self {
        let is_sale = row.kind == CommissionKind::Sale;
        let plan = row.plan_id.and_then(|id| state.plans.get(id));
        let enrolment = state.enrolments.get(row.enrolment_id);
        let referral = row.referral_id.and_then(|id| state.referrals.get(id));
        let reward = row.reward_id.and_then(|id| state.rewards.get(id));
        Self {
            id: row.id,
            status: row.status.name(),
            metadata: &row.details.metadata,
            is_self_referral: row.is_self_referral,
            commission_type: row.kind.name(),
            created_by_user_email: row.details.created_by_user_email.as_deref(),
            created_by_user_at: row.details.created_by_user_at,
            sale_amount: is_sale.then_some(row.sale_amount),
            original_sale_amount: is_sale.then_some(row.original_sale_amount),
            original_sale_currency: row.original_sale_currency.as_ref().map(|currency| currency.code()),
            event_id: row.event_id.as_deref(),
            plan_id: plan.map(|plan| plan.ext_id.as_str()),
            tier: row.tier,
            internal_note: row.details.internal_note.as_deref(),
            external_note: row.details.external_note.as_deref(),
            unit: row.unit.name(),
            fraud_check: row.fraud_check.name(),
            amount: row.amount,
            is_paid: row.is_paid(),
            is_split: row.details.split_percentage.is_some(),
            created_at: row.created_at,
            status_updated_at: row.status_updated_at,
            promoter_campaign: enrolment.map(|row| reference::PromoterCampaign::of(Partners::of(state), row)),
            referral: referral.map(reference::Referral::of),
            reward: reward.map(reference::Reward::of),
        }
    }
}

impl<'a> Commission<'a> {
    /// Shows a commission. `split_details` is there when its referral is shared: the commission's own percentage,
    /// null if it is not one of the shares, and the partners with theirs.
    ///
    /// Evidence: published v2 commissions document (from the referral, when it is shared); what it holds is chosen.
    pub fn of(state: &'a State, row: &'a commission::Commission) -> Self {
        let referral = row.referral_id.and_then(|id| state.referrals.get(id));
        let shares = referral.map_or(&[][..], |referral| &referral.details.split);
        let share = |share: &crate::domain::referral::SplitShare| Share {
            promoter_campaign_id: share.enrolment_id,
            promoter_id: state.enrolments.get(share.enrolment_id).map(|row| row.promoter_id),
            percentage: share.percentage,
        };
        let partners: Vec<Share> = shares.iter().map(share).collect();
        let percentage = row.details.split_percentage;
        let split_details = (!partners.is_empty()).then_some(SplitDetails { percentage, partners });
        Self { commission: Tracked::of(state, row), split_details }
    }
}
