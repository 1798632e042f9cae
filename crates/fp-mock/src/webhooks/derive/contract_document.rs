//! The event of contract documents.

use serde::Serialize;
use serde_json::json;

use super::{Draft, Witness, document};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{ContractDocumentId, PromoterId};
use crate::domain::json::JsonObject;
use crate::webhooks::event_type::EventType;

/// A signed document as its event shows it.
///
/// Evidence: service behaviour notes.
#[derive(Debug, Serialize)]
struct Data {
    id: ContractDocumentId,
    promoter_id: PromoterId,
    signed_at: Option<Timestamp>,
    created_at: Timestamp,
}

pub(super) fn follow(witness: &Witness<'_>, drafts: &mut Vec<Draft>) {
    if !witness.wants(EventType::ContractDocumentSigned) {
        return;
    }
    for change in &witness.changes.contract_documents {
        let before = change.before.as_deref().and_then(|row| row.signed_at);
        let Some(row) = change.after.as_deref().filter(|row| row.signed_at.is_some() && before.is_none())
        else {
            continue;
        };
        drafts.push(Draft {
            kind: EventType::ContractDocumentSigned,
            entity_id: row.id.number(),
            campaigns: witness.campaigns_of(row.promoter_id),
            changes: JsonObject::from_iter([("signed_at".to_owned(), json!([before, row.signed_at]))]),
            data: document(&Data {
                id: row.id,
                promoter_id: row.promoter_id,
                signed_at: row.signed_at,
                created_at: row.created_at,
            }),
        });
    }
}
