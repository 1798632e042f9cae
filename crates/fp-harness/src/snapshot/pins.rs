//! Pins: what an application uses of the API, so that only what concerns it fails it.
//!
//! ```yaml
//! pins:
//!   - operation: GET /api/v2/company/promoters/{id}
//!     fields: [id, email, "promoter_campaigns[].ref_token"]
//!   - event: v2 commission.created
//!     fields: [data.amount, data.referral.email]
//! ```

use std::fmt;

use fp_contract::{Contract, Document, Resolution, WebhookSystem, nearest};
use serde_json::Value;

use super::difference::{Difference, Weight};
use super::promise::Promise;
use super::subject::{PAYLOAD, Subject};

/// What an application uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    /// Operations and events with the fields that are used of them.
    pub pins: Vec<Pin>,
}

/// What is used of one operation or event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The operation or event.
    pub subject: Subject,
    /// The line in the file.
    pub line: u32,
    /// The fields, as steps: `promoter_campaigns`, `[]`, `ref_token`.
    pub fields: Vec<Vec<String>>,
}

/// Why a file of pins cannot be used. All faults at once, each with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinErrors(pub Vec<String>);

impl fmt::Display for PinErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for PinErrors {}

impl Pins {
    /// Reads a file of pins and compares it with the contract.
    ///
    /// # Errors
    /// Every operation, event and field that the contract does not know, with the nearest that it does, and every
    /// entry that makes no sense.
    pub fn read(contract: &Contract, name: &str, text: &str) -> Result<Self, PinErrors> {
        let document =
            Document::of_settings(name, text).map_err(|error| PinErrors(vec![error.to_string()]))?;
        let mut reader = Reader { contract, document: &document, faults: Vec::new() };
        let pins = reader.all();
        if reader.faults.is_empty() { Ok(Self { pins }) } else { Err(PinErrors(reader.faults)) }
    }

    /// Whether an operation or event is used at all.
    pub fn names(&self, subject: &Subject) -> bool {
        self.pins.iter().any(|pin| pin.subject == *subject)
    }

    /// Whether a difference touches what is used: a field, all that leads to it, or, of a field that is used whole,
    /// anything below. What is new concerns nobody.
    pub fn concern(&self, subject: &Subject, difference: &Difference) -> bool {
        let unescape = |step: &str| step.replace("~1", "/").replace("~0", "~");
        let at: Vec<String> = difference.pointer.split('/').skip(1).map(unescape).collect();
        let touches = |field: &Vec<String>| field.iter().zip(&at).all(|(used, step)| used == step);
        let is_new = matches!(difference.code, "field-new" | "order-changed" | "payload-new");
        let whole = at.is_empty() && difference.weight != Weight::Harmless;
        let mut own = self.pins.iter().filter(|pin| pin.subject == *subject);
        !is_new && own.any(|pin| whole || pin.fields.iter().any(touches))
    }
}

