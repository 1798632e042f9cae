//! Runs against an account as if it were a real one: nobody's records are touched but the run's own, and those are
//! removed.

use std::collections::{BTreeMap, BTreeSet};

use fp_harness::client::{Client, Interrupt, Limits};
use fp_harness::config::{Config, Phase};
use fp_harness::model::Program;
use fp_harness::report::text;
use fp_harness::run::{Outcome, Progress, Stop, run, run_watched};
use fp_harness::target::Target;
use fp_mock::Mock;
use fp_mock::clock::Mode;
use serde_json::{Value, json};

const KEY: &str = "the-key-of-the-account";

/// An account with a history of its own: everything in it is somebody else's.
fn account() -> (Mock, Target) {
    let mock = Mock::builder().clock(Mode::Fast { speed: 60.0 }).start();
    let target = Target::remote(mock.url(), "1", KEY, Some("1")).expect("a URL");
    let client = Client::new(&target, Limits::default());
    let done = |method: &str, path: &str, body: Value| {
        let exchange = client.ask(method, path, &body).expect("an answer");
        assert!(exchange.is_success(), "{path}: {}", String::from_utf8_lossy(&exchange.body));
        exchange.json().unwrap_or_default()
    };
    let promoter = done("POST", "/api/v2/company/promoters", json!({ "email": "olga@example.com" }));
    let token = promoter.pointer("/promoter_campaigns/0/ref_token").cloned().expect("a token");
    for name in ["ann", "ben"] {
        let email = format!("{name}@example.com");
        done("POST", "/api/v2/track/signup", json!({ "email": email, "ref_id": token }));
        let event = json!({ "email": email, "event_id": name, "amount": 5000 });
        done("POST", "/api/v2/track/sale", event);
    }
    let enrolment = promoter.pointer("/promoter_campaigns/0/id").cloned().expect("an enrolment");
    let commissions = done("GET", "/api/v2/company/commissions?q=ann", Value::Null);
    let ids: Vec<&Value> =
        commissions.as_array().into_iter().flatten().filter_map(|row| row.get("id")).collect();
    done("POST", "/api/v2/company/commissions/generate_payouts", json!({ "ids": ids }));
    let custom = json!({ "commission_type": "custom", "promoter_campaign_id": enrolment, "amount": 70, "unit": "cash" });
    done("POST", "/api/v2/company/commissions", custom);
    let hook =
        json!({ "url": "https://127.0.0.1:9/x", "event_types": ["promoter.deleted"], "active": false });
    done("POST", "/api/v2/company/webhooks", hook);
    let email = json!({ "name": "Welcome", "subject": "s", "content": "c", "allowed_campaign_ids": [],
        "trigger": { "enabled": false, "trigger_on": "broadcast", "settings": {} } });
    done("POST", "/api/v2/company/emails", email);
    (mock, target.as_real())
}

const LISTS: [&str; 8] = [
    "promoters",
    "promoter_campaigns",
    "referrals",
    "commissions",
    "payouts",
    "promo_codes",
    "emails",
    "webhooks",
];

/// Every record of the account by list and id.
fn records(mock: &Mock) -> BTreeMap<(&'static str, u64), Value> {
    let target = Target::remote(mock.url(), "1", KEY, Some("1")).expect("a URL");
    let client = Client::new(&target, Limits::default());
    let mut records = BTreeMap::new();
    for list in LISTS {
        for page in 1.. {
            let path = format!("/api/v2/company/{list}?per_page=100&page={page}");
            let reply = client.ask("GET", &path, &Value::Null).expect("an answer").json().expect("JSON");
            let rows = reply.get("data").unwrap_or(&reply).as_array().cloned().expect("a list");
            let full = rows.len() == 100;
            for row in rows {
                let id = row["id"].as_u64().expect("an id");
                records.insert((list, id), row);
            }
            if !full {
                break;
            }
        }
    }
    records
}

/// What was there is as it was, and whatever else is there now was said to be.
#[track_caller]
fn assert_untouched(before: &BTreeMap<(&'static str, u64), Value>, mock: &Mock, outcome: &Outcome) {
    let after = records(mock);
    for (key, record) in before {
        assert_eq!(Some(record), after.get(key), "{key:?}");
    }
    let said: BTreeSet<u64> = outcome
        .left_behind
        .iter()
        .filter_map(|line| line.split(' ').find_map(|word| word.parse().ok()))
        .collect();
    let new = after.iter().filter(|(key, _)| !before.contains_key(key));
    let unsaid: Vec<_> =
        new.filter(|((list, id), _)| *list != "promoter_campaigns" && !said.contains(id)).collect();
    assert!(unsaid.is_empty(), "left behind without a word: {unsaid:#?}\nsaid: {:#?}", outcome.left_behind);
}

#[test]
fn without_leave_to_write_a_run_only_reads() {
    let (mock, target) = account();
    let before = records(&mock);
    let outcome = run(&Config { cases: 2, ..Config::short() }, &target);
    assert!(outcome.calls > 150, "{}", text::show(&outcome));
    assert_eq!(before, records(&mock));
    assert!(outcome.left_behind.is_empty(), "{:?}", outcome.left_behind);
    let writes = outcome.findings.not_judged.keys().any(|(_, reason)| reason.contains("not this machine"));
    assert!(writes, "{}", text::show(&outcome));
}

#[test]
fn with_leave_to_write_a_run_touches_what_it_made_and_removes_it() {
    let (mock, target) = account();
    let before = records(&mock);
    let target = target.with_campaigns(BTreeMap::from([(Program::Main, 13202), (Program::Partners, 5399)]));
    let outcome = run(&Config { cases: 2, allow_writes: true, budget: None, ..Config::short() }, &target);
    assert_untouched(&before, &mock, &outcome);
    let promises = &outcome.findings.tested;
    for property in ["agrees_with_the_model", "use_after_free", "positive_data_acceptance"] {
        assert!(promises.get(property).is_some_and(|trials| *trials > 0), "{property}: {promises:?}");
    }
    let broken: Vec<&str> = outcome.findings.failures.keys().map(|identity| identity.property).collect();
    assert!(!broken.contains(&"agrees_with_the_model"), "{}", text::show(&outcome));
}

#[test]
fn a_run_that_ends_early_tidies_up_too() {
    let (mock, target) = account();
    let before = records(&mock);
    let config =
        Config { allow_writes: true, budget: Some(60), phases: vec![Phase::Behaviour], ..Config::short() };
    let outcome = run(&config, &target);
    assert_eq!(outcome.stopped, Some(Stop::Budget));
    assert_untouched(&before, &mock, &outcome);
}

/// Asks the run to end as soon as a phase begins.
struct Impatient(Interrupt);

impl Progress for Impatient {
    fn begin(&self, phase: Phase, _: usize) {
        if phase == Phase::Model {
            self.0.ask();
        }
    }
    fn done(&self, _: u64, _: usize) {}
}

#[test]
fn an_interrupted_run_tidies_up_too() {
    let (mock, target) = account();
    let before = records(&mock);
    let config = Config { allow_writes: true, cases: 1, budget: None, ..Config::short() };
    let interrupt = Interrupt::default();
    let target = target.with_campaigns(BTreeMap::from([(Program::Main, 13202)]));
    let outcome = run_watched(&config, &target, &interrupt, &Impatient(interrupt.clone()));
    assert_eq!(outcome.stopped, Some(Stop::Interrupted));
    assert_untouched(&before, &mock, &outcome);
}
