//! Promo codes: codes of the billing provider that credit a promoter.

use super::enrolment::rewards_for_referrals;
use super::ids::{EnrolmentId, PromoCodeId, RewardId};
use super::json::JsonObject;
use super::lookup::Many;
use super::refusal::{Entity, FieldError, Refusal};
use super::state::State;
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

/// What a promo code is made of.
#[derive(Clone, Debug)]
pub struct NewPromoCode {
    /// What customers type in.
    pub code: String,
    /// The offer it gives.
    pub reward_id: RewardId,
    /// Whose it is.
    pub enrolment_id: EnrolmentId,
    /// Its description.
    pub description: Option<String>,
    /// The customer's own data.
    pub metadata: JsonObject,
    /// The billing provider's data.
    pub details: JsonObject,
}

/// What is to change; `None` stays, `Some(None)` is emptied.
#[derive(Clone, Debug, Default)]
pub struct PromoCodeChange {
    /// What customers type in.
    pub code: Option<String>,
    /// Whose it is.
    pub enrolment_id: Option<EnrolmentId>,
    /// Its description.
    pub description: Option<Option<String>>,
    /// The customer's own data, replacing all of it.
    pub metadata: Option<JsonObject>,
    /// The billing provider's data, replacing all of it.
    pub details: Option<JsonObject>,
}

/// Makes a promo code. Where the offer has a coupon at the billing provider, the code gets an id there.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown enrolment or reward, [`Refusal::Invalid`] for a code that is taken or
/// holds blanks, and for a reward that the enrolment does not offer to referrals.
///
/// Evidence: published v2 promo codes document (what is needed); chosen (the checks and the provider's id).
pub fn create(state: &mut State, now: Timestamp, new: NewPromoCode) -> Result<PromoCodeId, Refusal> {
    let has_coupon = state.rewards.get(new.reward_id).is_some_and(|reward| reward.coupon.is_some());
    let mut row = PromoCode {
        id: state.ids.issue(),
        code: new.code,
        reward_id: new.reward_id,
        enrolment_id: new.enrolment_id,
        ext_id: None,
        description: new.description,
        metadata: new.metadata,
        details: new.details,
        archived_at: None,
        created_at: now,
    };
    validate(state, &row)?;
    row.ext_id = has_coupon.then(|| format!("promo_{}", state.ids.slug(24)));
    Ok(state.promo_codes.insert(row).id)
}

/// Changes a promo code.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown promo code or enrolment, [`Refusal::WrongState`] for an archived one that
/// the billing provider knows, [`Refusal::Invalid`] as for a new one.
///
/// Evidence: published v2 promo codes document.
pub fn update(state: &mut State, id: PromoCodeId, change: PromoCodeChange) -> Result<(), Refusal> {
    let before = state.promo_codes.get(id).ok_or(Refusal::NotFound(Entity::PromoCode))?;
    if before.archived_at.is_some() && before.ext_id.is_some() {
        let problem = "the promo code is archived and has an ext_id: it cannot be updated";
        return Err(Refusal::wrong_state(Entity::PromoCode, problem));
    }
    let mut after = before.clone();
    after.code = change.code.unwrap_or(after.code);
    after.enrolment_id = change.enrolment_id.unwrap_or(after.enrolment_id);
    after.description = change.description.unwrap_or(after.description);
    after.metadata = change.metadata.unwrap_or(after.metadata);
    after.details = change.details.unwrap_or(after.details);
    validate(state, &after)?;
    state.promo_codes.update(id, |row| *row = after);
    Ok(())
}

/// Archives a promo code: it credits nobody any more, and its code is free for another. One that is archived
/// stays as it is.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown promo code.
///
/// Evidence: published v2 promo codes document; chosen (archiving twice).
pub fn archive(state: &mut State, now: Timestamp, id: PromoCodeId) -> Result<(), Refusal> {
    let row = state.promo_codes.get(id).ok_or(Refusal::NotFound(Entity::PromoCode))?;
    if row.archived_at.is_none() {
        state.promo_codes.update(id, |row| row.archived_at = Some(now));
    }
    Ok(())
}

/// The promo codes of one enrolment, or all, the newest first, archived ones included.
///
/// Evidence: published v2 promo codes document (the filter); chosen (the order, and that archived ones are shown).
pub fn select(state: &State, enrolment: Option<EnrolmentId>) -> Box<dyn Iterator<Item = &PromoCode> + '_> {
    match enrolment {
        None => Box::new(state.promo_codes.iter().rev()),
        Some(enrolment) => {
            let ids = state.promo_codes.index().by_enrolment.newest([&enrolment]);
            Box::new(ids.filter_map(|id| state.promo_codes.get(id)))
        }
    }
}

fn validate(state: &State, row: &PromoCode) -> Result<(), Refusal> {
    let enrolment =
        state.enrolments.get(row.enrolment_id).ok_or(Refusal::NotFound(Entity::PromoterCampaign))?;
    if !state.rewards.contains(row.reward_id) {
        return Err(Refusal::NotFound(Entity::Reward));
    }
    let mut errors = Vec::new();
    if row.code.contains(char::is_whitespace) {
        errors.push(FieldError::new("code", "must not contain blanks"));
    }
    if row.archived_at.is_none() && is_taken(state, row) {
        errors.push(FieldError::new("code", "has already been taken"));
    }
    if !rewards_for_referrals(state, enrolment).iter().any(|rule| rule.reward_id == row.reward_id) {
        errors.push(FieldError::new("reward_id", "is not offered to referrals in this promoter campaign"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid { entity: Entity::PromoCode, errors }) }
}

/// Whether the code credits somebody already: as another promo code in use or as the coupon of an enrolment.
fn is_taken(state: &State, row: &PromoCode) -> bool {
    let code = row.code.to_uppercase();
    state.promo_codes.index().by_code.of(&code).any(|id| id != row.id)
        || state.enrolments.index().by_coupon.first(&code).is_some()
}
