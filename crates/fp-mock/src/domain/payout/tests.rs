//! Rules of payouts that v2 alone does not show.

use super::{
    DueCalendar, DuePeriod, PayoutStatus, Schedule, amount, fail, generate, generate_for_everything_unpaid,
    move_to,
};
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::commission::{
    Balance, CommissionStatus, CustomCommission, Settlement, balances, create_custom,
};
use crate::domain::ids::{CampaignId, CommissionId, EnrolmentId, PayoutId, PromoterId};
use crate::domain::money::{Amount, Unit};
use crate::domain::referral::samples;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

const JANE: PromoterId = PromoterId::new(1);
const HER_CAMPAIGN: CampaignId = CampaignId::new(1001);
const NOW: Timestamp = samples::NOW;

fn earned(state: &mut State, of: EnrolmentId, amount: Amount, days_ago: i64) -> CommissionId {
    let wish = CustomCommission {
        enrolment_id: of,
        referral_id: None,
        amount,
        unit: Unit::Cash,
        status: CommissionStatus::Approved,
        event_id: None,
        happened_at: Some(NOW.plus_ms(-days_ago * DAY_MS)),
        billing: None,
        internal_note: None,
        external_note: None,
        user_email: "admin@example.com".into(),
    };
    create_custom(state, NOW, wish).expect("a commission")
}

fn balance(state: &State) -> Balance {
    balances(state, JANE).map(|(_, balance)| balance).next().expect("a balance")
}

fn status(state: &State, id: PayoutId) -> PayoutStatus {
    state.payouts.get(id).expect("a payout").status
}

#[test]
fn everything_unpaid_becomes_one_payout_outside_the_cycle() {
    let (mut state, [jane, bob]) = samples::two_campaigns();
    earned(&mut state, jane, 1_000, 60);
    earned(&mut state, jane, 200, 1);
    let settled = earned(&mut state, jane, 30_000, 2);
    generate(&mut state, NOW, settled).expect("a payout");
    let undecided = earned(&mut state, jane, 400_000, 3);
    state.commissions.update(undecided, |row| row.status = CommissionStatus::Pending);
    let credits = earned(&mut state, jane, 5, 4);
    state.commissions.update(credits, |row| row.unit = Unit::Credits);
    earned(&mut state, bob, 7_000_000, 5);

    let id = generate_for_everything_unpaid(&mut state, NOW, JANE, HER_CAMPAIGN).expect("a payout");
    let payout = state.payouts.get(id).expect("a payout");
    assert_eq!((amount(&state, id), payout.schedule), (1_200, Schedule::Custom));
    assert_eq!(payout.period_start, Timestamp::start_of(NOW.plus_ms(-60 * DAY_MS).date()));
    assert_eq!(payout.period_end, NOW);
    assert_eq!(DueCalendar::of(&state, NOW).pile_of(payout), Some(DuePeriod::Custom));

    let nothing = generate_for_everything_unpaid(&mut state, NOW, JANE, HER_CAMPAIGN);
    assert_eq!(nothing, Err(Refusal::wrong_state(Entity::Payout, "There is nothing unpaid")));
}

#[test]
fn commissions_of_the_cycle_do_not_join_a_payout_made_by_hand() {
    let (mut state, [jane, _]) = samples::two_campaigns();
    earned(&mut state, jane, 1_000, 0);
    let by_hand = generate_for_everything_unpaid(&mut state, NOW, JANE, HER_CAMPAIGN).expect("a payout");
    let later = earned(&mut state, jane, 200, 0);
    generate(&mut state, NOW, later).expect("a payout");
    assert_eq!(amount(&state, by_hand), 1_000);
    assert_eq!(state.payouts.len(), 2);
}

#[test]
fn a_payout_moves_between_the_statuses_that_can_be_asked_for() {
    let (mut state, [jane, _]) = samples::two_campaigns();
    earned(&mut state, jane, 1_000, 0);
    let id = generate_for_everything_unpaid(&mut state, NOW, JANE, HER_CAMPAIGN).expect("a payout");
    for to in [
        PayoutStatus::Pending,
        PayoutStatus::Processing,
        PayoutStatus::Pending,
        PayoutStatus::Processing,
        PayoutStatus::Completed,
        PayoutStatus::Completed,
        PayoutStatus::Pending,
        PayoutStatus::Completed,
    ] {
        assert_eq!(move_to(&mut state, NOW, id, to), Ok(()), "{to:?}");
        assert_eq!(status(&state, id), to);
        let paid = if to == PayoutStatus::Completed { 1_000 } else { 0 };
        let expected = Balance { earnings: 1_000, paid, pending: 1_000 - paid };
        assert_eq!(balance(&state), expected, "{to:?}");
    }
    for closed in [PayoutStatus::Processing, PayoutStatus::Failed, PayoutStatus::Cancelled] {
        assert!(move_to(&mut state, NOW, id, closed).is_err(), "{closed:?}");
        assert_eq!(status(&state, id), PayoutStatus::Completed);
    }
    let unknown = move_to(&mut state, NOW, PayoutId::new(7), PayoutStatus::Pending);
    assert_eq!(unknown, Err(Refusal::NotFound(Entity::Payout)));
}

#[test]
fn what_failed_to_be_paid_is_neither_paid_nor_pending() {
    let (mut state, [jane, _]) = samples::two_campaigns();
    let commission = earned(&mut state, jane, 1_000, 0);
    generate(&mut state, NOW, commission).expect("a payout");
    assert_eq!(balance(&state), Balance { earnings: 1_000, paid: 0, pending: 1_000 });
    let id = state.payouts.iter().next().expect("a payout").id;
    fail(&mut state, NOW, id, "account closed").expect("it can fail");
    assert_eq!(balance(&state), Balance { earnings: 1_000, paid: 0, pending: 0 });
    let settlement = state.commissions.get(commission).map(|row| row.settlement);
    assert_eq!(settlement, Some(Settlement::Stuck(id)));
    move_to(&mut state, NOW, id, PayoutStatus::Completed).expect("it can be paid after all");
    assert_eq!(balance(&state), Balance { earnings: 1_000, paid: 1_000, pending: 0 });
}

#[test]
fn a_step_that_changes_nothing_about_a_commission_leaves_it_alone() {
    let (mut state, [jane, _]) = samples::two_campaigns();
    let commission = earned(&mut state, jane, 1_000, 0);
    generate(&mut state, NOW, commission).expect("a payout");
    state.commit();
    let id = state.payouts.iter().next().expect("a payout").id;
    move_to(&mut state, NOW, id, PayoutStatus::Processing).expect("it can be paid");
    let changes = state.changes();
    assert_eq!((changes.payouts.len(), changes.commissions.len()), (1, 0));
}
