//! `fp-harness snapshot` and `fp-harness pin`: what they ask of a target, what they keep, what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fp_contract::{Contract, WebhookSystem};
use fp_harness::snapshot::album::Album;
use fp_harness::snapshot::check::{Verdict, check};
use fp_harness::snapshot::keep::{self, Desk};
use fp_harness::snapshot::provoke::{CLEAN_UP, Provoked, STORY, Terms, provoke};
use fp_harness::snapshot::report::{self, Form};
use fp_harness::snapshot::script;
use fp_harness::snapshot::store::Store;
use fp_harness::snapshot::subject::Subject;
use fp_harness::target::Target;
use fp_mock::Mock;
use serde_json::{Value, json};

const KEY: &str = "key-that-nobody-may-see";

/// A folder of a test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("snapshots-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn command(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_fp-harness");
    Command::new(program).args(arguments).output().expect("the command runs")
}

#[track_caller]
fn expect(output: &Output, status: i32) -> String {
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{text}");
    assert!(!text.contains(KEY), "a key is shown: {text}");
    text
}

/// The mock as if it were the real service.
fn real(mock: &Mock) -> Target {
    Target::remote(mock.url(), "1", KEY, Some("1")).expect("a URL").as_real()
}

fn ask(target: &Target, allow_writes: bool) -> Provoked {
    let terms = Terms { rate_per_minute: None, allow_writes, seed: 7, samples: 3 };
    provoke(target, terms).expect("a target that answers")
}

/// A promoter as a recorded line, with some fields changed.
fn recorded(change: impl Fn(&mut Value)) -> String {
    let mock = Mock::start();
    let mut promoter = mock.account("1").get("/api/v2/company/promoters/500001");
    change(&mut promoter);
    let url = "https://api.firstpromoter.com/api/v2/company/promoters/500001";
    let response =
        json!({ "status": 200, "headers": { "Content-Type": "application/json" }, "body": promoter });
    json!({ "request": { "method": "GET", "url": url, "headers": { "Authorization": KEY } }, "response": response })
        .to_string()
}

const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/snapshots");

#[test]
fn a_real_host_is_only_read_unless_writes_are_allowed() {
    let mock = Mock::start();
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
    let provoked = ask(&real(&mock), false);
    assert!(mock.requests().iter().all(|entry| entry.call.request().method == "GET"));
    assert!(mock.requests().len() > 30, "hardly anything was read");
    let seen = |key: &str| provoked.album.seen().contains_key(&Subject::Operation(key.to_owned()));
    assert!(seen("GET /api/v2/company/referrals/{id}") && seen("GET /api/v1/leads/show"));
    let reason = |key: &str| {
        let subject = Subject::named(Contract::corrected(), key).expect("known");
        provoked.album.unseen().into_iter().find(|(other, _)| *other == subject).expect("unseen").1
    };
    assert_eq!(reason("POST /api/v2/track/sale"), "nothing is changed without --allow-writes");
    assert_eq!(reason("GET /api/v2/company/promo_codes/7"), "there is no `codes` to ask about");
    let event = "events are provoked at a mock only; check them by a recording";
    assert_eq!(reason("v2 commission.created"), event);
}

#[test]
fn writes_at_a_real_host_touch_nothing_but_what_they_made_and_take_it_away_again() {
    let mock = Mock::start();
    mock.given().promoter(json!({ "email": "amy@example.com", "initial_campaign_id": 5399 }));
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
    mock.given().sale(json!({ "email": "bob@example.com", "event_id": "e1", "amount": 5000 }));
    let account = mock.account("1");
    let lists = ["promoters", "referrals", "commissions", "payouts", "promo_codes", "emails", "webhooks"];
    let state = || lists.map(|list| account.get(&format!("/api/v2/company/{list}")));
    let before = state();
    let provoked = ask(&real(&mock), true);
    assert_eq!(provoked.left_behind, [""; 0]);
    assert_eq!(state(), before);
    let seen = provoked.album.seen().len();
    assert!(seen > 80, "{seen} operations: {:#?}", provoked.skipped);
    let entries = mock.requests();
    assert!(
        !entries.iter().any(|entry| entry.call.request().target.contains("/__admin")),
        "a real host has no control API"
    );
}

#[test]
fn a_run_that_is_cut_off_takes_away_what_it_made_and_says_that_it_stopped() {
    let mock = Mock::start();
    mock.given().promoter(json!({ "email": "amy@example.com", "initial_campaign_id": 5399 }));
    let promoters = || mock.account("1").get("/api/v2/company/promoters")["data"].clone();
    let before = promoters();
    let fault = json!({ "operation": "POST /api/v2/track/sale", "fault": "EMPTY_RESPONSE", "times": 3 });
    mock.account("1").control("POST", "/faults", fault);
    let provoked = ask(&real(&mock), true);
    assert!(provoked.stopped.is_some(), "the connection broke");
    assert!(provoked.left_behind.iter().any(|what| what.contains("fps-7-…")), "{:?}", provoked.left_behind);
    assert_eq!(promoters(), before);
}

