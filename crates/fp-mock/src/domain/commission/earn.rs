//! What a sale earns: the promoter's commissions, his partners' shares, and those of his parents.

use std::collections::BTreeSet;

use super::record::{Commission, CommissionKind, CommissionStatus, Fulfilment, Settlement};
use super::standing::{Standing, standing};
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::Campaign;
use crate::domain::conversion::Conversion;
use crate::domain::enrolment::{self, Enrolment, EnrolmentState, rewards_for_promoters};
use crate::domain::ids::{CommissionId, ConversionId, PromoterId};
use crate::domain::json::JsonObject;
use crate::domain::lookup::folded;
use crate::domain::money::{self, Amount, LARGEST, Unit};
use crate::domain::referral::{FraudCheck, Referral, ReferralState};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::reward::{self, Reward, RewardRule, SaleTerms};
use crate::domain::state::State;

/// What the company adds to a sale that it enters by hand.
#[derive(Clone, Debug, Default)]
pub struct ByHand {
    /// Only rewards paid in this unit count; `None`: all.
    pub unit: Option<Unit>,
    /// Seen by the company only.
    pub internal_note: Option<String>,
    /// Seen by the promoter too.
    pub external_note: Option<String>,
    /// Who enters it.
    pub user_email: String,
}

/// A commission before it is written down.
struct Draft<'s> {
    enrolment: &'s Enrolment,
    reward: &'s Reward,
    amount: Amount,
    split_percentage: Option<u32>,
}

/// What all commissions of one sale have in common.
struct Sale<'s> {
    conversion: &'s Conversion,
    referral: &'s Referral,
    campaign: &'s Campaign,
    terms: SaleTerms,
    unit: Option<Unit>,
}

/// Makes the commissions of a sale that was just recorded, and answers them: the promoter's first, then his
/// partners', then his parents'. None if the promoter is out, the referral is disabled, or nothing applies.
///
/// # Errors
/// [`Refusal::NotFound`] for what is no sale, [`Refusal::Invalid`] if a reward gives too much.
///
/// Evidence: service behaviour notes (who gets what); chosen (a disabled referral earns nobody anything; no
/// commission of zero is made).
pub fn create_for_sale(
    state: &mut State,
    now: Timestamp,
    sale_id: ConversionId,
    by_hand: Option<&ByHand>,
) -> Result<Vec<CommissionId>, Refusal> {
    let rows = rows_of(state, now, sale_id, by_hand)?;
    let mut made = Vec::with_capacity(rows.len());
    for mut row in rows {
        row.id = state.ids.issue();
        made.push(state.commissions.insert(row).id);
    }
    Ok(made)
}

