//! The legacy system: what campaigns tell URLs of their own, and what their answers do.

use serde_json::{Value, json};

use super::receiver::{Behaviour, Receiver};
use crate::kit::Api;

/// The main campaign, which pays cash and approves by itself; the customers' campaign, which gives free months
/// and approves by itself; the partners' campaign, which approves nothing by itself.
const MAIN: u64 = 13_202;
const CUSTOMERS: u64 = 17_476;
const PARTNERS: u64 = 5_399;
const JANE: u64 = 500_001;

/// The starter scenario in which every campaign tells one receiver everything and asks another to fulfil.
struct Legacy {
    api: Api,
    told: Receiver,
    asked: Receiver,
}

impl Legacy {
    fn start() -> Self {
        Self::asking(Vec::new())
    }

    /// The receiver that is asked behaves like this.
    fn asking(script: Vec<Behaviour>) -> Self {
        Self::with(script, |scenario| scenario)
    }

    /// The same in another scenario.
    fn with(script: Vec<Behaviour>, change: impl FnOnce(String) -> String) -> Self {
        let (api, told, asked) = (Api::start(), Receiver::start(), Receiver::scripted(script));
        let starter = include_str!("../../../../../fixtures/scenarios/starter.yaml");
        let urls = format!(
            "    default_webhook_url: {}/told\n    fulfilment_url: {}/asked\n    landing_url",
            told.url(),
            asked.url()
        );
        let scenario = change(starter.replace("    landing_url", &urls));
        assert_eq!(scenario.matches("fulfilment_url").count(), 3);
        let headers = vec![("account-id".to_owned(), "1".to_owned())];
        api.send("PUT", "/__admin/scenario", &headers, scenario.as_bytes()).expect(200);
        Self { api, told, asked }
    }

    /// Settles, and answers the bodies of the events of a type. Nothing came that the contract has something
    /// against, and nothing is signed.
    #[track_caller]
    fn events(&self, kind: &str) -> Vec<Value> {
        self.api.advance("0s");
        let found = self.api.admin("GET", "/violations?side=response", Value::Null).expect(200);
        assert_eq!(found["violations"], json!([]));
        let mut received = self.told.received();
        received.extend(self.asked.received());
        assert!(received.iter().all(|request| request.header("x-webhook-signature").is_none()));
        assert!(received.iter().all(|request| request.header("content-type") == Some("application/json")));
        let bodies = received.iter().map(super::receiver::Received::json);
        bodies.filter(|body| body["event"]["type"] == kind).collect()
    }

    /// The only event of a type.
    #[track_caller]
    fn only(&self, kind: &str) -> Value {
        let mut events = self.events(kind);
        assert_eq!(events.len(), 1, "{kind}: {events:#?}");
        events.remove(0)
    }

    /// The types told so far, in order.
    #[track_caller]
    fn types(&self) -> Vec<String> {
        self.api.advance("0s");
        let kind = |body: Value| body["event"]["type"].as_str().unwrap_or_default().to_owned();
        self.told.received().iter().map(|request| kind(request.json())).collect()
    }

    #[track_caller]
    fn sign_up(&self, email: &str, ref_id: &str) {
        self.api.post("/track/signup", json!({ "email": email, "ref_id": ref_id })).expect(200);
    }

    #[track_caller]
    fn sell(&self, email: &str, event_id: &str) {
        let sale = json!({ "email": email, "event_id": event_id, "amount": 10_000 });
        self.api.post("/track/sale", sale).expect(200);
    }

    /// A promoter who joins a campaign and is accepted. Answers his referral token.
    #[track_caller]
    fn promoter(&self, campaign: u64) -> String {
        let body = json!({ "email": "bob@example.com", "initial_campaign_id": campaign });
        let promoter = self.api.post("/company/promoters", body).expect(201);
        promoter["promoter_campaigns"][0]["ref_token"].as_str().expect("a token").to_owned()
    }

    /// A new customer of a promoter who gets free months for him. Answers the commission.
    #[track_caller]
    fn free_months(&self) -> u64 {
        let token = self.promoter(CUSTOMERS);
        self.sign_up("lea@example.com", &token);
        self.sell("lea@example.com", "evt_1");
        let commission = &self.api.get("/company/commissions")[0];
        assert_eq!((&commission["unit"], &commission["status"]), (&json!("free_months"), &json!("approved")));
        commission["id"].as_u64().expect("an id")
    }

