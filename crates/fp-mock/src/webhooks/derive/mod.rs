//! From what a transaction changed to the events of the current system.
//!
//! An updated record is compared with itself as the API shows it: what differs is what changed. Derived
//! figures (counts, sums, balances) are the same on both sides, because they follow from other records.

mod balance;
mod commission;
mod contract_document;
mod enrolment;
mod paying;
mod payout;
mod promoter;
mod referral;

use std::collections::BTreeMap;

use serde::Serialize;

use super::event_type::EventType;
use super::subscription::SubscriptionIndex;
use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::Enrolment;
use crate::domain::id_set::IdSet;
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId};
use crate::domain::json::{Json, JsonObject};
use crate::domain::state::{Changes, State};
use crate::domain::table::{Change, Row};

/// An event that somebody may want.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What happened.
    pub kind: EventType,
    /// To which record.
    pub entity_id: u64,
    /// The campaigns that it concerns.
    pub campaigns: Vec<CampaignId>,
    /// `{field: [old, new]}` for updates.
    pub changes: JsonObject,
    /// The record.
    pub data: Json,
}

/// A committed transaction as it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Witness<'a> {
    /// The records after it.
    pub state: &'a State,
    /// What it changed.
    pub changes: &'a Changes,
    /// When it happened.
    pub now: Timestamp,
    /// Who wants what: nothing is computed for nobody.
    pub wanted: &'a SubscriptionIndex,
    /// What was deleted, as it was shown before.
    pub gone: &'a Gone,
}

/// Deleted records as events show them, by event type and id: made while everything that was deleted with them
/// is still there.
#[derive(Debug, Default)]
pub struct Gone(BTreeMap<(EventType, u64), Json>);

impl Gone {
    /// Whether somebody wants to know of something that was deleted.
    pub fn is_wanted(changes: &Changes, wanted: &SubscriptionIndex) -> bool {
        fn any<R: Subject>(changes: &[Change<R>], wanted: &SubscriptionIndex) -> bool {
            wanted.is_wanted(R::DELETED) && changes.iter().any(|change| change.after.is_none())
        }
        any(&changes.promoters, wanted)
            || any(&changes.enrolments, wanted)
            || any(&changes.referrals, wanted)
            || any(&changes.commissions, wanted)
            || any(&changes.payouts, wanted)
            || any(&changes.payout_methods, wanted)
            || any(&changes.payments_batches, wanted)
    }

    /// Looks at what is about to go; the witness sees the records before the transaction.
    pub fn see(witness: &Witness<'_>) -> Self {
        let (mut gone, changes) = (Self::default(), witness.changes);
        gone.add(witness, &changes.promoters);
        gone.add(witness, &changes.enrolments);
        gone.add(witness, &changes.referrals);
        gone.add(witness, &changes.commissions);
        gone.add(witness, &changes.payouts);
        gone.add(witness, &changes.payout_methods);
        gone.add(witness, &changes.payments_batches);
        gone
    }

    fn add<R: Subject>(&mut self, witness: &Witness<'_>, changes: &[Change<R>]) {
        for change in changes.iter().filter(|change| change.after.is_none() && witness.wants(R::DELETED)) {
            if let Some(row) = &change.before {
                self.0.insert((R::DELETED, row.number()), row.data(witness));
            }
        }
    }

    fn data(&self, kind: EventType, id: u64) -> Json {
        self.0.get(&(kind, id)).cloned().unwrap_or_default()
    }
}

/// The events of a transaction that somebody wants: by kind of record in a fixed order, within one in the
/// order of first touch.
///
/// Evidence: chosen (the order).
pub fn events(witness: &Witness<'_>) -> Vec<Draft> {
    let (mut drafts, changes) = (Vec::new(), witness.changes);
    promoter::follow(witness, &mut drafts);
    balance::follow(witness, &mut drafts);
    witness.follow(&changes.enrolments, &mut drafts);
    witness.follow(&changes.referrals, &mut drafts);
    witness.follow(&changes.commissions, &mut drafts);
    payout::follow(witness, &mut drafts);
    commission::follow_payouts(witness, &mut drafts);
    witness.follow(&changes.payout_methods, &mut drafts);
    witness.follow(&changes.payments_batches, &mut drafts);
    contract_document::follow(witness, &mut drafts);
    drafts
}

