//! What a sale earns: the promoter's commissions, his partners' shares, and those of his parents.

use std::sync::Arc;

use super::record::{
    Commission, CommissionDetails, CommissionKind, CommissionStatus, Fulfilment, Settlement,
};
use super::standing::{Standing, standing};
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::Campaign;
use crate::domain::conversion::Conversion;
use crate::domain::enrolment::{self, Enrolment, EnrolmentState, rewards_for_promoters};
use crate::domain::ids::{CommissionId, ConversionId, EnrolmentId, PromoterId, RewardId};
use crate::domain::lookup::fold_alike;
use crate::domain::money::{self, Amount, LARGEST, Unit};
use crate::domain::rare::Rare;
use crate::domain::referral::{FraudCheck, Referral, ReferralState, SplitShare};
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
struct Draft {
    enrolment_id: EnrolmentId,
    reward_id: RewardId,
    amount: Amount,
    split_percentage: Option<u32>,
}

/// What all commissions of one sale have in common.
struct Sale<'s> {
    conversion: &'s Conversion,
    referral: &'s Referral,
    owner: &'s Enrolment,
    campaign: &'s Campaign,
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
    let drafts = Sale::of(state, sale_id)?.drafts(state, by_hand.and_then(|by_hand| by_hand.unit))?;
    let mut made = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let row = Sale::of(state, sale_id)?.row(state, now, &draft, by_hand)?;
        let row = Commission { id: state.ids.issue(), ..row };
        made.push(state.commissions.insert(row).id);
    }
    Ok(made)
}

fn details_of(draft: &Draft, by_hand: Option<&ByHand>, now: Timestamp) -> Rare<CommissionDetails> {
    if draft.split_percentage.is_none() && by_hand.is_none() {
        return Rare::default();
    }
    let note = |note: Option<&String>| note.map(|note| Arc::from(note.as_str()));
    Rare::of(CommissionDetails {
        split_percentage: draft.split_percentage,
        internal_note: note(by_hand.and_then(|by_hand| by_hand.internal_note.as_ref())),
        external_note: note(by_hand.and_then(|by_hand| by_hand.external_note.as_ref())),
        created_by_user_email: note(by_hand.map(|by_hand| &by_hand.user_email)),
        created_by_user_at: by_hand.map(|_| now),
        ..CommissionDetails::default()
    })
}

impl<'s> Sale<'s> {
    fn of(state: &'s State, id: ConversionId) -> Result<Self, Refusal> {
        let nothing = Refusal::NotFound(Entity::Referral);
        let Some(conversion) = state.conversions.get(id) else { return Err(nothing) };
        let Some(referral) = state.referrals.get(conversion.referral_id) else { return Err(nothing) };
        let Some(owner) = state.enrolments.get(conversion.enrolment_id) else { return Err(nothing) };
        let Some(campaign) = state.campaigns.get(owner.campaign_id) else {
            return Err(Refusal::NotFound(Entity::Campaign));
        };
        Ok(Self { conversion, referral, owner, campaign })
    }

    fn terms(&self) -> SaleTerms {
        SaleTerms {
            amount: self.conversion.amount,
            quantity: self.conversion.quantity,
            plan_id: self.conversion.plan_id,
            billing: self.conversion.billing,
            referral_id: self.referral.id,
        }
    }

    /// Who earns what, by rewards paid in `unit` or by all.
    fn drafts(&self, state: &'s State, unit: Option<Unit>) -> Result<Vec<Draft>, Refusal> {
        let mut drafts = Vec::new();
        if self.referral.state == ReferralState::Denied || !standing(state, self.owner).earns() {
            return Ok(drafts);
        }
        let terms = self.terms();
        let is_wanted = |reward: &&Reward| unit.is_none_or(|unit| reward.unit == unit);
        self.add_own(state, &terms, is_wanted, &mut drafts);
        self.add_parents(state, &terms, is_wanted, &mut drafts);
        drafts.retain(|draft| draft.amount != 0);
        match drafts.iter().find(|draft| draft.amount.abs() > LARGEST) {
            Some(draft) => Err(too_large(state, draft)),
            None => Ok(drafts),
        }
    }

