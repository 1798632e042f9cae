//! Faults on demand: rules that make calls fail, hang or lose their connection. The first rule that is met wins.

pub mod calls;
mod written;

use std::collections::BTreeMap;
use std::time::Duration;

use rand::RngExt;

use crate::api::rate::Window;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::Ids;
use crate::domain::named::named_values;
pub use written::Written;

named_values! {
    /// Ways in which a connection goes wrong, by the names that WireMock made common.
    Cut {
        /// It is reset.
        Reset = "CONNECTION_RESET_BY_PEER",
        /// It is closed without a byte.
        Empty = "EMPTY_RESPONSE",
        /// A good status line and garbage instead of chunks, then it is closed.
        MalformedChunk = "MALFORMED_RESPONSE_CHUNK",
        /// Garbage from the start, then it is closed.
        RandomData = "RANDOM_DATA_THEN_CLOSE",
    }
}

/// What a rule does to a call beside delaying it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Nothing: it is only late.
    Late,
    /// It is answered with an error.
    Error {
        /// The status.
        status: u16,
        /// Further headers.
        headers: Vec<(String, String)>,
        /// The media type of the body.
        content_type: &'static str,
        /// The body.
        body: Vec<u8>,
    },
    /// Its connection goes wrong.
    Cut(Cut),
    /// It is let through so many times a minute, on the account's clock, and refused after that.
    Limit(u32),
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its number among the rules of its account, or of all.
    pub id: u64,
    /// As it was asked for.
    pub written: Written,
    /// The operation that it concerns; `None`: every call.
    pub operation: Option<String>,
    /// How likely it is met, 0 to 1.
    pub probability: f64,
    /// How often it will still be met; `None`: always.
    pub left: Option<u32>,
    /// How long the answer is held back.
    pub delay: Duration,
    /// What it does.
    pub effect: Effect,
    /// Whether the call takes effect and only its answer is lost.
    pub processed: bool,
    /// How often it was met.
    pub met: u64,
    windows: BTreeMap<String, Window>,
}

/// What a call meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Met {
    /// How long its answer is held back.
    pub delay: Duration,
    /// What happens to it.
    pub effect: Effect,
    /// Whether it takes effect all the same.
    pub processed: bool,
}

/// A call, as rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct Target<'c> {
    /// The operation's key, if there is one.
    pub operation: Option<&'c str>,
    /// The account's name, empty for nobody's.
    pub account: &'c str,
    /// The account's present moment.
    pub now: Timestamp,
}

/// The rules of one account, or of all, and the dice that go with them.
#[derive(Debug)]
pub struct Faults {
    rules: Vec<Rule>,
    issued: u64,
    dice: Ids,
    fresh: Ids,
}

impl Faults {
    /// None, with dice that fall the same way in every run of this account under `seed`.
    pub fn new(seed: u64, account: &str) -> Self {
        let dice = Ids::new(seed, &format!("{account}/faults"));
        Self { rules: Vec::new(), issued: 0, fresh: dice.clone(), dice }
    }

    /// Back to none, with fresh dice.
    pub fn reset(&mut self) {
        self.clear();
        self.dice = self.fresh.clone();
        self.issued = 0;
    }

    /// Forgets the rules.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// Forgets one rule; false if there is none of that number.
    pub fn remove(&mut self, id: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.id != id);
        self.rules.len() < before
    }

    /// Puts a rule behind the others and answers it.
    pub fn add(&mut self, written: Written, effect: Effect) -> &Rule {
        self.issued += 1;
        self.rules.push(Rule {
            id: self.issued,
            operation: written.operation.clone(),
            probability: written.probability.unwrap_or(1.0),
            left: written.times,
            delay: Duration::from_millis(written.delay_ms.unwrap_or(0)),
            processed: written.processed,
            effect,
            written,
            met: 0,
            windows: BTreeMap::new(),
        });
        &self.rules[self.rules.len() - 1]
    }

    /// The rules in the order in which they are tried.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The first rule that a call meets: one of its account's, else one of `everybody`'s. A rule whose dice
    /// fall otherwise, or whose limit is not reached, is not met.
    pub fn meet(&mut self, everybody: &mut Self, target: Target<'_>) -> Option<Met> {
        let Self { rules, dice, .. } = self;
        let mut all = rules.iter_mut().chain(&mut everybody.rules);
        all.find_map(|rule| rule.meet(dice, target))
    }

    /// The first rule that a call of nobody meets.
    pub fn meet_alone(&mut self, target: Target<'_>) -> Option<Met> {
        let Self { rules, dice, .. } = self;
        rules.iter_mut().find_map(|rule| rule.meet(dice, target))
    }
}

