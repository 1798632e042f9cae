//! A value for a schema: its examples where it has some, otherwise something that fits; or, with dice, anything
//! that fits.

use std::sync::LazyLock;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use regex::Regex;
use serde_json::{Map, Value, json};

/// Levels of nesting below which only what must be there is made.
const DEPTH_MAX: usize = 6;
/// References that are followed from one to the next at most.
const REFERENCES_MAX: usize = 16;

/// Texts that patterns are tried on.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let hex = "0123456789abcdef".repeat(4);
    let link = "<https://firstpromoter.com/api/v1/leads/list?page=2>; rel=\"next\"";
    let texts = [
        "example",
        "referral/delete",
        "#42a5f5",
        "2025-01-15T10:30:00.000Z",
        "2025-01-15",
        "15-01-2025",
        "1200",
        "-1200",
        "$12.00",
        "15 Jan 2025",
        "The 'sale' event with the id 'evt_1' already exists.",
        "Jane Doe",
        "jane@example.com",
        "https://example.com",
        &hex,
        link,
    ];
    texts.iter().map(|text| (*text).to_owned()).collect()
});

/// Makes values for the schemas of one document.
pub(super) struct Sampler<'d, 'r> {
    root: &'d Value,
    dice: Option<&'r mut ChaCha8Rng>,
}

/// Whatever a reference leads to; anything else is itself.
pub(super) fn resolve<'d>(root: &'d Value, mut value: &'d Value) -> &'d Value {
    for _ in 0..REFERENCES_MAX {
        let Some(reference) = value["$ref"].as_str() else { return value };
        let pointer = reference.trim_start_matches('#').replace("%7B", "{").replace("%7D", "}");
        value = root.pointer(&pointer).unwrap_or(&Value::Null);
    }
    &Value::Null
}

/// The text of a header's value.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The headers that answers set.
pub(super) fn known_header(name: &str) -> Option<&'static str> {
    ["link", "location", "allow", "content-disposition"]
        .into_iter()
        .find(|known| name.eq_ignore_ascii_case(known))
}

impl<'d, 'r> Sampler<'d, 'r> {
    /// With dice every value is thrown, without it is the same every time.
    pub(super) fn new(root: &'d Value, dice: Option<&'r mut ChaCha8Rng>) -> Self {
        Self { root, dice }
    }

    /// A value that fits `schema`.
    pub(super) fn value(&mut self, schema: &Value) -> Value {
        self.nested(schema, 0)
    }

    fn nested(&mut self, schema: &Value, depth: usize) -> Value {
        let schema = self.flat(schema, 0);
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        if nullable && (depth > DEPTH_MAX || self.throws_one_in(5)) {
            return Value::Null;
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array).filter(|values| !values.is_empty())
        {
            let at = self.up_to(values.len() as i64 - 1);
            return values[usize::try_from(at).unwrap_or(0)].clone();
        }
        if self.dice.is_none()
            && let Some(example) = schema.get("example").or_else(|| schema.get("default"))
        {
            return example.clone();
        }
        match kind(&schema) {
            "object" => self.object(&schema, depth),
            "array" => self.array(&schema, depth),
            "integer" => Value::from(self.whole(&schema)),
            "number" => json!(self.whole(&schema) as f64),
            "boolean" => Value::Bool(self.dice.is_none() || self.up_to(1) == 1),
            "string" => Value::String(self.text(&schema)),
            _ => Value::Null,
        }
    }

