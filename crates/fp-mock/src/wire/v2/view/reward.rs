//! Rewards as v2 shows them within promoter campaigns.

use serde::Serialize;

use crate::domain::ids::{PlanId, RewardId};
use crate::domain::reward;
use crate::domain::state::State;

/// How a campaign, or one promoter's enrolment, uses a reward.
#[derive(Debug, Serialize)]
pub struct RewardRule<'a> {
    apply_on: &'static str,
    product_ids: &'a [PlanId],
    reward_id: RewardId,
    reward: Reward<'a>,
    products: Vec<Product<'a>>,
}

#[derive(Debug, Serialize)]
struct Reward<'a> {
    name: &'a str,
    promoter_reward_type: &'static str,
    hide_reward: bool,
    tier_level: u8,
    coupon: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Product<'a> {
    id: PlanId,
    name: &'a str,
}

impl<'a> RewardRule<'a> {
    /// Shows rules in their order.
    ///
    /// Evidence: published v2 promoter campaigns document; that the type of a reward is v1's is chosen.
    pub fn all(state: &'a State, rules: &'a [reward::RewardRule]) -> Vec<Self> {
        rules.iter().filter_map(|rule| Self::of(state, rule)).collect()
    }

    fn of(state: &'a State, rule: &'a reward::RewardRule) -> Option<Self> {
        let reward = state.rewards.get(rule.reward_id)?;
        let plans = rule.plan_ids.iter().filter_map(|id| state.plans.get(*id));
        Some(Self {
            apply_on: rule.apply_on.name(),
            product_ids: &rule.plan_ids,
            reward_id: rule.reward_id,
            reward: Reward {
                name: &reward.name,
                promoter_reward_type: reward.basis.name(),
                hide_reward: reward.hidden,
                tier_level: reward.tier,
                coupon: reward.coupon.as_deref(),
            },
            products: plans.map(|plan| Product { id: plan.id, name: &plan.name }).collect(),
        })
    }
}
