//! What a refund takes back.

use super::record::{Commission, CommissionDetails, Fulfilment, Settlement};
use crate::domain::conversion::Conversion;
use crate::domain::ids::{CommissionId, ConversionId};
use crate::domain::money::{Amount, ratio};
use crate::domain::rare::Rare;
use crate::domain::state::State;

/// Makes the negative commissions of a refund that was just recorded. For each commission of its sale it takes
/// back the part that the refund is of the sale, so that refunds of the whole sale, in
/// whatever portions, cancel it to the unit; never more than that.
///
/// `before` and `after` are what was refunded of the sale without and with this refund, at most its amount.
///
/// What is taken back stands as what it is taken from: pending, approved or denied, and follows it. It is in no
/// payout, so the next one nets it, whether or not the commission was paid.
///
/// Evidence: service behaviour notes (negative, in proportion); chosen (the cap, the rounding, the status).
pub fn take_back(
    state: &mut State,
    refund: &Conversion,
    sale: &Conversion,
    before: Amount,
    after: Amount,
) -> Vec<CommissionId> {
    let taken = |whole: Amount| ratio(whole, after, sale.amount) - ratio(whole, before, sale.amount);
    let of_sale: Vec<Commission> = earned_by(state, sale.id).cloned().collect();
    let mut made = Vec::new();
    for commission in of_sale {
        let amount = -taken(commission.amount);
        if amount == 0 {
            continue;
        }
        let id = state.ids.issue();
        let row = Commission {
            id,
            refund_of: Some(commission.id),
            conversion_id: Some(refund.id),
            amount,
            sale_amount: refund.amount,
            original_sale_amount: refund.original_amount,
            original_sale_currency: refund.original_currency.clone(),
            event_id: refund.event_id.clone(),
            details: details_of(&commission),
            settlement: Settlement::Open,
            fulfilment: Fulfilment::Unfulfilled,
            created_at: refund.created_at,
            status_updated_at: None,
            ..commission
        };
        made.push(state.commissions.insert(row).id);
    }
    made
}

/// What a commission shares with the one that takes it back: no notes, and nobody made that by hand.
fn details_of(commission: &Commission) -> Rare<CommissionDetails> {
    let mut details = commission.details.clone();
    if details.is_something() {
        let kept = CommissionDetails {
            split_percentage: details.split_percentage,
            metadata: details.metadata.clone(),
            ..CommissionDetails::default()
        };
        details = Rare::of(kept);
    }
    details
}

/// The commissions that a sale made.
fn earned_by(state: &State, sale: ConversionId) -> impl Iterator<Item = &Commission> {
    let ids = state.commissions.index().by_conversion.of(&sale);
    ids.filter_map(|id| state.commissions.get(id))
}
