//! What judging costs, held against what it may cost: `cargo bench -p fp-contract --bench targets` prints a table.
//! The benchmarks beside this one tell more about each row.

#![expect(clippy::print_stdout, reason = "a load program prints what it measured")]

#[path = "proxying.rs"]
#[expect(dead_code, reason = "a program of its own, whose load is used here")]
mod proxying;

use std::fs;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use fp_contract::recording::{Format, Mask, Subject, line, read};
use fp_contract::{Contract, Exchange, Request, Response, Role, Rules, Source};

/// The one of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often a figure is taken: the middle counts.
const TRIES: usize = 15;
/// Bytes of the recording that is read.
const RECORDING: usize = 100_000_000;

fn main() {
    // `cargo test --benches` only asks whether it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("\n| what | measured | target | |\n| --- | ---: | ---: | --- |");
    judging();
    loading();
    recording();
    let load = proxying::measure();
    let what = format!("proxy with a reply of {} bytes ({:.0} /s without it)", load.length, load.direct);
    row(&what, load.proxied, "/s", load.proxied >= 3_000.0, "≥ 3,000 /s");
    row("of which judged", load.judged, "/s", load.judged >= 3_000.0, "≥ 3,000 /s");
}

fn row(what: &str, figure: f64, unit: &str, is_met: bool, target: &str) {
    let verdict = if is_met { "met" } else { "**missed**" };
    let figure = if figure >= 100.0 { format!("{figure:.0}") } else { format!("{figure:.1}") };
    println!("| {what} | {figure} {unit} | {target} | {verdict} |");
}

/// The middle of what several tries take, in seconds.
fn middle(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..TRIES)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[TRIES / 2]
}

struct Messages {
    sent: Vec<(String, String)>,
    received: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Messages {
    fn new() -> Messages {
        Messages {
            sent: vec![("x-api-key".to_owned(), "key".to_owned())],
            received: vec![("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned())],
            body: proxying::large_body(),
        }
    }

    fn exchange(&self) -> Exchange<'_> {
        let request = Request {
            method: "GET",
            target: "/api/v1/promoters/list?page=1",
            headers: &self.sent,
            body: b"",
        };
        Exchange {
            request,
            response: Some(Response { status: 200, headers: &self.received, body: &self.body }),
        }
    }
}

fn judging() {
    const TIMES: u32 = 200;
    let (messages, contract) = (Messages::new(), Contract::corrected());
    let judge = |rules: &Rules| {
        assert_eq!(contract.judge(&messages.exchange(), rules).violations, []);
        let all = middle(|| {
            (0..TIMES).for_each(|_| drop(black_box(contract.judge(black_box(&messages.exchange()), rules))));
        });
        all / f64::from(TIMES) * 1e6
    };
    let what = format!("a valid reply of {} bytes, parsed and judged", messages.body.len());
    let us = judge(&Rules::default());
    row(&what, us, "µs", us <= 150.0, "≤ 150 µs");
    let us = judge(&Rules::strict());
    row("the same by strict rules", us, "µs", true, "");
}

fn loading() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let source = |name: &str, role| Source {
        name: name.to_owned(),
        text: fs::read_to_string(spec.join(name)).expect("a document"),
        role,
    };
    let sources = [
        source("firstpromoter-v2.yaml", Role::Api),
        source("firstpromoter-v1.yaml", Role::Api),
        source("webhooks.yaml", Role::Webhooks),
        source("corrections.yaml", Role::Overlay),
    ];
    let ms = middle(|| drop(black_box(Contract::load(black_box(&sources)).expect("sound documents")))) * 1e3;
    row("loading all documents with overlay from YAML", ms, "ms", ms <= 50.0, "≤ 50 ms");
}

/// The same line again and again, never all of it in memory.
struct Again<'l> {
    line: &'l [u8],
    at: usize,
    left: usize,
}

impl Read for Again<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.line[self.at..];
        let length = rest.len().min(room.len()).min(self.left);
        room[..length].copy_from_slice(&rest[..length]);
        self.at = (self.at + length) % self.line.len();
        self.left -= length;
        Ok(length)
    }
}

fn recording() {
    let (messages, contract, rules) = (Messages::new(), Contract::corrected(), Rules::default());
    let mut one = line(&messages.exchange(), &[], Mask::Credentials);
    one.push('\n');
    let bytes = RECORDING / one.len() * one.len();
    let pass = |bytes: usize| {
        let lines = std::io::BufReader::new(Again { line: one.as_bytes(), at: 0, left: bytes });
        let judged = read(Format::JsonLines, lines).filter(|recorded| {
            let Ok(recorded) = recorded else { return false };
            let Subject::Exchange(recording) = &recorded.subject else { return false };
            contract.judge(&recording.as_exchange(), &rules).violations.is_empty()
        });
        assert_eq!(judged.count(), bytes / one.len());
    };
    pass(one.len() * 10);
    let before = resident_mib();
    let began = Instant::now();
    pass(bytes);
    let rate = bytes as f64 / began.elapsed().as_secs_f64() / 1e6;
    row(
        "a recording of 100 MB in JSON lines, read and judged on one core",
        rate,
        "MB/s",
        rate >= 100.0,
        "≥ 100 MB/s",
    );
    let grown = resident_mib() - before;
    row("memory that grew meanwhile", grown, "MiB", grown <= 1.0, "flat");
}

fn resident_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
    kib.unwrap_or(0.0) / 1024.0
}
