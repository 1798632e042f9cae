//! How cost grows with the number of records: one account of 10³, 10⁴, 10⁵ and 10⁶ referrals, each with a sale and a
//! commission, spread over a year.

use std::hint::black_box;
use std::time::Instant;

use fp_mock::Mock;
use serde_json::json;

use super::grown::account;
use super::lists::{LISTS, REPORTS, SEARCHED, SEARCHES, SORTS, YEAR};
use super::machine::resident_mib;
use super::names;
use super::slopes::{self, Figures, measured_apart};
use super::table::{Table, Wanted, middle};

/// How many records, and what is asked of the largest account.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const LIST_MS: f64 = 5.0;
const REPORT_MS: f64 = 50.0;
const SALE_MS: f64 = 0.1;
const MEMORY_MIB: f64 = 1_500.0 * 1e6 / 1_048_576.0;

/// Groups of calls, of each of which the slowest is judged.
const GROUPS: [(&str, &str, f64); 6] = [
    ("GET list", "the slowest list", LIST_MS),
    ("first GET list", "the slowest first call of a list", LIST_MS),
    ("after a sale, GET list", "the slowest list after a sale", LIST_MS),
    ("after a restore, GET list", "the slowest list after a restore", LIST_MS),
    ("GET report", "the slowest report over a year", REPORT_MS),
    ("first GET report", "the slowest first call of a report", REPORT_MS),
];

/// The first calls of lists and reports, each made once, in a process that was asked for none before. Only the slowest
/// of the largest account are shown.
const FIRST: &str = "first GET";

/// Memory when all has been asked for once.
const MEMORY_LATER: &str = "memory after all calls";

/// A first call there is but once in a process.
const PROCESSES: usize = 3;
const TRIES: usize = 5;
const SALES: usize = 500;

pub fn measure(table: &mut Table) {
    let measured = |records: &usize| measured_apart("as-account-of", *records, PROCESSES);
    let every: Vec<Figures> = SIZES.iter().map(measured).collect();
    let of = |size: usize, name: &str| slopes::figure(&every[size], name);
    let last = SIZES.len() - 1;
    table.judge("10⁶: a sale, as a call", of(last, "sale"), "ms", Wanted::AtMost(SALE_MS));
    for (group, what, limit) in GROUPS {
        let (name, figure) = slowest(&every[last], group);
        table.judge(&format!("10⁶: {what}, `{name}`"), figure, "ms", Wanted::AtMost(limit));
    }
    let searches = measured_apart("with-lifelike-names", SIZES[last], PROCESSES);
    for (group, what) in
        [("first", "the slowest first search for lifelike names"), ("later", "the slowest later one")]
    {
        let (name, figure) = slowest(&searches, group);
        table.judge(&format!("10⁶: {what}, `{name}`"), figure, "ms", Wanted::AtMost(LIST_MS));
    }
    let from_memory = measured_apart("with-empty-caches", SIZES[last], PROCESSES);
    let (name, figure) = slowest(&from_memory, "");
    let what = format!("10⁶: the slowest first call of a list if the processor's caches are empty, `{name}`");
    table.tell(&what, figure, "ms");
    table.judge("10⁶: memory", of(last, "memory"), "MiB", Wanted::AtMost(MEMORY_MIB));
    let memory = of(last, MEMORY_LATER);
    table.judge("10⁶: memory after all those calls", memory, "MiB", Wanted::AtMost(MEMORY_MIB));
    let is_shown = |(name, _): &(String, f64)| !name.starts_with(FIRST);
    let shown: Vec<Figures> =
        every.into_iter().map(|figures| figures.into_iter().filter(is_shown).collect()).collect();
    table.say(&slopes::written("How cost grows (ms, memory MiB)", &shown));
}

/// The largest figure of a group, and what it is of.
fn slowest<'f>(figures: &'f Figures, group: &str) -> (&'f str, f64) {
    let of_group =
        figures.iter().filter_map(|(name, figure)| Some((name.strip_prefix(group)?.trim(), *figure)));
    of_group.max_by(|one, other| one.1.total_cmp(&other.1)).expect("a figure")
}