struct Reader<'r> {
    contract: &'r Contract,
    document: &'r Document,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn line(&self, pointer: &str) -> u32 {
        self.document.position(pointer).map_or(1, |position| position.line)
    }

    fn fault(&mut self, pointer: &str, message: &str) {
        let line = self.line(pointer);
        self.faults.push(format!("{}:{line}: {message}", self.document.name()));
    }

    fn all(&mut self) -> Vec<Pin> {
        let Some(entries) = self.document.at("/pins").and_then(Value::as_array) else {
            self.fault("", "expected a list `pins`, found none");
            return Vec::new();
        };
        if entries.is_empty() {
            self.fault("/pins", "expected at least one pin, found none");
        }
        let pins = entries.iter().enumerate();
        pins.filter_map(|(number, entry)| self.pin(&format!("/pins/{number}"), entry)).collect()
    }

    fn pin(&mut self, at: &str, entry: &Value) -> Option<Pin> {
        for key in entry.as_object().into_iter().flatten().map(|(key, _)| key) {
            if !["operation", "event", "fields"].contains(&key.as_str()) {
                self.fault(
                    &format!("{at}/{key}"),
                    &format!("expected operation or event, and fields, found `{key}`"),
                );
            }
        }
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let subject = match (text("operation"), text("event")) {
            (Some(operation), None) => self.operation(at, operation)?,
            (None, Some(event)) => self.event(at, event)?,
            _ => {
                self.fault(
                    at,
                    "expected either an operation, `GET /api/v2/…`, or an event, `v2 commission.created`",
                );
                return None;
            }
        };
        let listed = entry.get("fields").and_then(Value::as_array).filter(|fields| !fields.is_empty());
        let Some(listed) = listed else {
            self.fault(at, &format!("expected `fields`, a list of what is used of {subject}, found none"));
            return None;
        };
        let mut fields = Vec::new();
        for (number, field) in listed.iter().enumerate() {
            let pointer = format!("{at}/fields/{number}");
            match field.as_str() {
                Some(path) => fields.extend(self.field(&pointer, &subject, path)),
                None => self.fault(&pointer, &format!("expected the path of a field, found {field}")),
            }
        }
        Some(Pin { subject, line: self.line(at), fields })
    }

    fn operation(&mut self, at: &str, key: &str) -> Option<Subject> {
        let pointer = format!("{at}/operation");
        let Some((method, path)) = key.split_once(' ') else {
            self.fault(&pointer, &format!("expected a method and a path, found `{key}`"));
            return None;
        };
        let path = path.split('?').next().unwrap_or(path);
        match self.contract.resolve(&method.to_ascii_uppercase(), path) {
            Resolution::Found(found) => return Some(Subject::of(found.operation)),
            Resolution::WrongMethod { allowed } => {
                let allowed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
                self.fault(&pointer, &format!("expected {} {path}, found {method}", allowed.join(" or ")));
            }
            Resolution::NotFound => {
                let keys: Vec<String> = self.contract.operations().iter().map(ToString::to_string).collect();
                let meant = nearest_of(key, keys.iter().map(String::as_str));
                self.fault(&pointer, &format!("expected an operation of the contract, found `{key}`{meant}"));
            }
        }
        None
    }

    fn event(&mut self, at: &str, event: &str) -> Option<Subject> {
        let (system, event_type) = match event.split_once(' ') {
            Some(("legacy", event_type)) => (WebhookSystem::Legacy, event_type),
            Some(("v2", event_type)) => (WebhookSystem::V2, event_type),
            _ => (WebhookSystem::V2, event),
        };
        if self.contract.event_types(system).any(|known| known == event_type) {
            return Some(Subject::event(system, event_type));
        }
        let meant = nearest_of(event_type, self.contract.event_types(system));
        let message = format!("expected an event type of the {system} system, found `{event_type}`{meant}");
        self.fault(&format!("{at}/event"), &message);
        None
    }

    fn field(&mut self, pointer: &str, subject: &Subject, path: &str) -> Option<Vec<String>> {
        let steps = steps(path);
        let sections = [PAYLOAD.to_owned(), "200".to_owned(), "201".to_owned(), "202".to_owned()];
        let promises = sections.iter().filter_map(|section| subject.promise(self.contract, section));
        let walked: Vec<_> = promises.map(|promise| walk(promise, &steps)).collect();
        if walked.iter().any(Result::is_ok) {
            return Some(steps);
        }
        let why = walked.into_iter().filter_map(Result::err).next();
        let why = why.unwrap_or_else(|| "the contract declares no body of it".to_owned());
        self.fault(pointer, &format!("`{path}` of {subject}: {why}"));
        None
    }
}

/// `data[].promoter.id` as steps.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let name = part.trim_end_matches("[]");
        if !name.is_empty() {
            steps.push(name.to_owned());
        }
        steps.extend(std::iter::repeat_n("[]".to_owned(), (part.len() - name.len()) / 2));
    }
    steps
}

/// Follows a path through what the contract says; what is wrong with it otherwise.
fn walk(mut promise: Promise<'_>, steps: &[String]) -> Result<(), String> {
    let mut so_far = "the payload".to_owned();
    for step in steps {
        let next = match step.as_str() {
            "[]" => promise.items().ok_or_else(|| format!("expected a list, but {so_far} is none")),
            "*" => promise.values().ok_or_else(|| format!("expected a map, but {so_far} is none")),
            // Of an object that may hold anything nothing more can be said.
            name => match promise.field(name) {
                Some(field) => Ok(field),
                None if promise.declares("object") && !promise.names_fields() => return Ok(()),
                None => {
                    let meant = nearest_of(name, promise.field_names());
                    let is_list = promise.items().is_some();
                    let hint = if is_list { "; it is a list: write `[]` first" } else { "" };
                    Err(format!("{so_far} has no field `{name}`{meant}{hint}"))
                }
            },
        };
        promise = next?;
        so_far = format!("`{step}`");
    }
    Ok(())
}

