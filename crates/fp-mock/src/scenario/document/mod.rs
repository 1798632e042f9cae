//! The format of scenario files.

mod history;
mod people;
mod problems;
mod value;

pub use history::{
    HistoryEntry, OfPromoter, PastSaleEntry, PersonEntry, RefundEntry, SaleEntry, SignupEntry,
};
pub use people::{EnrolmentEntry, PromoterEntry};
pub use value::{Currency, Moment, Named};

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::campaign::Billing;
use crate::domain::company::PayoutCycle;
use crate::domain::money::Unit;
use crate::domain::reward::{ApplyOn, Basis};

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
    /// Promoters.
    #[serde(default)]
    pub promoters: Vec<PromoterEntry>,
    /// Sales that the billing provider knows and that were never tracked.
    #[serde(default)]
    pub past_sales: Vec<PastSaleEntry>,
    /// A past that is made up from the seed.
    #[serde(default)]
    pub lived_in: Option<LivedIn>,
    /// What happened before the account's start, besides.
    #[serde(default)]
    pub history: Vec<HistoryEntry>,
}

/// A past that is made up from the seed by running the business itself: promoters join, customers come, buy, pay
/// for months and leave, and promoters are paid.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivedIn {
    /// How many months it lasts; it ends at the account's start.
    pub months: u32,
    /// How many promoters join over that time.
    pub promoters: u32,
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
    pub currency: Option<Currency>,
    /// What one whole unit of another currency is worth in it, `EUR: 1.08`.
    pub exchange_rates: BTreeMap<Currency, f64>,
    /// Name of the referral link's parameter.
    pub link_parameter: Option<String>,
    /// Days between a period's end and the day its payouts are due.
    pub net_payout_days: Option<i64>,
    /// `monthly` (default) or `weekly`.
    pub payout_cycle: Option<Named<PayoutCycle>>,
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
    pub billing: Named<Billing>,
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
    pub unit: Named<Unit>,
    /// Per cent of the sale; this or `amount`.
    #[serde(default)]
    pub percent: Option<f64>,
    /// A fixed amount; this or `percent`.
    #[serde(default)]
    pub amount: Option<i64>,
    /// `per_referral` (default), `per_promotion` or `target`.
    #[serde(default)]
    pub basis: Option<Named<Basis>>,
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
    pub apply_on: Option<Named<ApplyOn>>,
    /// With `specific`, the plans.
    #[serde(default)]
    pub plans: Vec<u64>,
}

impl Document {
    /// The same without the past that is made up from the seed.
    pub fn without_made_up_past(&self) -> Self {
        Self { lived_in: None, ..self.clone() }
    }
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
