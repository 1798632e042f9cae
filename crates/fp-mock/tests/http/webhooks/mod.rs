//! Webhooks of both systems, as receivers see them.

mod cookbook;
mod current;
mod engine;
mod legacy;
mod network;
pub mod receiver;

use fp_mock::Mock;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::kit::Api;
use receiver::{Received, Receiver};

/// A mock, a receiver, and a subscription of it.
pub struct Hooks {
    pub api: Api,
    pub receiver: Receiver,
    pub subscription: Value,
}

impl Hooks {
    /// The starter scenario; `events` go to a receiver that answers 200.
    pub fn to(events: &[&str]) -> Self {
        Self::with(Api::start(), Receiver::start(), json!({ "event_types": events }))
    }

    /// Subscribes a receiver with a wish, to which the URL is added.
    pub fn with(api: Api, receiver: Receiver, mut wish: Value) -> Self {
        wish["url"] = json!(format!("{}/hook", receiver.url()));
        let subscription = api.post("/company/webhooks", wish).expect(201);
        Self { api, receiver, subscription }
    }

    /// The path of the subscription.
    pub fn path(&self) -> String {
        format!("/company/webhooks/{}", self.subscription["id"])
    }

    /// Settles, and answers what came in, each with a good signature.
    #[track_caller]
    pub fn received(&self) -> Vec<Received> {
        self.api.advance("0s");
        let received = self.receiver.received();
        for request in &received {
            assert_eq!(request.header("x-webhook-signature"), Some(self.signature(&request.body)).as_deref());
        }
        received
    }

    /// Settles, and answers the bodies of what came in.
    #[track_caller]
    pub fn bodies(&self) -> Vec<Value> {
        self.received().iter().map(Received::json).collect()
    }

    /// The signature that a body must have.
    fn signature(&self, body: &[u8]) -> String {
        let secret = self.subscription["secret_key"].as_str().expect("a secret");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
        mac.update(body);
        hex::encode(mac.finalize().into_bytes())
    }

    /// The deliveries of the subscription, newest first.
    #[track_caller]
    pub fn deliveries(&self) -> Vec<Value> {
        let list = self.api.get(&format!("{}/webhook_deliveries?per_page=100", self.path()));
        list.as_array().expect("a list").clone()
    }

    /// The only delivery of the subscription.
    #[track_caller]
    pub fn delivery(&self) -> Value {
        let mut deliveries = self.deliveries();
        assert_eq!(deliveries.len(), 1, "{deliveries:?}");
        deliveries.remove(0)
    }

    /// A lead of Jane's signs up.
    #[track_caller]
    pub fn sign_up(&self, email: &str) {
        sign_up(&self.api, email);
    }
}

/// A lead of Jane's signs up.
#[track_caller]
fn sign_up(api: &Api, email: &str) {
    api.post("/track/signup", json!({ "email": email, "ref_id": "jane89" })).expect(200);
}

/// A mock that gives receivers little real time.
pub fn impatient() -> Api {
    let settings = fp_mock::webhooks::Settings {
        patience: std::time::Duration::from_millis(300),
        ..fp_mock::webhooks::Settings::default()
    };
    Api::with(Mock::builder().webhooks(settings))
}
