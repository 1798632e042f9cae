//! Visitors and customers of a made-up past.

use fake::Fake;
use fake::faker::name::en::{FirstName, LastName};
use rand::RngExt;

use super::people::slug;
use super::{Event, Past, RefundOf};
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::campaign::Billing;
use crate::domain::click::{self, Visit};
use crate::domain::conversion::{self, Cancellation, Person, Refund, Sale, Signup, Trail};
use crate::domain::state::State;

/// Somebody who came through a link and may sign up.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    tid: String,
    member: usize,
}

/// Somebody who signed up, and what he pays.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    email: String,
    uid: String,
    trail: Trail,
    plan: Option<String>,
    billing: Billing,
    price: i64,
    currency: Option<String>,
    payments: u32,
}

const SOURCES: [Option<&str>; 6] = [
    None,
    Some("https://www.google.com"),
    Some("https://www.youtube.com"),
    Some("https://news.example.org"),
    Some("https://t.co"),
    Some("https://www.linkedin.com"),
];
const PAGES: [&str; 4] = ["", "/pricing", "/blog/how-to-start", "/features"];
const MARKS: [Option<&str>; 5] = [None, None, None, Some("newsletter"), Some("banner")];
const MONTHLY_PRICES: [i64; 3] = [2_900, 9_900, 4_900];
const YEARLY_PRICE: i64 = 49_900;
const ONE_TIME_PRICE: i64 = 89_900;
const MONTH_MS: i64 = 30 * DAY_MS;

impl Past {
    /// A visitor comes, may sign up within days, or buy with the promoter's code; another will come.
    pub(super) fn visit(&mut self, state: &mut State, now: Timestamp, member: usize) {
        let (token, code) = (self.members[member].ref_token.clone(), self.members[member].code.clone());
        let page = self.one_of(&PAGES);
        let visit = Visit {
            ref_token: Some(token),
            ip: Some(self.ip()),
            url: Some(format!("https://www.example.com{page}")),
            source: self.one_of(&SOURCES).map(str::to_owned),
            is_ad: self.chance(30),
            sub_id: self.one_of(&MARKS).map(str::to_owned),
        };
        // Somebody who is out brings nobody any more.
        let Ok(click) = click::visit(state, now, visit) else { return };
        self.plan_visit(now, member);
        let tid = state.clicks.get(click).map(|click| click.tid.clone()).unwrap_or_default();
        if self.chance(230) {
            let at = now.plus_ms(self.within_days(3));
            self.add(at, Event::SignUp(Visitor { tid, member }));
        } else if self.chance(20)
            && let Some(promo_code) = code
        {
            let customer = self.customer(state, Trail { promo_code: Some(promo_code), ..Trail::default() });
            let at = now.plus_ms(self.within_days(2));
            self.add(at, Event::Buy(customer));
        }
    }

    pub(super) fn sign_up(&mut self, state: &mut State, now: Timestamp, visitor: Visitor) {
        let trail = Trail { tid: Some(visitor.tid), ..Trail::default() };
        let customer = self.customer(state, trail);
        let is_himself = self.chance(4);
        if is_himself {
            self.customers[customer].email = self.members[visitor.member].email.clone();
        }
        let ip = if self.chance(15) { self.members[visitor.member].ip.clone() } else { self.ip() };
        let Customer { email, uid, trail, .. } = self.customers[customer].clone();
        let person = Person { email: Some(email), uid: Some(uid) };
        let signup = Signup { ip: Some(ip), notifies: false, ..Signup::of(person, trail) };
        if state.attempt(|state| conversion::signup(state, now, signup)).is_ok() && self.chance(560) {
            let at = now.plus_ms(self.within_days(14));
            self.add(at, Event::Buy(customer));
        }
    }

