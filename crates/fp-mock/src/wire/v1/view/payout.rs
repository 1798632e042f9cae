//! Payouts as v1 shows them.

use serde::Serialize;

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::PayoutId;
use crate::domain::money::Amount;
use crate::domain::payout::{self, PayoutStatus};
use crate::domain::state::State;
use crate::wire::legacy::{Campaign, Promoter, RewardTerms};

/// A payout.
#[derive(Debug, Serialize)]
pub struct Payout<'a> {
    id: PayoutId,
    status: &'static str,
    amount: Amount,
    date_paid: Option<Timestamp>,
    due_date: Timestamp,
    unit: &'static str,
    created_at: Timestamp,
    has_issues: bool,
    reward: Option<RewardTerms<'a>>,
    promoter: Option<Promoter<'a>>,
    campaign: Option<Campaign<'a>>,
}

impl<'a> Payout<'a> {
    /// Shows a payout. It pays for commissions of many rewards, so no reward stands for it.
    ///
    /// Evidence: v1 reference and published v1 payouts document (fields; no reward where it is money); chosen
    /// (one that failed has issues).
    pub fn of(state: &'a State, payout: &payout::Payout) -> Self {
        let promoter = state.promoters.get(payout.promoter_id);
        let due = payout::due_date(&state.company.payouts, payout);
        Self {
            id: payout.id,
            status: payout.status.name(),
            amount: payout::amount(state, payout.id),
            date_paid: payout.paid_at,
            due_date: Timestamp::start_of(due),
            unit: payout.unit.name(),
            created_at: payout.created_at,
            has_issues: payout.status == PayoutStatus::Failed,
            reward: None,
            promoter: promoter.map(|promoter| Promoter::payee(state, promoter)),
            campaign: state.campaigns.get(payout.campaign_id).map(Campaign::of),
        }
    }
}
