//! A corpus made from the contract itself: for every operation an exchange that keeps to it, and many that differ
//! from it in one fault each. Every fault is caught, once, at its place.

use serde_json::{Value, json};

use super::super::plan::{Content, Parameter, Place, Plan, Reply};
use super::*;
use crate::contract::composition::composition;
use crate::recording::{RecordedResponse, Recording};
use crate::sample::{OTHER_KEY, Sampler};
use crate::strength::{field_pointers, put, without};

/// An exchange with one fault: what should be said of it.
struct Fault {
    name: String,
    recording: Recording,
    rules: Rules,
    codes: &'static [&'static str],
    pointer: String,
}

/// One operation with all that its exchanges are made of.
struct Base {
    plan: Plan,
    root: &'static Value,
    key: String,
    recording: Recording,
}

fn plans() -> impl Iterator<Item = (&'static crate::Operation, Plan, &'static Value)> {
    let contract = Contract::corrected();
    contract.operations().iter().map(|operation| {
        let document = &contract.documents()[operation.document];
        (operation, Plan::of(operation, document, false), document.root())
    })
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The operation's request at its fullest, and the first 2xx reply.
fn base(operation: &crate::Operation, plan: Plan, root: &'static Value, alternative: usize) -> Base {
    let documents = Contract::corrected().documents();
    let request = Sampler::new(root, Side::Request).with_alternative(alternative);
    let sample = |parameter: &Parameter| request.sample(parameter.schema.source(documents));
    let mut path = format!("{}{}", operation.base, operation.path);
    let mut headers = vec![
        ("Authorization".to_owned(), "Bearer key".to_owned()),
        ("x-api-key".to_owned(), "key".to_owned()),
    ];
    let mut query = serde_json::Map::new();
    for parameter in &plan.parameters {
        match parameter.place {
            Place::Path => {
                path = path.replace(&format!("{{{}}}", parameter.name), &text_of(&sample(parameter)))
            }
            Place::Header => headers.push((parameter.name.clone(), text_of(&sample(parameter)))),
            Place::Query => insert(&mut query, &parameter.steps, sample(parameter)),
        }
    }
    let encoded = params::encode(&query);
    let url = if encoded.is_empty() { path } else { format!("{path}?{encoded}") };
    let mut body = Vec::new();
    if let Some(schema) = plan.body.as_ref().and_then(|body| json_content(&body.content)) {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        body = request.sample(schema).to_string().into_bytes();
    }
    let reply = plan.replies.iter().find(|reply| reply.status.starts_with('2')).expect("a good reply");
    let response = Some(recorded_reply(reply, root, alternative));
    let recording = Recording { method: operation.method.to_string(), url, headers, body, response };
    Base { plan, root, key: operation.key(), recording }
}

fn insert(tree: &mut serde_json::Map<String, Value>, steps: &[String], value: Value) {
    let (first, rest) = steps.split_first().expect("a name");
    if rest.is_empty() {
        tree.insert(first.clone(), value);
        return;
    }
    let inner = tree.entry(first.clone()).or_insert_with(|| json!({}));
    if !inner.is_object() {
        *inner = json!({});
    }
    if let Value::Object(inner) = inner {
        insert(inner, rest, value);
    }
}

fn json_content(content: &[Content]) -> Option<&'static Value> {
    let schema =
        content.iter().find(|content| content.range.contains("json") || content.range.contains("form"))?;
    schema.schema.as_ref().map(|schema| schema.source(Contract::corrected().documents()))
}

fn recorded_reply(reply: &Reply, root: &Value, alternative: usize) -> RecordedResponse {
    let status = reply.status.parse().unwrap_or(400);
    let mut headers = Vec::new();
    let documents = Contract::corrected().documents();
    let sampler = Sampler::new(root, Side::Response).with_alternative(alternative);
    for header in &reply.headers {
        headers.push((header.name.clone(), text_of(&sampler.sample(header.schema.source(documents)))));
    }
    let Some(content) = reply.content.first() else {
        return RecordedResponse { status, headers, body: Vec::new() };
    };
    headers.push(("Content-Type".to_owned(), content.range.clone()));
    let body = match (&content.schema, content.range.contains("json")) {
        (Some(schema), true) => sampler.sample(schema.source(documents)).to_string().into_bytes(),
        _ => b"a,b\n1,2\n".to_vec(),
    };
    RecordedResponse { status, headers, body }
}

fn told(recording: &Recording, rules: Rules) -> Vec<(&'static str, String)> {
    let judgement = Contract::corrected().judge(&recording.as_exchange(), &rules);
    judgement.violations.into_iter().map(|violation| (violation.code, violation.pointer)).collect()
}

#[test]
fn every_exchange_that_keeps_to_the_contract_passes() {
    let mut count = 0;
    for (operation, plan, root) in plans() {
        let replies = plan.replies.len();
        let base = base(operation, plan, root, 0);
        for alternative in 0..2 {
            for at in 0..replies {
                let reply = &base.plan.replies[at];
                let response = Some(recorded_reply(reply, root, alternative));
                let recording = Recording { response, ..base.recording.clone() };
                assert_eq!(told(&recording, Rules::default()), [], "{} {}", base.key, reply.status);
                count += 1;
            }
        }
    }
    assert!(count >= 300, "{count} exchanges");
}

