//! How cost grows with the number of accounts in one process: 10³ to 10⁶ of them, as many as memory has room for, that
//! trade a little, and as many that hold hardly anything.

use std::process;
use std::time::Instant;

use fp_mock::Mock;
use serde_json::{Value, json};

use super::machine::{mib_of, resident_mib};
use super::slopes::{self, Figures, figure, measured_apart};
use super::table::{Table, middle};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const TRIES: usize = 501;
const MEMORY: &str = "memory";

/// Accounts of one kind.
struct Kind {
    role: &'static str,
    title: &'static str,
    scenario: &'static str,
    /// The calls that make one: method, target and body.
    begin: &'static [(&'static str, &'static str, &'static str)],
    /// What changes one, and the body of the call so many times before.
    change: (&'static str, &'static str, fn(usize) -> Value),
    list: &'static str,
}

const SIGNUP: &str = r#"{ "email": "lead@example.com", "uid": "cus_lead", "ref_id": "jane89" }"#;
const SALE: &str = r#"{ "email": "lead@example.com", "event_id": "evt_1", "amount": 4900 }"#;
const HOOK: &str = r#"{ "url": "https://example.com/hooks/0", "event_types": ["referral.created"] }"#;

const KINDS: [Kind; 2] = [
    Kind {
        role: "as-world-of",
        title: "How cost grows with accounts of the starter scenario, each with a signup, a sale and a list (ms, MiB)",
        scenario: "starter",
        begin: &[
            ("POST", "/api/v2/track/signup", SIGNUP),
            ("POST", "/api/v2/track/sale", SALE),
            ("GET", "/api/v2/company/referrals", "null"),
        ],
        change: (
            "a sale in one of them",
            "/api/v2/track/sale",
            |number| json!({ "email": "lead@example.com", "event_id": format!("evt_{number}"), "amount": 4_900 }),
        ),
        list: "/api/v2/company/referrals",
    },
    Kind {
        role: "as-empty-world-of",
        title: "How cost grows with accounts of the empty scenario, each with a webhook subscription (ms, MiB)",
        scenario: "empty",
        begin: &[("POST", "/api/v2/company/webhooks", HOOK)],
        change: (
            "a subscription in one of them",
            "/api/v2/company/webhooks",
            |number| json!({ "url": format!("https://example.com/hooks/{number}"), "event_types": ["referral.created"] }),
        ),
        list: "/api/v2/company/webhooks",
    },
];

pub fn measure(table: &mut Table) {
    for kind in &KINDS {
        let mut every: Vec<Figures> = Vec::new();
        for size in SIZES {
            // Ten times as many need ten times as much.
            let needed = every.last().map_or(0.0, |figures| 10.0 * figure(figures, MEMORY));
            if needed > mib_of("/proc/meminfo", "MemAvailable:") {
                table.say(&format!("{size} of the next need {needed:.0} MiB: more than is free.\n"));
                break;
            }
            every.push(measured_apart(kind.role, size, 1));
        }
        table.say(&slopes::written(kind.title, &every));
    }
}

/// Makes so many accounts of the kind that has this role, and prints what they took and what calls to them take.
pub fn grow(role: &str, accounts: usize) {
    let kind = KINDS.iter().find(|kind| kind.role == role).expect("the role of a kind");
    let mock = Mock::builder().scenario(kind.scenario).expect("a scenario").start();
    mock.get("/api/v2/company/promoters");
    let before = resident_mib(process::id());
    let began = Instant::now();
    for number in 0..accounts {
        for (method, target, body) in kind.begin {
            call_ms(&mock, number, method, target, serde_json::from_str(body).expect("a body"));
        }
    }
    println!("making one account\t{}", began.elapsed().as_secs_f64() * 1e3 / accounts as f64);
    println!("{MEMORY}\t{}", resident_mib(process::id()) - before);
    // One after the other all over them.
    let each = |number: usize| number * 7_919 % accounts;
    let (what, target, body) = kind.change;
    let change = |number: usize| call_ms(&mock, each(number), "POST", target, body(number));
    let list = |number: usize| call_ms(&mock, each(number), "GET", kind.list, Value::Null);
    let first = |number: usize| call_ms(&mock, accounts + number, "GET", kind.list, Value::Null);
    println!("{what}\t{}", middle((2..TRIES).map(change).collect()));
    println!("a list in one of them\t{}", middle((2..TRIES).map(list).collect()));
    println!("the first call of one more\t{}", middle((0..TRIES).map(first).collect()));
    // Taking it all down piece by piece would be measured by nobody.
    process::exit(0);
}

/// A call that goes well: what it takes.
fn call_ms(mock: &Mock, account: usize, method: &str, target: &str, body: Value) -> f64 {
    let name = format!("account-{account}");
    let began = Instant::now();
    let status = mock.account(&name).call(method, target, body).status;
    let taken = began.elapsed().as_secs_f64() * 1e3;
    assert!((200..300).contains(&status), "{method} {target}: {status}");
    taken
}
