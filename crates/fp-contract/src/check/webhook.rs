//! Webhook payloads: a path for each event in their document.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{Judgement, Rules};
use crate::contract::dialect::Edition;
use crate::contract::{Contract, Document, Role};
use crate::schema::{Schema, judge, nearest, read_body};
use crate::source::pointer_step;
use crate::violation::{Side, Violation};

/// Which webhook system a payload belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WebhookSystem {
    /// The current one: subscriptions, signed deliveries, `promoter.created` and its like.
    V2,
    /// The older one: a URL for each campaign, `lead_signup` and its like.
    Legacy,
}

impl fmt::Display for WebhookSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WebhookSystem::V2 => "v2",
            WebhookSystem::Legacy => "legacy",
        })
    }
}

/// The payload schemas of all events, lenient and strict.
#[derive(Debug, Default)]
pub(crate) struct Events {
    schemas: BTreeMap<(WebhookSystem, String), [Schema; 2]>,
}

impl Events {
    pub(super) fn of(documents: &[Document]) -> Events {
        let mut schemas = BTreeMap::new();
        for (index, document) in
            documents.iter().enumerate().filter(|(_, document)| document.role() == Role::Webhooks)
        {
            let paths = document.at("/paths").and_then(Value::as_object);
            for (path, _) in paths.into_iter().flatten() {
                let Some((system, event_type)) = event_of(path) else { continue };
                let item = pointer_step("/paths", path);
                let pointer = format!("{item}/post/requestBody/content/application~1json/schema");
                if document.at(&pointer).is_some() {
                    let schema = |strict| {
                        Schema::new(index, pointer.clone(), Edition { side: Side::Response, strict })
                    };
                    schemas.insert((system, event_type.to_owned()), [schema(false), schema(true)]);
                }
            }
        }
        Events { schemas }
    }
}

fn event_of(path: &str) -> Option<(WebhookSystem, &str)> {
    let (system, event_type) = path.strip_prefix('/')?.split_once('/')?;
    match system {
        "v2" => Some((WebhookSystem::V2, event_type)),
        "legacy" => Some((WebhookSystem::Legacy, event_type)),
        _ => None,
    }
}

impl Contract {
    /// The event types of a webhook system, in alphabetical order.
    pub fn event_types(&self, system: WebhookSystem) -> impl Iterator<Item = &str> {
        let keys = self.events().schemas.keys();
        keys.filter(move |(own, _)| *own == system).map(|(_, event_type)| event_type.as_str())
    }

    /// Judges a webhook payload by the default [`Rules`].
    #[must_use]
    pub fn check_webhook(&self, system: WebhookSystem, event_type: &str, body: &[u8]) -> Vec<Violation> {
        self.judge_webhook(system, event_type, body, &Rules::default()).violations
    }

    /// Judges a webhook payload. Pointers begin with `/body`, as in replies.
    #[must_use]
    pub fn judge_webhook(
        &self,
        system: WebhookSystem,
        event_type: &str,
        body: &[u8],
        rules: &Rules,
    ) -> Judgement {
        let mut judgement =
            Judgement { operation: Some(format!("webhook {system} {event_type}")), ..Judgement::default() };
        let violations = self.webhook_violations(system, event_type, body, rules.strict);
        for violation in violations {
            judgement.violate(Violation { operation: judgement.operation.clone(), ..violation });
        }
        judgement
    }

    fn events(&self) -> &Events {
        self.bench().events.get_or_init(|| Events::of(self.documents()))
    }

    fn webhook_violations(
        &self,
        system: WebhookSystem,
        event_type: &str,
        body: &[u8],
        strict: bool,
    ) -> Vec<Violation> {
        let Some(schemas) = self.events().schemas.get(&(system, event_type.to_owned())) else {
            let violation = Violation::new(
                "unknown-event-type",
                Side::Response,
                "",
                format!("an event type of the {system} system"),
                format!("`{event_type}`"),
            );
            return vec![match nearest(event_type, self.event_types(system)) {
                Some(meant) => violation.with_hint(format!("did you mean `{meant}`?")),
                None => violation,
            }];
        };
        let schema = &schemas[usize::from(strict)];
        if schema.gate(self.documents()).admits_text(body) {
            return Vec::new();
        }
        let value = match read_body(body) {
            Ok(value) => value,
            Err(error) => {
                return vec![Violation::new(
                    error.code,
                    Side::Response,
                    "/body",
                    error.expected,
                    error.found,
                )];
            }
        };
        let place = |pointer: &str| format!("/body{pointer}");
        judge(schema, self.documents(), &self.bench().registries, &value, &place)
    }
}