#[test]
fn every_fault_is_caught_once_at_its_place() {
    let mut faults = Vec::new();
    for (operation, plan, root) in plans() {
        let base = base(operation, plan, root, 0);
        wrong_statuses_and_types(&base, &mut faults);
        wrong_headers(&base, &mut faults);
        wrong_query(&base, &mut faults);
        wrong_bodies(&base, &mut faults);
        wrong_replies(&base, &mut faults);
    }
    let mut missed = Vec::new();
    for fault in &faults {
        let told = told(&fault.recording, fault.rules);
        let right = told.len() == 1 && fault.codes.contains(&told[0].0) && told[0].1 == fault.pointer;
        if !right {
            missed.push(format!(
                "{}: expected {:?} at {}, found {told:?}",
                fault.name, fault.codes, fault.pointer
            ));
        }
    }
    assert_eq!(missed, Vec::<String>::new(), "of {} faults", faults.len());
    assert!(faults.len() >= 300, "{} faults", faults.len());
    for code in [
        "missing-field",
        "wrong-type",
        "wrong-value",
        "undeclared-status",
        "undeclared-media-type",
        "undeclared-field",
        "missing-parameter",
    ] {
        let count = faults.iter().filter(|fault| fault.codes.contains(&code)).count();
        assert!(count >= 10, "{count} faults of {code}");
    }
}

impl Base {
    fn fault(
        &self,
        what: &str,
        codes: &'static [&'static str],
        pointer: impl Into<String>,
        change: impl FnOnce(&mut Recording),
    ) -> Fault {
        let mut recording = self.recording.clone();
        change(&mut recording);
        let name = format!("{} with {what}", self.key);
        Fault { name, recording, rules: Rules::default(), codes, pointer: pointer.into() }
    }
}

fn reply(recording: &mut Recording) -> &mut RecordedResponse {
    recording.response.as_mut().expect("a reply")
}

fn wrong_statuses_and_types(base: &Base, faults: &mut Vec<Fault>) {
    faults.push(base.fault("an undeclared status", &["undeclared-status"], "/status", |recording| {
        reply(recording).status = 418
    }));
    let has_body = !base.recording.response.as_ref().is_none_or(|reply| reply.body.is_empty());
    if has_body {
        faults.push(base.fault(
            "an undeclared media type",
            &["undeclared-media-type"],
            "/header/content-type",
            |recording| {
                for (name, value) in &mut reply(recording).headers {
                    if name == "Content-Type" {
                        "text/html".clone_into(value);
                    }
                }
            },
        ));
        faults.push(
            base.fault("no body", &["missing-body"], "/body", |recording| reply(recording).body.clear()),
        );
    }
}

fn wrong_headers(base: &Base, faults: &mut Vec<Fault>) {
    for parameter in
        base.plan.parameters.iter().filter(|parameter| parameter.place == Place::Header && parameter.required)
    {
        let pointer = format!("/header/{}", parameter.name.to_ascii_lowercase());
        faults.push(base.fault("a header lost", &["missing-parameter"], pointer, |recording| {
            recording.headers.retain(|(name, _)| *name != parameter.name);
        }));
    }
    let pointer = if base.key.contains("/api/v1") { "/header/x-api-key" } else { "/header/authorization" };
    faults.push(base.fault("no credentials", &["missing-credentials"], pointer, |recording| {
        recording.headers.retain(|(name, _)| name != "Authorization" && name != "x-api-key");
    }));
}

fn wrong_query(base: &Base, faults: &mut Vec<Fault>) {
    let documents = Contract::corrected().documents();
    for parameter in base.plan.parameters.iter().filter(|parameter| parameter.place == Place::Query) {
        let parts = composition(base.root, parameter.schema.source(documents));
        let types: Vec<&str> = parts.iter().filter_map(|part| part.get("type")?.as_str()).collect();
        let closed = parts.iter().any(|part| part.get("enum").is_some() || part.get("format").is_some());
        let pointer = parameter.steps.iter().fold("/query".to_owned(), |at, step| format!("{at}/{step}"));
        let path = base.recording.url.split('?').next().expect("a path").to_owned();
        let others = base.recording.url.split_once('?').map_or("", |(_, query)| query);
        let kept = |lost: &str| -> String {
            let keep = |pair: &&str| {
                let name = percent_encoding::percent_decode_str(pair.split('=').next().unwrap_or_default())
                    .decode_utf8_lossy()
                    .into_owned();
                name != lost && !name.starts_with(&format!("{lost}["))
            };
            others.split('&').filter(keep).map(|pair| format!("&{pair}")).collect()
        };
        if parameter.required {
            faults.push(base.fault(
                &format!("{} lost", parameter.name),
                &["missing-parameter"],
                pointer.clone(),
                |recording| {
                    recording.url = format!("{path}?{}", kept(parameter.name.trim_end_matches("[]")));
                },
            ));
        }
        if parameter.steps.len() > 1 {
            let root = &parameter.steps[0];
            faults.push(base.fault(
                &format!("{root} without brackets"),
                &["wrong-type"],
                format!("/query/{root}"),
                |recording| {
                    recording.url = format!("{path}?{root}=x{}", kept(root));
                },
            ));
        }
        if !types.contains(&"string") || closed {
            if types.iter().any(|kind| matches!(*kind, "object" | "array")) {
                continue;
            }
            let bracketed = parameter.steps[1..].iter().map(|step| format!("[{step}]")).collect::<String>();
            let name = format!("{}{bracketed}", parameter.steps[0]);
            faults.push(base.fault(
                &format!("a wrong {name}"),
                &["wrong-type", "wrong-value", "wrong-format"],
                pointer,
                |recording| {
                    recording.url = format!("{path}?{name}=%21wrong{}", kept(&name));
                },
            ));
        }
    }
}

