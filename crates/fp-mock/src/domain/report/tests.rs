//! The counters follow every change of the records.

use std::sync::Arc;

use proptest::prelude::*;

use super::rollup::{Records, Rollup};
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::commission::{Commission, CommissionKind, CommissionStatus, Fulfilment, Settlement};
use crate::domain::conversion::{Conversion, ConversionKind};
use crate::domain::ids::{
    CampaignId, ClickId, CommissionId, ConversionId, EnrolmentId, PayoutId, ReferralId,
};
use crate::domain::money::Unit;
use crate::domain::payout::{Payout, PayoutStatus, Schedule};
use crate::domain::rare::Rare;
use crate::domain::referral::{EntrySource, FraudCheck, NewReferral, ReferralState, create, samples};
use crate::domain::state::{Changes, State};
use crate::domain::table::{Change, Row, Table};

/// One change of one record; the numbers pick among the records there are.
#[derive(Clone, Debug)]
enum Step {
    Click(usize, Option<u8>),
    Refer(usize, Option<usize>),
    Convert(usize, i64),
    Cancel(usize, i64),
    Disable(usize),
    ComeFrom(usize, Option<usize>),
    MoveReferral(usize, usize),
    Forget(usize),
    Sell(usize, i64, i64),
    MoveSale(usize, usize),
    Earn(usize, i64),
    Decide(usize, bool),
    Pay(usize, i64),
    PayAgain(usize, i64),
    Release(usize),
    ChangeCampaign(usize, u64),
    Commit,
}

fn step() -> impl Strategy<Value = Step> {
    let (at, day, amount) = (0usize..8, 0i64..5, -900i64..900);
    prop_oneof![
        (at.clone(), proptest::option::of(0u8..3)).prop_map(|(who, source)| Step::Click(who, source)),
        (at.clone(), proptest::option::of(at.clone())).prop_map(|(who, click)| Step::Refer(who, click)),
        (at.clone(), day.clone()).prop_map(|(which, day)| Step::Convert(which, day)),
        (at.clone(), day.clone()).prop_map(|(which, day)| Step::Cancel(which, day)),
        at.clone().prop_map(Step::Disable),
        (at.clone(), proptest::option::of(at.clone()))
            .prop_map(|(which, click)| Step::ComeFrom(which, click)),
        (at.clone(), at.clone()).prop_map(|(which, who)| Step::MoveReferral(which, who)),
        at.clone().prop_map(Step::Forget),
        (at.clone(), day.clone(), amount.clone()).prop_map(|(whose, day, sum)| Step::Sell(whose, day, sum)),
        (at.clone(), at.clone()).prop_map(|(which, who)| Step::MoveSale(which, who)),
        (at.clone(), amount).prop_map(|(sale, amount)| Step::Earn(sale, amount)),
        (at.clone(), any::<bool>()).prop_map(|(which, approve)| Step::Decide(which, approve)),
        (at.clone(), day.clone()).prop_map(|(which, day)| Step::Pay(which, day)),
        (at.clone(), day).prop_map(|(which, day)| Step::PayAgain(which, day)),
        at.clone().prop_map(Step::Release),
        (at, 1001u64..=1002).prop_map(|(which, campaign)| Step::ChangeCampaign(which, campaign)),
        Just(Step::Commit),
    ]
}

fn on(day: i64) -> Timestamp {
    samples::NOW.plus_ms(day * DAY_MS)
}

fn pick<R: Row>(table: &Table<R>, at: usize) -> Option<R::Id> {
    let ids: Vec<R::Id> = table.iter().map(Row::id).collect();
    ids.get(at % ids.len().max(1)).copied()
}

fn click(state: &mut State, who: EnrolmentId, source: Option<u8>) {
    let id = samples::click(state, who, "203.0.113.1", false);
    state.clicks.update(id, |row| {
        row.source = source.map(|n| format!("source {n}"));
        row.url = source.filter(|n| *n > 0).map(|n| format!("https://example.com/{n}"));
    });
}

