//! What a header, a query parameter or a body must be like, in the words that WireMock made common.

use std::fmt;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::json_path::JsonPath;

/// A matcher as it stands in a pattern.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Written {
    equal_to: Option<String>,
    case_insensitive: bool,
    contains: Option<String>,
    does_not_contain: Option<String>,
    matches: Option<String>,
    does_not_match: Option<String>,
    absent: Option<bool>,
    equal_to_json: Option<Value>,
    ignore_array_order: bool,
    ignore_extra_elements: bool,
    matches_json_path: Option<Value>,
}

/// A matcher that has been found to make sense. Several words in one matcher must all hold.
#[derive(Clone, Debug)]
pub struct Matcher {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
enum Rule {
    Equal { text: String, any_case: bool },
    Contains(String),
    ContainsNot(String),
    Matches(Regex),
    MatchesNot(Regex),
    Absent(bool),
    EqualJson { wanted: Value, any_order: bool, may_have_more: bool },
    JsonPath { path: JsonPath, shown: String, then: Option<Matcher> },
}

impl Matcher {
    /// Reads what was written.
    ///
    /// # Errors
    /// A sentence that says what makes no sense.
    pub fn read(written: &Written) -> Result<Self, String> {
        let mut rules = Vec::new();
        if let Some(text) = &written.equal_to {
            rules.push(Rule::Equal { text: text.clone(), any_case: written.case_insensitive });
        }
        rules.extend(written.contains.clone().map(Rule::Contains));
        rules.extend(written.does_not_contain.clone().map(Rule::ContainsNot));
        if let Some(text) = &written.matches {
            rules.push(Rule::Matches(whole(text)?));
        }
        if let Some(text) = &written.does_not_match {
            rules.push(Rule::MatchesNot(whole(text)?));
        }
        rules.extend(written.absent.map(Rule::Absent));
        if let Some(wanted) = &written.equal_to_json {
            rules.push(Rule::EqualJson {
                wanted: wanted_json(wanted)?,
                any_order: written.ignore_array_order,
                may_have_more: written.ignore_extra_elements,
            });
        }
        if let Some(path) = &written.matches_json_path {
            rules.push(json_path(path)?);
        }
        if rules.is_empty() {
            return Err(
                "expected equalTo, contains, doesNotContain, matches, doesNotMatch, absent, equalToJson \
                        or matchesJsonPath"
                    .into(),
            );
        }
        Ok(Self { rules })
    }

    /// The matcher for exactly this text.
    pub fn equal_to(text: impl Into<String>) -> Self {
        Self { rules: vec![Rule::Equal { text: text.into(), any_case: false }] }
    }

    /// The matcher for a body that has all of this JSON and may have more.
    pub fn json_with(wanted: Value) -> Self {
        Self { rules: vec![Rule::EqualJson { wanted, any_order: false, may_have_more: true }] }
    }

    /// What `value` lacks; nothing if it fits. `None` stands for an absent value.
    pub fn differences(&self, value: Option<&str>) -> Vec<String> {
        let unfit = self.rules.iter().filter(|rule| !rule.fits(value));
        let found = value.map_or_else(|| "nothing".to_owned(), shortened);
        unfit.map(|rule| format!("expected {}, found {found}", rule.shown())).collect()
    }

