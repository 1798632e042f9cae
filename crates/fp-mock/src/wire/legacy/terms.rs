//! What a campaign promises: rewards for promoters, offers for the people they refer.

use serde::Serialize;

use crate::domain::ids::RewardId;
use crate::domain::money::Amount;
use crate::domain::reward::{Basis, Reward, RewardRule, Value};
use crate::domain::state::State;

/// What referred people get.
#[derive(Debug, Serialize)]
pub struct Offer<'a> {
    id: RewardId,
    name: &'a str,
    amount: Option<Amount>,
    unit: &'static str,
    default_promo_code: &'a str,
}

/// What a promoter gets.
#[derive(Debug, Serialize)]
pub struct RewardTerms<'a> {
    id: RewardId,
    amount: Amount,
    #[serde(rename = "type")]
    basis: &'static str,
    unit: &'static str,
    name: &'a str,
    per_of_sale: Percent,
    default_promo_code: &'a str,
}

/// A share in per cent: a whole number where it is one.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Percent {
    Whole(u32),
    Exact(f64),
}

impl Percent {
    fn of_basis_points(points: u32) -> Self {
        if points.is_multiple_of(100) {
            Self::Whole(points / 100)
        } else {
            Self::Exact(f64::from(points) / 100.0)
        }
    }
}

impl<'a> Offer<'a> {
    /// The first offer among `rules`; `None` if there is none.
    ///
    /// Evidence: published v1 promoters document (the fields); that the first one counts is chosen.
    pub fn first(state: &'a State, rules: &[RewardRule]) -> Option<Self> {
        rules.iter().find_map(|rule| state.rewards.get(rule.reward_id)).map(Self::of)
    }

    fn of(reward: &'a Reward) -> Self {
        let amount = match reward.value {
            Value::Fixed(amount) => Some(amount),
            Value::PercentOfSale(_) => None,
        };
        Self {
            id: reward.id,
            name: &reward.name,
            amount,
            unit: reward.unit.name(),
            default_promo_code: reward.coupon.as_deref().unwrap_or(""),
        }
    }
}

impl<'a> RewardTerms<'a> {
    /// The first reward of the promoter himself among `rules` that is of this basis; `None` if there is none.
    ///
    /// Evidence: published v1 promoters document (the fields); that the first one counts is chosen.
    pub fn first(state: &'a State, rules: &[RewardRule], basis: Basis) -> Option<Self> {
        let rewards = rules.iter().filter_map(|rule| state.rewards.get(rule.reward_id));
        rewards.filter(|reward| reward.basis == basis).find(|reward| reward.tier == 1).map(Self::of)
    }

    /// Shows a reward. The amount of a share of the sale is 0, and so is the share of a fixed amount.
    ///
    /// Evidence: published v1 promoters document (null stands there too, for rewards never edited).
    pub fn of(reward: &'a Reward) -> Self {
        let (amount, points) = match reward.value {
            Value::Fixed(amount) => (amount, 0),
            Value::PercentOfSale(share) => (0, share.0),
        };
        Self {
            id: reward.id,
            amount,
            basis: reward.basis.name(),
            unit: reward.unit.name(),
            name: &reward.name,
            per_of_sale: Percent::of_basis_points(points),
            default_promo_code: reward.coupon.as_deref().unwrap_or(""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::{BasisPoints, Unit};
    use crate::domain::reward::Recurrence;
    use serde_json::{json, to_value};

    fn reward(value: Value) -> Reward {
        Reward {
            id: RewardId::new(205),
            name: "commission".into(),
            unit: Unit::Cash,
            value,
            basis: Basis::PerReferral,
            recurrence: Recurrence::Recurring { limit: None },
            tier: 1,
            coupon: None,
            hidden: false,
        }
    }

    #[test]
    fn a_share_has_no_amount_and_a_fixed_amount_no_share() {
        let share = |points| to_value(RewardTerms::of(&reward(Value::PercentOfSale(BasisPoints(points)))));
        assert_eq!(share(2000).expect("JSON")["per_of_sale"], json!(20));
        assert_eq!(share(1250).expect("JSON")["per_of_sale"], json!(12.5));
        assert_eq!(share(2000).expect("JSON")["amount"], json!(0));
        let fixed = to_value(RewardTerms::of(&reward(Value::Fixed(500)))).expect("JSON");
        assert_eq!((&fixed["amount"], &fixed["per_of_sale"]), (&json!(500), &json!(0)));
    }
}
