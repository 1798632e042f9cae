use super::*;

fn target(target: &str) -> Vec<String> {
    shown(&request("GET", target, ""))
}

fn post(body: &str) -> Vec<String> {
    shown(&request("POST", "/api/v2/things", body))
}

#[test]
fn a_request_that_keeps_to_the_contract_has_no_violation() {
    let sound = "/api/v2/things?page=2&ids[]=1&ids[]=2&columns[]=sales&filters[status]=open\
        &filters[created_at][from]=2025-01-01T00:00:00Z&sorting[amount]=desc&with_totals=true&unknown=1";
    assert!(target(sound).is_empty());
    assert!(
        target(
            "/api/v2/things?ids[0]=1&ids[1]=2&columns=sales&filters[status][]=open&filters[status][]=done"
        )
        .is_empty()
    );
    assert!(
        post(
            r#"{"email": "a@example.com", "amount": 3, "urgent": true, "ids": [1], "inner": {"deep": 1.5}}"#
        )
        .is_empty()
    );
}

#[test]
fn a_path_or_method_outside_the_contract_is_named() {
    assert_eq!(
        target("/api/v2/thing"),
        ["unknown-operation  expected a path of the contract, found `/api/v2/thing`"]
    );
    assert_eq!(
        request("GET", "/api/v2/thing", "")[0].hint.as_deref(),
        Some("did you mean `/api/v2/things`?")
    );
    assert_eq!(
        shown(&request("PUT", "/api/v2/things", "")),
        ["undeclared-method  expected GET or POST, found `PUT`"]
    );
    assert!(target("/somewhere/else").is_empty(), "someone else's path is not judged");
}

