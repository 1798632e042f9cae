//! What a campaign promises: to promoters for what their referrals do, and to referrals as an offer.

use super::ids::{PlanId, RewardId};
use super::money::{Amount, BasisPoints, Unit};
use super::named::named_values;
use super::table::{NoIndex, Row};

/// A reward that campaigns refer to.
#[derive(Clone, Debug)]
pub struct Reward {
    /// Its id.
    pub id: RewardId,
    /// Its name, `20% recurring commission`.
    pub name: String,
    /// What it is paid in.
    pub unit: Unit,
    /// How much.
    pub value: Value,
    /// What v1 calls its type.
    pub basis: Basis,
    /// Which sales of a referral it applies to.
    pub recurrence: Recurrence,
    /// 1 for the promoter himself, 2 for his parent, 3 for the parent's parent.
    pub tier: u8,
    /// The coupon that comes with it.
    pub coupon: Option<String>,
    /// Whether promoters do not see it.
    pub hidden: bool,
}

/// How much a reward gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A share of the sale's amount.
    PercentOfSale(BasisPoints),
    /// The same for each sale.
    Fixed(Amount),
}

named_values! {
    /// What v1 calls the type of a reward.
    ///
    /// Evidence: v1 reference and the legacy webhook documents.
    Basis {
        /// For each referral's sales.
        PerReferral = "per_referral",
        /// For the promotion as such: each new customer.
        PerPromotion = "per_promotion",
        /// When a target is reached.
        Target = "target",
    }
}

/// Which sales of one referral a reward applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// The first sale only.
    FirstSaleOnly,
    /// Every sale, or the first `limit` of them.
    Recurring {
        /// How many sales; `None`: all.
        limit: Option<u32>,
    },
}

/// How a campaign, or one promoter's enrolment, uses a reward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardRule {
    /// The reward.
    pub reward_id: RewardId,
    /// Which billing it is for.
    pub apply_on: ApplyOn,
    /// The plans it is for, with [`ApplyOn::Specific`].
    pub plan_ids: Vec<PlanId>,
}

named_values! {
    /// Which sales a rule is for, by the billing of their plan.
    ///
    /// Evidence: published v2 contract (`RewardConfig.apply_on`).
    ApplyOn {
        /// Monthly plans.
        Monthly = "monthly",
        /// Yearly plans.
        Yearly = "yearly",
        /// One-time purchases.
        OneTime = "one_time",
        /// Every sale.
        All = "all",
        /// The listed plans.
        Specific = "specific",
    }
}

impl Row for Reward {
    type Id = RewardId;
    type Index = NoIndex;
    fn id(&self) -> RewardId {
        self.id
    }
}
