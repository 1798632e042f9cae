//! Lists are the same by facts and kept orders as one by one.

use proptest::prelude::*;

use super::record::{Commission, CommissionKind, CommissionStatus, Fulfilment, Settlement};
use super::selection::{Selection, SortBy, Sorting, one_by_one};
use super::{arrange, select};
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::conversion::{Conversion, ConversionKind};
use crate::domain::ids::{
    CampaignId, CommissionId, ConversionId, EnrolmentId, PayoutId, PromoterId, ReferralId,
};
use crate::domain::money::Unit;
use crate::domain::payout::{DuePeriod, Payout, PayoutStatus, Schedule};
use crate::domain::rare::Rare;
use crate::domain::referral::{EntrySource, FraudCheck, NewReferral, create, samples};
use crate::domain::span::Span;
use crate::domain::state::State;

/// One change; the numbers pick among the records there are.
#[derive(Clone, Debug)]
enum Step {
    Refer(usize),
    Rename(usize, Option<u8>, bool),
    Sell(usize, i64, i64),
    Earn(usize, i64),
    EarnByHand(Option<usize>, i64),
    Assign(usize, Option<usize>),
    Change(usize, i64, bool),
    Pay(usize, u8),
    Delete(usize),
    DeleteSale(usize),
    TryInVain(usize, usize),
    List(usize),
    Commit,
    Keep,
    Restore,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => any::<usize>().prop_map(Step::Refer),
        2 => (any::<usize>(), proptest::option::of(0u8..6), any::<bool>()).prop_map(|(at, name, is_uid)| Step::Rename(at, name, is_uid)),
        4 => (any::<usize>(), 1i64..9, 0i64..9).prop_map(|(at, amount, day)| Step::Sell(at, amount, day)),
        5 => (any::<usize>(), -4i64..9).prop_map(|(at, amount)| Step::Earn(at, amount)),
        2 => (proptest::option::of(any::<usize>()), -4i64..9).prop_map(|(at, amount)| Step::EarnByHand(at, amount)),
        1 => (any::<usize>(), proptest::option::of(any::<usize>())).prop_map(|(at, to)| Step::Assign(at, to)),
        2 => (any::<usize>(), -4i64..9, any::<bool>()).prop_map(|(at, amount, is_denied)| Step::Change(at, amount, is_denied)),
        2 => (any::<usize>(), 0u8..4).prop_map(|(at, status)| Step::Pay(at, status)),
        1 => any::<usize>().prop_map(Step::Delete),
        1 => any::<usize>().prop_map(Step::DeleteSale),
        1 => any::<(usize, usize)>().prop_map(|(at, lead)| Step::TryInVain(at, lead)),
        2 => any::<usize>().prop_map(Step::List),
        2 => Just(Step::Commit),
        1 => Just(Step::Keep),
        1 => Just(Step::Restore),
    ];
    proptest::collection::vec(step, 0..90)
}

fn picked<T>(mut rows: impl ExactSizeIterator<Item = T>, number: usize) -> Option<T> {
    let count = rows.len();
    (count > 0).then(|| rows.nth(number % count)).flatten()
}

fn referral(state: &State, number: usize) -> Option<ReferralId> {
    picked(state.referrals.iter().map(|row| row.id).collect::<Vec<_>>().into_iter(), number)
}

fn sale(state: &State, number: usize) -> Option<ConversionId> {
    picked(state.conversions.iter().map(|row| row.id).collect::<Vec<_>>().into_iter(), number)
}

fn commission(state: &State, number: usize) -> Option<CommissionId> {
    picked(state.commissions.iter().map(|row| row.id).collect::<Vec<_>>().into_iter(), number)
}

fn day(number: i64) -> Timestamp {
    samples::NOW.plus_ms((number - 40) * DAY_MS)
}

/// A state and one that was kept of it.
struct Course {
    state: State,
    kept: State,
}

impl Course {
    fn take(&mut self, enrolments: [EnrolmentId; 2], step: &Step) {
        match step {
            Step::Commit => self.state.commit(),
            Step::Keep => {
                self.state.commit();
                self.kept = self.state.clone();
            }
            Step::Restore => self.state = self.kept.clone(),
            _ => drop(apply(&mut self.state, enrolments, step)),
        }
    }
}