    /// Somebody new with a name, a plan and a price.
    fn customer(&mut self, state: &State, trail: Trail) -> usize {
        let (first, last): (String, String) =
            (FirstName().fake_with_rng(&mut self.rng), LastName().fake_with_rng(&mut self.rng));
        let number = self.customers.len() + 1;
        let plans: Vec<_> = state.plans.iter().map(|plan| (plan.ext_id.clone(), plan.billing)).collect();
        let plan = (!plans.is_empty()).then(|| plans[self.rng.random_range(0..plans.len())].clone());
        let billing = plan.as_ref().map_or(Billing::Monthly, |(_, billing)| *billing);
        let currencies: Vec<_> =
            state.company.rates.rates.keys().map(|code| code.code().to_owned()).collect();
        let currency = (!currencies.is_empty() && self.chance(120))
            .then(|| currencies[self.rng.random_range(0..currencies.len())].clone());
        let price = match billing {
            Billing::Monthly => self.one_of(&MONTHLY_PRICES),
            Billing::Yearly => YEARLY_PRICE,
            Billing::OneTime => ONE_TIME_PRICE,
        };
        self.customers.push(Customer {
            email: format!("{}.{}{number}@example.net", slug(&first), slug(&last)),
            uid: format!("cus_{number:05}"),
            trail,
            plan: plan.map(|(ext_id, _)| ext_id),
            billing,
            price,
            currency,
            payments: 0,
        });
        self.customers.len() - 1
    }

    /// A sale; with some luck another one after a month, a refund now and then, a farewell in the end.
    pub(super) fn buy(&mut self, state: &mut State, now: Timestamp, customer: usize) {
        self.customers[customer].payments += 1;
        let payer = self.customers[customer].clone();
        let event_id = format!("ch_{}_{}", &payer.uid[4..], payer.payments);
        let mrr = (payer.billing == Billing::Monthly).then_some(payer.price);
        let sale = Sale {
            person: Person { email: Some(payer.email), uid: Some(payer.uid) },
            trail: payer.trail,
            event_id: event_id.clone(),
            amount: payer.price,
            quantity: 1,
            plan: payer.plan,
            billing: None,
            subscription_id: None,
            currency: payer.currency.clone(),
            mrr,
            created_at: None,
            notifies: false,
        };
        if state.attempt(|state| conversion::sale(state, now, sale)).is_err() {
            return;
        }
        if self.chance(35) {
            let amount = if self.chance(600) { payer.price } else { payer.price / 2 };
            let of = RefundOf { sale_event_id: event_id, amount, currency: payer.currency };
            let at = now.plus_ms(self.within_days(14));
            self.add(at, Event::Refund(customer, of));
        }
        match payer.billing {
            Billing::Monthly if self.chance(90) => {
                let at = now.plus_ms(self.within_days(28));
                self.add(at, Event::Cancel(customer));
            }
            Billing::Monthly => self.add(now.plus_ms(MONTH_MS), Event::Buy(customer)),
            Billing::Yearly => self.add(now.plus_ms(365 * DAY_MS), Event::Buy(customer)),
            Billing::OneTime => {}
        }
    }

    pub(super) fn refund(&mut self, state: &mut State, now: Timestamp, customer: usize, of: RefundOf) {
        let refund = Refund {
            person: self.person(customer),
            event_id: of.sale_event_id.replace("ch_", "re_"),
            amount: of.amount,
            currency: of.currency,
            quantity: 1,
            sale_event_id: Some(of.sale_event_id),
            created_at: None,
            notifies: false,
        };
        let _ = state.attempt(|state| conversion::refund(state, now, refund));
    }

    pub(super) fn cancel(&mut self, state: &mut State, now: Timestamp, customer: usize) {
        let cancellation =
            Cancellation { person: self.person(customer), event_id: None, created_at: None, notifies: false };
        let _ = state.attempt(|state| conversion::cancellation(state, now, cancellation));
    }

    fn person(&self, customer: usize) -> Person {
        let Customer { email, uid, .. } = &self.customers[customer];
        Person { email: Some(email.clone()), uid: Some(uid.clone()) }
    }
}
