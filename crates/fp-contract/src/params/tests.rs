use proptest::prelude::*;
use serde_json::json;

use super::*;

fn form_header() -> Vec<(String, String)> {
    vec![("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())]
}

fn query(text: &str) -> Value {
    Value::Object(read_query(text).expect("a readable query"))
}

fn refusal(text: &str) -> String {
    read_query(text).expect_err("an unreadable query").to_string()
}

fn body(content_type: Option<&str>, body: &[u8]) -> Result<Params, ParamError> {
    let headers: Vec<_> =
        content_type.map(|value| ("content-type".to_owned(), value.to_owned())).into_iter().collect();
    read(&Request { method: "POST", target: "/x", headers: &headers, body })
}

#[test]
fn brackets_make_objects_and_lists() {
    assert_eq!(query("a[b][c]=1&a[b][d]=2&e=3"), json!({"a": {"b": {"c": "1", "d": "2"}}, "e": "3"}));
    assert_eq!(query("ids[]=1&ids[]=2"), json!({"ids": ["1", "2"]}));
    assert_eq!(query("a%5Bb%5D%5B%5D=x"), json!({"a": {"b": ["x"]}}));
}

#[test]
fn numeric_keys_make_a_list_in_index_order() {
    assert_eq!(query("ids[1]=b&ids[0]=a&ids[10]=c"), json!({"ids": ["a", "b", "c"]}));
    assert_eq!(query("a[0][b]=1&a[1][b]=2"), json!({"a": [{"b": "1"}, {"b": "2"}]}));
    assert_eq!(query("a[0]=1&a[x]=2"), json!({"a": {"0": "1", "x": "2"}}));
}

#[test]
fn lists_of_objects_start_a_new_element_when_a_key_comes_again() {
    assert_eq!(
        query("p[][a]=1&p[][b]=2&p[][a]=3&p[][t][]=x&p[][t][]=y"),
        json!({"p": [{"a": "1", "b": "2"}, {"a": "3", "t": ["x", "y"]}]})
    );
}

#[test]
fn the_last_of_repeated_plain_names_wins() {
    assert_eq!(query("a=1&a=2"), json!({"a": "2"}));
    assert_eq!(query("a[b]=1&a[b]=2"), json!({"a": {"b": "2"}}));
    assert_eq!(query("a[b]=1&a=2"), json!({"a": "2"}));
}

#[test]
fn plus_percent_and_empty_values_are_text() {
    assert_eq!(query("a=x+y%2B%20z&b=&c&=d&&e=1=2"), json!({"a": "x y+ z", "b": "", "c": "", "e": "1=2"}));
    assert_eq!(query("%C3%A9=%E2%82%AC"), json!({"é": "€"}));
    assert_eq!(query("ids[]="), json!({"ids": [""]}));
}

#[test]
fn unbalanced_brackets_are_part_of_the_name() {
    assert_eq!(query("a[=1&[b]=2&c]=3"), json!({"a[": "1", "[b]": "2", "c]": "3"}));
    assert_eq!(query("a[b=1"), json!({"a": {"[b": "1"}}));
    assert_eq!(query("a[b]c=1"), json!({"a": {"b": {"c": "1"}}}));
}

#[test]
fn one_name_in_two_shapes_is_a_conflict() {
    assert_eq!(
        refusal("a=1&a[b]=2"),
        "expected one shape for the parameter `a[b]`, found it as a value and as an object"
    );
    assert_eq!(
        refusal("a[]=1&a[b]=2"),
        "expected one shape for the parameter `a[b]`, found it as a list and as an object"
    );
    assert_eq!(
        refusal("a[b]=2&a[]=1"),
        "expected one shape for the parameter `a[]`, found it as an object and as a list"
    );
}

#[test]
fn bad_encoding_and_absurd_depth_are_refused() {
    assert_eq!(refusal("a=%zz"), "expected two hexadecimal digits after `%` in the query, found `%zz`");
    assert_eq!(refusal("a=%4"), "expected two hexadecimal digits after `%` in the query, found `%4`");
    assert_eq!(refusal("a=x%FF"), "expected UTF-8 in the query, found the byte 0xff at offset 1");
    assert_eq!(
        refusal(&format!("a{}=1", "[b]".repeat(101))),
        "expected at most 100 levels of nesting, found more"
    );
    assert!(read_query(&format!("a{}=1", "[b]".repeat(100))).is_ok());
    assert!(read_query(&format!("a{}=1", "[]".repeat(100_000))).is_err());
}

#[test]
fn a_form_body_is_read_with_and_without_its_content_type() {
    for content_type in [Some("application/x-www-form-urlencoded; charset=UTF-8"), None, Some("")] {
        let params = body(content_type, b"email=a%40b.c&tags[]=x").expect("a form");
        assert_eq!(Value::Object(params.root().clone()), json!({"email": "a@b.c", "tags": ["x"]}));
        assert_eq!(params.source("email"), Some(Source::Form));
    }
}

#[test]
fn a_form_in_latin_1_is_decoded_as_such() {
    let params =
        body(Some("application/x-www-form-urlencoded; charset=ISO-8859-1"), b"a=%E9\xE8").expect("a form");
    assert_eq!(params.get("a"), Some(&json!("éè")));
    let refused = body(Some("application/json; charset=utf-16"), b"{}").expect_err("an odd charset");
    assert_eq!(refused, ParamError::UnsupportedCharset { found: "utf-16".to_owned() });
}

#[test]
fn a_json_body_keeps_its_types() {
    for content_type in [Some("application/json"), Some("application/vnd.x+json"), None] {
        let params = body(content_type, br#" {"a": 1, "b": [true, null], "c": {"d": "1"}}"#).expect("JSON");
        assert_eq!(Value::Object(params.root().clone()), json!({"a": 1, "b": [true, null], "c": {"d": "1"}}));
        assert_eq!(params.source("c"), Some(Source::Json));
    }
}

#[test]
fn an_absent_or_null_body_is_no_parameters() {
    assert_eq!(body(Some("application/json"), b""), Ok(Params::default()));
    assert_eq!(body(Some("application/json"), b" \n"), Ok(Params::default()));
    assert_eq!(body(Some("application/json"), b"null"), Ok(Params::default()));
    assert_eq!(body(Some("text/plain"), b""), Ok(Params::default()));
}

#[test]
fn the_body_wins_over_the_query_and_each_name_knows_its_source() {
    let headers = form_header();
    let request = Request { method: "GET", target: "/x?a=1&b=2", headers: &headers, body: b"b=3&c=4" };
    let params = read(&request).expect("parameters");
    assert_eq!(Value::Object(params.root().clone()), json!({"a": "1", "b": "3", "c": "4"}));
    assert_eq!(params.source("a"), Some(Source::Query));
    assert_eq!(params.source("b"), Some(Source::Form));
    assert_eq!(params.source("d"), None);
}

#[test]
fn json_that_cannot_be_trusted_is_refused_with_its_place() {
    let refused = |text: &[u8]| body(Some("application/json"), text).expect_err("a refusal").to_string();
    assert_eq!(
        refused(b"{\"a\": 1,\n \"b\": }"),
        "expected JSON in the request body, found expected value at line 2, column 7"
    );
    assert_eq!(
        refused(b"{\"a\": {\"b\": 1,\n \"b\": 2}}"),
        "expected each key once, found `a.b` twice in one JSON object (line 2)"
    );
    assert_eq!(refused(b"[1]"), "expected a JSON object as the request body, found an array");
    assert_eq!(refused(b"\"x\""), "expected a JSON object as the request body, found a string");
    assert_eq!(
        refused(b"{\"a\": \"\xff\"}"),
        "expected UTF-8 in the request body, found the byte 0xff at offset 7"
    );
    assert!(refused(b"{} x").starts_with("expected JSON"));
    assert!(refused(b"{\"a\": 1e999}").starts_with("expected JSON"));
}

#[test]
fn json_of_absurd_depth_is_refused() {
    let nested = |levels: usize| format!("{}{}{}", "{\"a\":".repeat(levels), 1, "}".repeat(levels));
    assert!(body(None, nested(100).as_bytes()).is_ok());
    assert_eq!(body(None, nested(101).as_bytes()), Err(ParamError::TooDeep { limit: 100 }));
    assert_eq!(body(None, "[".repeat(1_000_000).as_bytes()), Err(ParamError::TooDeep { limit: 100 }));
}

#[test]
fn a_body_that_carries_no_parameters_is_named() {
    let refused = body(Some("text/csv"), b"a,b").expect_err("no parameters");
    assert_eq!(refused, ParamError::UnsupportedContentType { found: "text/csv".to_owned() });
}

/// Trees that have a written form: no empty containers, no keys that brackets cannot hold.
fn tree() -> impl Strategy<Value = Map<String, Value>> {
    let key = "[a-zé &=+%][a-z0-9_ é.&=+%]{0,6}";
    let scalar = "\\PC{0,8}".prop_map(Value::String);
    let value = scalar.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::Array),
            prop::collection::btree_map(key, inner, 1..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::btree_map(key, value, 0..5).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn what_is_encoded_reads_back_the_same(tree in tree()) {
        let text = encode(&tree);
        prop_assert_eq!(read_query(&text), Ok(tree.clone()), "{}", text);
        let headers = form_header();
        let request = Request { method: "POST", target: "/x", headers: &headers, body: text.as_bytes() };
        prop_assert_eq!(read(&request).map(Params::into_root), Ok(tree));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for content_type in [None, Some("application/json"), Some("application/x-www-form-urlencoded")] {
            drop(body(content_type, &bytes));
        }
    }

    #[test]
    fn no_bracket_soup_makes_the_reader_panic(text in "[\\[\\]ab0-2=&%+]{0,40}") {
        drop(read_query(&text));
    }

    #[test]
    fn json_reads_as_any_json_reader_reads_it(tree in tree()) {
        let text = Value::Object(tree.clone()).to_string();
        prop_assert_eq!(parse_json(&text), Ok(Value::Object(tree)));
    }
}
