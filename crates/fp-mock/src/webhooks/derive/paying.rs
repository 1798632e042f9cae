//! Events of payout methods and payments batches.

use super::{Subject, Witness, document};
use crate::domain::id_set::IdSet;
use crate::domain::ids::CampaignId;
use crate::domain::json::Json;
use crate::domain::payments_batch::PaymentsBatch;
use crate::domain::payout;
use crate::domain::payout_method::PayoutMethod;
use crate::webhooks::event_type::EventType;
use crate::wire::v2::view;

impl Subject for PayoutMethod {
    const CREATED: EventType = EventType::PayoutMethodCreated;
    const UPDATED: EventType = EventType::PayoutMethodUpdated;
    const DELETED: EventType = EventType::PayoutMethodDeleted;

    fn number(&self) -> u64 {
        self.id.number()
    }

    fn campaigns(&self, witness: &Witness<'_>) -> Vec<CampaignId> {
        witness.campaigns_of(self.promoter_id)
    }

    fn data(&self, witness: &Witness<'_>) -> Json {
        self.shown(witness)
    }

    fn shown(&self, witness: &Witness<'_>) -> Json {
        document(&view::payout::PayoutMethod::whole(witness.state, self))
    }
}

/// The payouts that left a batch with the transaction, as they were.
fn let_go<'w>(witness: &'w Witness<'_>, batch: &PaymentsBatch) -> impl Iterator<Item = &'w payout::Payout> {
    let id = batch.id;
    let before = witness.changes.payouts.iter().filter_map(|change| change.before.as_deref());
    before.filter(move |payout| payout.payments_batch_id == Some(id))
}

impl Subject for PaymentsBatch {
    const CREATED: EventType = EventType::PaymentsBatchCreated;
    const UPDATED: EventType = EventType::PaymentsBatchUpdated;
    const DELETED: EventType = EventType::PaymentsBatchDeleted;

    fn number(&self) -> u64 {
        self.id.number()
    }

    /// Those of its payouts, even if the transaction let them go.
    fn campaigns(&self, witness: &Witness<'_>) -> Vec<CampaignId> {
        let present = witness.state.payouts.index().by_payments_batch.of(&self.id);
        let present = present.filter_map(|id| witness.state.payouts.get(id));
        let all = present.chain(let_go(witness, self));
        all.map(|payout| payout.campaign_id).collect::<IdSet<_>>().into_iter().collect()
    }

    fn data(&self, witness: &Witness<'_>) -> Json {
        self.shown(witness)
    }

    fn shown(&self, witness: &Witness<'_>) -> Json {
        document(&view::payments_batch::PaymentsBatch::of(witness.state, self))
    }
}