#[test]
fn what_was_recorded_checks_clean_and_a_field_that_stays_away_is_told() {
    let (mock, snapshots) = (Mock::start(), folder("remote"));
    let snapshots = snapshots.to_str().expect("a name");
    let at = ["--target", mock.url(), "--key", KEY, "--v1-key", "1", "--folder", snapshots];
    let with = |action: &'static str| command(&[&["snapshot", action], at.as_slice()].concat());
    let told = expect(&with("record"), 0);
    assert!(told.contains("new: GET /api/v2/company/promoters\n"), "{told}");
    let promoters = mock.account("1").get("/api/v2/company/promoters");
    assert_eq!(promoters["data"].as_array().map(Vec::len), Some(1), "the account is as it was: {promoters}");
    let told = expect(&with("check"), 0);
    assert!(told.starts_with("not compared:") || told.starts_with("clean"), "{told}");
    let file = Path::new(snapshots).join("v2/promoters/list.snap");
    let text =
        fs::read_to_string(&file).expect("a snapshot").replace("  meta: ", "  gone: boolean\n  meta: ");
    fs::write(&file, text).expect("written");
    let told = expect(&with("check"), 0);
    assert!(told.contains("harmless field-not-seen: 200 /gone"), "{told}");
}

#[test]
fn recorded_traffic_is_compared_without_a_call() {
    let traffic = folder("recording").join("traffic.jsonl");
    let file = traffic.to_str().expect("a name");
    let check = |more: &[&str]| {
        command(&[&["snapshot", "check", "--recording", file, "--folder", SNAPSHOTS], more].concat())
    };
    fs::write(&traffic, recorded(|_| {})).expect("written");
    let told = expect(&check(&[]), 0);
    assert!(told.contains("clean: 1 payloads compared"), "{told}");

    let lost = recorded(|promoter| {
        promoter.as_object_mut().expect("an object").remove("email");
        promoter["extra"] = json!(1);
        promoter["promoter_campaigns"][0]["state"] = json!("vanished");
    });
    fs::write(&traffic, lost).expect("written");
    let told = expect(&check(&[]), 1);
    assert!(
        told.contains("breaking field-lost: 200 /email: expected it in every object, found none"),
        "{told}"
    );
    assert!(told.contains("breaking enum-value-new: 200 /promoter_campaigns/[]/state"), "{told}");
    assert!(told.contains("harmless field-new: 200 /extra"), "{told}");
    let told: Value = serde_json::from_str(&expect(&check(&["--format", "json"]), 1)).expect("JSON");
    assert_eq!((&told["verdict"], &told["checked"]["compared"]), (&json!("different"), &json!(1)));
    let told = expect(&check(&["--format", "github"]), 1);
    let annotation =
        "v2/promoters/show.snap,line=7,title=field-lost in GET /api/v2/company/promoters/{id}::200 /email";
    assert!(told.contains(annotation), "{told}");

    fs::write(&traffic, recorded(|promoter| promoter["extra"] = json!(1))).expect("written");
    expect(&check(&[]), 0);
    expect(&check(&["--strict"]), 1);
    fs::write(&traffic, "{\"request\": 5}\n").expect("written");
    expect(&check(&[]), 2);
}

#[test]
fn a_har_and_a_transcript_are_read_as_well_and_a_foreign_host_is_left_out() {
    let folder = folder("formats");
    let line: Value =
        serde_json::from_str(&recorded(|promoter| promoter["email"] = Value::Null)).expect("JSON");
    let (url, body) = (&line["request"]["url"], line["response"]["body"].to_string());
    let headers = json!([{ "name": "Content-Type", "value": "application/json" }]);
    let response = json!({ "status": 200, "headers": headers, "content": { "mimeType": "application/json", "text": body } });
    let request = json!({ "method": "GET", "url": url, "headers": [{ "name": "x-api-key", "value": KEY }] });
    let har =
        json!({ "log": { "version": "1.2", "entries": [{ "request": request, "response": response }] } });
    let transcript = format!(
        "GET {} HTTP/1.1\nHost: api.firstpromoter.com\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}\n",
        url.as_str().expect("a URL")
    );
    for (name, text) in [("traffic.har", har.to_string()), ("traffic.http", transcript)] {
        let file = folder.join(name);
        fs::write(&file, text).expect("written");
        let at = ["snapshot", "check", "--folder", SNAPSHOTS, "--recording", file.to_str().expect("a name")];
        let told = expect(&command(&at), 1);
        assert!(told.contains("breaking null-possible: 200 /email"), "{name}: {told}");
        let elsewhere = ["--base-url", "https://other.example.com"];
        let told = expect(&command(&[at.as_slice(), &elsewhere].concat()), 2);
        assert!(told.contains("nothing to say: 0 payloads compared"), "{name}: {told}");
    }
}