impl Rule {
    fn meet(&mut self, dice: &mut Ids, target: Target<'_>) -> Option<Met> {
        let concerns = self.operation.is_none() || self.operation.as_deref() == target.operation;
        if !concerns || self.left == Some(0) {
            return None;
        }
        if self.probability < 1.0 && dice.rng().random::<f64>() >= self.probability {
            return None;
        }
        if let Effect::Limit(limit) = self.effect {
            let window = self.windows.entry(target.account.to_owned()).or_default();
            if window.admit(limit, target.now) {
                return None;
            }
        }
        self.left = self.left.map(|left| left - 1);
        self.met += 1;
        Some(Met { delay: self.delay, effect: self.effect.clone(), processed: self.processed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SALE: Target<'static> =
        Target { operation: Some("POST /api/v2/track/sale"), account: "1", now: Timestamp::from_millis(0) };

    fn with(rules: &[serde_json::Value]) -> Faults {
        let mut faults = Faults::new(7, "1");
        for rule in rules {
            let written: Written = serde_json::from_value(rule.clone()).expect("a rule");
            let effect = written.effect().expect("one that makes sense");
            faults.add(written, effect);
        }
        faults
    }

    fn meets(faults: &mut Faults, target: Target<'_>) -> bool {
        faults.meet(&mut Faults::new(7, ""), target).is_some()
    }

    #[test]
    fn a_rule_concerns_its_operation_and_wears_off() {
        let mut faults =
            with(&[json!({"operation": "POST /api/v2/track/sale", "times": 2, "error": {"status": 503}})]);
        assert!(!meets(&mut faults, Target { operation: None, ..SALE }));
        assert!(meets(&mut faults, SALE));
        assert!(meets(&mut faults, SALE));
        assert!(!meets(&mut faults, SALE));
        assert_eq!(faults.rules()[0].met, 2);
    }

    #[test]
    fn the_first_rule_that_is_met_wins_and_the_accounts_own_come_first() {
        let mut own = with(&[json!({"times": 1, "error": {"status": 500}})]);
        let mut everybody = with(&[json!({"error": {"status": 503}})]);
        let mut status = || match own.meet(&mut everybody, SALE).map(|met| met.effect) {
            Some(Effect::Error { status, .. }) => status,
            other => panic!("an error was meant, not {other:?}"),
        };
        assert_eq!((status(), status()), (500, 503));
    }

    #[test]
    fn the_dice_fall_the_same_way_after_a_reset_and_about_as_often_as_asked() {
        let rule = json!({"probability": 0.3, "fault": "EMPTY_RESPONSE"});
        let mut faults = with(std::slice::from_ref(&rule));
        let throw = |faults: &mut Faults| (0..1_000).map(|_| meets(faults, SALE)).collect::<Vec<_>>();
        let first = throw(&mut faults);
        let hits = first.iter().filter(|hit| **hit).count();
        assert!((250..350).contains(&hits), "{hits}");
        faults.reset();
        let written: Written = serde_json::from_value(rule).expect("a rule");
        faults.add(written.clone(), written.effect().expect("one that makes sense"));
        assert_eq!(throw(&mut faults), first);
    }

    #[test]
    fn a_limit_is_met_only_when_it_is_used_up_in_the_minute_of_the_account() {
        let mut faults = with(&[json!({"rate_limit": 2})]);
        let other = Target { account: "2", ..SALE };
        let later = Target { now: Timestamp::from_millis(60_000), ..SALE };
        let seen: Vec<bool> =
            [SALE, SALE, SALE, other, later].into_iter().map(|target| meets(&mut faults, target)).collect();
        assert_eq!(seen, [false, false, true, false, false]);
    }
}
