//! Promo codes: codes of the billing provider that credit a promoter.

use super::ids::{EnrolmentId, PromoCodeId, RewardId};
use super::json::JsonObject;
use super::lookup::Many;
use super::table::{Index, Row};
use crate::clock::timestamp::Timestamp;

/// A promo code.
#[derive(Clone, Debug)]
pub struct PromoCode {
    /// Its id.
    pub id: PromoCodeId,
    /// The code; unique among those not archived, ignoring case.
    pub code: String,
    /// The offer it gives.
    pub reward_id: RewardId,
    /// Whose it is.
    pub enrolment_id: EnrolmentId,
    /// Its id at the billing provider.
    pub ext_id: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// The customer's own data.
    pub metadata: JsonObject,
    /// The billing provider's data.
    pub details: JsonObject,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Finds promo codes.
#[derive(Clone, Debug, Default)]
pub struct PromoCodeIndex {
    /// Those in use by code, in upper case.
    pub by_code: Many<String, PromoCodeId>,
    /// All by enrolment.
    pub by_enrolment: Many<EnrolmentId, PromoCodeId>,
}

impl Index<PromoCode> for PromoCodeIndex {
    fn add(&mut self, row: &PromoCode) {
        if row.archived_at.is_none() {
            self.by_code.add(row.code.to_uppercase(), row.id);
        }
        self.by_enrolment.add(row.enrolment_id, row.id);
    }

    fn remove(&mut self, row: &PromoCode) {
        if row.archived_at.is_none() {
            self.by_code.remove(&row.code.to_uppercase(), row.id);
        }
        self.by_enrolment.remove(&row.enrolment_id, row.id);
    }
}

impl Row for PromoCode {
    type Id = PromoCodeId;
    type Index = PromoCodeIndex;
    fn id(&self) -> PromoCodeId {
        self.id
    }
}
