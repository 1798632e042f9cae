//! The format of scenario files.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::campaign::Billing;
use crate::domain::company::PayoutCycle;
use crate::domain::money::{Currency, LARGEST, Unit};
use crate::domain::payout_method::Method;
use crate::domain::reward::ApplyOn;

/// A scenario as it stands in its file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Settings of the company.
    #[serde(default)]
    pub company: CompanySettings,
    /// Product plans.
    #[serde(default)]
    pub plans: Vec<PlanEntry>,
    /// Rewards that campaigns refer to.
    #[serde(default)]
    pub rewards: Vec<RewardEntry>,
    /// Campaigns.
    #[serde(default)]
    pub campaigns: Vec<CampaignEntry>,
    /// Sales that the billing provider knows and that were never tracked.
    #[serde(default)]
    pub past_sales: Vec<PastSaleEntry>,
    /// Promoters.
    #[serde(default)]
    pub promoters: Vec<PromoterEntry>,
}

/// Settings of the company.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompanySettings {
    /// Its name.
    pub name: Option<String>,
    /// E-mail of the user that API keys stand for.
    pub user_email: Option<String>,
    /// Its currency, `USD`.
    pub currency: Option<String>,
    /// What one whole unit of another currency is worth in it, `EUR: 1.08`.
    pub exchange_rates: BTreeMap<String, f64>,
    /// Name of the referral link's parameter.
    pub link_parameter: Option<String>,
    /// Days between a period's end and the day its payouts are due.
    pub net_payout_days: Option<i64>,
    /// `monthly` (default) or `weekly`.
    pub payout_cycle: Option<String>,
    /// The least sum that is paid, minor units.
    pub min_payment: Option<i64>,
    /// How many paying customers a promoter needs before he is paid.
    pub min_paying_customers: Option<u32>,
    /// Tax added to payouts in per cent, by the promoter's country, `DE: 19`.
    pub tax_rates: BTreeMap<String, f64>,
}

/// A product plan.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanEntry {
    /// Its number.
    pub id: u64,
    /// Its id at the billing provider.
    pub ext_id: String,
    /// Its name.
    pub name: String,
    /// `monthly`, `yearly` or `one_time`.
    pub billing: String,
}

/// A reward.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewardEntry {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What it is paid in.
    pub unit: String,
    /// Per cent of the sale; this or `amount`.
    #[serde(default)]
    pub percent: Option<f64>,
    /// A fixed amount; this or `percent`.
    #[serde(default)]
    pub amount: Option<i64>,
    /// `per_referral` (default), `per_promotion` or `target`.
    #[serde(default)]
    pub basis: Option<String>,
    /// Only for a referral's first sale.
    #[serde(default)]
    pub first_sale_only: bool,
    /// For so many sales of a referral at most.
    #[serde(default)]
    pub limit: Option<u32>,
    /// 1 for the promoter, 2 for his parent, and so on.
    #[serde(default = "first_tier")]
    pub tier: u8,
    /// The coupon that comes with it.
    #[serde(default)]
    pub coupon: Option<String>,
    /// Whether promoters do not see it.
    #[serde(default)]
    pub hidden: bool,
}

/// A campaign.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignEntry {
    /// Its id, above 1000.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its colour.
    #[serde(default = "blue")]
    pub color: String,
    /// Where referral links lead.
    pub landing_url: String,
    /// Its description.
    #[serde(default)]
    pub description: String,
    /// Whether promoters join it when none is named.
    #[serde(default)]
    pub default: bool,
    /// Whether promoters join by invitation only.
    #[serde(default)]
    pub private: bool,
    /// Whether promoters are accepted by themselves.
    #[serde(default)]
    pub approves_promoters: bool,
    /// Whether leads are approved by themselves.
    #[serde(default = "yes")]
    pub approves_leads: bool,
    /// Whether commissions are approved by themselves.
    #[serde(default)]
    pub approves_rewards: bool,
    /// For how many days a visit is remembered.
    #[serde(default = "sixty")]
    pub cookie_days: u32,
    /// What promoters earn.
    #[serde(default)]
    pub rewards_for_promoters: Vec<RuleEntry>,
    /// What referrals are offered.
    #[serde(default)]
    pub rewards_for_referrals: Vec<RuleEntry>,
    /// Where legacy webhooks go.
    #[serde(default)]
    pub default_webhook_url: Option<String>,
    /// Where `fulfilment_pending` goes.
    #[serde(default)]
    pub fulfilment_url: Option<String>,
    /// When promoters move on by themselves.
    #[serde(default)]
    pub threshold: Option<ThresholdEntry>,
}

/// When promoters move on to another campaign.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdEntry {
    /// With so many customers.
    pub customers: u32,
    /// To this campaign.
    pub to_campaign: u64,
    /// Whether referrals move too.
    #[serde(default)]
    pub moves_referrals: bool,
}

/// How a campaign uses a reward.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleEntry {
    /// The reward.
    pub reward: u64,
    /// `all` (default), `monthly`, `yearly`, `one_time` or `specific`.
    #[serde(default)]
    pub apply_on: Option<String>,
    /// With `specific`, the plans.
    #[serde(default)]
    pub plans: Vec<u64>,
}

/// A promoter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromoterEntry {
    /// His e-mail address.
    pub email: String,
    /// First name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// The customer's own id of him.
    #[serde(default)]
    pub cust_id: Option<String>,
    /// Two-letter country code.
    #[serde(default)]
    pub country: Option<String>,
    /// How he wants to be paid, `paypal`.
    #[serde(default)]
    pub payout_method: Option<String>,
    /// Campaigns he is in.
    #[serde(default)]
    pub campaigns: Vec<EnrolmentEntry>,
}

