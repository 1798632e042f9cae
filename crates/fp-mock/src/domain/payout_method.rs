//! Payout methods: how a promoter wants to be paid.

use super::ids::{PayoutMethodId, PromoterId};
use super::json::JsonObject;
use super::lookup::Many;
use super::named::named_values;
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

/// The payout method that a promoter has chosen.
pub fn selected(state: &State, promoter: PromoterId) -> Option<&PayoutMethod> {
    let ids = state.payout_methods.index().by_promoter.of(&promoter);
    ids.filter_map(|id| state.payout_methods.get(id)).find(|method| method.is_selected)
}

/// Adds a payout method to a promoter and selects it in place of the one before.
///
/// Evidence: chosen (promoters do this in their dashboard, outside the API).
pub fn add(
    state: &mut State,
    now: Timestamp,
    promoter_id: PromoterId,
    method: Method,
    details: JsonObject,
) -> PayoutMethodId {
    if let Some(before) = selected(state, promoter_id).map(|before| before.id) {
        state.payout_methods.update(before, |row| row.is_selected = false);
    }
    let id = state.ids.issue();
    let row = PayoutMethod {
        id,
        promoter_id,
        method,
        details,
        meta: JsonObject::new(),
        is_disabled: false,
        is_selected: true,
        date_added: now,
    };
    state.payout_methods.insert(row).id
}
