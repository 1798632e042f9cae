//! Makes sequences with proptest: every step refers only to things that earlier steps make.

use proptest::prelude::*;
use proptest::sample::select;

use super::action::{Action, Door, Step};
use crate::model::{Handle, Program};

/// What a step is made from: a kind and numbers, turned into references when the sequence is laid out.
#[derive(Clone, Debug)]
struct Seed {
    kind: u8,
    one: prop::sample::Index,
    other: prop::sample::Index,
    amount: i64,
    program: Program,
    door: Door,
    many: usize,
}

/// What the steps so far make.
#[derive(Default)]
struct Made {
    promoters: Vec<(Handle, Program)>,
    /// With their promoters.
    referrals: Vec<(Handle, Handle)>,
    /// With their amounts and referrals.
    sales: Vec<(Handle, i64, Handle)>,
    refunds: Vec<Handle>,
    /// Steps that make commissions, with who earns them.
    earning: Vec<(Handle, Handle)>,
    /// Promoters who may have payouts.
    payees: Vec<Handle>,
    /// Promoters who may have been paid.
    paid: Vec<Handle>,
}

/// How many of the latest things of a kind are worked on: what follows one another on few things meets more often.
const LATEST: usize = 5;

/// One of the latest of some things.
fn drawn<'m, T>(things: &'m [T], index: &prop::sample::Index) -> Option<&'m T> {
    let latest = &things[things.len().saturating_sub(LATEST)..];
    (!latest.is_empty()).then(|| index.get(latest))
}

/// Sequences of up to `length` steps.
pub fn sequence(length: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(seed(), length / 2..=length).prop_map(|seeds| lay_out(&seeds))
}