fn refer(state: &mut State, who: EnrolmentId, click_id: Option<ClickId>) {
    let number = state.ids.issue::<ReferralId>().number();
    let source = if click_id.is_some() { EntrySource::Cookie } else { EntrySource::Coupon };
    let new = NewReferral { uid: Some(format!("u{number}")), click_id, ..NewReferral::of(who, source) };
    create(state, samples::NOW, new).expect("a referral");
}

fn sell(state: &mut State, referral_id: ReferralId, at: Timestamp, amount: i64) {
    let enrolment_id = state.referrals.get(referral_id).expect("a referral").enrolment_id;
    let kind = if amount < 0 { ConversionKind::Refund } else { ConversionKind::Sale };
    let id = state.ids.issue();
    state.conversions.insert(Conversion {
        id,
        kind,
        referral_id,
        enrolment_id,
        event_id: None,
        amount,
        original_amount: amount,
        original_currency: None,
        quantity: 1,
        plan_id: None,
        billing: None,
        sale_id: None,
        created_at: at,
    });
}

fn earn(state: &mut State, sale: ConversionId, amount: i64) {
    let sale = state.conversions.get(sale).expect("a sale").clone();
    let promoter_id = state.enrolments.get(sale.enrolment_id).expect("an enrolment").promoter_id;
    let id = state.ids.issue();
    state.commissions.insert(Commission {
        id,
        status: CommissionStatus::Approved,
        kind: CommissionKind::Sale,
        enrolment_id: sale.enrolment_id,
        promoter_id,
        referral_id: Some(sale.referral_id),
        conversion_id: Some(sale.id),
        reward_id: None,
        refund_of: None,
        unit: if amount % 7 == 0 { Unit::Credits } else { Unit::Cash },
        amount,
        sale_amount: sale.amount,
        original_sale_amount: sale.amount,
        original_sale_currency: None,
        event_id: None,
        plan_id: None,
        billing: None,
        tier: 1,
        is_self_referral: false,
        fraud_check: FraudCheck::NoSuspicion,
        details: Rare::default(),
        settlement: Settlement::Open,
        fulfilment: Fulfilment::Unfulfilled,
        created_at: sale.created_at,
        status_updated_at: None,
    });
}

fn pay(state: &mut State, commission: CommissionId, at: Timestamp) {
    let row = state.commissions.get(commission).expect("a commission").clone();
    let id: PayoutId = state.ids.issue();
    state.payouts.insert(Payout {
        id,
        status: PayoutStatus::Completed,
        promoter_id: row.promoter_id,
        campaign_id: state.enrolments.get(row.enrolment_id).expect("an enrolment").campaign_id,
        unit: row.unit,
        schedule: Schedule::Cycle,
        period_start: at,
        period_end: at,
        paid_with: None,
        payments_batch_id: None,
        paid_at: Some(at),
        processing_started_at: None,
        failed_at: None,
        error: None,
        created_at: at,
    });
    state.commissions.update(commission, |row| row.settlement = Settlement::Paid(id));
}

/// A referral goes with all that it did.
fn forget(state: &mut State, id: ReferralId) {
    let sales: Vec<ConversionId> = state.conversions.index().by_referral.of(&id).collect();
    let earned: Vec<CommissionId> = state.commissions.index().by_referral.of(&id).collect();
    sales.into_iter().for_each(|id| drop(state.conversions.delete(id)));
    earned.into_iter().for_each(|id| drop(state.commissions.delete(id)));
    state.referrals.delete(id);
}

