//! Telling everybody what a transaction did: a delivery for each receiver of each event.

use std::sync::Arc;

use super::delivery::{Delivery, Event, Identity, Lane, Status};
use super::derive::{self, Draft, Gone, Witness};
use super::envelope::Envelope;
use super::legacy;
use super::store::Store;
use super::subscription::SubscriptionIndex;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::SubscriptionId;
use crate::domain::state::{Changes, State};

/// Writes down what is to be delivered about a transaction.
pub fn tell(state: &mut State, changes: &Changes, store: &mut Store, now: Timestamp) {
    if changes.is_empty() {
        return;
    }
    if !store.subscriptions.index().is_empty() {
        for draft in events(state, changes, now, store.subscriptions.index()) {
            post(store, now, &draft);
        }
    }
    if legacy::is_wanted(state) {
        legacy::tell(state, changes, store, now);
    }
}

/// The events of the current system that follow from a transaction, as far as they are wanted.
pub fn events(
    state: &mut State,
    changes: &Changes,
    now: Timestamp,
    wanted: &SubscriptionIndex,
) -> Vec<Draft> {
    let nothing = Gone::default();
    let look = |state: &State| Gone::see(&Witness { state, changes, now, wanted, gone: &nothing });
    let gone = if Gone::is_wanted(changes, wanted) { state.before(changes, look) } else { Gone::default() };
    derive::events(&Witness { state, changes, now, wanted, gone: &gone })
}

/// The event of a draft, with an id of its own.
pub fn event(store: &mut Store, now: Timestamp, draft: &Draft) -> Event {
    let id = store.ids.uuid();
    let envelope =
        Envelope::around((id, draft.kind), Some(draft.entity_id), &draft.changes, &draft.data, now);
    Event {
        identity: Identity::Current { id, kind: draft.kind },
        action: draft.kind.action(),
        entity: draft.kind.entity(),
        entity_id: draft.entity_id,
        changes: draft.changes.clone(),
        body: envelope.bytes(),
        waits: None,
        at: now,
    }
}

/// One event, one delivery for each active subscription that wants it.
///
/// Evidence: service behaviour notes.
fn post(store: &mut Store, now: Timestamp, draft: &Draft) {
    let wanting = store.subscriptions.iter().filter(|row| row.wants(draft.kind, &draft.campaigns));
    let wanting: Vec<SubscriptionId> = wanting.map(|row| row.id).collect();
    if wanting.is_empty() {
        return;
    }
    let event = Arc::new(event(store, now, draft));
    for id in wanting {
        deliver(store, now, Lane::Subscription(id), Arc::clone(&event));
    }
}

/// Puts an event on its way to a receiver.
pub(super) fn deliver(store: &mut Store, now: Timestamp, lane: Lane, event: Arc<Event>) {
    let id = store.ids.issue();
    store.deliveries.insert(Delivery {
        id,
        lane,
        event,
        fixed: None,
        status: Status::Pending,
        attempts: 0,
        tries: Vec::new(),
        withdrawn: None,
        due: Some(now),
        created_at: now,
        delivered_at: None,
    });
    store.send_at(now, id);
}
