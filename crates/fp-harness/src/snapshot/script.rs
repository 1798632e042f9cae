//! How each operation is called where the contract alone cannot say: a line for each call.
//!
//! ```text
//! POST /api/v2/company/promoters {"email":"$own-ann@example.com"} -> ann=/id
//! GET /api/v2/company/promoters/$ann
//! mock POST /api/v2/company/payouts/create_payments_batch {"method":"paypal"} | it takes the payouts of others along
//! ```
//!
//! `$ann` is what an earlier reply held at `/id`; a step `*` of a pointer keeps the values of all items, and a call
//! whose path or query names such values is made for several of them. `$ann.1` is the second of them. A call marked
//! `mock` is made where nothing but a mock can suffer, for the reason behind the bar.

use std::collections::BTreeMap;

use serde_json::Value;

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'s> {
    /// The method.
    pub method: &'s str,
    /// Path and query with `$names`.
    pub target: &'s str,
    /// The body with `$names`; empty for none.
    pub body: &'s str,
    /// Names and the pointers of the reply that fill them.
    pub keeps: Vec<(&'s str, &'s str)>,
    /// Why it is made at a mock only.
    pub mock_only: Option<&'s str>,
}

/// Reads a script; blank lines and those that begin with `#` are left out.
///
/// # Panics
/// If a line has no method and target: scripts are part of the program.
pub fn read(script: &str) -> Vec<Line<'_>> {
    let lines = script.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(line).collect()
}

fn line(text: &str) -> Line<'_> {
    let (text, mock_only) = match text.strip_prefix("mock ") {
        Some(rest) => {
            let (call, reason) = rest.rsplit_once(" | ").expect("a reason why only a mock is called");
            (call, Some(reason))
        }
        None => (text, None),
    };
    let (call, keeps) = text.split_once(" -> ").unwrap_or((text, ""));
    let keeps = keeps.split_whitespace().map(|keep| keep.split_once('=').expect("name=/pointer")).collect();
    let (method, rest) = call.split_once(' ').expect("a method and a target");
    let (target, body) = rest.split_once(' ').unwrap_or((rest, ""));
    Line { method, target, body, keeps, mock_only }
}

/// Values kept under names.
#[derive(Clone, Debug, Default)]
pub struct Kept(BTreeMap<String, Vec<Value>>);

impl Kept {
    /// Keeps one value.
    pub fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), vec![value]);
    }

    /// Keeps what a reply holds at a pointer; each value once.
    pub fn take(&mut self, name: &str, pointer: &str, reply: &Value) {
        let mut found = Vec::new();
        collect(reply, pointer.trim_start_matches('/'), &mut found);
        let values = self.0.entry(name.to_owned()).or_default();
        for value in found.into_iter().filter(|value| !value.is_null()) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
    }

    /// A template filled in, for the first `most` values of the list that it names, if it names one.
    ///
    /// # Errors
    /// The name of which there is no value.
    pub fn fill_in(&self, template: &str, most: usize) -> Result<Vec<String>, String> {
        let mut filled = vec![String::new()];
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            let end = rest[at + 1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
            let end = end.map_or(rest.len(), |end| at + 1 + end);
            let (name, number) = match rest[at + 1..end].split_once('.') {
                Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                    (name, number.parse().ok())
                }
                _ => (&rest[at + 1..end], None),
            };
            let values = self.0.get(name).filter(|values| !values.is_empty()).ok_or(name)?;
            let values: &[Value] = match number {
                Some(number) => std::slice::from_ref(values.get::<usize>(number).ok_or(name)?),
                None => values,
            };
            filled.iter_mut().for_each(|text| text.push_str(&rest[..at]));
            let repeated = if filled.len() == 1 { values.len().min(most).max(1) } else { 1 };
            filled = values[..repeated]
                .iter()
                .flat_map(|value| filled.iter().map(|text| text.clone() + &shown(value)))
                .collect();
            rest = &rest[end..];
        }
        filled.iter_mut().for_each(|text| text.push_str(rest));
        Ok(filled)
    }
}

/// A value as it stands in a path or between the quotes of a body.
fn shown(value: &Value) -> String {
    match value {
        Value::String(_) => value.to_string().trim_matches('"').to_owned(),
        other => other.to_string(),
    }
}

fn collect<'v>(value: &'v Value, steps: &str, found: &mut Vec<&'v Value>) {
    if steps.is_empty() {
        found.push(value);
        return;
    }
    let (step, rest) = steps.split_once('/').unwrap_or((steps, ""));
    match value {
        Value::Array(items) if step == "*" => items.iter().for_each(|item| collect(item, rest, found)),
        Value::Array(items) => {
            let item = step.parse::<usize>().ok().and_then(|at| items.get(at));
            item.into_iter().for_each(|item| collect(item, rest, found));
        }
        other => other.get(step).into_iter().for_each(|value| collect(value, rest, found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_is_taken_apart() {
        let lines = read(
            "# a story\n\nPOST /a?x=1 {\"b\": \"$own c\"} -> id=/id all=/*/id\nmock DELETE /a/$id | it is gone",
        );
        assert_eq!(
            (lines[0].method, lines[0].target, lines[0].body),
            ("POST", "/a?x=1", "{\"b\": \"$own c\"}")
        );
        assert_eq!(lines[0].keeps, [("id", "/id"), ("all", "/*/id")]);
        assert_eq!((lines[1].target, lines[1].mock_only), ("/a/$id", Some("it is gone")));
    }

    #[test]
    fn templates_are_filled_in_for_several_of_the_values_they_name() {
        let mut kept = Kept::default();
        kept.put("own", json!("fps\"0"));
        kept.take("ids", "/data/*/id", &json!({"data": [{"id": 7}, {"id": 8}, {"id": 7}, {"no": 1}]}));
        assert_eq!(
            kept.fill_in("/a/$ids/b?$own", 9),
            Ok(vec!["/a/7/b?fps\\\"0".into(), "/a/8/b?fps\\\"0".into()])
        );
        assert_eq!(kept.fill_in("[$ids,$ids.1]", 1), Ok(vec!["[7,8]".into()]));
        assert_eq!(kept.fill_in("$ids.2", 1), Err("ids".into()));
        assert_eq!(kept.fill_in("$none", 1), Err("none".into()));
        assert_eq!(kept.fill_in("plain", 1), Ok(vec!["plain".into()]));
    }
}