    /// Whether the only commission counts as fulfilled.
    #[track_caller]
    fn is_fulfilled(&self) -> bool {
        let fulfilled = self.api.get("/company/commissions?filters[fulfilled]=yes");
        !fulfilled.as_array().expect("a list").is_empty()
    }

    fn asked(&self) -> usize {
        self.asked.received().len()
    }
}

/// The members of a document that another lacks, by pointer.
fn lacking(ours: &Value, theirs: &Value, pointer: &str) -> Vec<String> {
    let (Value::Object(ours), Value::Object(theirs)) = (ours, theirs) else { return Vec::new() };
    let missing = theirs.keys().filter(|name| !ours.contains_key(*name));
    let mut all: Vec<String> = missing.map(|name| format!("{pointer}/{name}")).collect();
    for (name, theirs) in theirs {
        if let Some(ours) = ours.get(name) {
            all.extend(self::lacking(ours, theirs, &format!("{pointer}/{name}")));
        }
    }
    all
}

/// Ours has the members of a documented payload and no others, as far as both are objects there.
#[track_caller]
fn assert_same_members(ours: &Value, documented: &str) {
    let documented: Value = serde_json::from_str(documented).expect("JSON");
    assert_eq!(lacking(ours, &documented, ""), [] as [String; 0], "missing");
    assert_eq!(lacking(&documented, ours, ""), [] as [String; 0], "too many");
}

#[test]
fn a_promoter_who_signs_up_is_told_with_his_promotions() {
    let legacy = Legacy::start();
    let token = legacy.promoter(PARTNERS);
    let event = legacy.only("promoter_signed_up");
    assert_eq!(event["event"]["created_at"], "2025-01-15T10:30:00.000Z");
    assert!(event["event"]["id"].as_u64().is_some_and(|id| id > 0));
    assert_eq!(event["data"]["promoter"]["email"], "bob@example.com");
    assert_eq!(event["data"]["promotions"][0]["ref_id"], json!(token));
    assert_eq!(event["data"]["promotions"][0]["campaign_id"], PARTNERS);
}

#[test]
fn acceptance_by_hand_or_by_itself_is_told_as_documented() {
    let legacy = Legacy::start();
    let body =
        json!({ "email": "bob@example.com", "initial_campaign_id": PARTNERS, "always_approve": false });
    let bob = legacy.api.post("/company/promoters", body).expect(201);
    assert_eq!(legacy.types(), ["promoter_signed_up"]);
    let body = json!({ "ids": [bob["id"]], "campaign_id": PARTNERS });
    legacy.api.post("/company/promoters/accept", body).expect(200);
    let by_hand = legacy.only("promoter_accepted");
    assert_eq!(
        (&by_hand["data"]["state"], &by_hand["data"]["campaign"]["id"]),
        (&json!("accepted"), &json!(PARTNERS))
    );
    assert_eq!(by_hand["data"]["promotion"]["promoter_id"], bob["id"]);
    legacy.api.post("/company/promoters", json!({ "email": "eve@example.com" })).expect(201);
    let by_itself = legacy.events("promoter_accepted").remove(1);
    assert_eq!(by_itself["data"]["campaign"]["offer"]["default_promo_code"], "EXAMPLE-5");
    let documented = include_str!("../../../../../fixtures/payloads/webhooks/legacy/promoter_accepted.json");
    // Whoever names no social account has none listed, and the main campaign has no reward for promotions.
    let mut documented: Value = serde_json::from_str(documented).expect("JSON");
    documented["data"]["promoter"]["profile"]["social_accounts"] = json!({});
    assert_same_members(&by_itself, &documented.to_string());
}