/// The rows to be inserted; their ids are given out afterwards.
fn rows_of(
    state: &State,
    now: Timestamp,
    sale_id: ConversionId,
    by_hand: Option<&ByHand>,
) -> Result<Vec<Commission>, Refusal> {
    let conversion = state.conversions.get(sale_id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let referral = state.referrals.get(conversion.referral_id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let owner = state.enrolments.get(conversion.enrolment_id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let campaign = state.campaigns.get(owner.campaign_id).ok_or(Refusal::NotFound(Entity::Campaign))?;
    if referral.state == ReferralState::Denied || !standing(state, owner).earns() {
        return Ok(Vec::new());
    }
    let terms = SaleTerms {
        amount: conversion.amount,
        quantity: conversion.quantity,
        plan_id: conversion.plan_id,
        billing: conversion.billing,
        ordinal: state.conversions.index().sales_by_referral.count(&referral.id),
    };
    let unit = by_hand.and_then(|by_hand| by_hand.unit);
    let sale = Sale { conversion, referral, campaign, terms, unit };
    let mut drafts = sale.own_drafts(state, owner);
    drafts.extend(sale.parents_drafts(state, owner.promoter_id));
    drafts.retain(|draft| draft.amount != 0);
    if let Some(draft) = drafts.iter().find(|draft| draft.amount.abs() > LARGEST) {
        let (name, amount) = (&draft.reward.name, draft.amount);
        let problem = format!("is too large: the reward {name:?} gives {amount}, more than {LARGEST}");
        return Err(Refusal::invalid(Entity::Commission, "amount", problem));
    }
    Ok(drafts.iter().map(|draft| sale.row(state, now, draft, by_hand)).collect())
}

impl<'s> Sale<'s> {
    fn rewards(&self, state: &'s State, rules: &[RewardRule], tier: u8) -> Vec<&'s Reward> {
        let mut rewards = reward::for_sale(state, rules, tier, &self.terms);
        rewards.retain(|reward| self.unit.is_none_or(|unit| reward.unit == unit));
        rewards
    }

    /// The promoter's own commissions and the shares of his partners. The share of a partner who is out stays
    /// with the promoter.
    ///
    /// Evidence: service behaviour notes (shares and remainder); chosen (who gets the share of one who is out).
    fn own_drafts(&self, state: &'s State, owner: &'s Enrolment) -> Vec<Draft<'s>> {
        let partners: Vec<(&Enrolment, u32)> = self
            .referral
            .split
            .iter()
            .filter_map(|share| Some((state.enrolments.get(share.enrolment_id)?, share.percentage)))
            .filter(|(partner, _)| standing(state, partner).earns())
            .collect();
        let percentages: Vec<u32> = partners.iter().map(|(_, percentage)| *percentage).collect();
        let left = 100_u32.saturating_sub(percentages.iter().sum());
        let mut drafts = Vec::new();
        for reward in self.rewards(state, rules(state, owner, self.campaign), 1) {
            let (parts, remainder) = money::split(reward.worth(&self.terms), &percentages);
            let split_percentage = (!partners.is_empty()).then_some(left);
            drafts.push(Draft { enrolment: owner, reward, amount: remainder, split_percentage });
            for ((enrolment, percentage), amount) in partners.iter().zip(parts) {
                drafts.push(Draft { enrolment, reward, amount, split_percentage: Some(*percentage) });
            }
        }
        drafts
    }

    /// What the promoter's parent earns, his parent's parent, and so on, each on the whole sale.
    ///
    /// Evidence: service behaviour notes (tiers); chosen (on the sale, not on the child's commission; whoever is
    /// out is left out and those above him still earn).
    fn parents_drafts(&self, state: &'s State, promoter: PromoterId) -> Vec<Draft<'s>> {
        let mut drafts = Vec::new();
        let (mut seen, mut child) = (BTreeSet::from([promoter]), promoter);
        for tier in 2..=u8::MAX {
            let parent = state.promoters.get(child).and_then(|promoter| promoter.parent);
            let Some(parent) = parent.filter(|parent| seen.insert(*parent)) else { break };
            child = parent;
            let Some(enrolment) = parents_enrolment(state, parent, self.campaign) else { continue };
            let rules = rules(state, enrolment, self.campaign);
            for reward in self.rewards(state, rules, tier) {
                let amount = reward.worth(&self.terms);
                drafts.push(Draft { enrolment, reward, amount, split_percentage: None });
            }
        }
        drafts
    }

    fn row(&self, state: &State, now: Timestamp, draft: &Draft<'_>, by_hand: Option<&ByHand>) -> Commission {
        let promoter_id = draft.enrolment.promoter_id;
        let is_self_referral = is_self_referral(state, promoter_id, self.referral);
        Commission {
            id: CommissionId(0),
            status: self.status(state, draft.enrolment, is_self_referral),
            kind: CommissionKind::Sale,
            enrolment_id: draft.enrolment.id,
            promoter_id,
            referral_id: Some(self.referral.id),
            conversion_id: Some(self.conversion.id),
            reward_id: Some(draft.reward.id),
            refund_of: None,
            unit: draft.reward.unit,
            amount: draft.amount,
            sale_amount: self.conversion.amount,
            original_sale_amount: self.conversion.original_amount,
            original_sale_currency: self.conversion.original_currency.clone(),
            event_id: self.conversion.event_id.clone(),
            plan_id: self.conversion.plan_id,
            billing: self.conversion.billing,
            tier: draft.reward.tier,
            split_percentage: draft.split_percentage,
            is_self_referral,
            fraud_check: self.referral.fraud_check,
            internal_note: by_hand.and_then(|by_hand| by_hand.internal_note.clone()),
            external_note: by_hand.and_then(|by_hand| by_hand.external_note.clone()),
            metadata: JsonObject::new(),
            settlement: Settlement::Open,
            fulfilment: Fulfilment::Unfulfilled,
            created_by_user_email: by_hand.map(|by_hand| by_hand.user_email.clone()),
            created_by_user_at: by_hand.map(|_| now),
            created_at: self.conversion.created_at,
            status_updated_at: None,
        }
    }

    /// Evidence: service behaviour notes (approved at once where the campaign approves by itself; a self-referral
    /// waits); chosen (so does whatever else looks wrong, and what a promoter earns before he is accepted).
    fn status(&self, state: &State, enrolment: &Enrolment, is_self_referral: bool) -> CommissionStatus {
        let is_clean = self.referral.fraud_check == FraudCheck::NoSuspicion && !is_self_referral;
        let is_accepted = standing(state, enrolment) != Standing::Waiting;
        if self.campaign.approves_rewards && is_clean && is_accepted {
            CommissionStatus::Approved
        } else {
            CommissionStatus::Pending
        }
    }
}

/// Whether the promoter is the referral: one e-mail address for both. A referral that the company has cleared by
/// hand is none.
///
/// Evidence: chosen.
fn is_self_referral(state: &State, promoter: PromoterId, referral: &Referral) -> bool {
    let (Some(promoter), Some(email)) = (state.promoters.get(promoter), &referral.email) else {
        return false;
    };
    !referral.is_cleared_by_hand && folded(&promoter.email) == folded(email)
}

/// The rules by which an enrolment earns on a sale of `campaign`: its own or the campaign's; those of the sale's
/// campaign for a parent who is enrolled elsewhere.
///
/// Evidence: published v2 contract (an enrolment's own rewards replace the campaign's); chosen (for parents).
fn rules<'s>(state: &'s State, enrolment: &'s Enrolment, campaign: &'s Campaign) -> &'s [RewardRule] {
    if enrolment.campaign_id == campaign.id {
        rewards_for_promoters(state, enrolment)
    } else {
        &campaign.rewards_for_promoters
    }
}

/// The enrolment under which a parent earns on a sale of `campaign`: the one in that campaign, or else the first
/// one that is accepted. Nothing if he is blocked or was rejected in that campaign.
///
/// Evidence: chosen.
fn parents_enrolment<'s>(state: &'s State, parent: PromoterId, campaign: &Campaign) -> Option<&'s Enrolment> {
    let enrolments: Vec<&Enrolment> = enrolment::of_promoter(state, parent).collect();
    let accepted = |enrolment: &&&Enrolment| enrolment.state == EnrolmentState::Accepted;
    let here = enrolments.iter().find(|enrolment| enrolment.campaign_id == campaign.id);
    let chosen = match here.map(|enrolment| enrolment.state) {
        Some(EnrolmentState::Blocked | EnrolmentState::Rejected) => None,
        Some(EnrolmentState::Accepted | EnrolmentState::Inactive) => here,
        Some(EnrolmentState::Pending) | None => enrolments.iter().find(accepted),
    };
    chosen.copied().filter(|enrolment| standing(state, enrolment).earns())
}
