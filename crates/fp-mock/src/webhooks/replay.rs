//! Sending the bytes of a delivery again, for the sake of tests: as they were, changed, or several times.

use std::sync::Arc;

use super::attempt::compose;
use super::delivery::{Delivery, Event, Lane, Status};
use super::sender::Request;
use super::store::Store;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::DeliveryId;
use crate::domain::state::State;

/// How a delivery is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Whether the body is changed after it was signed.
    pub tampered: bool,
    /// How many times it is sent.
    pub times: u32,
    /// From now to then, in milliseconds of the account's clock.
    pub delay_ms: i64,
}

/// Puts what was last sent of a delivery on its way again: as deliveries of their own, which are not
/// repeated, change nothing about the first one, and are no business of the API. Answers `None` if there is
/// no such delivery or nothing to send.
pub fn replay(
    state: &State,
    store: &mut Store,
    now: Timestamp,
    id: DeliveryId,
    wish: Wish,
) -> Option<Vec<DeliveryId>> {
    let delivery = store.deliveries.get(id)?;
    let sent = delivery.tries.last().map(|attempt| attempt.request.clone());
    let mut request: Request = match sent {
        Some(request) => request,
        None => compose(state, store, delivery).ok()?,
    };
    if wish.tampered {
        request.body = tamper(&request.body);
    }
    let event = Event { body: Arc::clone(&request.body), waits: None, ..Event::clone(&delivery.event) };
    let (event, request) = (Arc::new(event), Arc::new(request));
    let due = now.plus_ms(wish.delay_ms);
    let one = |_| {
        let replay = store.ids.issue();
        store.deliveries.insert(Delivery {
            id: replay,
            lane: Lane::Replay(replay),
            event: Arc::clone(&event),
            fixed: Some((id, Arc::clone(&request))),
            status: Status::Pending,
            attempts: 0,
            tries: Vec::new(),
            withdrawn: None,
            due: Some(due),
            created_at: now,
            delivered_at: None,
        });
        store.send_at(due, replay);
        replay
    };
    Some((0..wish.times).map(one).collect())
}

/// Another body that is as well formed: a JSON object gets one more member.
fn tamper(body: &[u8]) -> Arc<[u8]> {
    let mut bytes = body.to_vec();
    match bytes.iter().rposition(|byte| *byte == b'}') {
        Some(end) => {
            bytes.splice(end..end, *b",\"tampered\":true");
        }
        None => bytes.push(b' '),
    }
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::tamper;

    #[test]
    fn a_tampered_body_is_still_json_and_says_something_else() {
        assert_eq!(&*tamper(br#"{"a":{"b":1}}"#), br#"{"a":{"b":1},"tampered":true}"#);
        assert_eq!(&*tamper(b"text"), b"text ");
    }
}