fn apply(state: &mut State, enrolments: [EnrolmentId; 2], step: &Step) -> Option<()> {
    match step {
        Step::Commit | Step::Keep | Step::Restore => {}
        Step::Refer(number) => {
            let uid = Some(format!("u{}", state.referrals.len()));
            let new = NewReferral { uid, ..NewReferral::of(enrolments[number % 2], EntrySource::Api) };
            create(state, samples::NOW, new).expect("a referral");
        }
        Step::Rename(at, name, is_uid) => {
            let id = referral(state, *at)?;
            let name = name.map(|name| format!("Name{}", name / 2 + name % 2 * 10).into());
            state.referrals.update(id, |row| match (is_uid, &name) {
                (true, Some(_)) if *at % 2 == 0 => row.details.username = name,
                (true, _) => row.uid = name,
                (false, _) => row.email = name,
            });
        }
        Step::Sell(at, amount, on) => {
            let referral_id = referral(state, *at)?;
            let row = Conversion {
                id: state.ids.issue(),
                kind: ConversionKind::Sale,
                referral_id,
                enrolment_id: enrolments[0],
                event_id: None,
                amount: *amount,
                original_amount: *amount,
                original_currency: None,
                quantity: 1,
                plan_id: None,
                billing: None,
                sale_id: None,
                created_at: day(*on),
            };
            state.conversions.insert(row);
        }
        Step::Earn(at, amount) => {
            let sale = state.conversions.get(sale(state, *at)?)?.clone();
            let row = Commission {
                conversion_id: Some(sale.id),
                referral_id: Some(sale.referral_id),
                kind: CommissionKind::Sale,
                sale_amount: sale.amount,
                refund_of: commission(state, *at).filter(|_| *amount < 0),
                created_at: sale.created_at,
                ..earned(state, enrolments[*at % 2], *amount)
            };
            state.commissions.insert(row);
        }
        Step::EarnByHand(at, amount) => {
            let referral_id = at.and_then(|at| referral(state, at));
            let row = Commission { referral_id, ..earned(state, enrolments[0], *amount) };
            state.commissions.insert(row);
        }
        Step::Assign(at, to) => {
            let (id, to) = (commission(state, *at)?, to.and_then(|to| referral(state, to)));
            // What was earned by a sale stays with the sale's referral.
            state.commissions.update(id, |row| {
                row.referral_id = if row.conversion_id.is_none() { to } else { row.referral_id };
            });
        }
        Step::Change(at, amount, is_denied) => {
            // Some amounts are beyond what facts hold.
            let amount = &if *amount == 5 { 5 << 40 } else { *amount };
            let status = if *is_denied { CommissionStatus::Denied } else { CommissionStatus::Approved };
            state
                .commissions
                .update(commission(state, *at)?, |row| (row.amount, row.status) = (*amount, status));
        }
        Step::Pay(at, status) => {
            let id = commission(state, *at)?;
            pay(state, id, *status);
        }
        Step::Delete(at) => drop(state.commissions.delete(commission(state, *at)?)),
        Step::DeleteSale(at) => drop(state.conversions.delete(sale(state, *at)?)),
        Step::TryInVain(at, lead) => {
            let attempt = |state: &mut State| {
                apply(state, enrolments, &Step::Delete(*at));
                apply(state, enrolments, &Step::Rename(*lead, Some(3), false));
                apply(state, enrolments, &Step::DeleteSale(*at));
                apply(state, enrolments, &Step::EarnByHand(Some(*lead), 5));
                Err::<(), ()>(())
            };
            assert!(state.attempt(attempt).is_err());
        }
        Step::List(number) => {
            let wanted = Selection { is_first: Some(true), ..Selection::default() };
            let by = SortBy::ALL[number % SortBy::ALL.len()];
            arrange(state, samples::NOW, &wanted, &[Sorting { by, is_descending: false }], 0);
        }
    }
    Some(())
}

/// A commission made by hand, of no referral.
pub(super) fn earned(state: &mut State, enrolment_id: EnrolmentId, amount: i64) -> Commission {
    Commission {
        id: state.ids.issue(),
        status: CommissionStatus::Pending,
        kind: CommissionKind::Custom,
        enrolment_id,
        promoter_id: state.enrolments.get(enrolment_id).expect("an enrolment").promoter_id,
        referral_id: None,
        conversion_id: None,
        reward_id: None,
        refund_of: None,
        unit: if amount % 3 == 0 { Unit::Credits } else { Unit::Cash },
        amount,
        sale_amount: 0,
        original_sale_amount: 0,
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
        created_at: day(amount),
        status_updated_at: None,
    }
}

