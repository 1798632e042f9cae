//! Waiting for a webhook to be delivered, or to come so far.

use serde::Deserialize;
use serde_json::Value;

use super::{Awaited, Look, nearest};
use crate::control::deliveries::{shown, status};
use crate::control::desk::Sandbox;
use crate::control::reply::{Problem, read_value};
use crate::webhooks::delivery::{self, Lane, Status};
use crate::world::Account;

const HINT: &str = "send {\"for\": \"delivery\", \"match\": {\"event_type\": \"commission.created\", \
                    \"entity_id\": 7, \"status\": \"delivered\"}}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    id: Option<u64>,
    event_type: Option<String>,
    entity_id: Option<u64>,
    subscription: Option<u64>,
    status: Option<String>,
}

/// A delivery with these properties; without a status, one that is acknowledged.
pub(super) struct Delivery {
    id: Option<u64>,
    event_type: Option<String>,
    entity_id: Option<u64>,
    subscription: Option<u64>,
    status: Status,
}

impl Delivery {
    pub(super) fn read(wanted: &Value) -> Result<Self, Problem> {
        let wanted: Wanted = read_value(wanted, HINT)?;
        let status = wanted.status.as_deref().map_or(Ok(Status::Delivered), status)?;
        let Wanted { id, event_type, entity_id, subscription, .. } = wanted;
        Ok(Self { id, event_type, entity_id, subscription, status })
    }

    fn differences(&self, row: &delivery::Delivery) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |name: &str, expected: Option<String>, found: String| {
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                differences.push(format!("{name}: expected {expected}, found {found}"));
            }
        };
        let subscription = match row.lane {
            Lane::Subscription(id) => id.to_string(),
            _ => "none".to_owned(),
        };
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        compare("event_type", self.event_type.clone(), row.event.identity.type_name().to_owned());
        compare("entity_id", number(self.entity_id), row.event.entity_id.to_string());
        compare("id", number(self.id), row.id.to_string());
        compare("subscription", number(self.subscription), subscription);
        compare("status", Some(self.status.name().to_owned()), row.status.name().to_owned());
        differences
    }
}

impl Awaited for Delivery {
    fn look(&self, account: &Account, _sandbox: &Sandbox) -> Look {
        let ledger = account.lock();
        let newest_first = || ledger.webhooks.deliveries.iter().rev();
        match newest_first().find(|row| self.differences(row).is_empty()) {
            Some(row) => Look::Arrived(shown(row)),
            None => {
                // Only the nearest is written out: there may be many.
                let closest = newest_first().min_by_key(|row| self.differences(row).len());
                Look::Nearest(nearest(closest.into_iter().map(|row| (self.differences(row), shown(row)))))
            }
        }
    }
}
