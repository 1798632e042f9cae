//! An account with many records, made by the business itself.

use fp_mock::Mock;
use fp_mock::clock::timestamp::{DAY_MS, HOUR_MS, Timestamp};
use fp_mock::domain::click::{self, Visit};
use fp_mock::domain::conversion::{self, Person, Sale, Signup, Trail};
use fp_mock::domain::enrolment;
use fp_mock::domain::ids::{CommissionId, PayoutId, PromoterId};
use fp_mock::domain::json::JsonObject;
use fp_mock::domain::payout;
use fp_mock::domain::payout_method::{self, Method, NewPayoutMethod};
use fp_mock::domain::promoter::{self, CreatePromoter};
use fp_mock::domain::refusal::Refusal;
use fp_mock::domain::state::State;
use serde_json::json;

use super::names::Names;

/// Records that are made in one transaction.
const CHUNK: usize = 1_000;
/// Commissions older than this are in payouts, payouts older than that are paid.
const IN_PAYOUTS_AFTER: i64 = 60 * DAY_MS;
const PAID_AFTER: i64 = 180 * DAY_MS;
/// Batches that ran.
const BATCHES: usize = 100;

/// An account and some of its records.
pub struct Grown {
    pub mock: Mock,
    /// How many referrals it has.
    records: usize,
    /// To whom one referral in four belongs.
    largest: u64,
    /// Another promoter.
    promoter: u64,
    /// A payout of his.
    payout: u64,
}

/// An account with so many referrals: sales at one price and at many, one promoter with a quarter of all and many
/// others, of whom every second has had none for half a year; payouts by promoter and month, the older ones paid.
pub fn account(records: usize, known_by: &dyn Fn(usize) -> Names) -> Grown {
    let mock = Mock::builder().journal_entries(100).start();
    let account = mock.default_account().state();
    let end = account.lock().clock.now();
    let begin = end.plus_ms(-365 * DAY_MS);
    let mut partners = Vec::new();
    for number in 0..(records / 100).clamp(10, 1_000) {
        partners.push(account.lock().transact(|state, _| join(state, begin, number)).expect("a promoter"));
    }
    for chunk in (0..records).step_by(CHUNK) {
        let work = |state: &mut State, _| {
            (chunk..records.min(chunk + CHUNK)).try_for_each(|number| {
                let at = begin.plus_ms(365 * DAY_MS / records as i64 * number as i64);
                let whose = if number.is_multiple_of(4) { 0 } else { number % partners.len() };
                let is_late = number > records / 2;
                let whose = if is_late && !whose.is_multiple_of(2) { whose - 1 } else { whose };
                buy(state, at, &partners[whose].1, (number, known_by(number)))
            })
        };
        account.lock().transact(work).expect("referrals and sales");
    }
    put_into_payouts(&mock, end);
    run_batches(&mock);
    let (largest, promoter) = (partners[0].0, partners[2].0);
    let payout =
        account.lock().state.payouts.index().by_promoter.first(&promoter).map_or(0, |id| id.number());
    Grown { mock, records, largest: largest.number(), promoter: promoter.number(), payout }
}

impl Grown {
    /// What is asked of it, with pages and ids put in.
    pub fn fill(&self, target: &str) -> String {
        let middle = (self.records / 40).max(1).to_string();
        let last = (self.records / 20).max(1).to_string();
        let target = target.replace("{middle}", &middle).replace("{last}", &last);
        let target = target.replace("{promoter}", &self.promoter.to_string());
        let target = target.replace("{largest}", &self.largest.to_string());
        target.replace("{payout}", &self.payout.to_string()).replace("{campaign}", "13202")
    }
}

fn join(state: &mut State, at: Timestamp, number: usize) -> Result<(PromoterId, String), Refusal> {
    let new = CreatePromoter { email: format!("promoter{number}@example.com"), ..CreatePromoter::default() };
    let id = promoter::create(state, at, new)?;
    let token = enrolment::of_promoter(state, id).next().map(|row| row.ref_token.clone());
    if !number.is_multiple_of(3) {
        let (method, details) = (Method::Paypal, JsonObject::new());
        payout_method::add(
            state,
            at,
            NewPayoutMethod { promoter_id: id, method, details, is_selected: true },
        )?;
    }
    Ok((id, token.unwrap_or_default()))
}

/// Somebody comes, one in ten by a visit that is known, signs up and buys.
fn buy(
    state: &mut State,
    at: Timestamp,
    token: &str,
    (number, names): (usize, Names),
) -> Result<(), Refusal> {
    let person = Person::new(Some(names.email), Some(names.uid))?;
    let mut trail = Trail { ref_id: Some(token.to_owned()), ..Trail::default() };
    if number.is_multiple_of(10) {
        let visit = Visit {
            ref_token: Some(token.to_owned()),
            url: Some(format!("https://www.example.com/page-{}", number % 7)),
            source: Some(format!("https://source-{}.example.org", number % 13)),
            ..Visit::default()
        };
        let id = click::visit(state, at, visit)?;
        trail = Trail { tid: state.clicks.get(id).map(|row| row.tid.clone()), ..Trail::default() };
    }
    conversion::signup(state, at, Signup { notifies: false, ..Signup::of(person.clone(), trail) })?;
    let sale = Sale {
        person,
        trail: Trail::default(),
        event_id: names.event_id,
        amount: if number.is_multiple_of(2) { 4_900 } else { 1_000 + (number as i64 * 7_919) % 9_000 },
        quantity: 1,
        plan: Some("monthly-starter".to_owned()),
        currency: None,
        mrr: None,
        billing: None,
        subscription_id: None,
        created_at: Some(at.plus_ms(HOUR_MS)),
        notifies: false,
    };
    conversion::sale(state, at, sale).map(drop)
}

fn put_into_payouts(mock: &Mock, end: Timestamp) {
    let account = mock.default_account().state();
    let old: Vec<CommissionId> = {
        let ledger = account.lock();
        let is_old = |at: Timestamp| at < end.plus_ms(-IN_PAYOUTS_AFTER);
        ledger.state.commissions.iter().filter(|row| is_old(row.created_at)).map(|row| row.id).collect()
    };
    for ids in old.chunks(CHUNK) {
        let generate =
            |state: &mut State, now| ids.iter().try_for_each(|id| payout::generate(state, now, *id));
        account.lock().transact(generate).expect("payouts");
    }
    let paid: Vec<PayoutId> = {
        let ledger = account.lock();
        let is_paid = |at: Timestamp| at < end.plus_ms(-PAID_AFTER);
        ledger.state.payouts.iter().filter(|row| is_paid(row.period_end)).map(|row| row.id).collect()
    };
    for id in paid {
        account.lock().transact(|state, now| payout::mark_as_paid(state, now, id)).expect("a paid payout");
    }
}

/// Batches that deny and approve a few commissions again and again.
fn run_batches(mock: &Mock) {
    let account = mock.default_account().state();
    let ids: Vec<u64> = {
        let ledger = account.lock();
        ledger.state.commissions.iter().rev().take(6).map(|row| row.id.number()).collect()
    };
    for number in 0..BATCHES {
        let what = if number % 2 == 0 { "deny" } else { "approve" };
        let target = format!("/api/v2/company/commissions/{what}");
        mock.call("POST", &target, json!({ "ids": ids })).expect(202);
        mock.clock().advance("1h");
    }
}
