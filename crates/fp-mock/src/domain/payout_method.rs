//! Payout methods: how a promoter wants to be paid.

use super::ids::{PayoutMethodId, PromoterId};
use super::json::JsonObject;
use super::lookup::Many;
use super::named::named_values;
use super::refusal::{Entity, Refusal};
use super::state::State;
use super::table::{Index, Row};
use crate::clock::timestamp::Timestamp;

named_values! {
    /// Ways of paying.
    ///
    /// Evidence: published v2 contract (`filters[payout_method]`).
    Method {
        /// PayPal.
        Paypal = "paypal",
        /// Bank transfer.
        Bank = "bank",
        /// Wise.
        Wise = "wise",
        /// Crypto currency.
        Crypto = "crypto",
        /// Something of the company's own; never part of a payments batch.
        Custom = "custom",
        /// Dots.
        Dots = "dots",
    }
}

/// How a promoter wants to be paid.
#[derive(Clone, Debug)]
pub struct PayoutMethod {
    /// Its id.
    pub id: PayoutMethodId,
    /// Whose it is.
    pub promoter_id: PromoterId,
    /// The way.
    pub method: Method,
    /// Address, account number and the like.
    pub details: JsonObject,
    /// The service's own data about it.
    pub meta: JsonObject,
    /// Whether it cannot be used.
    pub is_disabled: bool,
    /// Whether it is the one in use; a promoter has at most one.
    pub is_selected: bool,
    /// When it was added.
    pub date_added: Timestamp,
}

/// Finds payout methods by promoter.
#[derive(Clone, Debug, Default)]
pub struct PayoutMethodIndex {
    /// By promoter.
    pub by_promoter: Many<PromoterId, PayoutMethodId>,
}

impl Index<PayoutMethod> for PayoutMethodIndex {
    fn add(&mut self, row: &PayoutMethod) {
        self.by_promoter.add(row.promoter_id, row.id);
    }
    fn remove(&mut self, row: &PayoutMethod) {
        self.by_promoter.remove(&row.promoter_id, row.id);
    }
}

impl Row for PayoutMethod {
    type Id = PayoutMethodId;
    type Index = PayoutMethodIndex;
    fn id(&self) -> PayoutMethodId {
        self.id
    }
}

/// A payout method to be added.
#[derive(Clone, Debug)]
pub struct NewPayoutMethod {
    /// Whose it is.
    pub promoter_id: PromoterId,
    /// The way.
    pub method: Method,
    /// Address, account number and the like.
    pub details: JsonObject,
    /// Whether it is the one in use from now on; a promoter's first is in any case.
    pub is_selected: bool,
}

/// What is to change; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ChangePayoutMethod {
    /// Address, account number and the like.
    pub details: Option<JsonObject>,
    /// Whether it cannot be used.
    pub is_disabled: Option<bool>,
}

/// The payout method that a promoter has chosen.
pub fn selected(state: &State, promoter: PromoterId) -> Option<&PayoutMethod> {
    let ids = state.payout_methods.index().by_promoter.of(&promoter);
    ids.filter_map(|id| state.payout_methods.get(id)).find(|method| method.is_selected)
}

/// Adds a payout method, as a promoter does in his dashboard.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown promoter, [`Refusal::Invalid`] for a method that the company does not
/// offer.
///
/// Evidence: v2 event types (`payout_method.created`); chosen (the rules).
pub fn add(state: &mut State, now: Timestamp, new: NewPayoutMethod) -> Result<PayoutMethodId, Refusal> {
    let NewPayoutMethod { promoter_id, method, details, is_selected } = new;
    if !state.promoters.contains(promoter_id) {
        return Err(Refusal::NotFound(Entity::Promoter));
    }
    if !state.company.payouts.methods.iter().any(|offered| offered == method.name()) {
        return Err(Refusal::invalid(Entity::PayoutMethod, "method", "is not offered by the company"));
    }
    let is_first = state.payout_methods.index().by_promoter.count(&promoter_id) == 0;
    let id = state.ids.issue();
    let meta = JsonObject::new();
    let row = PayoutMethod {
        id,
        promoter_id,
        method,
        details,
        meta,
        is_disabled: false,
        is_selected: false,
        date_added: now,
    };
    state.payout_methods.insert(row);
    if is_first || is_selected {
        select(state, id)?;
    }
    Ok(id)
}

/// Changes a payout method.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown one.
pub fn change(state: &mut State, id: PayoutMethodId, change: ChangePayoutMethod) -> Result<(), Refusal> {
    let changed = state.payout_methods.update(id, |row| {
        row.details = change.details.unwrap_or_else(|| row.details.clone());
        row.is_disabled = change.is_disabled.unwrap_or(row.is_disabled);
    });
    changed.ok_or(Refusal::NotFound(Entity::PayoutMethod))
}

/// Makes a payout method the one in use, and the promoter's others not.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown one, [`Refusal::WrongState`] for one that is disabled.
///
/// Evidence: chosen.
pub fn select(state: &mut State, id: PayoutMethodId) -> Result<(), Refusal> {
    let chosen = state.payout_methods.get(id).ok_or(Refusal::NotFound(Entity::PayoutMethod))?;
    if chosen.is_disabled {
        return Err(Refusal::wrong_state(Entity::PayoutMethod, "the payout method is disabled"));
    }
    let others: Vec<PayoutMethodId> =
        state.payout_methods.index().by_promoter.of(&chosen.promoter_id).collect();
    for other in others {
        let is_selected = other == id;
        if state.payout_methods.get(other).is_some_and(|row| row.is_selected != is_selected) {
            state.payout_methods.update(other, |row| row.is_selected = is_selected);
        }
    }
    Ok(())
}

/// Takes a payout method away. If it was the one in use, the promoter has none until he chooses another.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown one.
///
/// Evidence: v2 event types (`payout_method.deleted`); chosen (no other takes its place).
pub fn remove(state: &mut State, id: PayoutMethodId) -> Result<(), Refusal> {
    state.payout_methods.delete(id).map(|_| ()).ok_or(Refusal::NotFound(Entity::PayoutMethod))
}
