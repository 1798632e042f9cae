//! What a snapshot is of: an operation or an event, and the file that keeps it.

use std::fmt;
use std::path::PathBuf;

use fp_contract::{Contract, Method, Operation, Resolution, Version, WebhookSystem};

use super::promise::Promise;

/// An operation, or an event of one of the webhook systems.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An operation by its key, `GET /api/v2/company/promoters/{id}`.
    Operation(String),
    /// An event: `v2` or `legacy`, and its type.
    Event(&'static str, String),
}

/// The section of an event's snapshot.
pub const PAYLOAD: &str = "payload";

impl Subject {
    /// An operation.
    pub fn of(operation: &Operation) -> Self {
        Self::Operation(operation.key())
    }

    /// An event.
    pub fn event(system: WebhookSystem, event_type: &str) -> Self {
        Self::Event(system_name(system), event_type.to_owned())
    }

    /// What a text names: `GET /api/v2/company/promoters/7`, `v2 commission.created`, `legacy lead_signup`.
    pub fn named(contract: &Contract, text: &str) -> Option<Self> {
        let (first, rest) = text.trim_start_matches("webhook ").split_once(' ')?;
        let system = match first {
            "v2" => WebhookSystem::V2,
            "legacy" => WebhookSystem::Legacy,
            method => {
                return match contract.resolve(&method.to_ascii_uppercase(), rest) {
                    Resolution::Found(found) => Some(Self::of(found.operation)),
                    _ => None,
                };
            }
        };
        contract.event_types(system).any(|known| known == rest).then(|| Self::event(system, rest))
    }

    /// Everything that the contract knows: its operations, then its events.
    pub fn all(contract: &Contract) -> Vec<Self> {
        let operations = contract.operations().iter().map(Self::of);
        let events = [WebhookSystem::V2, WebhookSystem::Legacy];
        let events = events.into_iter().flat_map(|system| {
            contract.event_types(system).map(move |event_type| Self::event(system, event_type))
        });
        operations.chain(events).collect()
    }

    /// The operation of the contract.
    pub fn operation<'c>(&self, contract: &'c Contract) -> Option<&'c Operation> {
        match self {
            Self::Operation(key) => contract.operations().iter().find(|operation| operation.key() == *key),
            Self::Event(..) => None,
        }
    }

    /// What the contract says of a section.
    pub fn promise<'c>(&self, contract: &'c Contract, section: &str) -> Option<Promise<'c>> {
        match self {
            Self::Operation(_) => {
                Promise::of_reply(contract, self.operation(contract)?, section.parse().ok()?)
            }
            Self::Event(system, event_type) => {
                let system = if *system == "v2" { WebhookSystem::V2 } else { WebhookSystem::Legacy };
                Promise::of_event(contract, system, event_type)
            }
        }
    }

    /// Where its snapshot is kept, below the folder of snapshots: `v2/promoters/show.snap`.
    pub fn file(&self, contract: &Contract) -> Option<PathBuf> {
        match self {
            Self::Operation(_) => {
                let operation = self.operation(contract)?;
                let (resource, action) = name(operation);
                Some(PathBuf::from(format!("{}/{resource}/{action}.snap", operation.version)))
            }
            Self::Event(system, event_type) => {
                Some(PathBuf::from(format!("webhooks/{system}/{event_type}.snap")))
            }
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(key) => f.write_str(key),
            Self::Event(system, event_type) => write!(f, "webhook {system} {event_type}"),
        }
    }
}

fn system_name(system: WebhookSystem) -> &'static str {
    match system {
        WebhookSystem::V2 => "v2",
        WebhookSystem::Legacy => "legacy",
    }
}

/// Resource and action of an operation. v1 has both in the path; those of v2 are named as v1's are.
fn name(operation: &Operation) -> (String, String) {
    let is_parameter = |segment: &&str| segment.starts_with('{');
    let segments: Vec<&str> =
        operation.path.split('/').filter(|part| !part.is_empty() && *part != "company").collect();
    let resource = if segments.contains(&"webhook_deliveries") { "webhook_deliveries" } else { segments[0] };
    let last = segments.last().copied().unwrap_or_default();
    let on_one = is_parameter(&last);
    let action = match operation.method {
        _ if operation.version == Version::V1 => last,
        _ if !on_one && last != resource => last,
        Method::Get if on_one => "show",
        Method::Get => "list",
        Method::Post => "create",
        Method::Put | Method::Patch => "update",
        Method::Delete => "delete",
    };
    (resource.to_owned(), action.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_and_event_has_a_file_of_its_own() {
        let contract = Contract::corrected();
        let subjects = Subject::all(contract);
        let files: BTreeSet<_> = subjects.iter().filter_map(|subject| subject.file(contract)).collect();
        assert_eq!(files.len(), subjects.len());
        let has = |file: &str| files.contains(&PathBuf::from(file));
        for file in [
            "v1/promoters/show.snap",
            "v2/promoters/list.snap",
            "v2/promoters/accept.snap",
            "v2/referrals/delete.snap",
            "v2/commissions/destroy.snap",
            "v2/webhook_deliveries/retry_delivery.snap",
            "v2/webhooks/create.snap",
            "v2/track/sale.snap",
            "v2/emails/custom_template.snap",
            "webhooks/v2/promoter.created.snap",
            "webhooks/legacy/lead_signup.snap",
        ] {
            assert!(has(file), "{file}");
        }
    }
}