#[test]
fn a_lead_is_told_from_signup_to_cancellation() {
    let legacy = Legacy::start();
    legacy.sign_up("lea@example.com", "jane89");
    legacy.api.advance("1h");
    legacy.sell("lea@example.com", "evt_1");
    legacy.sell("lea@example.com", "evt_2");
    legacy.api.advance("1d");
    legacy.api.post("/track/cancellation", json!({ "email": "lea@example.com" })).expect(200);
    assert_eq!(
        legacy.types(),
        [
            "lead_signup",
            "lead_becomes_referral",
            "new_customer",
            "reward_created",
            "reward_created",
            "lead_cancelled"
        ]
    );
    let signup = legacy.only("lead_signup")["data"].clone();
    assert_eq!((&signup["state"], &signup["customer_since"]), (&json!("signup"), &Value::Null));
    assert_eq!((&signup["promotion"]["ref_id"], &signup["promoter"]["id"]), (&json!("jane89"), &json!(JANE)));
    assert_eq!(signup["promoter"]["promotions"], json!([]));
    for kind in ["lead_becomes_referral", "new_customer"] {
        let first_sale = legacy.only(kind)["data"].clone();
        assert_eq!((&first_sale["id"], &first_sale["state"]), (&signup["id"], &json!("active")), "{kind}");
        assert_eq!(first_sale["customer_since"], "2025-01-15T11:30:00.000Z", "{kind}");
    }
    let cancelled = legacy.only("lead_cancelled")["data"].clone();
    assert_eq!(
        (&cancelled["state"], &cancelled["cancelled_at"]),
        (&json!("cancelled"), &json!("2025-01-16T11:30:00.000Z"))
    );
}

#[test]
fn a_reward_is_told_with_lead_promoter_and_promotion() {
    let legacy = Legacy::start();
    legacy.sign_up("lea@example.com", "jane89");
    legacy.sell("lea@example.com", "evt_1");
    let data = legacy.only("reward_created")["data"].clone();
    let pairs = [
        ("status", json!("approved")),
        ("amount", json!(2_000)),
        ("unit", json!("cash")),
        ("event_id", json!("evt_1")),
        ("conversion_amount", json!(10_000)),
        ("tier_level", json!(1)),
        ("split_type", Value::Null),
    ];
    for (name, value) in pairs {
        assert_eq!(data[name], value, "{name}");
    }
    assert_eq!(data["lead"]["email"], "lea@example.com");
    assert_eq!(data["promoter"]["earnings_balance"], json!({ "cash": 2_000 }));
    assert_eq!(
        (&data["promotion"]["ref_id"], &data["promotion"]["sales_total"]),
        (&json!("jane89"), &json!(10_000))
    );
    assert_eq!(legacy.asked(), 0, "nobody is asked to hand money over");
}

#[test]
fn only_campaigns_with_a_url_tell() {
    let api = Api::start();
    api.post("/track/signup", json!({ "email": "lea@example.com", "ref_id": "jane89" })).expect(200);
    assert_eq!(api.advance("0s")["deliveries"], 0);
    assert_eq!(api.admin("GET", "/deliveries", Value::Null).expect(200)["meta"]["total"], 0);
}

#[test]
fn legacy_events_are_sent_once_whatever_the_answer() {
    let legacy = Legacy::start();
    legacy.told.follow(vec![Behaviour::Answer(500, String::new())]);
    legacy.sign_up("lea@example.com", "jane89");
    legacy.api.advance("30d");
    assert_eq!(legacy.told.received().len(), 1);
    let delivery = legacy.api.admin("GET", "/deliveries", Value::Null).expect(200)["deliveries"][0].clone();
    assert_eq!((&delivery["system"], &delivery["status"]), (&json!("legacy"), &json!("failed")));
    assert_eq!((&delivery["campaign"], &delivery["event_type"]), (&json!(MAIN), &json!("lead_signup")));
}

#[test]
fn fulfilment_is_asked_for_as_documented_and_200_fulfils() {
    let legacy = Legacy::start();
    let commission = legacy.free_months();
    let event = legacy.only("fulfilment_pending");
    let data = &event["data"];
    assert_eq!(
        (&data["id"], &data["status"], &data["unit"]),
        (&json!(commission), &json!("pending"), &json!("free_months"))
    );
    assert_eq!((&data["amount"], &data["has_issues"]), (&json!(3), &json!(false)));
    assert_eq!(
        (&data["campaign"]["id"], &data["reward"]["type"]),
        (&json!(CUSTOMERS), &json!("per_promotion"))
    );
    let documented = include_str!("../../../../../fixtures/payloads/webhooks/legacy/fulfilment_pending.json");
    let mut documented: Value = serde_json::from_str(documented).expect("JSON");
    // Balances go by unit, nobody named a social account, and what a campaign promises may be null.
    for balance in ["earnings_balance", "current_balance"] {
        documented["data"]["promoter"][balance] = data["promoter"][balance].clone();
    }
    documented["data"]["promoter"]["profile"]["social_accounts"] = json!({});
    assert_same_members(&event, &documented.to_string());
    assert!(legacy.is_fulfilled());
    assert_eq!(legacy.api.advance("30d")["deliveries"], 0);
    assert_eq!(legacy.asked(), 1);
}