/// What a wrong value may be called.
const WRONG: &[&str] = &["wrong-type", "wrong-value", "wrong-pattern", "no-variant"];

/// Values that are no good where another is.
fn wrong_value(value: &Value) -> Option<Value> {
    Some(match value {
        Value::String(_) => json!(["wrong"]),
        Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_) => json!("wrong type"),
        Value::Null => return None,
    })
}

fn wrong_bodies(base: &Base, faults: &mut Vec<Fault>) {
    let Ok(body) = serde_json::from_slice::<Value>(&base.recording.body) else { return };
    let schema =
        base.plan.body.as_ref().and_then(|body| json_content(&body.content)).expect("a body's schema");
    let required: Vec<&str> = composition_required(base.root, schema);
    for name in required {
        let pointer = format!("/{name}");
        if body.get(name).is_some() {
            faults.push(base.fault(
                &format!("{name} lost from the body"),
                &["missing-field"],
                format!("/body{pointer}"),
                |recording| {
                    recording.body = without(&body, &pointer).to_string().into_bytes();
                },
            ));
        }
    }
    // Free-form parts take anything.
    let accepts = |candidate: &Value| {
        let recording = Recording { body: candidate.to_string().into_bytes(), ..base.recording.clone() };
        told(&recording, Rules::default()).is_empty()
    };
    for pointer in field_pointers(&body).into_iter().filter(|pointer| pointer.matches('/').count() == 1) {
        let Some(wrong) = body.pointer(&pointer).and_then(wrong_value) else { continue };
        let mut candidate = body.clone();
        put(&mut candidate, &pointer, wrong);
        if !accepts(&candidate) {
            faults.push(base.fault(
                &format!("a wrong {pointer} in the body"),
                WRONG,
                format!("/body{pointer}"),
                |recording| {
                    recording.body = candidate.to_string().into_bytes();
                },
            ));
        }
    }
}

/// What `required` lists, in the schema or the parts that it is all of.
fn composition_required<'r>(root: &'r Value, schema: &'r Value) -> Vec<&'r str> {
    let schema = crate::contract::composition::follow(root, schema);
    let own =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    own.chain(parts.flat_map(|part| composition_required(root, part))).collect()
}

fn wrong_replies(base: &Base, faults: &mut Vec<Fault>) {
    let sound = base.recording.response.as_ref().expect("a reply");
    let Ok(body) = serde_json::from_slice::<Value>(&sound.body) else { return };
    let with = |changed: Value| {
        move |recording: &mut Recording| reply(recording).body = changed.to_string().into_bytes()
    };
    let accepts = |candidate: &Value| {
        let mut recording = base.recording.clone();
        reply(&mut recording).body = candidate.to_string().into_bytes();
        told(&recording, Rules::default()).is_empty()
    };
    // One field in four keeps the test short; which ones differs from operation to operation.
    for pointer in field_pointers(&body).into_iter().skip(base.key.len() % 4).step_by(4) {
        let lacking = without(&body, &pointer);
        if !accepts(&lacking) {
            faults.push(base.fault(
                &format!("{pointer} lost"),
                &["missing-field"],
                format!("/body{pointer}"),
                with(lacking),
            ));
        }
        let Some(wrong) = body.pointer(&pointer).and_then(wrong_value) else { continue };
        let mut candidate = body.clone();
        put(&mut candidate, &pointer, wrong);
        if !accepts(&candidate) {
            faults.push(base.fault(
                &format!("a wrong {pointer}"),
                WRONG,
                format!("/body{pointer}"),
                with(candidate),
            ));
        }
    }
    let mut extra = body.clone();
    let (owner, pointer) = if body.is_array() { ("/0", "/body/0/surprise") } else { ("", "/body/surprise") };
    // A map takes any key.
    let is_map = extra.pointer(owner).is_some_and(|map| map.get(OTHER_KEY).is_some());
    if let Some(Value::Object(map)) = extra.pointer_mut(owner)
        && !is_map
        && !map.is_empty()
        && told(&base.recording, Rules::strict()).is_empty()
    {
        map.insert("surprise".to_owned(), json!(1));
        let fault = base.fault("an undeclared field", &["undeclared-field"], pointer, with(extra));
        faults.push(Fault { rules: Rules::strict(), ..fault });
    }
}
