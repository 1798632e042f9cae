//! The legacy system: what campaigns tell URLs of their own.

use std::sync::Arc;

use serde::Serialize;

use super::delivery::{Event, Identity, Lane, LegacyType};
use super::event_type::Action;
use super::fan_out::deliver;
use super::store::Store;
use crate::clock::timestamp::Timestamp;
use crate::domain::commission::{Commission, Fulfilment};
use crate::domain::enrolment::{self, Enrolment, EnrolmentState};
use crate::domain::fulfilment;
use crate::domain::id_set::IdSet;
use crate::domain::ids::{CampaignId, CommissionId, LegacyEventId};
use crate::domain::json::{Json, JsonObject};
use crate::domain::money::Amount;
use crate::domain::promoter;
use crate::domain::referral::Referral;
use crate::domain::state::{Changes, State};
use crate::domain::table::Change;
use crate::wire::legacy;

/// Whether any campaign tells anybody anything.
pub fn is_wanted(state: &State) -> bool {
    !state.campaigns.index().telling.is_empty()
}

/// An event that a campaign may tell.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Which campaign.
    pub campaign: CampaignId,
    /// What happened.
    pub kind: LegacyType,
    /// The kind of record, and what was done to it.
    pub entity: &'static str,
    /// The record.
    pub entity_id: u64,
    action: Action,
    waits: Option<CommissionId>,
    data: Json,
}

/// The events of `changes` that `wanted` lets through: of promoters, promotions, leads, rewards.
///
/// Evidence: service behaviour notes; the order is chosen.
pub fn events(
    state: &State,
    changes: &Changes,
    wanted: &dyn Fn(CampaignId, LegacyType) -> bool,
) -> Vec<Draft> {
    let mut teller = Teller { state, wanted, drafts: Vec::new() };
    for change in &changes.promoters {
        teller.follow_promoter(change);
    }
    for change in &changes.enrolments {
        teller.follow_promotion(change);
    }
    for change in &changes.referrals {
        teller.follow_lead(change);
    }
    for change in &changes.commissions {
        teller.follow_reward(change);
    }
    teller.drafts
}

/// Writes down what is to be delivered about `changes`.
pub fn tell(state: &State, changes: &Changes, store: &mut Store, now: Timestamp) {
    for draft in events(state, changes, &|campaign, kind| lane(state, campaign, kind).is_some()) {
        post(state, store, now, draft);
    }
}

/// Asks the company again about a commission, unless it waits no longer.
pub fn ask_again(state: &State, store: &mut Store, now: Timestamp, id: CommissionId) {
    if let Some(commission) = state.commissions.get(id).filter(|row| fulfilment::waits(row)) {
        let wanted = |campaign, kind| lane(state, campaign, kind).is_some();
        let mut teller = Teller { state, wanted: &wanted, drafts: Vec::new() };
        teller.ask(commission);
        for draft in teller.drafts {
            post(state, store, now, draft);
        }
    }
}

/// The event of a draft, with the next id.
pub fn event(store: &mut Store, now: Timestamp, draft: Draft) -> Event {
    let Draft { kind, entity, entity_id, action, waits, data, .. } = draft;
    let id = store.ids.issue();
    let body = Body { event: Head { id, kind: kind.name(), created_at: now }, data };
    Event {
        identity: Identity::Legacy { id, kind },
        action,
        entity,
        entity_id,
        changes: JsonObject::new(),
        body: serde_json::to_vec(&body).expect("a body is plain data").into(),
        waits,
        at: now,
    }
}

fn post(state: &State, store: &mut Store, now: Timestamp, draft: Draft) {
    if let Some(lane) = lane(state, draft.campaign, draft.kind) {
        let event = event(store, now, draft);
        deliver(store, now, lane, Arc::new(event));
    }
}

