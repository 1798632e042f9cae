//! Whole accounts: many in one process, and beginning, keeping and going back.

use std::time::Instant;

use fp_mock::Mock;
use fp_mock::clock::timestamp::Timestamp;
use fp_mock::scenario::Scenario;
use serde_json::Value;

use super::machine::{SERVER_CORE, resident_mib, stay_on};
use super::program::Server;
use super::table::{Table, Wanted, middle};

const ACCOUNTS: usize = 1_000;
const TRIES: usize = 21;
const START: Timestamp = Timestamp::from_millis(1_736_937_000_000);

pub fn measure(table: &mut Table) {
    many(table);
    stay_on(SERVER_CORE);
    for scenario in ["starter", "demo"] {
        let read = Scenario::open_built_in(scenario).expect("a built-in scenario");
        let building = middle((0..5).map(|_| timed_ms(|| read.build(0, "1", START))).collect());
        let mock = Mock::builder().scenario(scenario).expect("a built-in scenario").start();
        mock.get("/api/v2/company/promoters");
        let account = mock.default_account().state();
        let options = mock.world().options();
        let reset = middle((0..TRIES).map(|_| timed_ms(|| account.reset(options))).collect());
        let keep = middle((0..TRIES).map(|_| timed_ms(|| account.lock().keep())).collect());
        let kept = account.lock().keep();
        let restore = middle((0..TRIES).map(|_| timed_ms(|| account.lock().restore(&kept))).collect());
        let calling = mock.control("POST", "/snapshots", Value::Null);
        let id = calling["id"].clone();
        let path =
            format!("/snapshots/{}/restore", id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let whole = middle(
            (0..TRIES)
                .map(|_| {
                    timed_ms(|| {
                        (
                            mock.control("POST", "/snapshots", Value::Null),
                            mock.control("POST", &path, Value::Null),
                        )
                    })
                })
                .collect(),
        );
        if scenario == "starter" {
            table.judge("reset of starter", reset, "ms", Wanted::AtMost(1.0));
        } else {
            table.judge("building demo", building, "ms", Wanted::AtMost(500.0));
            table.tell("reset of demo", reset, "ms");
            table.judge("snapshot of demo", keep, "ms", Wanted::AtMost(20.0));
            table.judge("restore of demo", restore, "ms", Wanted::AtMost(20.0));
            table.judge(
                "snapshot and restore of demo, by two control calls",
                whole,
                "ms",
                Wanted::AtMost(20.0),
            );
        }
    }
}

/// An account for each of many tests, each of which does something.
fn many(table: &mut Table) {
    let server = Server::mock(&[]);
    server.json("1", "GET", "/api/v2/company/promoters", "");
    let idle = resident_mib(server.process());
    let began = Instant::now();
    for number in 0..ACCOUNTS {
        let account = format!("account-{number}");
        let lead = r#"{"email":"lead@example.com","uid":"cus_lead","ref_id":"jane89"}"#;
        server.json(&account, "POST", "/api/v2/track/signup", lead);
        let sale = r#"{"email":"lead@example.com","event_id":"evt_1","amount":4900}"#;
        server.json(&account, "POST", "/api/v2/track/sale", sale);
        server.json(&account, "GET", "/api/v2/company/referrals", "");
    }
    let each_us = began.elapsed().as_secs_f64() * 1e6 / (3 * ACCOUNTS) as f64;
    let more = resident_mib(server.process()) - idle;
    let what = "1,000 accounts with a signup, a sale and a list each, over idle";
    table.judge(what, more, "MiB", Wanted::AtMost(100.0));
    table.tell("a call to a new account, its connection included", each_us, "µs");
}

/// How long something takes, its end not included.
fn timed_ms<T>(work: impl FnOnce() -> T) -> f64 {
    let began = Instant::now();
    let made = work();
    let took = began.elapsed().as_secs_f64() * 1e3;
    drop(made);
    took
}