/// A kind of record with events for its coming, changing and going.
trait Subject: Row {
    /// What its coming is called.
    const CREATED: EventType;
    /// What its changing is called.
    const UPDATED: EventType;
    /// What its going is called.
    const DELETED: EventType;

    /// Its id on the wire.
    fn number(&self) -> u64;
    /// The campaigns that it concerns.
    fn campaigns(&self, witness: &Witness<'_>) -> Vec<CampaignId>;
    /// What events show of it.
    fn data(&self, witness: &Witness<'_>) -> Json;
    /// What the API shows of it.
    fn shown(&self, witness: &Witness<'_>) -> Json;
    /// What a particular change is called.
    fn updated(_before: &Self, _after: &Self) -> EventType {
        Self::UPDATED
    }
}

impl Witness<'_> {
    fn wants(&self, kind: EventType) -> bool {
        self.wanted.is_wanted(kind)
    }

    /// The events of one kind of record.
    fn follow<R: Subject>(&self, changes: &[Change<R>], drafts: &mut Vec<Draft>) {
        for change in changes {
            let (kind, row) = match (&change.before, &change.after) {
                (None, Some(row)) => (R::CREATED, row),
                (Some(row), None) => (R::DELETED, row),
                (Some(before), Some(after)) => (R::updated(before, after), after),
                (None, None) => continue,
            };
            if !self.wants(kind) {
                continue;
            }
            let changes = match (&change.before, &change.after) {
                (Some(before), Some(after)) => difference(&before.shown(self), &after.shown(self)),
                _ => JsonObject::new(),
            };
            let is_update = change.before.is_some() && change.after.is_some();
            if is_update && changes.is_empty() {
                continue;
            }
            let mut campaigns = row.campaigns(self);
            campaigns.extend(change.before.iter().flat_map(|before| before.campaigns(self)));
            let entity_id = row.number();
            let data = if change.after.is_none() { self.gone.data(kind, entity_id) } else { row.data(self) };
            drafts.push(Draft { kind, entity_id, campaigns, changes, data });
        }
    }

    /// An enrolment, even if the transaction deleted it.
    fn enrolment(&self, id: EnrolmentId) -> Option<&Enrolment> {
        let deleted = || self.changes.enrolments.iter().find(|change| change.id == id)?.before.as_deref();
        self.state.enrolments.get(id).or_else(deleted)
    }

    /// The campaign of an enrolment.
    fn campaign_of(&self, id: EnrolmentId) -> Vec<CampaignId> {
        self.enrolment(id).map(|enrolment| enrolment.campaign_id).into_iter().collect()
    }

    /// The campaigns in which a promoter is or was until the transaction.
    ///
    /// Evidence: chosen (that what concerns a promoter concerns all his campaigns).
    fn campaigns_of(&self, promoter: PromoterId) -> Vec<CampaignId> {
        let ids = self.state.enrolments.index().by_promoter.of(&promoter);
        let present = ids.filter_map(|id| self.state.enrolments.get(id));
        let left = self.changes.enrolments.iter().filter_map(|change| change.before.as_deref());
        let all = present.chain(left.filter(|enrolment| enrolment.promoter_id == promoter));
        all.map(|enrolment| enrolment.campaign_id).collect::<IdSet<_>>().into_iter().collect()
    }
}

/// A view as a document.
fn document(view: &impl Serialize) -> Json {
    serde_json::to_value(view).expect("views are made of what JSON can show")
}

/// The members in which two objects differ, as pairs of old and new; one that is missing counts as null.
fn difference(old: &Json, new: &Json) -> JsonObject {
    let (Json::Object(old), Json::Object(new)) = (old, new) else { return JsonObject::new() };
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    let names = new.keys().chain(gone);
    let pair = |name: &String| {
        let value = |object: &JsonObject| object.get(name).cloned().unwrap_or_default();
        let (old, new) = (value(old), value(new));
        (old != new).then(|| (name.clone(), Json::Array(vec![old, new])))
    };
    names.filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_names_what_changed_came_and_went() {
        let old = json!({ "same": 1, "status": "pending", "gone": "x" });
        let new = json!({ "same": 1, "status": "approved", "came": [2] });
        let expected = json!({ "status": ["pending", "approved"], "came": [null, [2]], "gone": ["x", null] });
        assert_eq!(Json::Object(difference(&old, &new)), expected);
        assert!(difference(&new, &new).is_empty());
    }
}
