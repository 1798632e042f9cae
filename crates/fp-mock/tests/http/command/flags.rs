//! Flags and environment variables.

use super::{KEYS, Running, ends, fp_mock};

#[test]
fn a_bad_value_stops_the_start_and_says_which_and_why() {
    for (arguments, said) in [
        (&["--port", "70000"][..], "--port"),
        (&["--host", "nowhere"], "--host"),
        (&["--clock", "backwards"], "expected real, manual or fast:N"),
        (&["--clock", "fast:0"], "expected real, manual or fast:N"),
        (&["--start", "soon"], "2025-01-15T10:30:00Z"),
        (&["--seed", "x"], "--seed"),
        (&["--scenario", "nonesuch"], "no scenario is named"),
        (&["--api-key", "k=1:king"], "--api-key"),
        (&["--validate", "everything"], "expected requests, responses"),
        (&["--rate-limit", "0"], "from 1, or off"),
        (&["--retry-schedule", "never"], "expected linear or exponential"),
        (&["--private-webhook-urls", "maybe"], "expected allow or deny"),
        (&["--webhook-patience", "long"], "5s or 500ms"),
        (&["--log-format", "xml"], "text"),
        (&["--max-journal-entries", "few"], "--max-journal-entries"),
        (&["--watch"], "--watch needs a scenario file"),
        (&["--colour"], "--colour"),
        (&["--record", "a", "--replay", "b"], "cannot be used with"),
    ] {
        let (status, out, err) = ends(&mut fp_mock(arguments));
        assert_eq!(status, Some(2), "{arguments:?}: {err}");
        assert!(err.contains(said), "{arguments:?}: {err}");
        assert_eq!(out, "", "{arguments:?}");
    }
}

#[test]
fn a_variable_does_what_its_flag_does() {
    let mut command = fp_mock(&["--port", "0"]);
    command.env("FP_MOCK_CLOCK", "manual").env("FP_MOCK_API_KEY", "a=1,b=2").env("FP_MOCK_CORS", "true");
    command.env("FP_MOCK_WATCH", "false").env("FP_MOCK_RATE_LIMIT", "400");
    let server = Running::of(&mut command);
    let clock = server.get("/__admin/clock", &[]).text().expect("text");
    assert!(clock.contains("\"mode\":\"manual\"") && clock.contains("2025-01-15T10:30:00.000Z"), "{clock}");
    let status = |key: &str| {
        let keys = [("authorization", format!("Bearer {key}")), ("account-id", "1".to_owned())];
        let keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (*name, value.as_str())).collect();
        server.get("/api/v2/company/promoters", &keys).status().as_u16()
    };
    assert_eq!((status("a"), status("b"), status("c")), (200, 401, 401));
    let (status, _, err) = ends(fp_mock(&[]).env("FP_MOCK_CLOCK", "sundial"));
    assert_eq!(status, Some(2));
    assert!(err.contains("--clock"), "{err}");
}

#[test]
fn port_counts_where_no_other_port_is_named() {
    let (status, _, err) = ends(fp_mock(&[]).env("PORT", "many"));
    assert_eq!(status, Some(2));
    assert!(err.contains("PORT: expected a port number, found \"many\""), "{err}");
    let server = Running::of(fp_mock(&[]).env("PORT", "0"));
    assert_eq!(server.get("/__admin/health", &[]).status().as_u16(), 200);
    let again = Running::of(fp_mock(&["--port", "0"]).env("PORT", server.port()));
    assert_ne!(again.port(), server.port());
}

#[test]
fn a_port_that_is_taken_stops_the_start() {
    let server = Running::start(&[]);
    let (status, _, err) = ends(&mut fp_mock(&["--port", &server.port()]));
    assert_eq!(status, Some(2));
    assert!(err.contains("cannot listen on") && err.contains("in use"), "{err}");
}

#[test]
fn browsers_may_call_only_if_they_are_let() {
    let question = [("origin", "http://app.test"), ("access-control-request-method", "POST")];
    let closed = Running::start(&[]);
    assert!(closed.get("/__admin/health", &question).headers().get("access-control-allow-origin").is_none());
    let open = Running::start(&["--cors"]);
    let mut asked = question.to_vec();
    asked.push(("access-control-request-headers", "authorization,account-id"));
    let answer = open.call("OPTIONS", "/api/v2/track/sale", &asked, "");
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["access-control-allow-headers"], "authorization,account-id");
    let answer = open.get("/api/v2/company/promoters", &KEYS);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert!(open.get("/__admin/clock", &[]).headers().contains_key("access-control-expose-headers"));
}

#[test]
fn the_published_contract_resolves_and_judges_when_it_is_asked_for() {
    let server = Running::start(&["--published", "--clock", "manual"]);
    let health = server.get("/__admin/health", &[]).text().expect("text");
    assert!(health.contains("\"v2\":84"), "{health}");
    assert_eq!(server.get("/api/v2/company/promoters", &KEYS).status().as_u16(), 200);
}

#[test]
fn private_webhook_urls_are_called_unless_they_are_denied() {
    let test_call = |arguments: &[&str]| {
        let server = Running::start(arguments);
        let body =
            format!("{{\"url\":\"{}/__admin/inbox/in\",\"event_type\":\"promoter.created\"}}", server.url);
        let headers = [KEYS[0], KEYS[1], ("content-type", "application/json")];
        server.call("POST", "/api/v2/company/webhooks/test", &headers, &body).status().as_u16()
    };
    assert_eq!(test_call(&["--private-webhook-urls", "allow"]), 200);
    assert_eq!(test_call(&["--private-webhook-urls", "deny"]), 400);
}
