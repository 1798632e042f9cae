use super::*;

fn strict_request(method: &str, target: &str, body: &str) -> Vec<String> {
    let headers = headers(&[("Authorization", "Bearer k"), ("Account-ID", "1")]);
    let request = Request { method, target, headers: &headers, body: body.as_bytes() };
    shown(&contract().judge(&Exchange { request, response: None }, &Rules::strict()).violations)
}

fn strict_reply(body: &str) -> Vec<String> {
    shown(&reply(Rules::strict(), 200, Some("application/json"), body.as_bytes()).violations)
}

const WHOLE: &str = r#"{"id": 7, "email": "a@example.com", "link": "https://example.com", "state": "open", "owner": null,
    "tags": [], "price": 1, "at": null, "data": {"anything": {"goes": 1}}}"#;

#[test]
fn a_whole_reply_passes_strict_rules() {
    assert!(strict_reply(WHOLE).is_empty());
}

#[test]
fn a_field_that_no_part_of_the_composition_declares_is_told() {
    let body = WHOLE.replacen("{\"id\"", "{\"pricing\": 2, \"id\"", 1);
    assert_eq!(
        strict_reply(&body),
        ["undeclared-field /body/pricing expected no field `pricing`, found the number 2"]
    );
}

#[test]
fn a_declared_field_that_is_absent_is_told_apart_from_a_required_one() {
    let body = WHOLE.replacen("\"price\": 1,", "", 1).replacen("\"id\": 7,", "", 1);
    assert_eq!(
        strict_reply(&body),
        [
            "missing-field /body/id expected the field `id`, found none",
            "absent-field /body/price expected the field `price`, found none",
        ]
    );
}

#[test]
fn a_wrong_type_does_not_make_its_neighbours_look_undeclared() {
    let body = WHOLE.replacen("\"id\": 7", "\"id\": \"7\"", 1);
    assert_eq!(strict_reply(&body), [r#"wrong-type /body/id expected an integer, found the string "7""#]);
}

#[test]
fn undeclared_parameters_are_told_with_the_one_that_was_meant() {
    assert_eq!(
        strict_request("GET", "/api/v2/things?pgae=1&filters[status]=open&filters[state]=x&x[y]=1", ""),
        [
            "undeclared-parameter /query/pgae expected a declared parameter, found `pgae`",
            "undeclared-parameter /query/filters/state expected a declared parameter, found `filters[state]`",
            "undeclared-parameter /query/x expected a declared parameter, found `x`",
        ]
    );
}

#[test]
fn undeclared_and_read_only_fields_of_a_request_body_are_told() {
    assert_eq!(
        strict_request(
            "POST",
            "/api/v2/things?q=1",
            r#"{"email": "a@example.com", "id": 1, "inner": {"deep": 1, "x": 2}}"#
        ),
        [
            "read-only-field /body/id expected no read-only field in a request, found the number 1",
            r#"undeclared-field /query/q expected no field `q`, found the string "1""#,
            "undeclared-field /body/inner/x expected no field `x`, found the number 2",
        ]
    );
}
