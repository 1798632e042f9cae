//! Which promoters a list is about, and in which order.

use super::{InvoiceDetails, Promoter, standing};
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::enrolment::{self, EnrolmentState};
use crate::domain::id_set::IdSet;
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId};
use crate::domain::json::Json;
use crate::domain::lookup::{folded, holds};
use crate::domain::named::named_values;
use crate::domain::referral::FraudCheck;
use crate::domain::span::Span;
use crate::domain::state::State;

/// What promoters must be to be listed, and their order; what is empty or open asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Part of the e-mail address, the name or a referral token, whatever the case.
    pub q: Option<String>,
    /// One of these.
    pub ids: Option<Vec<PromoterId>>,
    /// What his referrals bought, in minor units.
    pub revenue: Span<i64>,
    /// How many of them bought.
    pub customers: Span<i64>,
    /// How many there are.
    pub referrals: Span<i64>,
    /// How many visits his links had.
    pub clicks: Span<i64>,
    /// When he joined.
    pub joined_at: Span<Timestamp>,
    /// When he last logged in.
    pub last_login_at: Span<Timestamp>,
    /// In one of these campaigns.
    pub campaigns: Vec<CampaignId>,
    /// How he stands in (one of) them.
    pub standing: Option<Standing>,
    /// Whether he uploaded a tax form.
    pub has_tax_form: Option<bool>,
    /// Who recruited him.
    pub parent: Option<PromoterId>,
    /// Whether he is put away.
    pub is_archived: Option<bool>,
    /// Whether he gets e-mails.
    pub subscribed_to_email: Option<bool>,
    /// What his custom fields say.
    pub custom_fields: Vec<CustomFieldTest>,
    /// What looks wrong about his referrals: one of these.
    pub suspicions: Vec<FraudCheck>,
    /// For how long nothing happened.
    pub idle: Option<Idle>,
    /// How his invoice details stand.
    pub invoice_details: Option<InvoiceDetails>,
    /// The order; `None`: the newest first.
    pub order: Option<(SortKey, Direction)>,
}

/// How a promoter stands in a campaign.
///
/// Evidence: published v2 contract (`not_set` in the filter); what it means is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Enrolled with this state.
    Enrolled(EnrolmentState),
    /// Not enrolled: in none of the campaigns asked for, or in none at all.
    NotSet,
}

/// A demand on one custom field.
#[derive(Clone, Debug)]
pub struct CustomFieldTest {
    /// The field's key.
    pub key: String,
    /// Whether a part of the value is enough, whatever the case.
    pub is_partial: bool,
    /// Any of these.
    pub values: Vec<String>,
}

/// A demand that something has not happened of late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// What has not happened.
    pub metric: IdleMetric,
    /// For so many days.
    pub days: u32,
}

named_values! {
    /// What a promoter can be inactive in.
    ///
    /// Evidence: published v2 contract (`filters[inactivity][metric]`).
    IdleMetric {
        /// No new referral.
        Referral = "referral",
        /// No new customer.
        Customer = "customer",
        /// No visit.
        Click = "click",
        /// No sale.
        Sale = "sale",
    }
}

named_values! {
    /// What promoters are sorted by.
    ///
    /// Evidence: published v2 contract (`sorting`).
    SortKey {
        /// Visits.
        Clicks = "clicks_count",
        /// Referrals.
        Referrals = "referrals_count",
        /// Customers.
        Customers = "customers_count",
        /// Revenue.
        Revenue = "revenue_amount",
        /// When he joined.
        JoinedAt = "joined_at",
    }
}

named_values! {
    /// Which end comes first.
    Direction {
        /// The lowest.
        Ascending = "asc",
        /// The highest.
        Descending = "desc",
    }
}

/// The promoters that fit: in the wanted order, else the newest first and found as far as they are asked for.
///
/// Evidence: published v2 promoters document (filters, sorting, what `q` searches); chosen (archived promoters
/// are listed unless the filter leaves them out; the newest first).
pub fn select<'a>(
    state: &'a State,
    now: Timestamp,
    wanted: &'a Selection,
) -> Box<dyn Iterator<Item = &'a Promoter> + 'a> {
    let fitting = candidates(state, wanted).filter(move |promoter| fits(state, now, wanted, promoter));
    let Some((key, direction)) = wanted.order else { return Box::new(fitting) };
    let mut ordered: Vec<(i64, PromoterId)> =
        fitting.map(|promoter| (sort_value(state, promoter, key), promoter.id)).collect();
    ordered.sort_unstable();
    let row = |(_, id): (i64, PromoterId)| state.promoters.get(id);
    match direction {
        Direction::Ascending => Box::new(ordered.into_iter().filter_map(row)),
        Direction::Descending => Box::new(ordered.into_iter().rev().filter_map(row)),
    }
}

/// How many promoters wait for a decision in some campaign, archived ones left out.
///
/// Evidence: published v2 contract (`pending_count`); what it counts is chosen.
pub fn pending_count(state: &State) -> usize {
    let (pending, archived) = (&state.enrolments.index().pending, &state.promoters.index().archived);
    pending.len() - archived.iter().filter(|id| pending.contains_key(id)).count()
}

fn sort_value(state: &State, promoter: &Promoter, key: SortKey) -> i64 {
    let stats = || enrolment::stats_of_promoter(state, promoter.id);
    match key {
        SortKey::Clicks => stats().clicks as i64,
        SortKey::Referrals => stats().referrals as i64,
        SortKey::Customers => stats().customers as i64,
        SortKey::Revenue => stats().revenue(),
        SortKey::JoinedAt => promoter.joined_at.millis(),
    }
}

