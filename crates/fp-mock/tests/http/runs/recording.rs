//! A run that was recorded can be made again.

use std::fs;
use std::path::PathBuf;

use fp_contract::recording::{Format, Subject, read};
use serde_json::{Value, json};

use super::script::Script;
use crate::command::{KEYS, Running, ends, fp_mock};

/// A file that is gone when dropped.
struct Recording(PathBuf);

impl Recording {
    fn at(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("fp-mock-{}-{name}.jsonl", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path of letters")
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).expect("a recording")
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // A failing test may not have written it.
        let _ = fs::remove_file(&self.0);
    }
}

/// Calls with webhooks, faults, a reset and moves of the clock.
fn record(file: &Recording, arguments: &[&str]) {
    let mut all = vec!["--record", file.path(), "--seed", "11"];
    all.extend(arguments);
    let server = Running::start(&all);
    let headers = [KEYS[0], KEYS[1], ("x-api-key", "1"), ("content-type", "application/json")];
    let call = |method: &str, target: &str, body: &Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        server.call(method, target, &headers, &body).status().as_u16()
    };
    let inbox = format!("{}/__admin/inbox/in?account=1", server.url);
    assert_eq!(call("PUT", "/__admin/inbox/in", &json!({ "statuses": [200, 500, 200] })), 200);
    let subscription = json!({ "url": inbox, "event_types": ["referral.created", "commission.created"] });
    assert_eq!(call("POST", "/api/v2/company/webhooks", &subscription), 201);
    call("POST", "/__admin/faults", &json!({ "probability": 0.1, "error": { "status": 503 } }));
    let mut script = Script::new(4);
    for at in 0..150 {
        let next = script.next();
        call(next.method, &next.target, &next.body);
        if at % 25 == 20 {
            assert_eq!(call("POST", "/__admin/clock/advance", &json!({ "by": "1h" })), 200);
        }
        if at == 75 {
            assert_eq!(call("POST", "/__admin/reset", &Value::Null), 200);
        }
    }
    call("GET", "/api/v2/company/commissions?per_page=100", &Value::Null);
    let (status, _, err) = server.shut_down();
    assert_eq!(status, Some(0), "{err}");
}

#[test]
fn a_recorded_run_is_made_again_to_the_byte_whatever_its_clock() {
    for (name, arguments) in [("manual", &["--clock", "manual"][..]), ("real", &[])] {
        let file = Recording::at(name);
        record(&file, arguments);
        let (status, out, err) = ends(&mut fp_mock(&["--replay", file.path()]));
        assert_eq!(status, Some(0), "{name}: {out}{err}");
        assert!(out.contains("every answer as recorded"), "{out}");
        assert!(file.text().lines().count() > 150);
    }
}

#[test]
fn an_answer_that_differs_is_named_with_its_line_and_its_place() {
    let file = Recording::at("tampered");
    record(&file, &["--clock", "manual"]);
    // In the file the JSON of a body is a text, so its quotes are escaped.
    let tampered = file.text().replace(r#"\"id\":2000001,"#, r#"\"id\":2000009,"#);
    assert_ne!(tampered, file.text());
    fs::write(&file.0, tampered).expect("a file");
    let (status, out, err) = ends(&mut fp_mock(&["--replay", file.path()]));
    assert_eq!(status, Some(1), "{out}{err}");
    assert!(err.contains("2000009 became 2000001 at /"), "{err}");
    assert!(err.contains(&format!("{}:", file.path())), "{err}");
}

#[test]
fn a_recording_can_be_judged() {
    let file = Recording::at("judged");
    record(&file, &["--clock", "manual"]);
    let text = file.text();
    let exchanges =
        read(Format::JsonLines, text.as_bytes()).map(|recorded| recorded.expect("a readable line"));
    let of_apis = exchanges.filter(|recorded| match &recorded.subject {
        Subject::Exchange(exchange) => exchange.target().starts_with("/api/") && exchange.response.is_some(),
        Subject::Webhook { .. } => false,
    });
    assert!(of_apis.count() > 140);
}

#[test]
fn what_is_no_recording_is_refused() {
    let file = Recording::at("refused");
    for (text, said) in [
        ("", "an empty recording"),
        ("{", "no line of a recording"),
        ("{\"request\":{\"method\":\"GET\",\"url\":\"/\",\"headers\":[]}}", "expected run"),
        (
            "{\"run\":{\"arguments\":[\"--colour\"]},\"request\":{\"method\":\"GET\",\"url\":\"/\",\"headers\":[]}}",
            "cannot be started again",
        ),
    ] {
        fs::write(&file.0, text).expect("a file");
        let (status, _, err) = ends(&mut fp_mock(&["--replay", file.path()]));
        assert_eq!(status, Some(2), "{err}");
        assert!(err.contains(said), "{said:?} is missing in {err}");
    }
    let (status, _, err) = ends(&mut fp_mock(&["--replay", "/nowhere/at/all"]));
    assert_eq!(status, Some(2));
    assert!(err.contains("/nowhere/at/all"), "{err}");
    let (status, _, err) = ends(&mut fp_mock(&["--record", "/nowhere/at/all"]));
    assert_eq!(status, Some(2));
    assert!(err.contains("/nowhere/at/all"), "{err}");
}
