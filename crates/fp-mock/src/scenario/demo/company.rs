//! What the company does in a made-up past: it decides and pays.

use super::Past;
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::commission::{self, Commission, CommissionStatus, Fulfilment};
use crate::domain::enrolment::EnrolmentState;
use crate::domain::ids::{CommissionId, PayoutId};
use crate::domain::payout::{self, PayoutStatus};
use crate::domain::payout_method::Method;
use crate::domain::referral::{self, ReferralState};
use crate::domain::state::State;
use crate::domain::{payments_batch, promoter};

impl Past {
    /// Mondays: who waited for two days is accepted or not, what waited for a week is approved or not.
    pub(super) fn decide(&mut self, state: &mut State, now: Timestamp) {
        self.decide_on_promoters(state, now.plus_ms(-2 * DAY_MS), now);
        self.decide_on_referrals(state, now);
        self.decide_on_commissions(state, now.plus_ms(-7 * DAY_MS), now);
        self.hand_over(state, now);
        if !self.members.is_empty() && self.chance(80) {
            self.throw_out_somebody(state, now);
        }
    }

    fn decide_on_promoters(&mut self, state: &mut State, before: Timestamp, now: Timestamp) {
        let pending = state.enrolments.index().by_state.of(&EnrolmentState::Pending);
        let waiting =
            pending.filter_map(|id| state.enrolments.get(id)).filter(|row| row.created_at <= before);
        let waiting: Vec<_> = waiting.map(|row| (row.promoter_id, row.campaign_id)).collect();
        for (id, campaign) in waiting {
            let decision = if self.chance(850) { promoter::accept } else { promoter::reject };
            if self.chance(800) {
                let _ = state.attempt(|state| decision(state, now, id, campaign));
            }
        }
    }

    fn decide_on_referrals(&mut self, state: &mut State, now: Timestamp) {
        let pending: Vec<_> = state.referrals.index().by_state.of(&ReferralState::Pending).collect();
        for id in pending {
            let decision = if self.chance(930) { referral::approve } else { referral::disable };
            if self.chance(900) {
                let _ = state.attempt(|state| decision(state, now, id));
            }
        }
    }

    fn decide_on_commissions(&mut self, state: &mut State, before: Timestamp, now: Timestamp) {
        let pending = state.commissions.index().by_status.of(&CommissionStatus::Pending);
        let waiting =
            pending.filter(|id| state.commissions.get(*id).is_some_and(|row| row.created_at <= before));
        let waiting: Vec<CommissionId> = waiting.collect();
        for id in waiting {
            let decision = if self.chance(950) { commission::approve } else { commission::deny };
            if self.chance(900) {
                let _ = state.attempt(|state| decision(state, now, id));
            }
        }
    }

    fn hand_over(&mut self, state: &mut State, now: Timestamp) {
        let waits = |row: &&Commission| row.is_fulfillable() && row.fulfilment == Fulfilment::Unfulfilled;
        let approved = state.commissions.index().by_status.of(&CommissionStatus::Approved);
        let waiting = approved.filter_map(|id| state.commissions.get(id)).filter(waits);
        let waiting: Vec<CommissionId> = waiting.map(|row| row.id).collect();
        for id in waiting {
            if self.chance(700) {
                let _ = state.attempt(|state| commission::mark_fulfilled(state, now, id));
            }
        }
    }

    fn throw_out_somebody(&mut self, state: &mut State, now: Timestamp) {
        let ids: Vec<_> = self.members.iter().map(|member| member.id).collect();
        let id = self.one_of(&ids);
        let campaigns = crate::domain::enrolment::of_promoter(state, id).map(|row| row.campaign_id);
        for campaign in campaigns.collect::<Vec<_>>() {
            let _ = state.attempt(|state| promoter::block(state, now, id, campaign));
        }
    }

    /// The first of the month: what was earned before goes into payouts.
    pub(super) fn settle(&mut self, state: &mut State, now: Timestamp) {
        let this_month = Timestamp::start_of(now.date());
        let payable = |row: &&Commission| row.is_payable() && row.created_at < this_month;
        let payable: Vec<CommissionId> = state.commissions.iter().filter(payable).map(|row| row.id).collect();
        for id in payable {
            let _ = state.attempt(|state| payout::generate(state, now, id));
        }
    }

    /// The twentieth: PayPal and Wise in batches, of which one may fail; everything else by hand.
    pub(super) fn pay(&mut self, state: &mut State, now: Timestamp) {
        let failed: Vec<PayoutId> = state.payouts.index().by_status.of(&PayoutStatus::Failed).collect();
        for id in failed {
            let _ = state.attempt(|state| payout::mark_as_unpaid(state, now, id));
        }
        for method in [Method::Paypal, Method::Wise] {
            let fails = self.chance(80);
            let _ = state.attempt(|state| {
                let batch = payments_batch::create(state, now, method)?.id;
                if fails {
                    payments_batch::fail(state, now, batch, "The provider declined the transfer")
                } else {
                    Ok(())
                }
            });
        }
        let pending = state.payouts.index().by_status.of(&PayoutStatus::Pending);
        let by_hand = pending.filter_map(|id| state.payouts.get(id));
        let by_hand = by_hand.filter(|row| payout::obstacle(state, row).is_none());
        let by_hand: Vec<PayoutId> = by_hand.map(|row| row.id).collect();
        for id in by_hand {
            let _ = state.attempt(|state| payout::mark_as_paid(state, now, id));
        }
    }
}