/// Grows an account, and prints what everything takes; of lists and reports, if there are words, only those that have one
/// of them in their names.
pub fn grow(records: usize, words: &[&str]) {
    let before = resident_mib(std::process::id());
    let began = Instant::now();
    let grown = account(records, &names::numbered);
    let mock = &grown.mock;
    println!("making one referral with its sale\t{}", began.elapsed().as_secs_f64() * 1e3 / records as f64);
    println!("memory\t{}", resident_mib(std::process::id()) - before);
    println!("sale\t{}", sale(mock));
    let is_wanted = |target: &&&str| words.is_empty() || words.iter().any(|word| target.contains(word));
    for list in LISTS.iter().filter(is_wanted) {
        let (first, others) = called_ms(mock, &grown.fill(list));
        println!("GET list {}\t{others}", shortened(list));
        println!("{FIRST} list {}\t{first}", shortened(list));
    }
    for list in SORTS.iter().filter(is_wanted) {
        println!("after a sale, GET list {}\t{}", shortened(list), after_sale_ms(mock, &grown.fill(list)));
    }
    for report in REPORTS.iter().filter(is_wanted) {
        let target = format!("/api/v2/company/reports/{report}&{YEAR}");
        let (first, others) = called_ms(mock, &target);
        println!("GET report {report}\t{others}");
        println!("{FIRST} report {report}\t{first}");
    }
    println!("{MEMORY_LATER}\t{}", resident_mib(std::process::id()) - before);
    for list in SORTS.iter().filter(is_wanted) {
        println!("after a restore, GET list {}\t{}", shortened(list), first_ms(mock, &grown.fill(list)));
    }
    let account = mock.default_account().state();
    let began = Instant::now();
    black_box(account.lock().keep());
    println!("snapshot\t{}", began.elapsed().as_secs_f64() * 1e3);
    // Taking it all down piece by piece would be measured by nobody.
    std::process::exit(0);
}

/// Grows an account of people with lifelike names, and prints what searches of it take the first time and later; if there
/// are words, only of those that have one of them.
pub fn search(records: usize, words: &[&str]) {
    let grown = account(records, &names::lifelike);
    let is_wanted = |target: &str| words.is_empty() || words.iter().any(|word| target.contains(word));
    for part in SEARCHED {
        for list in SEARCHES.iter().map(|list| list.replace("{part}", part)).filter(|list| is_wanted(list)) {
            let (first, others) = called_ms(&grown.mock, &grown.fill(&list));
            println!("first {}\t{first}", shortened(&list));
            println!("later {}\t{others}", shortened(&list));
        }
    }
    std::process::exit(0);
}

pub fn shortened(target: &str) -> &str {
    target.strip_prefix("/api/").unwrap_or(target)
}

pub fn call_ms(mock: &Mock, target: &str) -> f64 {
    let began = Instant::now();
    let answer = mock.call("GET", target, json!(null));
    assert_eq!(answer.status, 200, "{target}: {}", String::from_utf8_lossy(&answer.body));
    began.elapsed().as_secs_f64() * 1e3
}

/// What the first call takes, and the middle of others.
fn called_ms(mock: &Mock, target: &str) -> (f64, f64) {
    let first = call_ms(mock, target);
    (first, middle((0..TRIES).map(|_| call_ms(mock, target)).collect()))
}

/// The first list of an account that was restored.
fn first_ms(mock: &Mock, target: &str) -> f64 {
    let account = mock.default_account().state();
    let kept = account.lock().keep();
    let first = || {
        account.lock().restore(&kept);
        call_ms(mock, target)
    };
    middle((0..TRIES).map(|_| first()).collect())
}

/// A list that was asked for before the last sale.
fn after_sale_ms(mock: &Mock, target: &str) -> f64 {
    call_ms(mock, target);
    let after_sale = |number: usize| {
        let event_id = format!("after_{}_{number}", target.len());
        let body = json!({ "uid": format!("cus_{number}"), "event_id": event_id, "amount": 4_900 });
        mock.call("POST", "/api/v2/track/sale", body).expect(200);
        call_ms(mock, target)
    };
    middle((0..TRIES).map(after_sale).collect())
}

/// Sales of referrals that are there, as calls.
fn sale(mock: &Mock) -> f64 {
    let sell = |number: usize| {
        let body = json!({ "uid": format!("cus_{}", number % 1_000), "event_id": format!("new_{number}"), "amount": 4_900 });
        let began = Instant::now();
        mock.call("POST", "/api/v2/track/sale", body).expect(200);
        began.elapsed().as_secs_f64() * 1e3
    };
    (0..SALES / 10).for_each(|number| assert!(sell(number) > 0.0));
    middle((0..SALES).map(|number| sell(SALES + number)).collect())
}
