//! Events of commissions, alone and in their payouts.

use serde::Serialize;

use super::{Draft, Subject, Witness, difference, document};
use crate::clock::timestamp::Timestamp;
use crate::domain::commission;
use crate::domain::ids::{CampaignId, CommissionId, PayoutId};
use crate::domain::json::{Json, JsonObject};
use crate::domain::money::Amount;
use crate::domain::referral;
use crate::webhooks::event_type::EventType;
use crate::wire::v2::view::commission::Commission;
use crate::wire::v2::view::reference::Referral;

/// A commission as events show it.
///
/// Evidence: service behaviour notes; `payout_id`, in the events of payouts, is chosen.
#[derive(Debug, Serialize)]
struct Data<'a> {
    id: CommissionId,
    status: &'static str,
    amount: Amount,
    unit: &'static str,
    referral: Option<Referral<'a>>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    payout_id: Option<PayoutId>,
}

fn data(witness: &Witness<'_>, row: &commission::Commission, payout_id: Option<PayoutId>) -> Json {
    document(&Data {
        id: row.id,
        status: row.status.name(),
        amount: row.amount,
        unit: row.unit.name(),
        referral: referral_of(witness, row).map(Referral::of),
        created_at: row.created_at,
        payout_id,
    })
}

/// Whose sale it was, even if the transaction deleted the referral.
fn referral_of<'w>(witness: &'w Witness<'_>, row: &commission::Commission) -> Option<&'w referral::Referral> {
    let id = row.referral_id?;
    let deleted = || witness.changes.referrals.iter().find(|change| change.id == id)?.before.as_deref();
    witness.state.referrals.get(id).or_else(deleted)
}

impl Subject for commission::Commission {
    const CREATED: EventType = EventType::CommissionCreated;
    const UPDATED: EventType = EventType::CommissionUpdated;
    const DELETED: EventType = EventType::CommissionDeleted;

    fn number(&self) -> u64 {
        self.id.number()
    }

    fn campaigns(&self, witness: &Witness<'_>) -> Vec<CampaignId> {
        witness.campaign_of(self.enrolment_id)
    }

    fn data(&self, witness: &Witness<'_>) -> Json {
        data(witness, self, None)
    }

    fn shown(&self, witness: &Witness<'_>) -> Json {
        document(&Commission::of(witness.state, self))
    }
}

/// What entered, changed in, or left a payout.
///
/// Evidence: v2 event types; that a commission which goes from one payout to another leaves the one before it
/// enters the other is chosen.
pub(super) fn follow_payouts(witness: &Witness<'_>, drafts: &mut Vec<Draft>) {
    for change in &witness.changes.commissions {
        let payout =
            |row: &Option<std::sync::Arc<commission::Commission>>| row.as_ref()?.settlement.payout_id();
        let (old, new) = (payout(&change.before), payout(&change.after));
        let Some(row) = change.after.as_deref().or(change.before.as_deref()) else { continue };
        let mut tell = |kind, payout, changes| {
            if witness.wants(kind) {
                let (campaigns, data) = (row.campaigns(witness), data(witness, row, Some(payout)));
                drafts.push(Draft { kind, entity_id: row.id.number(), campaigns, changes, data });
            }
        };
        match (old, new) {
            (Some(old), Some(new)) if old == new => {
                let changes = changes_in_payout(witness, change);
                if !changes.is_empty() {
                    tell(EventType::PayoutCommissionsUpdated, new, changes);
                }
            }
            (old, new) => {
                if let Some(old) = old {
                    tell(EventType::PayoutCommissionsDeleted, old, JsonObject::new());
                }
                if let Some(new) = new {
                    tell(EventType::PayoutCommissionsCreated, new, JsonObject::new());
                }
            }
        }
    }
}

fn changes_in_payout(
    witness: &Witness<'_>,
    change: &crate::domain::table::Change<commission::Commission>,
) -> JsonObject {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if witness.wants(EventType::PayoutCommissionsUpdated) => {
            difference(&before.shown(witness), &after.shown(witness))
        }
        _ => JsonObject::new(),
    }
}
