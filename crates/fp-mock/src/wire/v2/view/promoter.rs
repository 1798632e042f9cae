//! Promoters as v2 shows them.

use serde::Serialize;

use super::balance::Balances;
use super::profile::Profile;
use super::reference;
use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::{self, Enrolment};
use crate::domain::ids::{CampaignId, EnrolmentId, PayoutMethodId, PromoterId};
use crate::domain::json::JsonObject;
use crate::domain::promoter;
use crate::domain::state::State;
use crate::domain::{campaign, payout_method};

/// A promoter with all that belongs to him.
#[derive(Debug, Serialize)]
pub struct Promoter<'a> {
    id: PromoterId,
    email: &'a str,
    name: String,
    cust_id: Option<&'a str>,
    note: Option<&'a str>,
    stats: Stats,
    is_customized: bool,
    fraud_suspicions: Vec<&'static str>,
    is_confirmed: bool,
    invoice_details_status: &'static str,
    profile: Profile<'a>,
    joined_at: Timestamp,
    last_login_at: Option<Timestamp>,
    archived_at: Option<Timestamp>,
    custom_fields: &'a JsonObject,
    password_setup_url: Option<String>,
    first_event_at: Option<Timestamp>,
    promoter_campaigns: Vec<PromoterCampaign<'a>>,
    balances: Balances,
    track_ad_traffic: Option<bool>,
    auth_provider: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selected_payout_method: Option<Option<SelectedPayoutMethod>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_promoter: Option<Option<reference::Promoter<'a>>>,
}

/// A page of promoters.
#[derive(Debug, Serialize)]
pub struct Promoters<'a> {
    /// The rows.
    pub data: Vec<Promoter<'a>>,
    /// About all of them.
    pub meta: Meta,
}

/// About all promoters.
#[derive(Debug, Serialize)]
pub struct Meta {
    /// How many wait for a decision.
    pub pending_count: usize,
}

/// Which parts of a promoter are shown.
///
/// Evidence: published v2 promoters document (`include_parent_promoter`, `exclude_payout_method`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The promoter who recruited him.
    pub parent: bool,
    /// How he is paid.
    pub payout_method: bool,
}

#[derive(Debug, Serialize)]
struct Stats {
    clicks_count: u64,
    referrals_count: u64,
    sales_count: i64,
    customers_count: u64,
    revenue_amount: i64,
    active_customers_count: u64,
}

#[derive(Debug, Serialize)]
struct PromoterCampaign<'a> {
    id: EnrolmentId,
    campaign_id: CampaignId,
    promoter_id: PromoterId,
    state: &'static str,
    created_at: Timestamp,
    campaign: reference::Campaign<'a>,
    coupon: Option<&'a str>,
    ref_token: &'a str,
    ref_link: String,
}

#[derive(Debug, Serialize)]
struct SelectedPayoutMethod {
    id: PayoutMethodId,
    method: &'static str,
    date_added: Timestamp,
    is_disabled: bool,
}

impl<'a> Promoter<'a> {
    /// Shows the wanted parts of a promoter.
    ///
    /// Evidence: published v2 promoters document.
    pub fn of(state: &'a State, promoter: &'a promoter::Promoter, parts: Parts) -> Self {
        let selected = || payout_method::selected(state, promoter.id).map(SelectedPayoutMethod::of);
        let parent = || promoter.parent.and_then(|id| state.promoters.get(id)).map(reference::Promoter::of);
        Self {
            id: promoter.id,
            email: &promoter.email,
            name: promoter.name(),
            cust_id: promoter.cust_id.as_deref(),
            note: promoter.note.as_deref(),
            stats: Stats::of(enrolment::stats_of_promoter(state, promoter.id)),
            is_customized: promoter::is_customized(state, promoter.id),
            fraud_suspicions: promoter::fraud_suspicions(state, promoter.id)
                .iter()
                .map(|f| f.name())
                .collect(),
            is_confirmed: promoter.is_confirmed,
            invoice_details_status: promoter.invoice_details.name(),
            profile: Profile::of(&promoter.profile),
            joined_at: promoter.joined_at,
            last_login_at: promoter.last_login_at,
            archived_at: promoter.archived_at,
            custom_fields: &promoter.custom_fields,
            password_setup_url: promoter::password_setup_url(state, promoter),
            first_event_at: promoter::first_event_at(state, promoter.id),
            promoter_campaigns: campaigns(state, promoter.id),
            balances: Balances::of(state, promoter.id),
            track_ad_traffic: promoter.track_ad_traffic,
            auth_provider: None,
            selected_payout_method: parts.payout_method.then(selected),
            parent_promoter: parts.parent.then(parent),
        }
    }
}

fn campaigns(state: &State, promoter: PromoterId) -> Vec<PromoterCampaign<'_>> {
    let shown = |row| Some(PromoterCampaign::of(state, row, state.campaigns.get(row.campaign_id)?));
    enrolment::of_promoter(state, promoter).filter_map(shown).collect()
}

impl<'a> PromoterCampaign<'a> {
    fn of(state: &State, enrolment: &'a Enrolment, campaign: &'a campaign::Campaign) -> Self {
        Self {
            id: enrolment.id,
            campaign_id: enrolment.campaign_id,
            promoter_id: enrolment.promoter_id,
            state: enrolment.state.name(),
            created_at: enrolment.created_at,
            campaign: reference::Campaign::of(campaign),
            coupon: enrolment.coupon.as_deref(),
            ref_token: &enrolment.ref_token,
            ref_link: enrolment::ref_link(state, enrolment),
        }
    }
}

impl Stats {
    fn of(stats: enrolment::Stats) -> Self {
        Self {
            clicks_count: stats.clicks,
            referrals_count: stats.referrals,
            sales_count: stats.sales,
            customers_count: stats.customers,
            revenue_amount: stats.revenue(),
            active_customers_count: stats.active_customers,
        }
    }
}

impl SelectedPayoutMethod {
    fn of(method: &payout_method::PayoutMethod) -> Self {
        Self {
            id: method.id,
            method: method.method.name(),
            date_added: method.date_added,
            is_disabled: method.is_disabled,
        }
    }
}