fn seed() -> impl Strategy<Value = Seed> {
    let amounts = prop_oneof![
        1 => select(vec![1i64, 2, 5, 49, 50, 51, 99, 100, 333, 999, 1_000_000]),
        3 => 1i64..100_000,
    ];
    let doors = select(vec![Door::V1, Door::V2]);
    (
        any::<u8>(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        amounts,
        select(vec![Program::Main, Program::Customers, Program::Partners, Program::Partners]),
        doors,
        1usize..9,
    )
        .prop_map(|(kind, one, other, amount, program, door, many)| Seed {
            kind,
            one,
            other,
            amount,
            program,
            door,
            many,
        })
}

fn lay_out(seeds: &[Seed]) -> Vec<Step> {
    let mut made = Made::default();
    let mut steps = Vec::new();
    for (number, seed) in (1..).zip(seeds) {
        let action = made.action(seed);
        made.note(number, &action);
        steps.push(Step { handle: number, action });
    }
    steps
}

impl Made {
    /// The action a seed means here; where what it needs is lacking, the step that makes it.
    fn action(&self, seed: &Seed) -> Action {
        let door = seed.door;
        let Some((promoter, program)) = drawn(&self.promoters, &seed.one).copied() else {
            return Action::Promoter { program: seed.program, parent: None };
        };
        let signup = Action::Signup { promoter, door };
        let referral = drawn(&self.referrals, &seed.one).map(|(handle, _)| *handle);
        let sale = drawn(&self.sales, &seed.one).map(|(handle, amount, _)| (*handle, *amount));
        let earning = || self.pick(seed);
        let payee = drawn(&self.payees, &seed.one).copied().unwrap_or(promoter);
        let paid = drawn(&self.paid, &seed.one).copied().unwrap_or(payee);
        let sell = match referral {
            Some(referral) => Action::Sale { referral, amount: seed.amount, door },
            None => signup.clone(),
        };
        match (seed.kind % 40, referral, sale) {
            (0..=4, ..) => self.recruit(seed),
            (5..=8, ..) => signup,
            (9 | 10, ..) => self.share(promoter, program, seed).unwrap_or(signup),
            (11..=18, ..) => sell,
            (19, Some(referral), _) => Action::Cancel { referral, door },
            (20, _, Some((sale, _))) => Action::RepeatSale { sale, door },
            (21, ..) if !self.refunds.is_empty() => {
                Action::RepeatRefund { refund: *seed.one.get(&self.refunds), door }
            }
            (21..=25, _, Some((sale, sold))) => Action::Refund { sale, amount: seed.amount.min(sold), door },
            (19..=25, ..) => sell,
            (26 | 27, ..) => Action::Custom { promoter, amount: seed.amount },
            (28..=30, ..) => Action::Approve { of: earning() },
            (31, ..) => Action::Deny { of: earning() },
            (32..=34, ..) => Action::Payouts { of: earning() },
            (35 | 36, ..) if seed.amount % 3 == 0 => Action::PayTogether { promoter: payee },
            (35 | 36, ..) => Action::Pay { promoter: payee },
            (37, ..) => Action::Unpay { promoter: paid },
            (38, ..) => Action::Release { promoter: payee },
            _ if seed.amount % 4 == 0 => Action::Block { promoter },
            _ => Action::Unpay { promoter: paid },
        }
    }

    /// A promoter, more often than not in the campaign of the first one and recruited by another.
    fn recruit(&self, seed: &Seed) -> Action {
        let first = self.promoters.first().filter(|_| seed.amount % 5 < 3);
        let program = first.map_or(seed.program, |(_, program)| *program);
        let parents: Vec<Handle> =
            self.promoters.iter().filter(|(_, of)| *of == program).map(|(handle, _)| *handle).collect();
        let wants = !parents.is_empty() && !seed.many.is_multiple_of(4);
        Action::Promoter { program, parent: wants.then(|| *seed.other.get(&parents)) }
    }

    /// A referral that the promoter shares with another of his campaign, if there is one.
    fn share(&self, promoter: Handle, program: Program, seed: &Seed) -> Option<Action> {
        let others = self.promoters.iter().filter(|(handle, of)| *of == program && *handle != promoter);
        let partners: Vec<Handle> = others.map(|(handle, _)| *handle).collect();
        let partner = drawn(&partners, &seed.other).copied()?;
        Some(Action::SplitReferral { promoter, partner, percentage: seed.amount % 99 + 1 })
    }

    /// Up to `many` steps that earn something, one after the other from a drawn place.
    fn pick(&self, seed: &Seed) -> Vec<Handle> {
        let from = &self.earning;
        if from.is_empty() {
            return Vec::new();
        }
        let start = seed.one.index(from.len());
        (0..seed.many.min(from.len())).map(|at| from[(start + at) % from.len()].0).collect()
    }

    /// The referral's promoter earns something by a step.
    fn earns(&mut self, step: Handle, referral: Handle) {
        let owner = self.referrals.iter().find(|(made, _)| *made == referral);
        self.earning.extend(owner.map(|(_, promoter)| (step, *promoter)));
    }

    fn note(&mut self, handle: Handle, action: &Action) {
        match action {
            Action::Promoter { program, .. } => self.promoters.push((handle, *program)),
            Action::Signup { promoter, .. } | Action::SplitReferral { promoter, .. } => {
                self.referrals.push((handle, *promoter));
            }
            Action::Sale { referral, amount, .. } => {
                self.sales.push((handle, *amount, *referral));
                self.earns(handle, *referral);
            }
            Action::Refund { sale, .. } => {
                self.refunds.push(handle);
                if let Some((_, _, referral)) = self.sales.iter().find(|(made, ..)| made == sale).copied() {
                    self.earns(handle, referral);
                }
            }
            Action::Custom { promoter, .. } => self.earning.push((handle, *promoter)),
            Action::Payouts { of } => {
                let earners = self.earning.iter().filter(|(step, _)| of.contains(step));
                self.payees.extend(earners.map(|(_, promoter)| *promoter));
            }
            Action::Pay { promoter } | Action::PayTogether { promoter } => self.paid.push(*promoter),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest! {
        #[test]
        fn every_step_needs_only_what_earlier_steps_make(steps in sequence(40)) {
            for (at, step) in steps.iter().enumerate() {
                for needed in step.action.needs() {
                    prop_assert!(steps[..at].iter().any(|earlier| earlier.handle == needed), "{step:?}");
                }
            }
        }
    }
}
