//! A past made up from the seed, by running the business itself day by day.
//!
//! Everything waits in one queue and happens at its moment, so that ids follow time: promoters join and bring
//! visitors, some of whom sign up, buy, pay month after month, get money back or leave; the company decides on
//! what is pending and pays promoters. What the business refuses did not happen. The same seed, account and
//! start make the same past.

mod company;
mod people;
#[cfg(test)]
mod tests;
mod trade;

use std::collections::BTreeMap;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::build::Clockwork;
use super::document::LivedIn;
use super::progress;
use crate::clock::timestamp::{DAY_MS, HOUR_MS, Timestamp};
use crate::domain::calendar::{Grain, months_earlier, tomorrow};
use crate::domain::state::State;
use people::Member;
use trade::{Customer, Visitor};

/// Something that is to happen.
#[derive(Clone, Debug)]
enum Event {
    /// A promoter joins, one in so many.
    Join,
    /// A promoter brings a visitor.
    Visit(usize),
    /// A visitor signs up.
    SignUp(Visitor),
    /// A customer buys, or pays again.
    Buy(usize),
    /// A customer gets something back of a sale.
    Refund(usize, RefundOf),
    /// A customer leaves.
    Cancel(usize),
    /// The company looks at what is pending.
    Decide,
    /// The company puts what promoters earned in the months before into payouts.
    Settle,
    /// The company pays.
    Pay,
}

/// A sale of which something is given back.
#[derive(Clone, Debug)]
struct RefundOf {
    sale_event_id: String,
    amount: i64,
    currency: Option<String>,
}

/// The past as it goes by.
struct Past {
    rng: ChaCha8Rng,
    queue: BTreeMap<(Timestamp, u64), Event>,
    queued: u64,
    members: Vec<Member>,
    customers: Vec<Customer>,
}

/// Makes up the past that ends at `start`.
pub(super) fn live(state: &mut State, lived_in: LivedIn, start: Timestamp) {
    let begin =
        Timestamp::start_of(months_earlier(start.date(), i64::from(lived_in.months))).max(Timestamp::EPOCH);
    let mut past = Past {
        rng: ChaCha8Rng::seed_from_u64(state.ids.rng().next_u64()),
        queue: BTreeMap::new(),
        queued: 0,
        members: Vec::new(),
        customers: Vec::new(),
    };
    past.plan(begin, start, lived_in.promoters);
    let mut clockwork = Clockwork::default();
    let mut month = begin.date();
    while let Some(((now, _), event)) = past.queue.pop_first() {
        if now >= start {
            break;
        }
        clockwork.run_until(state, now);
        past.happen(state, now, event);
        if Grain::Month.first(now.date()) != month {
            month = Grain::Month.first(now.date());
            state.commit();
            progress::show(now.millis() - begin.millis(), start.millis() - begin.millis());
        }
    }
    clockwork.run_until(state, start);
    clockwork.put_back(state);
    past.look_back(state, begin, start);
    progress::show(1, 1);
}

impl Past {
    /// Who joins when, and the company's calendar.
    fn plan(&mut self, begin: Timestamp, start: Timestamp, promoters: u32) {
        let length_ms = start.millis() - begin.millis();
        if length_ms <= 0 {
            return;
        }
        for _ in 0..promoters {
            let at = begin.plus_ms(self.rng.random_range(0..length_ms));
            self.add(at, Event::Join);
        }
        let mut day = begin.date();
        while Timestamp::start_of(day) < start {
            let morning = Timestamp::start_of(day).plus_ms(9 * HOUR_MS);
            if Grain::Week.first(day) == day {
                self.add(morning, Event::Decide);
            }
            match day.day() {
                1 => self.add(morning, Event::Settle),
                20 => self.add(morning, Event::Pay),
                _ => {}
            }
            day = tomorrow(day);
        }
    }

    fn happen(&mut self, state: &mut State, now: Timestamp, event: Event) {
        match event {
            Event::Join => self.join(state, now),
            Event::Visit(member) => self.visit(state, now, member),
            Event::SignUp(visitor) => self.sign_up(state, now, visitor),
            Event::Buy(customer) => self.buy(state, now, customer),
            Event::Refund(customer, of) => self.refund(state, now, customer, of),
            Event::Cancel(customer) => self.cancel(state, now, customer),
            Event::Decide => self.decide(state, now),
            Event::Settle => self.settle(state, now),
            Event::Pay => self.pay(state, now),
        }
    }

    fn add(&mut self, at: Timestamp, event: Event) {
        self.queued += 1;
        self.queue.insert((at, self.queued), event);
    }

    /// Whether something happens that happens so many times in a thousand.
    fn chance(&mut self, per_mille: u32) -> bool {
        self.rng.random_range(0..1000) < per_mille
    }

    /// One of several, each as likely as the others.
    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.rng.random_range(0..values.len())]
    }

    /// Up to so many days, to the minute.
    fn within_days(&mut self, days: i64) -> i64 {
        self.rng.random_range(60_000..=days * DAY_MS)
    }

    /// An address of the range that nobody uses.
    fn ip(&mut self) -> String {
        let byte = |rng: &mut ChaCha8Rng| rng.random_range(1..255);
        format!("198.18.{}.{}", byte(&mut self.rng), byte(&mut self.rng))
    }
}