    /// Whether `value` fits.
    pub fn fits(&self, value: Option<&str>) -> bool {
        self.rules.iter().all(|rule| rule.fits(value))
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules: Vec<String> = self.rules.iter().map(Rule::shown).collect();
        f.write_str(&rules.join(" and "))
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((at, _)) => format!("{:?}…", &text[..at]),
        None => format!("{text:?}"),
    }
}

/// A regular expression for the whole text.
pub(super) fn whole(text: &str) -> Result<Regex, String> {
    Regex::new(&format!("(?s)^(?:{text})$"))
        .map_err(|error| format!("{text:?} is no regular expression: {error}"))
}

/// JSON given as such, or as a text of it.
fn wanted_json(written: &Value) -> Result<Value, String> {
    match written {
        Value::String(text) => {
            serde_json::from_str(text).map_err(|error| format!("equalToJson holds no JSON: {error}"))
        }
        other => Ok(other.clone()),
    }
}

fn json_path(written: &Value) -> Result<Rule, String> {
    let (shown, then) = match written {
        Value::String(path) => (path.clone(), None),
        Value::Object(map) => {
            let mut rest = map.clone();
            let Some(Value::String(path)) = rest.remove("expression") else {
                return Err("matchesJsonPath needs an expression".into());
            };
            let then: Written = serde_json::from_value(Value::Object(rest))
                .map_err(|error| format!("matchesJsonPath: {error}"))?;
            (path, Some(Matcher::read(&then)?))
        }
        other => return Err(format!("matchesJsonPath is a path or an object, not {other}")),
    };
    Ok(Rule::JsonPath { path: JsonPath::parse(&shown)?, shown, then })
}

impl Rule {
    fn fits(&self, value: Option<&str>) -> bool {
        let Some(value) = value else {
            return matches!(self, Self::Absent(true) | Self::ContainsNot(_) | Self::MatchesNot(_));
        };
        match self {
            Self::Equal { text, any_case: false } => text == value,
            Self::Equal { text, any_case: true } => text.to_lowercase() == value.to_lowercase(),
            Self::Contains(part) => value.contains(part),
            Self::ContainsNot(part) => !value.contains(part),
            Self::Matches(regex) => regex.is_match(value),
            Self::MatchesNot(regex) => !regex.is_match(value),
            Self::Absent(absent) => !absent,
            Self::EqualJson { wanted, any_order, may_have_more } => serde_json::from_str(value)
                .is_ok_and(|found| same(wanted, &found, *any_order, *may_have_more)),
            Self::JsonPath { path, then, .. } => {
                let Ok(root) = serde_json::from_str::<Value>(value) else { return false };
                let found = path.find(&root);
                match then {
                    None => !found.is_empty(),
                    Some(then) if found.is_empty() => then.fits(None),
                    Some(then) => found.into_iter().any(|value| then.fits(Some(&as_text(value)))),
                }
            }
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Equal { text, .. } => format!("{text:?}"),
            Self::Contains(part) => format!("something that contains {part:?}"),
            Self::ContainsNot(part) => format!("something without {part:?}"),
            Self::Matches(regex) => format!("something like {regex}"),
            Self::MatchesNot(regex) => format!("something unlike {regex}"),
            Self::Absent(true) => "nothing".into(),
            Self::Absent(false) => "something".into(),
            Self::EqualJson { wanted, may_have_more: true, .. } => format!("JSON with {wanted}"),
            Self::EqualJson { wanted, .. } => format!("the JSON {wanted}"),
            Self::JsonPath { shown, then: None, .. } => format!("JSON with something at {shown}"),
            Self::JsonPath { shown, then: Some(then), .. } => format!("{then} at {shown}"),
        }
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether two pieces of JSON are the same; numbers by value, so that `1` is `1.0`.
fn same(wanted: &Value, found: &Value, any_order: bool, may_have_more: bool) -> bool {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            let each = |(name, value)| {
                found.get(name).is_some_and(|other| same(value, other, any_order, may_have_more))
            };
            (may_have_more || wanted.len() == found.len()) && wanted.iter().all(each)
        }
        (Value::Array(wanted), Value::Array(found)) if any_order => {
            let mut left: Vec<&Value> = found.iter().collect();
            let takes = |value: &Value| {
                let at = left.iter().position(|other| same(value, other, any_order, may_have_more));
                at.map(|at| left.remove(at)).is_some()
            };
            (may_have_more || wanted.len() == found.len()) && wanted.iter().all(takes)
        }
        (Value::Array(wanted), Value::Array(found)) => {
            let mut pairs = wanted.iter().zip(found);
            wanted.len() == found.len()
                && pairs.all(|(one, other)| same(one, other, any_order, may_have_more))
        }
        (Value::Number(wanted), Value::Number(found)) => wanted == found || wanted.as_f64() == found.as_f64(),
        (wanted, found) => wanted == found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matcher(written: Value) -> Matcher {
        Matcher::read(&serde_json::from_value(written).expect("a matcher")).expect("one that makes sense")
    }

    #[test]
    fn texts_are_compared_searched_and_matched_as_a_whole() {
        for (written, value, fits) in [
            (json!({"equalTo": "a"}), Some("a"), true),
            (json!({"equalTo": "A"}), Some("a"), false),
            (json!({"equalTo": "A", "caseInsensitive": true}), Some("a"), true),
            (json!({"contains": "b"}), Some("abc"), true),
            (json!({"doesNotContain": "b"}), Some("abc"), false),
            (json!({"doesNotContain": "b"}), None, true),
            (json!({"matches": "a.c"}), Some("abc"), true),
            (json!({"matches": "b"}), Some("abc"), false),
            (json!({"doesNotMatch": "b"}), Some("abc"), true),
            (json!({"absent": true}), None, true),
            (json!({"absent": true}), Some(""), false),
            (json!({"contains": "a", "doesNotContain": "b"}), Some("ab"), false),
        ] {
            assert_eq!(matcher(written.clone()).fits(value), fits, "{written} {value:?}");
        }
    }

    #[test]
    fn json_is_compared_by_meaning() {
        let body = r#"{"amount": 1000.0, "ids": [2, 1], "more": null}"#;
        for (written, fits) in [
            (json!({"equalToJson": {"amount": 1000, "ids": [2, 1], "more": null}}), true),
            (json!({"equalToJson": "{\"amount\": 1000}"}), false),
            (json!({"equalToJson": {"amount": 1000}, "ignoreExtraElements": true}), true),
            (json!({"equalToJson": {"ids": [1, 2]}, "ignoreExtraElements": true}), false),
            (
                json!({"equalToJson": {"ids": [1, 2]}, "ignoreExtraElements": true, "ignoreArrayOrder": true}),
                true,
            ),
            (json!({"matchesJsonPath": "$.ids[1]"}), true),
            (json!({"matchesJsonPath": "$.ids[2]"}), false),
            (json!({"matchesJsonPath": {"expression": "$.amount", "matches": "1000.*"}}), true),
            (json!({"matchesJsonPath": {"expression": "$.none", "absent": true}}), true),
        ] {
            assert_eq!(matcher(written.clone()).fits(Some(body)), fits, "{written}");
        }
        assert!(!matcher(json!({"matchesJsonPath": "$.a"})).fits(Some("no json")));
    }

    #[test]
    fn a_matcher_that_makes_no_sense_says_why() {
        for written in [
            json!({}),
            json!({"matches": "("}),
            json!({"equalToJson": "{"}),
            json!({"matchesJsonPath": "a"}),
            json!({"matchesJsonPath": {"contains": "x"}}),
            json!({"matchesJsonPath": 5}),
        ] {
            let read =
                serde_json::from_value(written.clone()).map(|written: Written| Matcher::read(&written));
            assert!(matches!(read, Ok(Err(_))), "{written}");
        }
    }

    #[test]
    fn a_difference_says_what_was_wanted_and_what_came() {
        let differences = matcher(json!({"equalTo": "a"})).differences(Some("b"));
        assert_eq!(differences, [r#"expected "a", found "b""#]);
        assert_eq!(matcher(json!({"equalTo": "a"})).differences(None), [r#"expected "a", found nothing"#]);
    }
}
