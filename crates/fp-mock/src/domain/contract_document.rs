//! Contract documents that promoters sign outside the API.

use super::ids::{ContractDocumentId, PromoterId};
use super::refusal::{Entity, Refusal};
use super::state::State;
use super::table::{NoIndex, Row};
use crate::clock::timestamp::Timestamp;

/// A contract document given to a promoter.
#[derive(Clone, Debug)]
pub struct ContractDocument {
    /// Its id.
    pub id: ContractDocumentId,
    /// Who is to sign it.
    pub promoter_id: PromoterId,
    /// Its name.
    pub name: String,
    /// When he signed it.
    pub signed_at: Option<Timestamp>,
    /// When it was given to him.
    pub created_at: Timestamp,
}

impl Row for ContractDocument {
    type Id = ContractDocumentId;
    type Index = NoIndex;
    fn id(&self) -> ContractDocumentId {
        self.id
    }
}

/// Gives a promoter a contract document to sign.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown promoter, [`Refusal::Invalid`] without a name.
///
/// Evidence: v2 event types (`contract_document.signed`); chosen (the rules).
pub fn create(
    state: &mut State,
    now: Timestamp,
    promoter_id: PromoterId,
    name: &str,
) -> Result<ContractDocumentId, Refusal> {
    if !state.promoters.contains(promoter_id) {
        return Err(Refusal::NotFound(Entity::Promoter));
    }
    if name.trim().is_empty() {
        return Err(Refusal::invalid(Entity::ContractDocument, "name", "can't be blank"));
    }
    let (id, name) = (state.ids.issue(), name.trim().to_owned());
    let document = ContractDocument { id, promoter_id, name, signed_at: None, created_at: now };
    Ok(state.contract_documents.insert(document).id)
}

/// Signs a contract document, once.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown one, [`Refusal::WrongState`] for one that is signed.
///
/// Evidence: v2 event types (`contract_document.signed`); chosen (once only).
pub fn sign(state: &mut State, now: Timestamp, id: ContractDocumentId) -> Result<(), Refusal> {
    let document = state.contract_documents.get(id).ok_or(Refusal::NotFound(Entity::ContractDocument))?;
    if let Some(signed_at) = document.signed_at {
        let problem = format!("the contract document was signed on {}", signed_at.date());
        return Err(Refusal::wrong_state(Entity::ContractDocument, problem));
    }
    state.contract_documents.update(id, |row| row.signed_at = Some(now));
    Ok(())
}
