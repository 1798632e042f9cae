//! How accounts go on by themselves: what is due is done, deliveries go out, and the clock moves.

use std::sync::Arc;

use fp_contract::{Contract, WebhookSystem};

use super::lanes;
use super::ledger::{Ran, Turn};
use super::{Account, World};
use crate::clock::timestamp::Timestamp;
use crate::webhooks::delivery::{Attempt, Identity, Lane, Outgoing};
use crate::webhooks::sender::{Outcome, Request};
use crate::webhooks::store::PayloadViolation;

impl World {
    /// Tells the driver when `account` has something to do next, and whoever waits that something happened.
    /// Called after whatever may have changed that.
    pub fn plan(&self, account: &Account) {
        self.driver().plan(account.name(), account.lock().next_wake());
        account.stir();
    }

    /// Serves whatever comes due, until the future is dropped.
    pub async fn drive(self: Arc<Self>) {
        loop {
            let name = self.driver().next().await;
            let Some(account) = self.known_account(&name) else { continue };
            let world = Arc::clone(&self);
            tokio::spawn(async move { world.settle(&account) });
        }
    }

    /// Does everything that is due at the present moment; deliveries are under way when this answers.
    pub fn settle(self: &Arc<Self>, account: &Arc<Account>) {
        loop {
            let mut ledger = account.lock();
            let now = ledger.clock.now();
            let turn = ledger.turn(now);
            drop(ledger);
            match turn {
                Turn::Went => account.stir(),
                Turn::Lane(lane) => self.open_lane(account, lane),
                Turn::Wait | Turn::Over => break,
            }
        }
        self.plan(account);
    }

    /// Moves the clock forward to `to`, doing on the way everything that is due by then, each at its moment.
    /// When this answers, everything has happened, deliveries sent and recorded included.
    pub async fn advance(self: &Arc<Self>, account: &Arc<Account>, to: Timestamp) -> Ran {
        let _turn = account.one_at_a_time().await;
        let (before, mut pulse) = (account.lock().ran, account.pulse());
        loop {
            let turn = account.lock().turn_to(to);
            match turn {
                Turn::Went => account.stir(),
                Turn::Lane(lane) => self.open_lane(account, lane),
                Turn::Wait => {
                    // The account, which sends the pulse, outlives this wait.
                    let _ = pulse.changed().await;
                }
                Turn::Over => break,
            }
        }
        self.plan(account);
        account.lock().ran.since(before)
    }

    /// Sends `request` on behalf of a call.
    pub async fn send(&self, account: &Account, request: &Request) -> Outcome {
        let mode = account.lock().clock.mode();
        let wait = self.options().webhooks.wait(mode, request.timeout_s);
        self.sender().send(request, wait).await
    }

    /// Works a lane off on a task of its own, so that nobody's patience or disconnection stops it.
    fn open_lane(self: &Arc<Self>, account: &Arc<Account>, lane: Lane) {
        let lanes = account.lock().lanes.identity();
        tokio::spawn(Arc::clone(self).work_off(Arc::clone(account), lane, lanes));
    }

    /// Sends what waits in a lane, one after another: each is prepared under the lock, sent without it and
    /// recorded under it.
    async fn work_off(self: Arc<Self>, account: Arc<Account>, lane: Lane, lanes: lanes::Identity) {
        loop {
            let next = account.lock().next_request(lane, &lanes);
            let Some(outgoing) = next else { break };
            self.judge(&account, &outgoing);
            let outcome = self.send(&account, &outgoing.request).await;
            let (at, request) = (outgoing.at, outgoing.request.clone());
            let attempt = Attempt { at, request, outcome: outcome.clone() };
            let again = account.lock().record(outgoing.delivery, attempt, &lanes);
            report(&account, &outgoing, &outcome, again);
            self.plan(&account);
        }
        self.plan(&account);
    }

    /// Holds a payload against the contract when it leaves for the first time.
    fn judge(&self, account: &Account, outgoing: &Outgoing) {
        let event = &outgoing.event;
        if !self.options().webhooks.judges || !outgoing.is_new {
            return;
        }
        let system = match event.identity {
            Identity::Current { .. } => WebhookSystem::V2,
            Identity::Legacy { .. } => WebhookSystem::Legacy,
        };
        let kind = event.identity.type_name();
        for violation in Contract::corrected().check_webhook(system, kind, &event.body) {
            tracing::warn!(target: "fp_mock::violation", "{violation}");
            let (delivery, at) = (outgoing.delivery, outgoing.at);
            account.lock().webhooks.violate(PayloadViolation { delivery, at, violation });
        }
    }
}

/// One line on the console for each attempt.
fn report(account: &Account, outgoing: &Outgoing, outcome: &Outcome, again: Option<Timestamp>) {
    let line = outgoing.line(account.name(), outcome, again);
    if outcome.result.as_ref().is_ok_and(|answer| (200..300).contains(&answer.status)) {
        tracing::info!(target: "fp_mock::delivery", "{line}");
    } else {
        tracing::warn!(target: "fp_mock::delivery", "{line}");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::Mock;
    use crate::webhooks::delivery::Event;

    #[test]
    fn a_payload_that_breaks_the_contract_is_shown_with_its_delivery() {
        let mock = Mock::start();
        let inbox = mock.inbox("in");
        mock.given().subscription(&inbox.url(), &["referral.created"]);
        mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
        mock.clock().advance("0s");
        let violations =
            || mock.control("GET", "/violations?side=response", Value::Null)["violations"].clone();
        assert_eq!(violations(), json!([]));

        let delivery = mock.deliveries().remove(0);
        let request = delivery.tries[0].request.clone();
        let mut body: Value = serde_json::from_slice(&request.body).expect("JSON");
        body["data"]["email"] = json!(7);
        let event = Event { body: body.to_string().into_bytes().into(), ..Event::clone(&delivery.event) };
        let (event, at) = (Arc::new(event), delivery.tries[0].at);
        let again = Outgoing { delivery: delivery.id, event, number: 1, is_new: false, at, request };
        let account = mock.world().account("1");
        mock.world().judge(&account, &again);
        assert_eq!(violations(), json!([]), "it was judged when it left first");
        mock.world().judge(&account, &Outgoing { is_new: true, ..again });
        let found = violations();
        assert_eq!(
            (&found[0]["code"], &found[0]["pointer"]),
            (&json!("wrong-type"), &json!("/body/data/email"))
        );
        assert_eq!((&found[0]["delivery"], &found[0]["account"]), (&json!(delivery.id), &json!("1")));
    }
}
