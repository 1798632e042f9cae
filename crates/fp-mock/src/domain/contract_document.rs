//! Contract documents that promoters sign outside the API.

use super::ids::{ContractDocumentId, PromoterId};
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
