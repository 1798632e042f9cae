//! Values from schemas: boundary values and random ones, with proptest.

use fp_contract::Document;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::blueprint::resolve;
use super::pool::Pool;

/// What values are made from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The document that references lead into.
    pub document: &'a Document,
    /// Values that exist at the target.
    pub pool: &'a Pool,
    /// The operation's path, which tells whose `id` is meant.
    pub path: &'a str,
}

/// How deep objects nest before optional members stay out.
const DEPTH: usize = 5;

impl Source<'_> {
    /// Values that `schema` allows, for a parameter or member called `name`.
    pub fn valid(self, schema: &Value, name: &str) -> BoxedStrategy<Value> {
        self.value(schema, name, 0)
    }

    fn value(self, schema: &Value, name: &str, depth: usize) -> BoxedStrategy<Value> {
        let schema = resolve(self.document, schema);
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.value(&merged(self.document, schema, parts), name, depth);
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(branches) = schema.get(choice).and_then(Value::as_array) {
                return self.branch(schema, branches, name, depth);
            }
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return select(values.clone()).boxed();
        }
        let made = match kind(schema) {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, name, depth),
            "integer" => integers(schema),
            "number" => numbers(schema),
            "boolean" => any::<bool>().prop_map(Value::from).boxed(),
            _ => texts(schema, name),
        };
        let known = self.pool.of(self.path, name).iter().filter(|known| fits(schema, known));
        let known: Vec<Value> = known.cloned().collect();
        let made = if known.is_empty() { made } else { prop_oneof![9 => select(known), 1 => made].boxed() };
        match schema.get("nullable") {
            Some(Value::Bool(true)) => prop_oneof![6 => made, 1 => Just(Value::Null)].boxed(),
            _ => made,
        }
    }

    /// One branch of a choice, joined with what stands beside it.
    fn branch(self, schema: &Value, branches: &[Value], name: &str, depth: usize) -> BoxedStrategy<Value> {
        let base = without(schema, &["oneOf", "anyOf", "discriminator"]);
        let each = branches.iter().map(|branch| {
            let joined = merged(self.document, &base, &[resolve(self.document, branch).clone()]);
            self.value(&joined, name, depth + 1)
        });
        proptest::strategy::Union::new(each.collect::<Vec<_>>()).boxed()
    }

    fn object(self, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut members = Vec::new();
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let resolved = resolve(self.document, member);
            if resolved.get("readOnly") == Some(&Value::Bool(true)) {
                continue;
            }
            let name = name.clone();
            let must = required.contains(&name.as_str());
            if depth >= DEPTH && !must {
                continue;
            }
            let value = self.value(member, &name, depth + 1);
            let member = present(must, 0.35, value).prop_map(move |value| (name.clone(), value));
            members.push(member.boxed());
        }
        let object = |members: Vec<(String, Option<Value>)>| {
            let present = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
            Value::Object(present.collect::<Map<_, _>>())
        };
        members.prop_map(object).boxed()
    }

    fn array(self, schema: &Value, name: &str, depth: usize) -> BoxedStrategy<Value> {
        let limit =
            |key: &str, default: u64| schema.get(key).and_then(Value::as_u64).unwrap_or(default) as usize;
        let (least, most) = (limit("minItems", 0), limit("maxItems", 4));
        let items = schema.get("items").cloned().unwrap_or(json!({"type": "string"}));
        let item = self.value(&items, name, depth + 1);
        proptest::collection::vec(item, least..=most.max(least)).prop_map(Value::Array).boxed()
    }
}

/// The type of a schema, guessed from its members if it does not say.
pub fn kind(schema: &Value) -> &str {
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) => kind,
        None if schema.get("properties").is_some() => "object",
        None if schema.get("items").is_some() => "array",
        None => "string",
    }
}

fn fits(schema: &Value, value: &Value) -> bool {
    match kind(schema) {
        "integer" | "number" => value.is_number(),
        "string" => value.is_string(),
        _ => false,
    }
}

/// Limits of a numeric schema within what an amount or count can sensibly be.
fn range(schema: &Value) -> (i64, i64) {
    let limit = |key: &str| schema.get(key).and_then(Value::as_i64);
    let strict = |key: &str| i64::from(schema.get(key) == Some(&Value::Bool(true)));
    let least = limit("minimum").map(|n| n + strict("exclusiveMinimum"));
    let most = limit("maximum").map(|n| n - strict("exclusiveMaximum"));
    let least = least.unwrap_or_else(|| most.map_or(0, |most| most.min(0)));
    (least, most.unwrap_or_else(|| least.saturating_add(1_000_000)))
}

fn integers(schema: &Value) -> BoxedStrategy<Value> {
    let (least, most) = range(schema);
    let edges: Vec<i64> = [least, least.saturating_add(1), most.saturating_sub(1), most]
        .into_iter()
        .filter(|n| (least..=most).contains(n))
        .collect();
    prop_oneof![1 => select(edges), 3 => least..=most].prop_map(Value::from).boxed()
}

