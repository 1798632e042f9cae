//! Laws of money that hold whatever is sold, refunded, decided and paid: tried on the business itself.

use std::collections::BTreeMap;

use fp_mock::clock::timestamp::{DAY_MS, Timestamp};
use fp_mock::domain::commission::{self, Balance, Commission, CommissionStatus, Settlement};
use fp_mock::domain::conversion::{self, Person, Refund, Sale, Signup, Trail};
use fp_mock::domain::ids::{CommissionId, EnrolmentId, PayoutId};
use fp_mock::domain::promoter::{self, FindBy};
use fp_mock::domain::referral::SplitShare;
use fp_mock::domain::refusal::Refusal;
use fp_mock::domain::state::State;
use fp_mock::domain::{batch, payout};
use fp_mock::scenario::Scenario;
use proptest::prelude::*;

const LEADS: [&str; 4] = ["child", "plain", "fraction", "hand"];

#[derive(Clone, Debug)]
enum Step {
    Sell { lead: usize, amount: i64 },
    Refund { lead: usize, sale: usize, amount: i64 },
    Approve { at: usize },
    Deny { at: usize },
    Delete { at: usize },
    PutIntoPayouts,
    Pay { at: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || prop_oneof![1i64..20, 1i64..2_000, Just(10_000i64)];
    let step = prop_oneof![
        4 => (0..LEADS.len(), amount()).prop_map(|(lead, amount)| Step::Sell { lead, amount }),
        4 => (0..LEADS.len(), 0usize..6, amount())
            .prop_map(|(lead, sale, amount)| Step::Refund { lead, sale, amount }),
        2 => (0usize..40).prop_map(|at| Step::Approve { at }),
        1 => (0usize..40).prop_map(|at| Step::Deny { at }),
        1 => (0usize..40).prop_map(|at| Step::Delete { at }),
        1 => Just(Step::PutIntoPayouts),
        1 => (0usize..5).prop_map(|at| Step::Pay { at }),
    ];
    proptest::collection::vec(step, 1..40)
}

/// A company with one lead for each token; the child's has two partners, two tiers of parents above.
fn company(now: Timestamp) -> State {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/v2/rewards.yaml");
    let mut state = Scenario::open(file).expect("a scenario").build(0, "1", now);
    let id = |state: &State, name: &str| {
        promoter::find(state, FindBy::Email, &format!("{name}@shop.example")).expect("a promoter")
    };
    let (child, parent, grand) = (id(&state, "child"), id(&state, "parent"), id(&state, "grand"));
    promoter::assign_parent(&mut state, now, child, parent).expect("a parent");
    promoter::assign_parent(&mut state, now, parent, grand).expect("a grandparent");
    for lead in LEADS {
        let trail = Trail { ref_id: Some(lead.into()), ..Trail::default() };
        conversion::signup(&mut state, now, Signup::of(person(lead), trail)).expect("a signup");
    }
    let shared = state.referrals.iter().next().expect("the child's lead").id;
    let share = |id, percentage| SplitShare { enrolment_id: EnrolmentId::new(id), percentage };
    state.referrals.update(shared, |row| row.details.split = [share(600_012, 33), share(600_013, 34)].into());
    state
}

fn person(lead: &str) -> Person {
    Person { email: Some(format!("{lead}@customers.example")), uid: None }
}

/// An original commission, picked by its place among them.
fn original(state: &State, at: usize) -> Option<CommissionId> {
    let originals: Vec<_> = state.commissions.iter().filter(|row| row.refund_of.is_none()).collect();
    originals.get(at % originals.len().max(1)).map(|row| row.id)
}

fn take(state: &mut State, now: Timestamp, number: usize, step: &Step) -> Result<(), Refusal> {
    let on = |state: &mut State, at, act: fn(&mut State, Timestamp, CommissionId) -> Result<(), Refusal>| {
        original(state, at).map_or(Ok(()), |id| act(state, now, id))
    };
    match *step {
        Step::Sell { lead, amount } => {
            let sale = Sale {
                person: person(LEADS[lead]),
                trail: Trail::default(),
                event_id: format!("s{number}"),
                amount,
                quantity: 1,
                plan: None,
                currency: None,
                mrr: None,
                billing: None,
                subscription_id: None,
                created_at: None,
                notifies: true,
            };
            conversion::sale(state, now, sale).map(|_| ())
        }
        Step::Refund { lead, sale, amount } => {
            let person = person(LEADS[lead]);
            let referral = fp_mock::domain::referral::by_uid_or_email(state, None, person.email.as_deref());
            let sales = state.conversions.index().sales_by_referral.of(&referral.expect("a lead"));
            let sale = sales.map(|(_, id)| id).nth(sale).and_then(|id| state.conversions.get(id));
            let sale_event_id = sale.and_then(|sale| sale.event_id.as_deref()).map(str::to_owned);
            let event_id = format!("r{number}");
            let (currency, quantity, created_at, notifies) = (None, 1, None, true);
            let refund =
                Refund { person, event_id, amount, currency, quantity, sale_event_id, created_at, notifies };
            conversion::refund(state, now, refund).map(|_| ())
        }
        Step::Approve { at } => on(state, at, commission::approve),
        Step::Deny { at } => on(state, at, commission::deny),
        Step::Delete { at } => on(state, at, commission::delete),
        Step::PutIntoPayouts => {
            let payable = state.commissions.iter().filter(|row| row.is_payable());
            let ids: Vec<u64> = payable.map(|row| row.id.number()).collect();
            batch::start(state, now, batch::Action::GeneratePayouts, &ids);
            Ok(())
        }
        Step::Pay { at } => {
            let id: Option<PayoutId> = state.payouts.iter().nth(at).map(|row| row.id);
            id.map_or(Ok(()), |id| payout::mark_as_paid(state, now, id))
        }
    }
}

/// Balances follow from the commissions alone.
fn assert_balances(state: &State) {
    let mut expected: BTreeMap<_, Balance> = BTreeMap::new();
    for row in state.commissions.iter().filter(|row| row.status == CommissionStatus::Approved) {
        let balance = expected.entry((row.promoter_id, row.unit)).or_default();
        balance.earnings += row.amount;
        match row.settlement {
            Settlement::Paid(_) => balance.paid += row.amount,
            Settlement::Due(_) => balance.pending += row.amount,
            Settlement::Open | Settlement::Stuck(_) => {}
        }
    }
    let kept: BTreeMap<_, Balance> =
        state.commissions.index().balances.iter().map(|(key, (balance, _))| (*key, *balance)).collect();
    assert_eq!(kept, expected);
}

/// Refunds take back the exact part, and everything of a sale that is refunded in full.
fn assert_refunds(state: &State) {
    let index = state.commissions.index();
    for row in state.commissions.iter().filter(|row| row.refund_of.is_none()) {
        let Some(sale) = row.conversion_id.and_then(|id| state.conversions.get(id)) else { continue };
        let refunded = state.conversions.index().refunded.get(&sale.id).copied().unwrap_or(0);
        let taken: Vec<&Commission> =
            index.by_refunded.of(&row.id).filter_map(|id| state.commissions.get(id)).collect();
        assert!(taken.iter().all(|taking| taking.status == row.status), "{row:?}");
        let left: i64 = row.amount + taken.iter().map(|taking| taking.amount).sum::<i64>();
        assert!((0..=row.amount).contains(&left), "{left} is left of {row:?}");
        if refunded >= sale.amount {
            assert_eq!(left, 0, "{row:?}");
        }
    }
}

/// What the promoter and his partners get of a reward adds up to the whole of it.
fn assert_shares(state: &State) {
    for sale in state.conversions.iter().filter(|row| row.sale_id.is_none() && row.amount > 0) {
        let own = state.commissions.index().by_conversion.of(&sale.id);
        let own = own.filter_map(|id| state.commissions.get(id)).filter(|row| row.tier == 1);
        let parts: Vec<i64> = own.filter(|row| row.unit.is_monetary()).map(|row| row.amount).collect();
        let campaign = state.enrolments.get(sale.enrolment_id).expect("an enrolment").campaign_id;
        let share = if campaign.number() == 2002 { 125 } else { 200 };
        assert_eq!(parts.iter().sum::<i64>(), (sale.amount * share + 500) / 1000, "{parts:?} of {sale:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn balances_and_refunds_hold_whatever_happens(steps in steps()) {
        let start = Timestamp::parse("2025-01-15T10:30:00Z").expect("a moment");
        let mut state = company(start);
        for (number, step) in steps.iter().enumerate() {
            let now = start.plus_ms(number as i64 * DAY_MS);
            let _refused_or_done = state.attempt(|state| take(state, now, number, step));
            assert_balances(&state);
            assert_refunds(&state);
            if !steps.iter().any(|step| matches!(step, Step::Delete { .. })) {
                assert_shares(&state);
            }
        }
    }
}
