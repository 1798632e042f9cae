//! Every refusal that the documents show, word for word: the calls that they show it for, and what the mock answers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fp_contract::{Contract, Version};
use fp_mock::Mock;
use fp_mock::api::auth::Keys;
use serde_json::{Value, json};

/// An example, and the calls for which the documents show it: status, method, target, parameters.
type Row = (&'static str, u16, &'static [(&'static str, &'static str, &'static str)]);

const V1: &[Row] = &[
    (
        "v1/lead_not_found",
        404,
        &[
            ("DELETE", "leads/delete", r#"{"id":99}"#),
            ("PUT", "leads/update", r#"{"id":99}"#),
            ("GET", "leads/show?id=99", ""),
        ],
    ),
    ("v1/lead_not_named", 422, &[("DELETE", "leads/delete", "{}"), ("GET", "leads/show", "")]),
    ("v1/promotion_not_found", 422, &[("GET", "leads/list?promotion_id=99", "")]),
    ("v1/campaign_not_found", 422, &[("GET", "promoters/list?campaign_id=99", "")]),
    ("v1/payee_not_named", 422, &[("POST", "payouts/create", "{}")]),
    ("v1/payout_not_found", 404, &[("PUT", "payouts/update", r#"{"id":99,"status":"completed"}"#)]),
    ("v1/payout_not_named", 422, &[("PUT", "payouts/update", r#"{"status":"completed"}"#)]),
    (
        "v1/promoter_not_found",
        404,
        &[
            ("PUT", "promoters/update", r#"{"id":99}"#),
            ("GET", "promoters/show?id=99", ""),
            ("DELETE", "promoters/delete", r#"{"id":99}"#),
            ("POST", "promoters/move_to_campaign", r#"{"id":99,"destination_campaign_id":5399}"#),
            ("POST", "promoters/add_to_campaign", r#"{"id":99,"campaign_id":5399}"#),
            ("PUT", "promoters/refresh_token", r#"{"id":99}"#),
        ],
    ),
    (
        "v1/promoter_not_named",
        422,
        &[
            ("DELETE", "promoters/delete", "{}"),
            ("POST", "promoters/move_to_campaign", r#"{"destination_campaign_id":5399}"#),
            ("POST", "promoters/add_to_campaign", r#"{"campaign_id":5399}"#),
            ("PUT", "promoters/refresh_token", "{}"),
        ],
    ),
    (
        "v1/promoter_or_code_not_named",
        422,
        &[("PUT", "promoters/update", "{}"), ("GET", "promoters/show", "")],
    ),
    (
        "v1/selected_fields_invalid",
        422,
        &[
            ("GET", "reports/overview?selected_fields[]=nonsense", ""),
            ("GET", "reports/campaigns?selected_fields[]=nonsense", ""),
            ("GET", "reports/promoters?selected_fields[]=nonsense", ""),
        ],
    ),
    (
        "v1/event_exists",
        409,
        &[("POST", "track/sale", r#"{"email":"bob@example.com","event_id":"evt_123","amount":100}"#)],
    ),
    ("v1/refund_exists", 409, &[("POST", "track/refund", REFUND)]),
    (
        "v1/amount_invalid",
        400,
        &[
            ("POST", "track/sale", r#"{"email":"bob@example.com","event_id":"e9","amount":"x"}"#),
            ("POST", "track/refund", r#"{"email":"bob@example.com","event_id":"e9"}"#),
        ],
    ),
    (
        "v1/nobody_named",
        400,
        &[("POST", "track/signup", r#"{"ref_id":"jane89"}"#), ("POST", "track/cancellation", "{}")],
    ),
    ("v1/visitor_invalid", 404, &[("POST", "track/signup", r#"{"email":"x@example.com","tid":"nobody"}"#)]),
    (
        "v1/already_signed_up",
        422,
        &[("POST", "track/signup", r#"{"email":"bob@example.com","ref_id":"jane89"}"#)],
    ),
];

const REFUND: &str = r#"{"email":"bob@example.com","event_id":"test_sale_12340987_refund","amount":1}"#;

const V2: &[Row] = &[
    (
        "v2/not_found",
        404,
        &[
            ("GET", "company/batch_processes/99", ""),
            ("POST", "company/promoters", r#"{"email":"amy@example.com","initial_campaign_id":99}"#),
            ("GET", "company/promoters/99", ""),
            ("PUT", "company/promoters/99", "{}"),
            (
                "GET",
                "company/promoters/99/chart_data?period_from=2025-01-01&period_to=2025-01-02&selection=clicks",
                "",
            ),
        ],
    ),
    (
        "v2/promoter_not_found_by_email",
        422,
        &[("GET", "company/promoters/nobody@example.com?find_by=email", "")],
    ),
    (
        "v2/email_taken",
        400,
        &[
            ("POST", "company/promoters", r#"{"email":"jane@example.com"}"#),
            ("PUT", "company/promoters/500002", r#"{"email":"jane@example.com"}"#),
        ],
    ),
    ("v2/email_missing", 422, &[("POST", "company/promoters", "{}")]),
    (
        "v2/columns_missing",
        422,
        &[
            ("GET", "company/reports/promoters?group_by=day&start_date=2025-01-01&end_date=2025-01-02", ""),
            (
                "GET",
                "company/reports/traffic_sources?group_by=day&start_date=2025-01-01&end_date=2025-01-02",
                "",
            ),
        ],
    ),
    (
        "v2/no_referral_sale",
        404,
        &[("POST", "track/sale", r#"{"email":"nobody@example.com","event_id":"e8","amount":100}"#)],
    ),
    (
        "v2/event_exists",
        409,
        &[(
            "POST",
            "track/sale",
            r#"{"email":"bob@example.com","event_id":"test_sale_12340987","amount":1}"#,
        )],
    ),
    ("v2/refund_exists", 409, &[("POST", "track/refund", REFUND)]),
    (
        "v2/amount_invalid",
        400,
        &[
            ("POST", "track/sale", r#"{"email":"bob@example.com","event_id":"e9","amount":"x"}"#),
            ("POST", "track/refund", r#"{"email":"bob@example.com","event_id":"e9"}"#),
        ],
    ),
    (
        "v2/nobody_named",
        400,
        &[("POST", "track/signup", r#"{"ref_id":"jane89"}"#), ("POST", "track/cancellation", "{}")],
    ),
    ("v2/visitor_invalid", 404, &[("POST", "track/signup", r#"{"email":"x@example.com","tid":"nobody"}"#)]),
    (
        "v2/already_signed_up",
        422,
        &[("POST", "track/signup", r#"{"email":"bob@example.com","ref_id":"jane89"}"#)],
    ),
];

/// Refusals that the documents show for keys rather than for parameters.
const BY_KEY: [&str; 4] =
    ["v1/bad_credentials", "v2/unauthorized", "v2/wrong_user_type", "v2/not_enough_rights"];

/// Where the mock answers something else on purpose. May only shrink.
const OTHERWISE: [(&str, &str); 1] = [(
    "v2/unauthorized",
    "the examples are empty objects; the mock says what the contract's error schema has, a message and a code",
)];

fn example(name: &str) -> Value {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/payloads/errors/{name}.json"));
    serde_json::from_str(&fs::read_to_string(&file).expect("an example")).expect("JSON")
}

/// A mock in which Bob, whom Jane referred, bought and got something back, and Amy promotes too.
fn shop() -> Mock {
    let mock = Mock::start();
    mock.given().promoter(json!({ "email": "amy-of-old@example.com" }));
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
    for event in ["evt_123", "test_sale_12340987"] {
        mock.given().sale(json!({ "email": "bob@example.com", "event_id": event, "amount": 1000 }));
    }
    mock.given().refund(serde_json::from_str(REFUND).expect("JSON"));
    mock
}

#[track_caller]
fn assert_refused(base: &str, rows: &[Row]) {
    let mock = shop();
    let mut wrong = Vec::new();
    for (name, status, calls) in rows {
        for (method, target, body) in *calls {
            let body = serde_json::from_str(body).unwrap_or(Value::Null);
            let answer = mock.account("1").call(method, &format!("{base}/{target}"), body);
            let shown = String::from_utf8_lossy(&answer.body);
            let expected = example(name).to_string();
            if answer.status != *status || shown != expected {
                wrong.push(format!(
                    "{method} {target}: expected {status} {expected}, found {} {shown}",
                    answer.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn v1_refuses_in_the_words_of_the_documents() {
    assert_refused("/api/v1", V1);
}

#[test]
fn v2_refuses_in_the_words_of_the_documents() {
    assert_refused("/api/v2", V2);
}

/// A mock that knows three keys of account 1.
fn keyed() -> Mock {
    let keys = ["boss=1", "viewer=1:viewer", "promoter=1:promoter"].map(str::to_owned);
    Mock::builder().keys(Keys::parse(&keys).expect("keys")).start()
}

/// What each operation of a version answers to a key, by its status.
fn answers(mock: &Mock, version: Version, key: &str) -> BTreeSet<(u16, String)> {
    let operations =
        Contract::corrected().operations().iter().filter(|operation| operation.version == version);
    let headers = |key: &str| match version {
        Version::V1 => vec![("x-api-key".to_owned(), key.to_owned())],
        Version::V2 => vec![
            ("authorization".to_owned(), format!("Bearer {key}")),
            ("account-id".to_owned(), "1".to_owned()),
        ],
    };
    operations
        .map(|operation| {
            let path = operation.path.replace("{id}", "7").replace("{webhook_id}", "7");
            let target = format!("{}{path}", operation.base);
            let answer = mock.account("1").send(operation.method.as_str(), &target, headers(key), Vec::new());
            (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
        })
        .collect()
}

#[test]
fn keys_are_refused_in_the_words_of_the_documents_by_every_operation() {
    let mock = keyed();
    let only = |status: u16, name: &str| BTreeSet::from([(status, example(name).to_string())]);
    assert_eq!(answers(&mock, Version::V1, "stranger"), only(401, "v1/bad_credentials"));
    assert_eq!(answers(&mock, Version::V2, "promoter"), only(403, "v2/wrong_user_type"));
    let (name, reason) = OTHERWISE[0];
    let ours = answers(&mock, Version::V2, "stranger");
    assert_ne!(ours, only(401, name), "the mock answers as documented: take it off the list ({reason})");
    assert_eq!(
        ours,
        BTreeSet::from([(401, r#"{"message":"Unauthorized","code":"unauthorized"}"#.to_owned())])
    );
    let writes = answers(&mock, Version::V2, "viewer");
    assert!(writes.contains(&(403, example("v2/not_enough_rights").to_string())), "{writes:?}");
}

#[test]
fn every_documented_refusal_has_its_calls() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/payloads/errors");
    let files = ["v1", "v2"].into_iter().flat_map(|version| {
        let files = fs::read_dir(root.join(version)).expect("a folder").flatten();
        files.map(move |file| {
            format!("{version}/{}", file.file_name().to_string_lossy().trim_end_matches(".json"))
        })
    });
    let listed = V1.iter().chain(V2).map(|(name, ..)| (*name).to_owned());
    let listed: BTreeSet<String> = listed.chain(BY_KEY.map(str::to_owned)).collect();
    assert_eq!(files.collect::<BTreeSet<_>>(), listed);
}