/// The narrowest set that holds all that can fit, the newest first.
fn candidates<'a>(state: &'a State, wanted: &Selection) -> Box<dyn Iterator<Item = &'a Promoter> + 'a> {
    let row = |id| state.promoters.get(id);
    if let Some(ids) = &wanted.ids {
        let ids: IdSet<PromoterId> = ids.iter().copied().collect();
        return Box::new(ids.into_iter().rev().filter_map(row));
    }
    if let Some(parent) = wanted.parent {
        return Box::new(state.promoters.index().by_parent.of(&parent).rev().filter_map(row));
    }
    match enrolled(state, wanted) {
        Some(promoters) => Box::new(promoters.into_iter().rev().filter_map(row)),
        None => Box::new(state.promoters.iter().rev()),
    }
}

/// The promoters that are in the campaigns or in the state asked for, where that leaves only few of all.
fn enrolled(state: &State, wanted: &Selection) -> Option<IdSet<PromoterId>> {
    let index = state.enrolments.index();
    let few = state.promoters.len() / 4;
    let promoter = |id: EnrolmentId| state.enrolments.get(id).map(|enrolment| enrolment.promoter_id);
    let of_state = match wanted.standing {
        Some(Standing::NotSet) => return None,
        Some(Standing::Enrolled(standing)) => Some(standing),
        None => None,
    };
    if let Some(standing) = of_state.filter(|standing| index.by_state.count(standing) < few) {
        return Some(index.by_state.of(&standing).filter_map(promoter).collect());
    }
    let in_campaigns = wanted.campaigns.iter().map(|id| index.by_campaign.count(id)).sum::<usize>();
    (!wanted.campaigns.is_empty() && in_campaigns < few).then(|| {
        wanted.campaigns.iter().flat_map(|id| index.by_campaign.of(id)).filter_map(promoter).collect()
    })
}

fn fits(state: &State, now: Timestamp, wanted: &Selection, promoter: &Promoter) -> bool {
    is_such(wanted, promoter)
        && stands(state, wanted, promoter)
        && wanted.custom_fields.iter().all(|test| says(promoter, test))
        && wanted.q.as_deref().is_none_or(|part| mentions(state, promoter, part))
        && has_figures(state, wanted, promoter)
        && (wanted.suspicions.is_empty() || is_suspicious(state, wanted, promoter))
        && wanted.idle.is_none_or(|idle| is_idle(state, now, promoter, idle))
}

/// What the record itself tells.
fn is_such(wanted: &Selection, promoter: &Promoter) -> bool {
    wanted.joined_at.holds(&promoter.joined_at)
        && wanted.last_login_at.holds_some(promoter.last_login_at.as_ref())
        && wanted.parent.is_none_or(|parent| promoter.parent == Some(parent))
        && wanted.has_tax_form.is_none_or(|has| promoter.profile.has_tax_form() == has)
        && wanted.is_archived.is_none_or(|is| promoter.archived_at.is_some() == is)
        && wanted.subscribed_to_email.is_none_or(|is| promoter.subscribed_to_email == is)
        && wanted.invoice_details.is_none_or(|status| promoter.invoice_details == status)
}

fn stands(state: &State, wanted: &Selection, promoter: &Promoter) -> bool {
    let mut enrolments = enrolment::of_promoter(state, promoter.id)
        .filter(|row| wanted.campaigns.is_empty() || wanted.campaigns.contains(&row.campaign_id));
    match wanted.standing {
        Some(Standing::NotSet) => enrolments.next().is_none(),
        Some(Standing::Enrolled(standing)) => enrolments.any(|row| row.state == standing),
        None => wanted.campaigns.is_empty() || enrolments.next().is_some(),
    }
}

fn says(promoter: &Promoter, test: &CustomFieldTest) -> bool {
    let is_wanted = |value: &Json| {
        let value = value.as_str().unwrap_or_default();
        test.values
            .iter()
            .any(|wanted| if test.is_partial { holds(value, &folded(wanted)) } else { value == wanted })
    };
    match promoter.custom_fields.get(&test.key) {
        None => false,
        Some(Json::Array(values)) => values.iter().any(is_wanted),
        Some(value) => is_wanted(value),
    }
}

fn mentions(state: &State, promoter: &Promoter, part: &str) -> bool {
    let part = folded(part);
    holds(&promoter.email, &part)
        || holds(&promoter.name(), &part)
        || enrolment::of_promoter(state, promoter.id).any(|row| holds(&row.ref_token, &part))
}

fn has_figures(state: &State, wanted: &Selection, promoter: &Promoter) -> bool {
    let spans = [wanted.revenue, wanted.customers, wanted.referrals, wanted.clicks];
    if spans.iter().all(Span::is_open) {
        return true;
    }
    let stats = enrolment::stats_of_promoter(state, promoter.id);
    let figures = [stats.revenue(), stats.customers as i64, stats.referrals as i64, stats.clicks as i64];
    spans.iter().zip(&figures).all(|(span, figure)| span.holds(figure))
}

/// `no_suspicion` stands for promoters about whose referrals nothing looks wrong.
///
/// Evidence: published v2 payouts document (the same filter there).
fn is_suspicious(state: &State, wanted: &Selection, promoter: &Promoter) -> bool {
    let found = standing::fraud_suspicions(state, promoter.id);
    wanted.suspicions.iter().any(|wanted| match wanted {
        FraudCheck::NoSuspicion => found.is_empty(),
        wanted => found.contains(wanted),
    })
}

/// A promoter to whom it never happened is inactive too.
///
/// Evidence: chosen.
fn is_idle(state: &State, now: Timestamp, promoter: &Promoter, idle: Idle) -> bool {
    let since = now.plus_ms(-i64::from(idle.days) * DAY_MS);
    !standing::happened_since(state, promoter.id, idle.metric, since)
}
