//! What a campaign promises: to promoters for what their referrals do, and to referrals as an offer.

use super::campaign::Billing;
use super::ids::{PlanId, ReferralId, RewardId};
use super::money::{Amount, BasisPoints, Unit};
use super::named::named_values;
use super::state::State;
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

/// What rewards look at in a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaleTerms {
    /// Its amount in the account's currency, minor units.
    pub amount: Amount,
    /// How many items were bought.
    pub quantity: i64,
    /// The plan.
    pub plan_id: Option<PlanId>,
    /// How the plan is billed.
    pub billing: Option<Billing>,
    /// Whose sale it is; it is recorded already.
    pub referral_id: ReferralId,
}

impl Reward {
    /// What the reward gives for a sale. A fixed one counts once for each item.
    ///
    /// Evidence: published v2 tracking document (the two kinds); chosen (fixed amounts times the quantity).
    pub fn worth(&self, sale: &SaleTerms) -> Amount {
        match self.value {
            Value::PercentOfSale(share) => share.of(sale.amount),
            Value::Fixed(amount) => amount.saturating_mul(sale.quantity),
        }
    }

    /// Whether the reward is still given for this sale of its referral.
    ///
    /// Evidence: service behaviour notes (first sale only, or up to a limit); chosen (a limit counts the
    /// referral's sales; what is for the promotion as such is given for each new customer; reaching a target is
    /// no sale).
    fn is_given(&self, state: &State, sale: &SaleTerms) -> bool {
        // It may be one of a great many: they are counted no farther than need be.
        let sales = &state.conversions.index().sales_by_referral;
        let is_within = |limit: usize| !sales.are_more(&sale.referral_id, limit);
        match (self.basis, self.recurrence) {
            (Basis::Target, _) => false,
            (Basis::PerPromotion, _) | (_, Recurrence::FirstSaleOnly) => is_within(1),
            (_, Recurrence::Recurring { limit: None }) => true,
            (_, Recurrence::Recurring { limit: Some(limit) }) => is_within(limit as usize),
        }
    }
}

/// How closely a rule fits a sale: rules for its plan come before those for its billing, and these before those
/// for every sale. Declared from the loosest to the closest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Every,
    Billing,
    Plan,
}

impl RewardRule {
    fn fit(&self, sale: &SaleTerms) -> Option<Fit> {
        let billed = |billing| (sale.billing == Some(billing)).then_some(Fit::Billing);
        match self.apply_on {
            ApplyOn::All => Some(Fit::Every),
            ApplyOn::Monthly => billed(Billing::Monthly),
            ApplyOn::Yearly => billed(Billing::Yearly),
            ApplyOn::OneTime => billed(Billing::OneTime),
            ApplyOn::Specific => sale.plan_id.filter(|plan| self.plan_ids.contains(plan)).map(|_| Fit::Plan),
        }
    }
}

/// The rewards that `rules` give to the promoter of `tier` for a sale, in the order of the rules.
///
/// Of each unit and basis only the rules that fit most closely count, even when theirs is used up: a plan with a reward of
/// its own does not fall back to the general one.
///
/// Evidence: published v2 contract (`RewardConfig.apply_on`); chosen (which rule wins).
pub fn for_sale<'s, 'r>(
    state: &'s State,
    rules: &'r [RewardRule],
    tier: u8,
    sale: &'r SaleTerms,
) -> impl Iterator<Item = &'s Reward> + use<'s, 'r> {
    // There are few rules: they are gone through again for each.
    let fitting = move || {
        let known =
            rules.iter().filter_map(|rule| Some((rule.fit(sale)?, state.rewards.get(rule.reward_id)?)));
        known.filter(move |(_, reward)| reward.tier == tier)
    };
    let kind = |reward: &Reward| (reward.unit, reward.basis);
    let is_closest = move |fit: Fit, reward: &Reward| {
        fitting().all(|(other, rival)| kind(rival) != kind(reward) || other <= fit)
    };
    let given = fitting().filter(move |(fit, r)| r.is_given(state, sale) && is_closest(*fit, r));
    given.map(|(_, reward)| reward)
}
