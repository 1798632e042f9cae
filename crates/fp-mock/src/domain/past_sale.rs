//! Past sales: what the billing provider knows that was never tracked, for referrals to import.
//!
//! Evidence: published v2 referrals document (past sales are imported from the billing provider); chosen (that
//! scenarios and the control API say what it knows).

use super::ids::PastSaleId;
use super::lookup::{Many, folded};
use super::money::Amount;
use super::refusal::Refusal;
use super::state::State;
use super::table::{Index, Row};
use crate::clock::timestamp::Timestamp;

/// A sale that the billing provider knows.
#[derive(Clone, Debug)]
pub struct PastSale {
    /// Its id.
    pub id: PastSaleId,
    /// What it was.
    pub sale: BilledSale,
    /// The provider's id of it, as `event_id` of a tracked sale.
    pub event_id: String,
}

/// What a sale was.
#[derive(Clone, Debug)]
pub struct BilledSale {
    /// Who bought; this or `uid`.
    pub email: Option<String>,
    /// The customer's own id of who bought.
    pub uid: Option<String>,
    /// How much, in minor units of `currency`.
    pub amount: Amount,
    /// The currency; `None`: the account's.
    pub currency: Option<String>,
    /// The plan's id at the billing provider.
    pub plan: Option<String>,
    /// When.
    pub happened_at: Timestamp,
}

/// Finds past sales by who bought.
#[derive(Clone, Debug, Default)]
pub struct PastSaleIndex {
    by_email: Many<String, PastSaleId>,
    by_uid: Many<String, PastSaleId>,
}

impl Index<PastSale> for PastSaleIndex {
    fn add(&mut self, row: &PastSale) {
        if let Some(email) = &row.sale.email {
            self.by_email.add(folded(email), row.id);
        }
        if let Some(uid) = &row.sale.uid {
            self.by_uid.add(uid.clone(), row.id);
        }
    }

    fn remove(&mut self, row: &PastSale) {
        if let Some(email) = &row.sale.email {
            self.by_email.remove(&folded(email), row.id);
        }
        if let Some(uid) = &row.sale.uid {
            self.by_uid.remove(uid, row.id);
        }
    }
}

impl Row for PastSale {
    type Id = PastSaleId;
    type Index = PastSaleIndex;
    fn id(&self) -> PastSaleId {
        self.id
    }
}

/// Lets the billing provider know a sale. Without an event id it gets one.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::AmountInvalid`] for zero and less.
pub fn bill(state: &mut State, sale: BilledSale, event_id: Option<String>) -> Result<PastSaleId, Refusal> {
    if sale.email.is_none() && sale.uid.is_none() {
        return Err(Refusal::EmailAndUidBlank);
    }
    if sale.amount <= 0 {
        return Err(Refusal::AmountInvalid);
    }
    let id = state.ids.issue();
    let event_id = event_id.unwrap_or_else(|| format!("ch_{}", state.ids.slug(24)));
    Ok(state.past_sales.insert(PastSale { id, sale, event_id }).id)
}

/// The sales to a person until `until`, the oldest first.
pub fn of_person<'a>(
    state: &'a State,
    uid: Option<&str>,
    email: Option<&str>,
    until: Timestamp,
) -> Vec<&'a PastSale> {
    let index = state.past_sales.index();
    let mut ids: Vec<PastSaleId> = uid.into_iter().flat_map(|uid| index.by_uid.of(uid)).collect();
    ids.extend(email.into_iter().flat_map(|email| index.by_email.of(&folded(email))));
    ids.sort_unstable();
    ids.dedup();
    let mut rows: Vec<&PastSale> = ids.into_iter().filter_map(|id| state.past_sales.get(id)).collect();
    rows.retain(|row| row.sale.happened_at <= until);
    rows.sort_by_key(|row| row.sale.happened_at);
    rows
}