    /// The schema without references and combinations: `allOf` laid together, of `oneOf` and `anyOf` one.
    fn flat(&mut self, schema: &Value, depth: usize) -> Map<String, Value> {
        let schema =
            if schema.get("$ref").is_some() { resolve(self.root, schema).clone() } else { schema.clone() };
        let Value::Object(mut flat) = schema else { return Map::new() };
        if depth > REFERENCES_MAX {
            return flat;
        }
        let mut parts = match flat.remove("allOf") {
            Some(Value::Array(parts)) => parts,
            _ => Vec::new(),
        };
        for word in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = flat.remove(word)
                && !branches.is_empty()
            {
                let at = self.up_to(branches.len() as i64 - 1);
                parts.push(branches[usize::try_from(at).unwrap_or(0)].clone());
            }
        }
        for part in parts {
            let part = self.flat(&part, depth + 1);
            lay_over(&mut flat, part);
        }
        flat
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Value {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut made = Map::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if depth <= DEPTH_MAX || required.contains(&name.as_str()) {
                made.insert(name.clone(), self.nested(property, depth + 1));
            }
        }
        for name in required {
            if !made.contains_key(name) {
                made.insert(name.to_owned(), Value::Null);
            }
        }
        let least = schema.get("minProperties").and_then(Value::as_u64).unwrap_or(0);
        if let Some(any @ Value::Object(_)) = schema.get("additionalProperties") {
            for at in made.len() as u64..least {
                made.insert(format!("field_{at}"), self.nested(any, depth + 1));
            }
        }
        Value::Object(made)
    }

    fn array(&mut self, schema: &Map<String, Value>, depth: usize) -> Value {
        let bound = |name: &str| schema.get(name).and_then(Value::as_i64);
        let least = bound("minItems").unwrap_or(0);
        let most = bound("maxItems").unwrap_or(i64::MAX).min(least.max(3));
        let wanted = match &self.dice {
            _ if depth > DEPTH_MAX => least,
            None => least.max(1).min(most),
            Some(_) => least + self.up_to(most - least),
        };
        let items = schema.get("items").cloned().unwrap_or_default();
        if schema.get("uniqueItems") == Some(&Value::Bool(true))
            && let Some(Value::Array(values)) = self.flat(&items, 0).get("enum")
        {
            return values.iter().take(usize::try_from(wanted).unwrap_or(0)).cloned().collect();
        }
        Value::Array((0..wanted).map(|_| self.nested(&items, depth + 1)).collect())
    }

    fn whole(&mut self, schema: &Map<String, Value>) -> i64 {
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let beyond = |name: &str| i64::from(schema.get(name) == Some(&Value::Bool(true)));
        let most = bound("maximum").map(|most| most.floor() as i64 - beyond("exclusiveMaximum"));
        let least = bound("minimum").map(|least| least.ceil() as i64 + beyond("exclusiveMinimum"));
        let least = least.unwrap_or_else(|| most.map_or(1, |most| most.min(1)));
        if self.dice.is_none() {
            return least;
        }
        let most = most.unwrap_or(least + 10_000);
        // Without a lower bound, anything up to the upper one.
        if least == most && bound("minimum").is_none() {
            most - self.up_to(10_000)
        } else {
            least + self.up_to(most - least)
        }
    }

    fn text(&mut self, schema: &Map<String, Value>) -> String {
        let word = |name: &str| schema.get(name).and_then(Value::as_str);
        if let Some(pattern) = word("pattern").and_then(|pattern| Regex::new(pattern).ok()) {
            return TEXTS.iter().find(|text| pattern.is_match(text)).cloned().unwrap_or_default();
        }
        let number = self.up_to(9_999);
        match word("format") {
            Some("date-time") => format!("2025-01-{:02}T10:30:00.000Z", 15 + number % 10),
            Some("date") => format!("2025-01-{:02}", 15 + number % 10),
            Some("email") if number == 0 => "jane@example.com".into(),
            Some("email") => format!("jane{number}@example.com"),
            Some("uri") if number == 0 => "https://example.com".into(),
            Some("uri") => format!("https://example.com/{number}"),
            Some("uuid") => format!("5d2c1a9e-7b1f-4c55-9d0e-00000000{number:04}"),
            _ if number == 0 => "example".into(),
            _ => format!("example {number}"),
        }
    }

    fn throws_one_in(&mut self, sides: i64) -> bool {
        self.dice.is_some() && self.up_to(sides - 1) == 0
    }

    /// 0 to `most`; always 0 without dice.
    fn up_to(&mut self, most: i64) -> i64 {
        self.dice.as_mut().map_or(0, |dice| if most > 0 { dice.random_range(0..=most) } else { 0 })
    }
}

fn kind(schema: &Map<String, Value>) -> &str {
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) => kind,
        None if schema.contains_key("properties") || schema.contains_key("required") => "object",
        None if schema.contains_key("items") => "array",
        None if schema.contains_key("pattern") || schema.contains_key("format") => "string",
        None => "none",
    }
}

/// Adds what `part` says: properties that both know must fit both.
fn lay_over(flat: &mut Map<String, Value>, mut part: Map<String, Value>) {
    // Null fits both only if both say so.
    if flat.contains_key("type") && part.contains_key("type") && flat.get("nullable") != part.get("nullable")
    {
        flat.remove("nullable");
        part.remove("nullable");
    }
    for (word, value) in part {
        match (flat.get_mut(&word), value) {
            (Some(Value::Object(known)), Value::Object(more)) if word == "properties" => {
                for (name, schema) in more {
                    let both = match known.remove(&name) {
                        Some(first) => json!({ "allOf": [first, schema] }),
                        None => schema,
                    };
                    known.insert(name, both);
                }
            }
            (Some(Value::Array(known)), Value::Array(more)) if word == "required" => known.extend(more),
            // The narrower of two enumerations is what fits both.
            (Some(Value::Array(known)), Value::Array(more)) if word == "enum" => {
                known.retain(|value| more.contains(value));
            }
            (_, value) => {
                flat.insert(word, value);
            }
        }
    }
}
