//! How commissions come into payouts.

use super::due::period_around;
use super::record::{Payout, PayoutStatus, Schedule};
use crate::clock::timestamp::Timestamp;
use crate::domain::commission::{Commission, CommissionStatus, Settlement};
use crate::domain::ids::{CampaignId, CommissionId, PayoutId, PromoterId};
use crate::domain::money::Unit;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Puts one commission into the open payout of its promoter, campaign, unit and period, or into a new one.
/// The period is the one in which the commission was made.
///
/// Evidence: service behaviour notes (what may go into a payout, and into which).
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown commission, [`Refusal::WrongState`] for one that is not approved, not
/// money, or in a payout already.
pub fn generate(state: &mut State, now: Timestamp, id: CommissionId) -> Result<(), Refusal> {
    let commission = state.commissions.get(id).ok_or(Refusal::NotFound(Entity::Commission))?;
    if let Some(problem) = why_not(commission) {
        return Err(Refusal::wrong_state(Entity::Commission, problem));
    }
    let enrolment = state.enrolments.get(commission.enrolment_id);
    let campaign_id = enrolment.ok_or(Refusal::NotFound(Entity::PromoterCampaign))?.campaign_id;
    let (promoter_id, unit) = (commission.promoter_id, commission.unit);
    let period = period_around(state.company.payouts.cycle, commission.created_at);
    let open = state.payouts.index().open.first(&(promoter_id, campaign_id, unit, period.0));
    let payout_id = open.unwrap_or_else(|| {
        let schedule = Schedule::Cycle;
        insert(state, now, NewPayout { promoter_id, campaign_id, unit, schedule, period })
    });
    state.commissions.update(id, |row| row.settlement = Settlement::Due(payout_id));
    Ok(())
}

/// Makes one payout of everything that a promoter earned in a campaign and that is in none yet.
///
/// Evidence: v1 reference (the whole unpaid amount); that nothing unpaid is refused, is chosen.
///
/// # Errors
/// [`Refusal::WrongState`] if there is nothing to pay.
pub fn generate_for_everything_unpaid(
    state: &mut State,
    now: Timestamp,
    promoter_id: PromoterId,
    campaign_id: CampaignId,
) -> Result<PayoutId, Refusal> {
    let in_campaign = |commission: &&Commission| {
        let enrolment = state.enrolments.get(commission.enrolment_id);
        enrolment.is_some_and(|enrolment| enrolment.campaign_id == campaign_id)
    };
    let of_promoter = state.commissions.index().by_promoter.of(&promoter_id);
    let unpaid = of_promoter.filter_map(|id| state.commissions.get(id)).filter(|c| c.is_payable());
    let unpaid: Vec<_> = unpaid.filter(in_campaign).map(|c| (c.id, c.created_at)).collect();
    let Some(first) = unpaid.iter().map(|(_, at)| *at).min() else {
        return Err(Refusal::wrong_state(Entity::Payout, "There is nothing unpaid"));
    };
    let (schedule, period) = (Schedule::Custom, (Timestamp::start_of(first.date()), now));
    let new = NewPayout { promoter_id, campaign_id, unit: Unit::Cash, schedule, period };
    let payout_id = insert(state, now, new);
    for (id, _) in unpaid {
        state.commissions.update(id, |row| row.settlement = Settlement::Due(payout_id));
    }
    Ok(payout_id)
}

struct NewPayout {
    promoter_id: PromoterId,
    campaign_id: CampaignId,
    unit: Unit,
    schedule: Schedule,
    period: (Timestamp, Timestamp),
}

fn insert(state: &mut State, now: Timestamp, new: NewPayout) -> PayoutId {
    let payout = Payout {
        id: state.ids.issue(),
        status: PayoutStatus::Pending,
        promoter_id: new.promoter_id,
        campaign_id: new.campaign_id,
        unit: new.unit,
        schedule: new.schedule,
        period_start: new.period.0,
        period_end: new.period.1,
        paid_with: None,
        payments_batch_id: None,
        paid_at: None,
        processing_started_at: None,
        failed_at: None,
        error: None,
        created_at: now,
    };
    state.payouts.insert(payout).id
}

fn why_not(commission: &Commission) -> Option<String> {
    if !commission.unit.is_monetary() {
        let unit = commission.unit.name();
        return Some(format!("Only monetary commissions are paid out, this one is in {unit}"));
    }
    if commission.status != CommissionStatus::Approved {
        let status = commission.status.name();
        return Some(format!("Only approved commissions are paid out, this one is {status}"));
    }
    let payout_id = commission.settlement.payout_id()?;
    Some(format!("The commission is in payout {payout_id} already"))
}
