use super::*;

fn thing(body: &str) -> Vec<String> {
    shown(&reply(Rules::default(), 200, Some("application/json; charset=utf-8"), body.as_bytes()).violations)
}

#[test]
fn a_reply_that_keeps_to_the_contract_conforms() {
    let body =
        r#"{"id": 7, "state": "open", "owner": null, "tags": ["a"], "price": 0.5, "at": null, "extra": 1}"#;
    let judgement = reply(Rules::default(), 200, Some("application/json"), body.as_bytes());
    assert_eq!((judgement.outcome(), judgement.violations), (Outcome::Conforms, vec![]));
    assert_eq!(judgement.operation.as_deref(), Some("GET /api/v2/things/{id}"));
}

#[test]
fn each_fault_of_a_body_is_told_once_at_its_place() {
    let body = r#"{"id": "7", "state": "opened", "owner": {"email": "x"}, "tags": [1, "a", "a"], "price": 0, "at": "soon", "link": "here"}"#;
    assert_eq!(
        thing(body),
        [
            r#"wrong-type /body/id expected an integer, found the string "7""#,
            "missing-field /body/owner/id expected the field `id`, found none",
            "wrong-type /body/tags/0 expected a string, found the number 1",
            r#"wrong-format /body/link expected the format uri, found the string "here""#,
            r#"wrong-value /body/state expected one of open, done, pending, found the string "opened""#,
            r#"wrong-format /body/owner/email expected the format email, found the string "x""#,
            "duplicate-items /body/tags expected every item once, found an array of 3 items",
            "out-of-range /body/price expected a number above 0, found the number 0",
            r#"wrong-format /body/at expected the format date-time, found the string "soon""#,
        ]
    );
}

#[test]
fn a_violation_names_the_line_of_the_contract_that_it_breaks() {
    let judgement =
        reply(Rules::default(), 200, Some("application/json"), br#"{"id": 7, "state": 5, "owner": null}"#);
    let violation = &judgement.violations[0];
    assert_eq!(violation.position.as_ref().map(ToString::to_string).as_deref(), Some("small.yaml:60"));
    assert_eq!(
        violation.to_string(),
        "wrong-type: GET /api/v2/things/{id} response /body/state: expected a string, found the number 5 (small.yaml:60)"
    );
}

#[test]
fn a_masked_violation_shows_kinds_in_place_of_values() {
    let judgement = reply(
        Rules::default(),
        200,
        Some("application/json"),
        br#"{"id": "jane", "state": "open", "owner": null}"#,
    );
    let masked = judgement.violations[0].clone().masked();
    assert_eq!(masked.message, "expected an integer, found a string");
    assert!(!serde_json::to_string(&masked).expect("serializable").contains("jane"));
}

#[test]
fn a_field_for_requests_only_has_no_place_in_a_reply() {
    assert_eq!(
        thing(r#"{"id": 7, "state": "open", "owner": null, "secret": "s"}"#),
        [r#"write-only-field /body/secret expected no write-only field in a reply, found the string "s""#]
    );
}

#[test]
fn a_status_is_found_exactly_then_by_its_class() {
    let judgement = reply(Rules::default(), 404, Some("application/json"), b"{}");
    assert_eq!(
        shown(&judgement.violations),
        ["missing-field /body/message expected the field `message`, found none"]
    );
    let judgement = reply(Rules::default(), 500, Some("application/json"), b"{}");
    assert_eq!(
        shown(&judgement.violations),
        ["undeclared-status /status expected one of the statuses 200, 204, 401, 4xx, found 500"]
    );
    assert_eq!(judgement.not_judged[0].reason, "no-schema");
}

#[test]
fn media_types_and_bodies_that_do_not_fit_are_told() {
    let told =
        |content_type, body: &[u8]| shown(&reply(Rules::default(), 200, content_type, body).violations);
    assert_eq!(
        told(Some("text/html"), b"<p>"),
        ["undeclared-media-type /header/content-type expected application/json, found `text/html`"]
    );
    assert_eq!(
        told(None, br#"{"id": 7, "state": "open", "owner": null}"#),
        ["missing-content-type /header/content-type expected application/json, found none"]
    );
    assert_eq!(
        told(Some("application/json"), b""),
        ["missing-body /body expected a body of application/json, found none"]
    );
    assert_eq!(told(Some("application/json"), b"{")[0].split(' ').next(), Some("malformed-json"));
    let judgement = reply(Rules::default(), 204, None, b"x");
    assert_eq!(shown(&judgement.violations), ["unexpected-body /body expected no body, found 1 bytes"]);
}

#[test]
fn what_cannot_be_judged_says_why() {
    let judgement = reply(Rules::default(), 401, Some("application/json"), b"{}");
    assert_eq!(judgement.outcome(), Outcome::NotJudged);
    assert_eq!(judgement.not_judged[0].message, "the status 401 is declared without a body");
    let contract = contract();
    let request = Request { method: "GET", target: "/elsewhere", headers: &[], body: b"" };
    let judgement = contract.judge(&Exchange { request, response: None }, &Rules::default());
    assert_eq!(judgement.not_judged[0].reason, "foreign-path");
}

#[test]
fn reply_headers_are_judged() {
    let sent = |value| headers(&[("Content-Type", "text/csv"), ("x-total", value)]);
    let told = |headers: &[(String, String)]| {
        let request =
            Request { method: "GET", target: "/api/v2/report?day=2025-01-15", headers: &[], body: b"" };
        let response = Some(Response { status: 200, headers, body: b"a,b" });
        shown(&contract().check(&Exchange { request, response }))
    };
    assert!(told(&sent("12")).is_empty());
    assert_eq!(
        told(&sent("many")),
        [r#"wrong-type /header/x-total expected an integer, found the string "many""#]
    );
    assert_eq!(
        told(&headers(&[("Content-Type", "text/csv")])),
        ["missing-header /header/x-total expected the header `X-Total`, found none"]
    );
}