/// A sale that the billing provider knows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastSaleEntry {
    /// Who bought; this or `uid`.
    #[serde(default)]
    pub email: Option<String>,
    /// The customer's own id of who bought.
    #[serde(default)]
    pub uid: Option<String>,
    /// The provider's id of the sale; one is made if absent.
    #[serde(default)]
    pub event_id: Option<String>,
    /// How much, in minor units of `currency`.
    pub amount: i64,
    /// The currency; the account's if absent.
    #[serde(default)]
    pub currency: Option<String>,
    /// The plan's id at the billing provider.
    #[serde(default)]
    pub plan: Option<String>,
    /// When: a date or a moment.
    pub happened_at: String,
}

/// A promoter's enrolment in a campaign.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentEntry {
    /// The campaign.
    pub campaign: u64,
    /// How he stands in it; as the campaign decides by itself if absent.
    #[serde(default)]
    pub state: Option<String>,
    /// His referral token; one is made if absent.
    #[serde(default)]
    pub ref_token: Option<String>,
    /// The promo code that credits him.
    #[serde(default)]
    pub coupon: Option<String>,
}

fn sixty() -> u32 {
    60
}

fn first_tier() -> u8 {
    1
}

fn yes() -> bool {
    true
}

fn blue() -> String {
    "#42a5f5".into()
}

impl Document {
    /// Everything in it that does not fit together.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut check = |ok: bool, problem: String| {
            if !ok {
                problems.push(problem);
            }
        };
        for currency in self.company.currency.iter().chain(self.company.exchange_rates.keys()) {
            check(
                Currency::new(currency).is_some(),
                format!("company: {currency:?} is no currency code, USD is one"),
            );
        }
        for plan in &self.plans {
            let known = Billing::named(&plan.billing).is_some();
            check(
                known,
                format!("plan {}: billing is monthly, yearly or one_time, not {:?}", plan.id, plan.billing),
            );
        }
        for reward in &self.rewards {
            let id = reward.id;
            check(Unit::named(&reward.unit).is_some(), format!("reward {id}: {:?} is no unit", reward.unit));
            let one = reward.percent.is_some() != reward.amount.is_some();
            check(one, format!("reward {id}: give either percent or amount"));
        }
        for campaign in &self.campaigns {
            let id = campaign.id;
            check(id > 1000, format!("campaign {id}: ids start above 1000, because 1 means all campaigns"));
            for rule in campaign.rewards_for_promoters.iter().chain(&campaign.rewards_for_referrals) {
                let known = self.rewards.iter().any(|reward| reward.id == rule.reward);
                check(known, format!("campaign {id}: there is no reward {}", rule.reward));
                let apply_on = rule.apply_on.as_deref().unwrap_or("all");
                check(
                    ApplyOn::named(apply_on).is_some(),
                    format!("campaign {id}: {apply_on:?} is no apply_on"),
                );
            }
        }
        check(
            self.campaigns.iter().filter(|c| c.default).count() <= 1,
            "more than one campaign is the default".into(),
        );
        problems.extend(self.reward_problems());
        problems.extend(self.payout_problems());
        problems
    }

    /// What cannot be reckoned with: rates, amounts and shares out of range, rules for plans that do not exist.
    fn reward_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (currency, rate) in &self.company.exchange_rates {
            if !(0.000_001..=1_000_000.0).contains(rate) {
                problems.push(format!("company: the rate of {currency} is 0.000001 to 1000000, not {rate}"));
            }
        }
        for RewardEntry { id, percent, amount, tier, .. } in &self.rewards {
            if percent.is_some_and(|percent| !(0.0..=1000.0).contains(&percent)) {
                problems.push(format!("reward {id}: percent is 0 to 1000"));
            }
            if amount.is_some_and(|amount| !(0..=LARGEST).contains(&amount)) {
                problems.push(format!("reward {id}: amount is 0 to {LARGEST}"));
            }
            if *tier == 0 {
                problems.push(format!("reward {id}: tiers begin with 1, the promoter himself"));
            }
        }
        for campaign in &self.campaigns {
            for rule in campaign.rewards_for_promoters.iter().chain(&campaign.rewards_for_referrals) {
                let unknown = rule.plans.iter().find(|id| !self.plans.iter().any(|plan| plan.id == **id));
                if let Some(plan) = unknown {
                    problems.push(format!("campaign {}: there is no plan {plan}", campaign.id));
                }
                if rule.apply_on.as_deref() == Some("specific") && rule.plans.is_empty() {
                    problems.push(format!("campaign {}: a specific reward names its plans", campaign.id));
                }
            }
        }
        problems
    }

    /// What cannot be used of what it says about paying.
    fn payout_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let cycle = self.company.payout_cycle.as_deref().unwrap_or("monthly");
        if PayoutCycle::named(cycle).is_none() {
            problems.push(format!("company: payout_cycle is monthly or weekly, not {cycle:?}"));
        }
        for (country, rate) in &self.company.tax_rates {
            if !(0.0..=100.0).contains(rate) {
                problems.push(format!("company: the tax rate of {country} is 0 to 100 per cent, not {rate}"));
            }
        }
        for promoter in &self.promoters {
            let method = promoter.payout_method.as_deref();
            if let Some(method) = method.filter(|method| Method::named(method).is_none()) {
                let known = Method::NAMES.join(", ");
                problems.push(format!("promoter {}: {method:?} is none of {known}", promoter.email));
            }
        }
        problems
    }
}