#[test]
fn pins_fail_only_on_what_they_concern() {
    let folder = folder("pins");
    let (traffic, pins) = (folder.join("traffic.jsonl"), folder.join("pins.yaml"));
    let (recording, file) = (traffic.to_str().expect("a name"), pins.to_str().expect("a name"));
    let check =
        || command(&["snapshot", "check", "--recording", recording, "--folder", SNAPSHOTS, "--pins", file]);
    let lost = recorded(|promoter| drop(promoter.as_object_mut().expect("an object").remove("note")));
    fs::write(&traffic, lost).expect("written");
    let write = |fields: &str| {
        let text =
            format!("pins:\n  - operation: GET /api/v2/company/promoters/{{id}}\n    fields: [{fields}]\n");
        fs::write(&pins, text).expect("written");
    };
    write("id, email");
    assert!(expect(&command(&["pin", file]), 0).contains("promoters/{id}: 2 fields"));
    assert!(expect(&check(), 0).contains("clean"));
    write("id, note");
    assert!(expect(&check(), 1).contains("field-lost: 200 /note"));
    write("id, nope_at_all");
    let told = expect(&command(&["pin", file]), 1);
    assert!(told.contains("pins.yaml:3: `nope_at_all` of GET /api/v2/company/promoters/{id}"), "{told}");
    expect(&check(), 2);
    expect(&command(&["pin", "/no/such/file.yaml"]), 2);
}

/// An album with one event.
fn album(amount: &Value) -> Album {
    let mut album = Album::new(Contract::corrected());
    let payload = json!({ "event_type": "commission.created", "data": { "id": 1, "amount": amount } });
    album.add_event(WebhookSystem::V2, "commission.created", &payload);
    album
}

fn answering<'d>(answers: &'d mut &[u8], questions: &'d mut Vec<u8>) -> Desk<'d> {
    Desk { answers: Some(answers), questions }
}

#[test]
fn a_review_asks_about_each_change_and_keeps_what_is_accepted() {
    let store = Store::at(&folder("review"), Contract::corrected());
    let event = Subject::event(WebhookSystem::V2, "commission.created");
    let review = |album: &Album, mut answers: &[u8]| {
        let mut questions = Vec::new();
        let kept = keep::review(album, &store, false, &mut answering(&mut answers, &mut questions));
        (kept.expect("readable"), String::from_utf8(questions).expect("text"))
    };
    let (kept, asked) = review(&album(&json!(5)), b"what?\nr\n");
    assert_eq!((kept.refused.len(), store.files().len()), (1, 0));
    assert_eq!(asked.matches("[a/r/s]?").count(), 2, "a wrong answer is asked for again: {asked}");
    let (kept, asked) = review(&album(&json!(5)), b"a\n");
    assert_eq!(kept.new, ["webhook v2 commission.created"]);
    assert!(asked.contains("      amount: integer\n"), "{asked}");
    let (kept, asked) = review(&album(&json!(null)), b"s\n");
    assert_eq!((kept.refused.len(), kept.same), (1, 0));
    assert!(
        asked.contains("breaking null-possible: payload /data/amount: expected integer, found null"),
        "{asked}"
    );
    let (kept, _) = review(&album(&json!(null)), b"");
    assert_eq!(kept.refused.len(), 1, "an end of input keeps nothing");
    assert!(!store.read(&event).expect("readable").expect("there")["payload"].null);
    let all = keep::review(
        &album(&json!(null)),
        &store,
        true,
        &mut Desk { answers: None, questions: &mut Vec::new() },
    );
    assert_eq!(all.expect("readable").changed.len(), 1);
    let text = fs::read_to_string(store.file(&event).expect("a file")).expect("a text file");
    assert!(text.contains("    amount: null | integer\n"), "merging keeps what was known: {text}");
}