fn nearest_of<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    nearest(name, known).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "pins:\n  - operation: GET /api/v2/company/promoters/{id}\n    fields: [id, \"promoter_campaigns[].ref_token\", stats]\n  - event: legacy lead_signup\n    fields: [data.email]\n";

    fn read(text: &str) -> Result<Pins, PinErrors> {
        Pins::read(Contract::corrected(), "pins.yaml", text)
    }

    #[test]
    fn pins_are_operations_and_events_with_their_fields() {
        let pins = read(SOUND).expect("sound pins").pins;
        assert_eq!(pins[0].subject, Subject::Operation("GET /api/v2/company/promoters/{id}".into()));
        assert_eq!((pins[0].line, pins[1].line), (2, 4));
        assert_eq!(pins[0].fields[1], ["promoter_campaigns", "[]", "ref_token"]);
    }

    #[test]
    fn what_the_contract_does_not_know_is_told_with_its_line_and_the_nearest_name() {
        let text = "pins:\n  - operation: GET /api/v2/company/promotors\n    fields: [id]\n  - operation: PUT /api/v2/track/sale\n    fields: [id]\n  - operation: GET /api/v2/company/referrals/7\n    fields:\n      - emial\n      - id\n  - event: comission.created\n    fields: [data]\n  - event: commission.created\n    field: [data]\n  - operation: GET /api/v2/company/commissions\n    fields: [id]\n";
        let faults = read(text).expect_err("faults").0;
        assert_eq!(
            faults,
            [
                "pins.yaml:2: expected an operation of the contract, found `GET /api/v2/company/promotors`; did you mean `GET /api/v2/company/promoters`?",
                "pins.yaml:4: expected POST /api/v2/track/sale, found PUT",
                "pins.yaml:8: `emial` of GET /api/v2/company/referrals/{id}: the payload has no field `emial`; did you mean `email`?",
                "pins.yaml:10: expected an event type of the v2 system, found `comission.created`; did you mean `commission.created`?",
                "pins.yaml:13: expected operation or event, and fields, found `field`",
                "pins.yaml:12: expected `fields`, a list of what is used of webhook v2 commission.created, found none",
                "pins.yaml:15: `id` of GET /api/v2/company/commissions: the payload has no field `id`; it is a list: write `[]` first",
            ]
        );
        assert_eq!(read("a: 1").expect_err("no pins").0, ["pins.yaml:1: expected a list `pins`, found none"]);
        assert_eq!(read("pins: [").expect_err("no YAML").0.len(), 1);
    }

    #[test]
    fn only_what_is_used_is_of_concern() {
        let pins = read(SOUND).expect("sound pins");
        let promoter = Subject::Operation("GET /api/v2/company/promoters/{id}".into());
        let at = |code: &'static str, pointer: &str| Difference {
            code,
            weight: Weight::Breaking,
            pointer: pointer.to_owned(),
            message: String::new(),
        };
        let concern = |code: &'static str, pointer: &str| pins.concern(&promoter, &at(code, pointer));
        assert!(concern("field-lost", "/promoter_campaigns/[]/ref_token"));
        assert!(concern("type-changed", "/promoter_campaigns"), "what leads to a field concerns it");
        assert!(concern("null-possible", "/stats/clicks_count"), "a field that is used whole");
        assert!(concern("status-new", ""));
        assert!(!concern("field-lost", "/email") && !concern("field-lost", "/promoter_campaigns/[]/state"));
        assert!(!concern("field-new", "/stats/extra"), "what is new concerns nobody");
        let other = Subject::Operation("GET /api/v2/company/promoters".into());
        assert!(!pins.concern(&other, &at("field-lost", "/id")));
    }
}
