//! How long judging takes: a reply of 35 KB, loading the documents, reading recordings.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fp_contract::recording::{Format, Mask, Subject, line, read};
use fp_contract::{Contract, Exchange, Request, Response, Role, Rules, Source};

/// The documented promoters, often enough to make 35 KB.
fn large_reply() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/payloads/v1-published/promoters/list.json");
    let list: Vec<serde_json::Value> =
        serde_json::from_slice(&fs::read(path).expect("a payload")).expect("JSON");
    let mut records = list.clone();
    while serde_json::to_vec(&records).expect("JSON").len() < 35_000 {
        records.extend(list.iter().cloned());
    }
    serde_json::to_vec(&records).expect("JSON")
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
            body: large_reply(),
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

fn judging(bench: &mut Criterion) {
    let messages = Messages::new();
    let contract = Contract::corrected();
    assert_eq!(contract.check(&messages.exchange()), []);
    let mut group = bench.benchmark_group("judge");
    group.throughput(Throughput::Bytes(messages.body.len() as u64));
    group.bench_function("a valid reply of 35 KB, parsed and judged", |bencher| {
        bencher.iter(|| contract.check(black_box(&messages.exchange())));
    });
    group.bench_function("the same by strict rules", |bencher| {
        let rules = Rules::strict();
        bencher.iter(|| contract.judge(black_box(&messages.exchange()), &rules));
    });
    group.finish();
    let body = br#"{"email": "jane@example.com", "amount": 2000, "event_id": "evt_1"}"#;
    let headers = [
        ("Authorization".to_owned(), "Bearer key".to_owned()),
        ("Account-ID".to_owned(), "1".to_owned()),
        ("Content-Type".to_owned(), "application/json".to_owned()),
    ];
    let request = Request { method: "POST", target: "/api/v2/track/sale", headers: &headers, body };
    let exchange = Exchange { request, response: None };
    assert_eq!(contract.check(&exchange), []);
    bench.bench_function("judge/a small request", |bencher| {
        bencher.iter(|| contract.check(black_box(&exchange)))
    });
}

fn loading(bench: &mut Criterion) {
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
    let mut group = bench.benchmark_group("load");
    group.sample_size(20);
    group.bench_function("all documents with overlay, from YAML, every schema compiled", |bencher| {
        bencher.iter(|| Contract::load(black_box(&sources)).expect("sound documents"));
    });
    group.finish();
}

fn recordings(bench: &mut Criterion) {
    let messages = Messages::new();
    let mut one = line(&messages.exchange(), &[], Mask::Credentials);
    one.push('\n');
    let lines = one.repeat(200).into_bytes();
    let contract = Contract::corrected();
    let rules = Rules::default();
    let mut group = bench.benchmark_group("recording");
    group.throughput(Throughput::Bytes(lines.len() as u64));
    group.sample_size(20);
    group.bench_function("JSON lines, read and judged", |bencher| {
        bencher.iter(|| {
            let judged = read(Format::JsonLines, lines.as_slice()).filter(|recorded| {
                let Ok(recorded) = recorded else { return false };
                let Subject::Exchange(recording) = &recorded.subject else { return false };
                contract.judge(&recording.as_exchange(), &rules).violations.is_empty()
            });
            assert_eq!(judged.count(), 200);
        });
    });
    group.finish();
}

criterion_group!(benches, judging, loading, recordings);
criterion_main!(benches);