/// Where a campaign's events of this type go, if it has a URL for them.
fn lane(state: &State, campaign: CampaignId, kind: LegacyType) -> Option<Lane> {
    let campaign = state.campaigns.get(campaign)?;
    let (url, lane) = match kind {
        LegacyType::FulfilmentPending => (&campaign.fulfilment_url, Lane::Fulfilment(campaign.id)),
        _ => (&campaign.default_webhook_url, Lane::Campaign(campaign.id)),
    };
    url.as_ref().map(|_| lane)
}

/// Evidence: legacy webhook documents.
#[derive(Debug, Serialize)]
struct Body {
    event: Head,
    data: Json,
}

#[derive(Debug, Serialize)]
struct Head {
    id: LegacyEventId,
    #[serde(rename = "type")]
    kind: &'static str,
    created_at: Timestamp,
}

/// Evidence: service behaviour notes.
#[derive(Debug, Serialize)]
struct SignedUp<'a> {
    promoter: legacy::Promoter<'a>,
    promotions: Vec<legacy::Promotion<'a>>,
}

/// Evidence: legacy webhook documents.
#[derive(Debug, Serialize)]
struct Accepted<'a> {
    state: &'static str,
    campaign: legacy::Campaign<'a>,
    promoter: legacy::Promoter<'a>,
    promotion: legacy::Promotion<'a>,
}

/// A commission as something to be handed over. Its status speaks of that, not of the commission's approval.
///
/// Evidence: legacy webhook documents; that there are no dates before it is handed over is chosen.
#[derive(Debug, Serialize)]
struct ToFulfil<'a> {
    id: CommissionId,
    status: &'static str,
    amount: Amount,
    date_paid: Option<Timestamp>,
    due_date: Option<Timestamp>,
    unit: &'static str,
    created_at: Timestamp,
    has_issues: bool,
    reward: Option<legacy::RewardTerms<'a>>,
    promoter: Option<legacy::Promoter<'a>>,
    campaign: Option<legacy::Campaign<'a>>,
}

struct Teller<'a> {
    state: &'a State,
    wanted: &'a dyn Fn(CampaignId, LegacyType) -> bool,
    drafts: Vec<Draft>,
}

/// The record that an event is about.
#[derive(Clone, Copy)]
struct About {
    entity: &'static str,
    id: u64,
    action: Action,
    waits: Option<CommissionId>,
}

impl About {
    fn of(entity: &'static str, id: u64, action: Action) -> Self {
        Self { entity, id, action, waits: None }
    }
}

impl<'a> Teller<'a> {
    /// Tells every campaign that the new promoter is in.
    ///
    /// Evidence: service behaviour notes; that each of his campaigns is told is chosen.
    fn follow_promoter(&mut self, change: &Change<promoter::Promoter>) {
        let (None, Some(row)) = (&change.before, &change.after) else { return };
        let Some(promoter) = self.state.promoters.get(row.id) else { return };
        let enrolments = || enrolment::of_promoter(self.state, promoter.id);
        let campaigns: IdSet<CampaignId> = enrolments().map(|enrolment| enrolment.campaign_id).collect();
        for campaign in campaigns {
            let promotions = enrolments().map(|row| legacy::Promotion::of(self.state, row)).collect();
            let promoter = legacy::Promoter::notified(self.state, promoter);
            let about = About::of("promoter", row.id.number(), Action::Created);
            self.tell(campaign, LegacyType::PromoterSignedUp, about, SignedUp { promoter, promotions });
        }
    }

    fn follow_promotion(&mut self, change: &Change<Enrolment>) {
        let accepted = |row: &Option<Arc<Enrolment>>| {
            row.as_ref().is_some_and(|enrolment| enrolment.state == EnrolmentState::Accepted)
        };
        if accepted(&change.before) || !accepted(&change.after) {
            return;
        }
        let Some(promotion) = self.state.enrolments.get(change.id) else { return };
        let Some(campaign) = self.state.campaigns.get(promotion.campaign_id) else { return };
        let Some(promoter) = self.state.promoters.get(promotion.promoter_id) else { return };
        let data = Accepted {
            state: EnrolmentState::Accepted.name(),
            campaign: legacy::Campaign::with_promises(self.state, campaign),
            promoter: legacy::Promoter::notified(self.state, promoter),
            promotion: legacy::Promotion::of(self.state, promotion),
        };
        let about = About::of("promoter_campaign", promotion.id.number(), Action::Updated);
        self.tell(campaign.id, LegacyType::PromoterAccepted, about, data);
    }