fn pay(state: &mut State, commission: CommissionId, status: u8) {
    let row = state.commissions.get(commission).expect("a commission").clone();
    let id: PayoutId = state.ids.issue();
    let (statuses, schedules) =
        ([PayoutStatus::Pending, PayoutStatus::Completed], [Schedule::Cycle, Schedule::Custom]);
    let at = day(i64::from(status) * 30);
    state.payouts.insert(Payout {
        id,
        status: statuses[usize::from(status % 2)],
        promoter_id: row.promoter_id,
        campaign_id: CampaignId::new(1001),
        unit: row.unit,
        schedule: schedules[usize::from(status / 3)],
        period_start: at,
        period_end: at,
        paid_with: None,
        payments_batch_id: None,
        paid_at: None,
        processing_started_at: None,
        failed_at: None,
        error: None,
        created_at: at,
    });
    let settlement = if status % 2 == 1 { Settlement::Paid(id) } else { Settlement::Due(id) };
    state.commissions.update(commission, |row| row.settlement = settlement);
}

fn selections() -> Vec<Selection> {
    let all = Selection::default;
    vec![
        all(),
        Selection { statuses: vec![CommissionStatus::Denied, CommissionStatus::Pending], ..all() },
        Selection { amount: Span { from: Some(2), to: None }, ..all() },
        Selection { sale_amount: Span { from: None, to: Some(4) }, ..all() },
        Selection { created_at: Span { from: Some(day(2)), to: Some(day(5)) }, ..all() },
        Selection { is_paid: Some(false), ..all() },
        Selection { is_fulfilled: Some(false), ..all() },
        Selection { is_first: Some(true), ..all() },
        Selection { is_first: Some(false), is_refunded: Some(false), ..all() },
        Selection { is_refunded: Some(true), ..all() },
        Selection { due_periods: vec![DuePeriod::Overdue], ..all() },
        Selection { due_periods: vec![DuePeriod::Next, DuePeriod::Custom], ..all() },
        Selection { promoter: Some(PromoterId::new(1)), ..all() },
        Selection { campaigns: vec![CampaignId::new(1002)], ..all() },
        Selection { campaigns: vec![CampaignId::new(1002)], promoter: Some(PromoterId::new(1)), ..all() },
        Selection { fraud_checks: vec![FraudCheck::SameIp], ..all() },
        Selection { q: Some("name1".into()), ..all() },
        Selection { q: Some("u1".into()), is_paid: Some(false), ..all() },
        Selection { q: Some("e".into()), statuses: vec![CommissionStatus::Approved], ..all() },
    ]
}

fn sortings() -> Vec<Vec<Sorting>> {
    let both = |by: &SortBy| [true, false].map(|is_descending| vec![Sorting { by: *by, is_descending }]);
    let mut all = vec![Vec::new()];
    all.extend(SortBy::ALL.iter().flat_map(both));
    let several = |by: &[(SortBy, bool)]| {
        by.iter().map(|(by, is_descending)| Sorting { by: *by, is_descending: *is_descending }).collect()
    };
    all.extend([
        several(&[(SortBy::Amount, true), (SortBy::Referral, false)]),
        several(&[(SortBy::SaleAmount, false), (SortBy::CreatedAt, true)]),
        several(&[(SortBy::Referral, true), (SortBy::Amount, false)]),
        several(&[(SortBy::SaleAmount, true), (SortBy::Amount, true), (SortBy::Referral, true)]),
    ]);
    all
}

proptest! {
    #[test]
    fn every_list_is_as_if_each_commission_was_looked_at(steps in steps(), skipped in 0usize..20, is_deep in any::<bool>()) {
        let arranged = if is_deep { usize::MAX } else { 0 };
        let (mut state, enrolments) = samples::two_campaigns();
        state.commit();
        let mut course = Course { kept: state.clone(), state };
        steps.iter().for_each(|step| course.take(enrolments, step));
        let mut state = course.state;
        for sorting in sortings() {
            for wanted in selections() {
                let ids = |rows: Box<dyn Iterator<Item = &Commission> + '_>| rows.map(|row| row.id).collect::<Vec<_>>();
                arrange(&mut state, samples::NOW, &wanted, &sorting, arranged);
                let expected = ids(one_by_one(&state, samples::NOW, &wanted, &sorting));
                prop_assert_eq!(&ids(select(&state, samples::NOW, &wanted, &sorting)), &expected, "{:?} {:?}", wanted, sorting);
                let mut rows = select(&state, samples::NOW, &wanted, &sorting);
                prop_assert_eq!(rows.nth(skipped).map(|row| row.id), expected.get(skipped).copied());
                prop_assert!(ids(rows).iter().eq(expected.iter().skip(skipped + 1)));
            }
        }
    }
}
