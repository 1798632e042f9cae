//! Keeps a run at a real account to its own records. Every call of a run passes here before it is sent: reads go
//! through, a write only if all that it names was made by this run or carries its namespace.

mod adapt;
mod cleanup;
mod made;
mod names;

use std::sync::{Mutex, MutexGuard, PoisonError};

use fp_contract::{Contract, Resolution, params};
use serde_json::Value;

pub use cleanup::tidy_up;
pub use made::{Kind, Made};
use names::{Class, class_of};

use crate::exchange::{Call, Exchange};

/// Lets calls pass, and remembers what they made.
#[derive(Debug)]
pub struct Guard {
    namespace: String,
    writes: bool,
    made: Mutex<Made>,
}

/// Operations that reach beyond what a run can own, whatever they are given.
const NEVER: [(&str, &str); 8] = [
    ("POST /api/v2/company/emails/{id}/send_now", "it sends e-mail to promoters"),
    ("POST /api/v2/company/emails/{id}/send_test", "it sends e-mail"),
    ("POST /api/v2/company/emails/test_custom_template", "it sends e-mail"),
    ("PATCH /api/v2/company/emails/custom_template", "it changes every e-mail of the account"),
    ("POST /api/v2/company/webhooks/test", "it sends a webhook to an address that is not the run's"),
    ("POST /api/v2/company/payouts/create_payments_batch", "it takes everybody's pending payouts"),
    ("POST /api/v2/company/referrals/{id}/import_events", "it asks the billing provider"),
    (
        "POST /api/v2/company/webhooks/{webhook_id}/webhook_deliveries/{id}/retry_delivery",
        "it sends a webhook to an address that is not the run's",
    ),
];

impl Guard {
    /// A guard of the records whose names begin with `namespace`; without `writes` nothing is changed at all.
    pub fn new(namespace: String, writes: bool) -> Self {
        Self { namespace, writes, made: Mutex::default() }
    }

    /// The beginning of every name that the run makes.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// What the run made so far.
    pub fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a call may be sent.
    ///
    /// # Errors
    /// What it could touch.
    pub fn admit(&self, call: &Call) -> Result<(), String> {
        if matches!(call.method.as_str(), "GET" | "HEAD") {
            return Ok(());
        }
        if !self.writes {
            return Err("nothing may be changed at a host that is not this machine".into());
        }
        let Resolution::Found(found) = Contract::corrected().resolve(&call.method, call.path()) else {
            return Err("the contract has no such operation".into());
        };
        let key = found.operation.key();
        if let Some((_, reason)) = NEVER.iter().find(|(never, _)| *never == key) {
            return Err((*reason).to_owned());
        }
        let sent = params::read(&call.as_request()).map_err(|error| format!("it cannot be read: {error}"))?;
        let sent = Value::Object(sent.into_root());
        let mut own = 0;
        for (name, value) in &found.path_params {
            let value = value.parse::<u64>().map_or_else(|_| Value::from(value.as_str()), Value::from);
            own += self.weigh(&found.operation.path, name, &value)?;
        }
        own += self.weigh_members(&found.operation.path, &sent)?;
        keeps_quiet(&key, &sent)?;
        if own == 0 {
            return Err("it names no record that this run made".into());
        }
        Ok(())
    }

    /// How many things of the run's own a tree of parameters names.
    fn weigh_members(&self, path: &str, tree: &Value) -> Result<usize, String> {
        let mut own = 0;
        for (name, value) in tree.as_object().into_iter().flatten() {
            own += match value {
                Value::Object(_) if class_of(path, name) == Class::Free => self.weigh_members(path, value)?,
                Value::Array(items) if class_of(path, name) == Class::Free => items
                    .iter()
                    .try_fold(0, |own, item| Ok::<_, String>(own + self.weigh_members(path, item)?))?,
                value => self.weigh(path, name, value)?,
            };
        }
        Ok(own)
    }

    /// 1 if the value is the run's own, 0 if it says nothing about records.
    fn weigh(&self, path: &str, name: &str, value: &Value) -> Result<usize, String> {
        let foreign = || Err(format!("{name} is not this run's"));
        match (class_of(path, name), value) {
            (Class::Free, _) | (_, Value::Null) => Ok(0),
            (Class::Record(_), Value::Array(items)) => {
                items.iter().try_fold(0, |own, item| Ok(own + self.weigh(path, name, item)?))
            }
            (Class::Record(kind), value) => {
                let id = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                let made = self.made();
                let text = value.as_str().unwrap_or_default();
                let is_own = id.is_some_and(|id| made.has(kind, id)) || self.is_own_text(&made, text);
                if is_own { Ok(1) } else { foreign() }
            }
            (Class::Name, Value::String(text)) => {
                if self.is_own_text(&self.made(), text) {
                    Ok(1)
                } else {
                    foreign()
                }
            }
            (Class::Name, _) => foreign(),
        }
    }

    fn is_own_text(&self, made: &Made, text: &str) -> bool {
        text.starts_with(&self.namespace) || made.has_text(text)
    }

    /// The rows of a list that belong to the run.
    pub fn own_rows(&self, path: &str, reply: &Value) -> Value {
        let Some(kind) = Kind::of_path(path) else { return Value::Null };
        let made = self.made();
        let rows = reply.get("data").unwrap_or(reply).as_array().cloned().unwrap_or_default();
        let is_own = |row: &Value| row.get("id").and_then(Value::as_u64).is_some_and(|id| made.has(kind, id));
        rows.into_iter().filter(is_own).collect()
    }

    /// Remembers what a call made, and what the target says belongs to it.
    pub fn learn(&self, exchange: &Exchange) {
        if exchange.is_success()
            && let Some(reply) = exchange.json()
            && let Resolution::Found(found) =
                Contract::corrected().resolve(&exchange.call.method, exchange.call.path())
        {
            self.made().learn(&found.operation.key(), &reply);
        }
    }
}

/// Whether what is made stays silent: a subscription that is active would send real events to somebody, an e-mail
/// that is enabled would be sent.
fn keeps_quiet(key: &str, sent: &Value) -> Result<(), String> {
    let is_off = |at: &str, must: bool| match sent.pointer(at) {
        Some(value) => value == &Value::Bool(false) || value == "false",
        None => !must,
    };
    let makes = key.starts_with("POST ");
    if key.contains("/company/webhooks") && !key.starts_with("DELETE ") && !is_off("/active", makes) {
        return Err("the subscription would be active".into());
    }
    let of_email = key.ends_with("/company/emails") || key == "PUT /api/v2/company/emails/{id}";
    if of_email && !is_off("/trigger/enabled", makes) {
        return Err("the e-mail would be sent".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