    /// Evidence: service behaviour notes (both of the first sale's events).
    fn follow_lead(&mut self, change: &Change<Referral>) {
        let Some(after) = &change.after else { return };
        let newly = |of: fn(&Referral) -> Option<Timestamp>| {
            let before = change.before.as_deref().and_then(of);
            of(after).is_some_and(|at| before != Some(at))
        };
        let first = |of: fn(&Referral) -> Option<Timestamp>| {
            of(after).is_some() && change.before.as_deref().and_then(of).is_none()
        };
        if first(|lead| lead.signed_up_at) {
            self.tell_of_lead(change, LegacyType::LeadSignup);
        }
        if first(|lead| lead.customer_since) {
            self.tell_of_lead(change, LegacyType::LeadBecomesReferral);
            self.tell_of_lead(change, LegacyType::NewCustomer);
        }
        if newly(|lead| lead.cancelled_at) {
            self.tell_of_lead(change, LegacyType::LeadCancelled);
        }
    }

    fn tell_of_lead(&mut self, change: &Change<Referral>, kind: LegacyType) {
        let Some(lead) = self.state.referrals.get(change.id) else { return };
        let Some(promotion) = self.state.enrolments.get(lead.enrolment_id) else { return };
        let action = if change.before.is_none() { Action::Created } else { Action::Updated };
        let data = legacy::Lead::notified(self.state, lead);
        self.tell(promotion.campaign_id, kind, About::of("referral", lead.id.number(), action), data);
    }

    fn follow_reward(&mut self, change: &Change<Commission>) {
        let Some(commission) = self.state.commissions.get(change.id) else { return };
        let promotion = self.state.enrolments.get(commission.enrolment_id);
        if let Some(promotion) = promotion.filter(|_| change.before.is_none()) {
            let about = About::of("commission", commission.id.number(), Action::Created);
            let data = legacy::Reward::notified(self.state, commission);
            self.tell(promotion.campaign_id, LegacyType::RewardCreated, about, data);
        }
        if fulfilment::waits(commission) && !change.before.as_deref().is_some_and(fulfilment::waits) {
            self.ask(commission);
        }
    }

    /// Asks the company to hand a commission over.
    fn ask(&mut self, commission: &'a Commission) {
        let state = self.state;
        let Some(promotion) = state.enrolments.get(commission.enrolment_id) else { return };
        let campaign = state.campaigns.get(promotion.campaign_id);
        let promoter = state.promoters.get(commission.promoter_id);
        let reward = commission.reward_id.and_then(|id| state.rewards.get(id));
        let data = ToFulfil {
            id: commission.id,
            status: "pending",
            amount: commission.amount,
            date_paid: None,
            due_date: None,
            unit: commission.unit.name(),
            created_at: commission.created_at,
            has_issues: commission.fulfilment == Fulfilment::HasIssues,
            reward: reward.map(legacy::RewardTerms::of),
            promoter: promoter.map(|promoter| legacy::Promoter::notified(state, promoter)),
            campaign: campaign.map(|campaign| legacy::Campaign::with_promises(state, campaign)),
        };
        let waits = Some(commission.id);
        let about = About { waits, ..About::of("commission", commission.id.number(), Action::Updated) };
        self.tell(promotion.campaign_id, LegacyType::FulfilmentPending, about, data);
    }

    /// One event for one campaign, if it is wanted there.
    fn tell(&mut self, campaign: CampaignId, kind: LegacyType, about: About, data: impl Serialize) {
        if (self.wanted)(campaign, kind) {
            let About { entity, id: entity_id, action, waits } = about;
            let data = serde_json::to_value(data).expect("views are made of what JSON can show");
            self.drafts.push(Draft { campaign, kind, entity, entity_id, action, waits, data });
        }
    }
}