    /// The promoter's own commissions and the shares of his partners. The share of a partner who is out stays
    /// with the promoter.
    ///
    /// Evidence: service behaviour notes (shares and remainder); chosen (who gets the share of one who is out).
    fn add_own(
        &self,
        state: &'s State,
        terms: &SaleTerms,
        is_wanted: impl Fn(&&'s Reward) -> bool,
        drafts: &mut Vec<Draft>,
    ) {
        let shares = self.referral.details.split.iter();
        let partners: Vec<SplitShare> = shares
            .filter(|share| {
                state.enrolments.get(share.enrolment_id).is_some_and(|row| standing(state, row).earns())
            })
            .copied()
            .collect();
        let percentages: Vec<u32> = partners.iter().map(|partner| partner.percentage).collect();
        let left = 100_u32.saturating_sub(percentages.iter().sum());
        for reward in
            reward::for_sale(state, rules(state, self.owner, self.campaign), 1, terms).filter(is_wanted)
        {
            let (parts, remainder) = money::split(reward.worth(terms), &percentages);
            let draft = |enrolment_id, amount, split_percentage| Draft {
                enrolment_id,
                reward_id: reward.id,
                amount,
                split_percentage,
            };
            drafts.push(draft(self.owner.id, remainder, (!partners.is_empty()).then_some(left)));
            let shares = partners.iter().zip(parts);
            drafts
                .extend(shares.map(|(share, part)| draft(share.enrolment_id, part, Some(share.percentage))));
        }
    }

    /// What the promoter's parent earns, his parent's parent, and so on, each on the whole sale.
    ///
    /// Evidence: service behaviour notes (tiers); chosen (on the sale, not on the child's commission; whoever is
    /// out is left out and those above him still earn).
    fn add_parents(
        &self,
        state: &'s State,
        terms: &SaleTerms,
        is_wanted: impl Fn(&&'s Reward) -> bool,
        drafts: &mut Vec<Draft>,
    ) {
        let (mut seen, mut child) = (Vec::new(), self.owner.promoter_id);
        for tier in 2..=u8::MAX {
            let parent = state.promoters.get(child).and_then(|promoter| promoter.parent);
            let is_new = |parent: &PromoterId| *parent != self.owner.promoter_id && !seen.contains(parent);
            let Some(parent) = parent.filter(is_new) else { break };
            seen.push(parent);
            child = parent;
            let Some(enrolment) = parents_enrolment(state, parent, self.campaign) else { continue };
            let rules = rules(state, enrolment, self.campaign);
            drafts.extend(reward::for_sale(state, rules, tier, terms).filter(&is_wanted).map(|reward| {
                Draft {
                    enrolment_id: enrolment.id,
                    reward_id: reward.id,
                    amount: reward.worth(terms),
                    split_percentage: None,
                }
            }));
        }
    }

    /// The row to be inserted; its id is given out afterwards.
    fn row(
        &self,
        state: &State,
        now: Timestamp,
        draft: &Draft,
        by_hand: Option<&ByHand>,
    ) -> Result<Commission, Refusal> {
        let nothing = Refusal::NotFound(Entity::PromoterCampaign);
        let Some(enrolment) = state.enrolments.get(draft.enrolment_id) else { return Err(nothing) };
        let Some(reward) = state.rewards.get(draft.reward_id) else { return Err(nothing) };
        let promoter_id = enrolment.promoter_id;
        let is_self_referral = is_self_referral(state, promoter_id, self.referral);
        Ok(Commission {
            id: CommissionId::new(0),
            status: self.status(state, enrolment, is_self_referral),
            kind: CommissionKind::Sale,
            enrolment_id: enrolment.id,
            promoter_id,
            referral_id: Some(self.referral.id),
            conversion_id: Some(self.conversion.id),
            reward_id: Some(reward.id),
            refund_of: None,
            unit: reward.unit,
            amount: draft.amount,
            sale_amount: self.conversion.amount,
            original_sale_amount: self.conversion.original_amount,
            original_sale_currency: self.conversion.original_currency.clone(),
            event_id: self.conversion.event_id.clone(),
            plan_id: self.conversion.plan_id,
            billing: self.conversion.billing,
            tier: reward.tier,
            is_self_referral,
            fraud_check: self.referral.fraud_check,
            details: details_of(draft, by_hand, now),
            settlement: Settlement::Open,
            fulfilment: Fulfilment::Unfulfilled,
            created_at: self.conversion.created_at,
            status_updated_at: None,
        })
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

fn too_large(state: &State, draft: &Draft) -> Refusal {
    let name = state.rewards.get(draft.reward_id).map_or("", |reward| &reward.name);
    let problem = format!("is too large: the reward {name:?} gives {}, more than {LARGEST}", draft.amount);
    Refusal::invalid(Entity::Commission, "amount", problem)
}

/// Whether the promoter is the referral: one e-mail address for both. A referral that the company has cleared by
/// hand is none.
///
/// Evidence: chosen.
fn is_self_referral(state: &State, promoter: PromoterId, referral: &Referral) -> bool {
    let (Some(promoter), Some(email)) = (state.promoters.get(promoter), &referral.email) else {
        return false;
    };
    !referral.is_cleared_by_hand && fold_alike(&promoter.email, email)
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