fn take(state: &mut State, step: &Step) -> Option<()> {
    match *step {
        Step::Click(who, source) => click(state, pick(&state.enrolments, who)?, source),
        Step::Refer(who, from) => {
            let click = from.and_then(|at| pick(&state.clicks, at));
            refer(state, pick(&state.enrolments, who)?, click);
        }
        Step::Convert(which, day) => state.referrals.update(pick(&state.referrals, which)?, |row| {
            row.state = ReferralState::Active;
            row.customer_since = Some(on(day));
        })?,
        Step::Cancel(which, day) => state.referrals.update(pick(&state.referrals, which)?, |row| {
            row.state = ReferralState::Cancelled;
            row.cancelled_at = Some(on(day));
        })?,
        Step::Disable(which) => {
            let id = pick(&state.referrals, which)?;
            state.referrals.update(id, |row| row.state = ReferralState::Denied)?;
        }
        Step::ComeFrom(which, from) => {
            let (id, click) = (pick(&state.referrals, which)?, from.and_then(|at| pick(&state.clicks, at)));
            state.referrals.update(id, |row| row.click_id = click)?;
        }
        Step::MoveReferral(which, who) => {
            let (id, to) = (pick(&state.referrals, which)?, pick(&state.enrolments, who)?);
            state.referrals.update(id, |row| row.enrolment_id = to)?;
        }
        Step::Forget(which) => forget(state, pick(&state.referrals, which)?),
        Step::Sell(whose, day, amount) => sell(state, pick(&state.referrals, whose)?, on(day), amount),
        Step::MoveSale(which, who) => {
            let (id, to) = (pick(&state.conversions, which)?, pick(&state.enrolments, who)?);
            state.conversions.update(id, |row| row.enrolment_id = to)?;
        }
        Step::Earn(sale, amount) => earn(state, pick(&state.conversions, sale)?, amount),
        Step::Decide(which, approve) => {
            let status = if approve { CommissionStatus::Approved } else { CommissionStatus::Denied };
            state.commissions.update(pick(&state.commissions, which)?, |row| row.status = status)?;
        }
        Step::Pay(which, day) => pay(state, pick(&state.commissions, which)?, on(day)),
        Step::PayAgain(which, day) => {
            state.payouts.update(pick(&state.payouts, which)?, |row| row.paid_at = Some(on(day)))?;
        }
        Step::Release(which) => {
            let id = pick(&state.payouts, which)?;
            let paid: Vec<CommissionId> = state.commissions.index().by_payout.of(&id).collect();
            for id in paid {
                state.commissions.update(id, |row| row.settlement = Settlement::Open)?;
            }
            state.payouts.delete(id)?;
        }
        Step::ChangeCampaign(which, campaign) => {
            let id = pick(&state.enrolments, which)?;
            state.enrolments.update(id, |row| row.campaign_id = CampaignId::new(campaign))?;
        }
        Step::Commit => state.commit(),
    }
    Some(())
}

/// Everything there is, as if it had come in one transaction.
fn from_scratch(state: &State) -> Rollup {
    fn all<R: Row>(table: &Table<R>) -> Vec<Change<R>> {
        table
            .iter()
            .map(|row| Change { id: row.id(), before: None, after: Some(Arc::new(row.clone())) })
            .collect()
    }
    let mut rollup = Rollup::default();
    let everything = Changes {
        enrolments: all(&state.enrolments),
        clicks: all(&state.clicks),
        referrals: all(&state.referrals),
        conversions: all(&state.conversions),
        commissions: all(&state.commissions),
        payouts: all(&state.payouts),
        ..Changes::default()
    };
    rollup.follow(&Records::of(state), &everything);
    rollup
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn following_transactions_counts_the_same_as_counting_anew(
        steps in proptest::collection::vec(step(), 0..80),
    ) {
        let (mut state, _) = samples::two_campaigns();
        for step in &steps {
            // A step without a record to work on does nothing.
            let _ = take(&mut state, step);
        }
        state.commit();
        let anew = from_scratch(&state);
        prop_assert_eq!(state.rollup.series(), anew.series());
    }

    #[test]
    fn what_is_rolled_back_was_never_counted(
        kept in proptest::collection::vec(step(), 0..30),
        undone in proptest::collection::vec(step(), 0..30),
    ) {
        let (mut state, _) = samples::two_campaigns();
        for step in &kept {
            let _ = take(&mut state, step);
        }
        state.commit();
        let before = state.rollup.clone();
        let savepoint = state.savepoint();
        for step in undone.iter().filter(|step| !matches!(step, Step::Commit)) {
            let _ = take(&mut state, step);
        }
        state.rollback(savepoint);
        state.commit();
        prop_assert_eq!(state.rollup.series(), before.series());
    }
}