#[test]
fn query_parameters_are_read_as_their_schemas_mean_them() {
    assert_eq!(
        target("/api/v2/things?page=0"),
        ["out-of-range /query/page expected a number of at least 1, found the number 0"]
    );
    assert_eq!(
        target("/api/v2/things?page=x"),
        [r#"wrong-type /query/page expected an integer, found the string "x""#]
    );
    assert_eq!(
        target("/api/v2/things?ids[]=1&ids[]=x"),
        [r#"wrong-type /query/ids/1 expected an integer, found the string "x""#]
    );
    assert_eq!(
        target("/api/v2/things?ids[]=1&ids[]=2&ids[]=3&ids[]=4"),
        ["wrong-length /query/ids expected at most 3 items, found an array of 4 items"]
    );
    assert_eq!(
        target("/api/v2/things?with_totals=maybe"),
        [r#"wrong-type /query/with_totals expected a boolean, found the string "maybe""#]
    );
}

#[test]
fn bracketed_parameters_are_located_in_the_tree() {
    assert_eq!(
        target("/api/v2/things?filters[status]=opne"),
        [r#"wrong-value /query/filters/status expected one of open, done, found the string "opne""#]
    );
    assert_eq!(
        target("/api/v2/things?filters[status][]=open&filters[status][]=x"),
        [r#"wrong-value /query/filters/status/1 expected one of open, done, found the string "x""#]
    );
    assert_eq!(
        target("/api/v2/things?filters[created_at][from]=yesterday"),
        [
            r#"wrong-format /query/filters/created_at/from expected the format date-time, found the string "yesterday""#
        ]
    );
    assert_eq!(
        target("/api/v2/things?sorting[amount]=up"),
        [r#"wrong-value /query/sorting/amount expected one of asc, desc, found the string "up""#]
    );
}

#[test]
fn a_bracketed_parameter_in_the_wrong_shape_says_how_to_write_it() {
    let violations = request("GET", "/api/v2/things?filters=open", "");
    assert_eq!(
        shown(&violations),
        [
            r#"wrong-type /query/filters expected keys in brackets, as in `filters[status]`, found the string "open""#
        ]
    );
    assert_eq!(violations[0].hint.as_deref(), Some("write `filters[status]=…`"));
    let violations = request("GET", "/api/v2/things?ids=1", "");
    assert_eq!(shown(&violations), [r#"wrong-type /query/ids expected an array, found the string "1""#]);
    assert_eq!(violations[0].hint.as_deref(), Some("write it as a list: `ids[]=…`"));
    assert_eq!(target("/api/v2/things?a=1&a[b]=2")[0].split(' ').next(), Some("conflicting-parameter"));
}

#[test]
fn path_and_header_parameters_and_credentials_are_judged() {
    assert_eq!(
        target("/api/v2/things/abc"),
        [r#"wrong-type /path/id expected an integer, found the string "abc""#]
    );
    assert_eq!(
        target("/api/v2/things/3000000000"),
        ["out-of-range /path/id expected a number of at most 2147483647, found the number 3000000000"]
    );
    let bare = Request { method: "GET", target: "/api/v2/things/7", headers: &[], body: b"" };
    let violations = contract().check(&Exchange { request: bare, response: None });
    assert_eq!(
        shown(&violations),
        [
            "missing-credentials /header/authorization expected an `Authorization` header with bearer credentials, found none",
            "missing-parameter /header/account-id expected the header `Account-ID`, found none",
        ]
    );
    let basic = headers(&[("authorization", "Basic eDp5"), ("account-id", "1")]);
    let violations =
        contract().check(&Exchange { request: Request { headers: &basic, ..bare }, response: None });
    assert_eq!(violations[0].found, "another scheme", "the value of a key is never shown");
}

#[test]
fn a_required_parameter_is_missed_and_an_operation_may_need_no_credentials() {
    let bare = Request { method: "GET", target: "/api/v2/report", headers: &[], body: b"" };
    let violations = contract().check(&Exchange { request: bare, response: None });
    assert_eq!(shown(&violations), ["missing-parameter /query/day expected the parameter `day`, found none"]);
    assert_eq!(violations[0].position.as_ref().map(|position| position.line), Some(38));
}

#[test]
fn json_bodies_are_not_coerced_but_forms_and_queries_are() {
    let violations = request(
        "POST",
        "/api/v2/things",
        r#"{"email": "a@example.com", "amount": "3", "inner": {"deep": true}}"#,
    );
    assert_eq!(
        shown(&violations),
        [
            r#"wrong-type /body/amount expected an integer, found the string "3""#,
            "wrong-type /body/inner/deep expected a number, found true",
        ]
    );
    assert_eq!(violations[0].hint.as_deref(), Some("send it without quotes"));
    let form = headers(&[("Authorization", "Bearer k"), ("Account-ID", "1")]);
    let body = b"email=a%40example.com&amount=3&urgent=1&ids[]=4&inner[deep]=0.5";
    let request = Request { method: "POST", target: "/api/v2/things", headers: &form, body };
    assert!(contract().check(&Exchange { request, response: None }).is_empty());
    let target = "/api/v2/things?email=a%40example.com&amount=x";
    let violations =
        contract().check(&Exchange { request: Request { target, body: b"", ..request }, response: None });
    assert_eq!(shown(&violations), [r#"wrong-type /query/amount expected an integer, found the string "x""#]);
}

#[test]
fn a_body_that_is_missing_broken_or_foreign_is_told_once() {
    assert_eq!(post(""), ["missing-body /body expected a request body, found none"]);
    assert_eq!(post("{}"), ["missing-field /body/email expected the field `email`, found none"]);
    assert_eq!(
        post("{\"email\": }")[0],
        "malformed-json /body expected JSON in the request body, found expected value at line 1, column 11"
    );
    assert_eq!(post("[]"), ["wrong-type /body expected a JSON object as the request body, found an array"]);
    assert_eq!(post(r#"{"email": "a@b.c", "email": 1}"#).len(), 1);
    let csv = headers(&[("Authorization", "Bearer k"), ("Account-ID", "1"), ("Content-Type", "text/csv")]);
    let request = Request { method: "POST", target: "/api/v2/things", headers: &csv, body: b"a,b" };
    assert_eq!(
        shown(&contract().check(&Exchange { request, response: None })),
        [
            "unsupported-media-type /header/content-type expected a body of application/json or application/x-www-form-urlencoded, found text/csv"
        ]
    );
}

#[test]
fn a_misspelt_field_is_recognised() {
    let violations = request("POST", "/api/v2/things", r#"{"emial": "a@example.com"}"#);
    assert_eq!(shown(&violations), ["missing-field /body/email expected the field `email`, found none"]);
    assert_eq!(violations[0].hint.as_deref(), Some("there is a field `emial`: rename it to `email`"));
}

#[test]
fn a_discriminated_body_is_judged_by_the_branch_that_was_meant() {
    let make = |body| shown(&request("POST", "/api/v2/make", body));
    assert!(make(r#"{"kind": "sale", "amount": 5}"#).is_empty());
    assert_eq!(
        make(r#"{"kind": "sale", "unit": "cash"}"#),
        ["missing-field /body/amount expected the field `amount`, found none"]
    );
    assert_eq!(
        make(r#"{"kind": "sell", "amount": 5}"#),
        [r#"wrong-value /body/kind expected one of sale, custom, found the string "sell""#]
    );
    assert_eq!(make(r#"{"amount": 5}"#), ["missing-field /body/kind expected the field `kind`, found none"]);
    assert_eq!(
        make(r#"{"kind": "custom", "unit": "cash", "who": {}}"#),
        ["missing-field /body/who expected the field `email` or `uid`, found an empty object"]
    );
    assert_eq!(
        make(r#"{"kind": "custom", "unit": "cash", "who": {"uid": 5}}"#),
        ["wrong-type /body/who/uid expected a string, found the number 5"]
    );
}