fn numbers(schema: &Value) -> BoxedStrategy<Value> {
    let (least, most) = range(schema);
    (least..=most, 0..100u8).prop_map(|(whole, cents)| json!(whole as f64 + f64::from(cents) / 100.0)).boxed()
}

fn texts(schema: &Value, name: &str) -> BoxedStrategy<Value> {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let text = match format {
        "email" => email(),
        "date" => date(),
        "date-time" => date().prop_map(|date| format!("{date}T10:30:00.000Z")).boxed(),
        "uri" | "url" => {
            word(LETTERS, 3..=10).prop_map(|path| format!("https://www.example.com/{path}")).boxed()
        }
        "uuid" => any::<[u8; 16]>().prop_map(uuid_text).boxed(),
        _ if name.contains("email") => email(),
        _ => free_text(schema),
    };
    text.prop_map(Value::from).boxed()
}

/// Texts as people and programs send them: plain, with spaces and accents, with what must be escaped.
fn free_text(schema: &Value) -> BoxedStrategy<String> {
    let limit = |key: &str| schema.get(key).and_then(Value::as_u64).map(|n| n as usize);
    let (least, most) = (limit("minLength").unwrap_or(1), limit("maxLength").unwrap_or(24));
    let odd =
        ["O'Neil & Söhne", "50% off + more", "名前", "a=b&c[d]=e", "\"quoted\""].map(String::from).to_vec();
    let fit = move |text: &String| (least..=most).contains(&text.chars().count());
    let plain = word(PLAIN, 3..=21).prop_map(move |text| text.chars().take(most.max(1)).collect::<String>());
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        let inner = pattern.trim_start_matches('^').trim_end_matches('$').to_owned();
        if let Ok(strategy) = proptest::string::string_regex(&inner) {
            return strategy.boxed();
        }
    }
    prop_oneof![5 => plain, 1 => select(odd)].prop_filter("length", fit).boxed()
}

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const LETTERS_AND_DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// Words of these never begin with the last two.
const PLAIN: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789_-";

/// Words over an alphabet. Spelt from two numbers, because a strategy over a pattern takes far longer to make than a
/// request takes to be answered.
fn word(alphabet: &'static [u8], lengths: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = String> {
    (any::<u128>(), lengths).prop_map(move |(mut number, length)| {
        let mut text = String::with_capacity(length);
        for at in 0..length {
            let usable = if at == 0 { &alphabet[..alphabet.len().min(36)] } else { alphabet };
            text.push(char::from(usable[(number % usable.len() as u128) as usize]));
            number /= usable.len() as u128;
        }
        text
    })
}

fn email() -> BoxedStrategy<String> {
    (word(LETTERS, 3..=8), word(LETTERS_AND_DIGITS, 4..=10))
        .prop_map(|(first, last)| format!("{first}.{last}@example.com"))
        .boxed()
}

fn date() -> BoxedStrategy<String> {
    (2023u16..2026, 1u8..=12, 1u8..=28).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")).boxed()
}

fn uuid_text(bytes: [u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

/// A schema and others that hold together with it, as one.
fn merged(document: &Document, schema: &Value, parts: &[Value]) -> Value {
    let mut whole = without(schema, &["allOf"]);
    for part in parts {
        let part = resolve(document, part);
        let nested = part.get("allOf").and_then(Value::as_array);
        let part = nested.map_or_else(|| part.clone(), |nested| merged(document, part, nested));
        join(&mut whole, &part);
    }
    whole
}

fn join(whole: &mut Value, part: &Value) {
    let (Some(whole), Some(part)) = (whole.as_object_mut(), part.as_object()) else { return };
    for (key, value) in part {
        match (whole.get_mut(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) if key == "properties" => {
                for (name, member) in new {
                    match old.get_mut(name) {
                        Some(known) => join(known, member),
                        None => {
                            old.insert(name.clone(), member.clone());
                        }
                    }
                }
            }
            (Some(Value::Array(old)), Value::Array(new)) if key == "required" => {
                old.extend(new.iter().cloned())
            }
            _ => {
                whole.insert(key.clone(), value.clone());
            }
        }
    }
}

fn without(schema: &Value, keys: &[&str]) -> Value {
    let mut rest = schema.as_object().cloned().unwrap_or_default();
    keys.iter().for_each(|key| {
        rest.remove(*key);
    });
    Value::Object(rest)
}

/// A value that must be there, or is there with a chance.
pub fn present(must: bool, chance: f64, value: BoxedStrategy<Value>) -> BoxedStrategy<Option<Value>> {
    if must { value.prop_map(Some).boxed() } else { proptest::option::weighted(chance, value).boxed() }
}