#[test]
fn proposals_of_failed_tests_are_reviewed_too() {
    let store = Store::at(&folder("proposals"), Contract::corrected());
    let event = Subject::event(WebhookSystem::V2, "commission.created");
    keep::record(&album(&json!(5)), &store, false).expect("written");
    let file = store.file(&event).expect("a file");
    let proposal = file.with_extension("snap.new");
    let text = fs::read_to_string(&file).expect("a snapshot");
    let review = |mut answers: &[u8]| {
        fs::write(&proposal, text.replace("amount: integer", "amount: string")).expect("written");
        let mut questions = Vec::new();
        let album = Album::new(Contract::corrected());
        keep::review_proposals(&album, &store, &mut answering(&mut answers, &mut questions))
            .expect("readable")
    };
    assert_eq!((review(b"s\n").refused.len(), proposal.exists()), (1, true));
    assert_eq!((review(b"r\n").refused.len(), proposal.exists()), (1, false));
    assert_eq!((review(b"a\n").changed.len(), proposal.exists()), (1, false));
    assert!(fs::read_to_string(&file).expect("a snapshot").contains("amount: string"));
}

#[test]
fn a_review_without_a_terminal_says_what_to_do() {
    let told = expect(&command(&["snapshot", "review", "--folder", SNAPSHOTS]), 2);
    assert!(told.contains("hint: --accept-all"), "{told}");
    let told = expect(&command(&["snapshot", "check", "--target", "http://127.0.0.1:1", "--key", KEY]), 2);
    assert!(told.contains("has no answer"), "{told}");
}

#[test]
fn deliveries_to_an_address_of_ones_own_are_found_in_traffic() {
    let traffic = folder("deliveries").join("traffic.jsonl");
    let mock = Mock::start();
    let body = mock.account("1").control("POST", "/trigger/commission.created", json!({}))["payload"].clone();
    let legacy = mock.account("1").control("POST", "/trigger/lead_signup", json!({}))["payload"].clone();
    let line = |body: &Value| {
        let request = json!({ "method": "POST", "url": "https://shop.example.com/hook", "body": body });
        json!({ "request": request, "response": { "status": 200 } }).to_string()
    };
    fs::write(&traffic, format!("{}\n{}\n{legacy}\n", line(&body), line(&legacy))).expect("written");
    let file = traffic.to_str().expect("a name");
    let told = expect(&command(&["snapshot", "check", "--recording", file, "--folder", SNAPSHOTS]), 0);
    assert!(told.contains("clean: 2 payloads compared"), "{told}");
}

/// Everything that a mock of this scenario and seed sends, asked as a real host is.
fn asked(scenario: &str, seed: u64) -> Album {
    let mock = Mock::builder().scenario(scenario).expect("a scenario").seed(seed).start();
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
    mock.given().sale(json!({ "email": "bob@example.com", "event_id": "e1", "amount": 5000 }));
    let terms = Terms { rate_per_minute: None, allow_writes: true, seed, samples: 3 };
    provoke(&real(&mock), terms).expect("a target that answers").album
}

#[test]
fn other_records_of_the_same_service_raise_no_alarm() {
    let (few, many) = (asked("starter", 3), asked("demo", 4));
    for (known, seen, name) in [(&few, &many, "few"), (&many, &few, "many")] {
        let store = Store::at(&folder(&format!("alarm-{name}")), Contract::corrected());
        keep::record(known, &store, false).expect("written");
        let checked = check(seen, &store, None).expect("readable");
        let told = report::render(&checked, Form::Text, false);
        assert!(checked.compared > 80, "{told}");
        assert_eq!(checked.verdict(false), Verdict::Clean, "{told}");
    }
}

#[test]
fn every_call_that_a_real_host_may_get_names_only_what_the_run_made() {
    let made_by_us = |script: &str| {
        let lines = script::read(script);
        let posts = lines.iter().filter(|line| line.method == "POST" && line.mock_only.is_none());
        posts.flat_map(|line| line.keeps.iter().map(|(name, _)| (*name).to_owned())).collect::<Vec<_>>()
    };
    let own = made_by_us(STORY);
    // Campaigns and rewards cannot be made; a call that names them makes or changes what the run made itself.
    let given = ["own", "campaigns", "reward", "ann_campaign", "ben_campaign"];
    for line in [STORY, CLEAN_UP].into_iter().flat_map(script::read) {
        if line.method == "GET" || line.mock_only.is_some() {
            continue;
        }
        let version = if line.target.starts_with("/api/v1") { "v1" } else { "v2" };
        for name in format!("{} {}", line.target, line.body).split('$').skip(1) {
            let name =
                name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
            let fits = own.iter().any(|own| own == name) || given.contains(&name);
            assert!(fits, "{} {} names `{name}`, which the run did not make", line.method, line.target);
            let made_in_v1 = ["fay", "gil", "hal", "ida", "points", "reward_id"].contains(&name);
            let is_id = !["own", "campaigns"].contains(&name);
            assert!(
                !is_id || made_in_v1 == (version == "v1"),
                "{} uses the id `{name}` of the other API",
                line.target
            );
        }
    }
}
