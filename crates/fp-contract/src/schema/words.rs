//! How values, types and near misses are put into words.

use jsonschema::JsonType;
use serde_json::Value;

/// The longest text that is shown in full.
const SHOWN: usize = 60;

/// A value as a message shows it: `the string "12"`, `an array of 3 items`.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the string {}", quote(text)),
        Value::Array(items) if items.len() == 1 => "an array of 1 item".to_owned(),
        Value::Array(items) => format!("an array of {} items", items.len()),
        Value::Object(map) if map.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

fn quote(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    let ellipsis = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{ellipsis}", Value::from(shown))
}

/// The kind of a value alone, for masked reports.
pub(crate) fn kind(value: &Value) -> &'static str {
    crate::params::kind_of(value)
}

/// A type as a message names it.
pub(crate) fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "an array",
        JsonType::Object => "an object",
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The name most like another, when it is like enough to be a slip of the pen.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let limit = (name.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (distance(&simplify(name), &simplify(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `createdAt` and `created-at` are `created_at` misspelt, whatever the number of letters.
fn simplify(name: &str) -> Vec<char> {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
}

/// Edits between two names, a swap of neighbours counting as one.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let substitution = last[j] + usize::from(letter != other);
            let mut best = substitution.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == b[j - 1] && a[i - 1] == *other {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_described_with_their_kind() {
        assert_eq!(describe(&json!("a\"b")), r#"the string "a\"b""#);
        assert_eq!(describe(&json!(1.5)), "the number 1.5");
        assert_eq!(describe(&json!([1])), "an array of 1 item");
        assert!(describe(&json!("x".repeat(99))).ends_with("x\"…"));
    }

    #[test]
    fn a_slip_of_the_pen_finds_its_name() {
        assert_eq!(nearest("emial", ["email", "uid"]), Some("email"));
        assert_eq!(nearest("createdAt", ["updated_at", "created_at"]), Some("created_at"));
        assert_eq!(nearest("promoter", ["campaign", "referral"]), None);
        assert_eq!(nearest("id", ["uid", "tid"]), Some("tid"));
        assert_eq!(nearest("email", ["email"]), None);
    }

    #[test]
    fn alternatives_are_listed_as_a_sentence() {
        assert_eq!(either(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b or c");
    }
}
