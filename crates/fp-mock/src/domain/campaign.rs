//! Campaigns and the plans that their rewards can depend on.

use std::collections::BTreeMap;

use super::ids::{CampaignId, PlanId};
use super::named::named_values;
use super::reward::RewardRule;
use super::state::State;
use super::table::{Index, Row};

/// A campaign. The API cannot make or change one; scenarios do.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Its id; above 1000, because 1 stands for all campaigns in webhook filters.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// Its colour, `#42a5f5`.
    pub color: String,
    /// Where referral links lead.
    pub landing_url: String,
    /// Its description.
    pub description: String,
    /// Whether promoters join it when no campaign is named.
    pub is_default: bool,
    /// Whether promoters join it by invitation only.
    pub is_private: bool,
    /// Whether promoters are accepted by themselves.
    pub approves_promoters: bool,
    /// Whether leads are approved by themselves.
    pub approves_leads: bool,
    /// Whether commissions are approved by themselves.
    pub approves_rewards: bool,
    /// For how many days a visit is remembered.
    ///
    /// Evidence: chosen (sixty days unless a scenario says otherwise).
    pub cookie_days: u32,
    /// What promoters (and their parents, by tier) earn.
    pub rewards_for_promoters: Vec<RewardRule>,
    /// What referrals are offered.
    pub rewards_for_referrals: Vec<RewardRule>,
    /// Where legacy webhooks go.
    pub default_webhook_url: Option<String>,
    /// Where `fulfilment_pending` goes.
    pub fulfilment_url: Option<String>,
    /// A promoter who reaches it moves on to another campaign.
    pub threshold: Option<Threshold>,
}

/// The point at which a promoter moves to another campaign by himself.
///
/// Evidence: v2 event types (`referral.moved` follows a threshold); counting customers is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// How many customers the enrolment must have.
    pub customers: u32,
    /// The campaign to move to.
    pub to_campaign: CampaignId,
    /// Whether the referrals move too.
    pub moves_referrals: bool,
}

/// A plan of the customer's billing provider.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its number here.
    pub id: PlanId,
    /// Its id at the billing provider, as `plan` of a sale names it.
    pub ext_id: String,
    /// Its name.
    pub name: String,
    /// How it is billed.
    pub billing: Billing,
}

named_values! {
    /// How a plan is billed.
    ///
    /// Evidence: published v2 contract (`billing_period`).
    Billing {
        /// Each month.
        Monthly = "monthly",
        /// Each year.
        Yearly = "yearly",
        /// Once.
        OneTime = "one_time",
    }
}

/// Finds plans by their id at the billing provider.
#[derive(Clone, Debug, Default)]
pub struct PlanIndex {
    by_ext_id: BTreeMap<String, PlanId>,
}

impl Index<Plan> for PlanIndex {
    fn add(&mut self, row: &Plan) {
        self.by_ext_id.insert(row.ext_id.clone(), row.id);
    }
    fn remove(&mut self, row: &Plan) {
        self.by_ext_id.remove(&row.ext_id);
    }
}

impl Row for Plan {
    type Id = PlanId;
    type Index = PlanIndex;
    fn id(&self) -> PlanId {
        self.id
    }
}

/// Knows the default campaign, and which campaigns tell URLs of their own what happens.
#[derive(Clone, Debug, Default)]
pub struct CampaignIndex {
    defaults: std::collections::BTreeSet<CampaignId>,
    /// Those with a webhook or fulfilment URL.
    pub telling: std::collections::BTreeSet<CampaignId>,
}

impl Index<Campaign> for CampaignIndex {
    fn add(&mut self, row: &Campaign) {
        if row.is_default {
            self.defaults.insert(row.id);
        }
        if row.default_webhook_url.is_some() || row.fulfilment_url.is_some() {
            self.telling.insert(row.id);
        }
    }
    fn remove(&mut self, row: &Campaign) {
        self.defaults.remove(&row.id);
        self.telling.remove(&row.id);
    }
}

impl Row for Campaign {
    type Id = CampaignId;
    type Index = CampaignIndex;
    fn id(&self) -> CampaignId {
        self.id
    }
}

/// The campaign that promoters join when none is named: the default one, or else the oldest.
pub fn default_campaign(state: &State) -> Option<&Campaign> {
    let id = state.campaigns.index().defaults.first().copied();
    id.and_then(|id| state.campaigns.get(id)).or_else(|| state.campaigns.iter().next())
}

/// The plan with this id at the billing provider.
pub fn plan_by_ext_id<'a>(state: &'a State, ext_id: &str) -> Option<&'a Plan> {
    state.plans.index().by_ext_id.get(ext_id).and_then(|id| state.plans.get(*id))
}

/// The plan with this id at the billing provider, made if a sale names it for the first time.
///
/// Evidence: chosen (the real service takes plans from the billing provider's integration).
pub fn ensure_plan(state: &mut State, ext_id: &str) -> PlanId {
    if let Some(plan) = plan_by_ext_id(state, ext_id) {
        return plan.id;
    }
    let id = state.ids.issue();
    let billing =
        if ext_id.contains("year") || ext_id.contains("annual") { Billing::Yearly } else { Billing::Monthly };
    state.plans.insert(Plan { id, ext_id: ext_id.into(), name: ext_id.into(), billing });
    id
}
