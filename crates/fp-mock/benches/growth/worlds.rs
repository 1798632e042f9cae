//! How cost grows with the number of accounts in one process: 10³, 10⁴ and 10⁵ of the starter scenario, each with a
//! signup, a sale and a list. 10⁶ of them would need some forty gigabytes.

use std::time::Instant;

use fp_mock::Mock;
use serde_json::{Value, json};

use super::machine::resident_mib;
use super::slopes::{self, measured_apart};
use super::table::{Table, middle};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const TRIES: usize = 501;

pub fn measure(table: &mut Table) {
    let every: Vec<_> = SIZES.iter().map(|accounts| measured_apart("as-world-of", *accounts, 1)).collect();
    table.say(&slopes::written("How cost grows with the number of accounts (ms, memory MiB)", &every));
}

/// Makes so many accounts, and prints what they took and what calls to them take.
pub fn grow(accounts: usize) {
    let mock = Mock::start();
    mock.get("/api/v2/company/promoters");
    let before = resident_mib(std::process::id());
    let began = Instant::now();
    (0..accounts).for_each(|number| begin(&mock, number));
    println!("making one account, by three calls\t{}", began.elapsed().as_secs_f64() * 1e3 / accounts as f64);
    println!("memory\t{}", resident_mib(std::process::id()) - before);
    // One after the other all over them.
    let each = |number: usize| number * 7_919 % accounts;
    let sale = |number: usize| {
        let body =
            json!({ "email": "lead@example.com", "event_id": format!("evt_{number}"), "amount": 4_900 });
        call_ms(&mock, each(number), "POST", "/api/v2/track/sale", body)
    };
    let list = |number: usize| call_ms(&mock, each(number), "GET", "/api/v2/company/referrals", Value::Null);
    let first =
        |number: usize| call_ms(&mock, accounts + number, "GET", "/api/v2/company/referrals", Value::Null);
    println!("a sale in one of them\t{}", middle((2..TRIES).map(sale).collect()));
    println!("a list in one of them\t{}", middle((2..TRIES).map(list).collect()));
    println!("the first call of one more\t{}", middle((0..TRIES).map(first).collect()));
    // Taking it all down piece by piece would be measured by nobody.
    std::process::exit(0);
}

fn begin(mock: &Mock, number: usize) {
    let lead = json!({ "email": "lead@example.com", "uid": "cus_lead", "ref_id": "jane89" });
    call_ms(mock, number, "POST", "/api/v2/track/signup", lead);
    let sale = json!({ "email": "lead@example.com", "event_id": "evt_1", "amount": 4_900 });
    call_ms(mock, number, "POST", "/api/v2/track/sale", sale);
    call_ms(mock, number, "GET", "/api/v2/company/referrals", Value::Null);
}

fn call_ms(mock: &Mock, account: usize, method: &str, target: &str, body: Value) -> f64 {
    let name = format!("account-{account}");
    let began = Instant::now();
    mock.account(&name).call(method, target, body).expect(200);
    began.elapsed().as_secs_f64() * 1e3
}