#[test]
fn another_2xx_keeps_it_pending_and_asks_again_a_day_later() {
    let script = vec![
        Behaviour::Answer(202, String::new()),
        Behaviour::Answer(204, String::new()),
        Behaviour::Answer(200, String::new()),
    ];
    let legacy = Legacy::asking(script);
    legacy.free_months();
    legacy.api.advance("0s");
    let count_after = |span: &str| {
        legacy.api.advance(span);
        (legacy.asked(), legacy.is_fulfilled())
    };
    assert_eq!(count_after("0s"), (1, false));
    assert_eq!(count_after("23h59m59s"), (1, false));
    assert_eq!(count_after("1s"), (2, false));
    assert_eq!(count_after("1d"), (3, true));
    assert_eq!(count_after("30d"), (3, true));
    let asked = legacy.events("fulfilment_pending");
    assert_ne!(asked[0]["event"]["id"], asked[1]["event"]["id"], "each check is an event of its own");
}

#[test]
fn anything_else_is_retried_seven_times_over_the_day_and_then_has_issues() {
    let legacy = Legacy::asking(vec![Behaviour::Answer(500, String::new())]);
    let commission = legacy.free_months();
    legacy.api.advance("0s");
    for retry in 1..=7 {
        legacy.api.advance("2h59m59s");
        assert_eq!(legacy.asked(), retry, "before retry {retry}");
        legacy.api.advance("1s");
        assert_eq!(legacy.asked(), retry + 1, "retry {retry}");
    }
    assert_eq!(legacy.api.advance("30d")["deliveries"], 0);
    assert!(!legacy.is_fulfilled());
    let ids = json!({ "ids": [commission] });
    legacy.asked.follow(Vec::new());
    legacy.api.post("/company/commissions/mark_unfulfilled", ids).expect(200);
    legacy.api.advance("0s");
    assert_eq!(legacy.asked(), 9, "taking the mark back asks anew");
    assert!(legacy.is_fulfilled());
}

#[test]
fn a_reward_that_is_handed_over_meanwhile_is_not_asked_about_again() {
    let legacy = Legacy::asking(vec![Behaviour::Answer(500, String::new())]);
    let commission = legacy.free_months();
    legacy.api.advance("4h");
    assert_eq!(legacy.asked(), 2);
    legacy.api.post("/company/commissions/mark_fulfilled", json!({ "ids": [commission] })).expect(200);
    legacy.api.advance("30d");
    assert_eq!(legacy.asked(), 2);
    let all = legacy.api.admin("GET", "/deliveries?event_type=fulfilment_pending", Value::Null).expect(200);
    let delivery = &all["deliveries"][0];
    assert_eq!(
        (&delivery["status"], &delivery["last_error"]),
        (&json!("failed"), &json!("the reward waits no longer"))
    );
}

#[test]
fn a_reward_is_asked_about_when_it_is_approved() {
    let by_hand = |scenario: String| scenario.replace("approves_rewards: true", "approves_rewards: false");
    let legacy = Legacy::with(Vec::new(), by_hand);
    let token = legacy.promoter(CUSTOMERS);
    legacy.sign_up("lea@example.com", &token);
    legacy.sell("lea@example.com", "evt_1");
    legacy.api.advance("7d");
    let commission = &legacy.api.get("/company/commissions")[0];
    assert_eq!((&commission["status"], legacy.asked()), (&json!("pending"), 0));
    let ids = json!({ "ids": [commission["id"]] });
    legacy.api.post("/company/commissions/approve", ids).expect(200);
    legacy.only("fulfilment_pending");
    assert!(legacy.is_fulfilled());
}

#[test]
fn legacy_and_current_webhooks_go_out_side_by_side() {
    let legacy = Legacy::start();
    let receiver = Receiver::start();
    let body = json!({ "url": receiver.url(), "event_types": ["referral.created"] });
    legacy.api.post("/company/webhooks", body).expect(201);
    legacy.sign_up("lea@example.com", "jane89");
    legacy.only("lead_signup");
    assert_eq!(receiver.received().len(), 1);
}
