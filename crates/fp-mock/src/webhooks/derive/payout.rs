//! Events of payouts. A payout's amount is the sum of its commissions, so it changes with them.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Draft, Subject, Witness, difference, document};
use crate::domain::id_set::IdSet;
use crate::domain::ids::{CampaignId, PayoutId};
use crate::domain::json::{Json, JsonObject};
use crate::domain::money::Amount;
use crate::domain::payout;
use crate::webhooks::event_type::EventType;
use crate::wire::v2::view::payout::Payout;

impl Subject for payout::Payout {
    const CREATED: EventType = EventType::PayoutCreated;
    const UPDATED: EventType = EventType::PayoutUpdated;
    const DELETED: EventType = EventType::PayoutDeleted;

    fn number(&self) -> u64 {
        self.id.number()
    }

    fn campaigns(&self, _witness: &Witness<'_>) -> Vec<CampaignId> {
        vec![self.campaign_id]
    }

    fn data(&self, witness: &Witness<'_>) -> Json {
        self.shown(witness)
    }

    fn shown(&self, witness: &Witness<'_>) -> Json {
        document(&Payout::of(witness.state, self))
    }
}

/// Evidence: v2 event types; that a payout is updated when its amount changes is chosen.
pub(super) fn follow(witness: &Witness<'_>, drafts: &mut Vec<Draft>) {
    let wanted = [EventType::PayoutCreated, EventType::PayoutUpdated, EventType::PayoutDeleted];
    if !wanted.into_iter().any(|kind| witness.wants(kind)) {
        return;
    }
    let gained = gains(witness);
    for change in &witness.changes.payouts {
        let before = change.before.as_deref();
        match (before, &change.after) {
            (None, Some(row)) => {
                tell(witness, drafts, (EventType::PayoutCreated, row), JsonObject::new(), row.shown(witness));
            }
            (Some(row), None) => {
                let data = witness.gone.data(EventType::PayoutDeleted, row.id.number());
                tell(witness, drafts, (EventType::PayoutDeleted, row), JsonObject::new(), data);
            }
            (Some(before), Some(after)) => follow_update(witness, drafts, before, after, &gained),
            (None, None) => {}
        }
    }
    let touched: IdSet<PayoutId> = witness.changes.payouts.iter().map(|change| change.id).collect();
    for id in gained.keys().filter(|id| !touched.contains(**id)) {
        if let Some(row) = witness.state.payouts.get(*id) {
            follow_update(witness, drafts, row, row, &gained);
        }
    }
}

fn follow_update(
    witness: &Witness<'_>,
    drafts: &mut Vec<Draft>,
    before: &payout::Payout,
    after: &payout::Payout,
    gained: &BTreeMap<PayoutId, Amount>,
) {
    let old = with_amount(witness, before, amount_before(witness, before, gained));
    let new = after.shown(witness);
    let changes = difference(&old, &new);
    if !changes.is_empty() {
        tell(witness, drafts, (EventType::PayoutUpdated, after), changes, new);
    }
}

fn tell(
    witness: &Witness<'_>,
    drafts: &mut Vec<Draft>,
    (kind, row): (EventType, &payout::Payout),
    changes: JsonObject,
    data: Json,
) {
    if witness.wants(kind) {
        drafts.push(Draft {
            kind,
            entity_id: row.id.number(),
            campaigns: vec![row.campaign_id],
            changes,
            data,
        });
    }
}

/// How much each payout gained by the commissions that changed; negative if it lost.
fn gains(witness: &Witness<'_>) -> BTreeMap<PayoutId, Amount> {
    let mut gained: BTreeMap<PayoutId, Amount> = BTreeMap::new();
    for change in &witness.changes.commissions {
        for (row, sign) in [(&change.before, -1), (&change.after, 1)] {
            let Some(row) = row else { continue };
            if let Some(payout) = row.settlement.payout_id() {
                *gained.entry(payout).or_default() += sign * row.amount;
            }
        }
    }
    gained
}

fn amount_before(witness: &Witness<'_>, row: &payout::Payout, gained: &BTreeMap<PayoutId, Amount>) -> Amount {
    payout::amount(witness.state, row.id) - gained.get(&row.id).copied().unwrap_or(0)
}

/// A payout as it was shown when it came to `amount`.
fn with_amount(witness: &Witness<'_>, row: &payout::Payout, amount: Amount) -> Json {
    let mut shown = row.shown(witness);
    let tax = payout::tax_rate_of(witness.state, row).map_or(0, |rate| rate.of(amount));
    shown["amount"] = json!(amount);
    shown["total_incl_tax"] = json!(amount + tax);
    shown
}
