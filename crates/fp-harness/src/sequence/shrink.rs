//! Cuts a failing sequence down to what shows the same failure. Steps keep their names, whatever depends on a
//! step goes with it, and a budget of trials bounds the search.

use std::collections::BTreeSet;

use super::action::{Action, Door, Step};
use crate::model::Handle;

/// The shortest sequence found for which `fails` says yes, and how many trials it took.
///
/// # Errors
/// Whatever `fails` answers.
pub fn shrink<E>(
    steps: &[Step],
    trials_most: usize,
    fails: impl FnMut(&[Step]) -> Result<bool, E>,
) -> Result<(Vec<Step>, usize), E> {
    let mut search = Search { best: steps.to_vec(), trials: 0, trials_most, fails };
    search.delete(search.best.len().div_ceil(2))?;
    // A simpler step can make others needless, and fewer steps make further ones simpler.
    while search.simplify()? {
        search.delete(1)?;
    }
    Ok((search.best, search.trials))
}

/// A search for a shorter sequence.
struct Search<F> {
    best: Vec<Step>,
    trials: usize,
    trials_most: usize,
    fails: F,
}

impl<E, F: FnMut(&[Step]) -> Result<bool, E>> Search<F> {
    /// Keeps the candidate if it fails too.
    fn accept(&mut self, candidate: Vec<Step>) -> Result<bool, E> {
        if self.trials >= self.trials_most {
            return Ok(false);
        }
        self.trials += 1;
        let fails = (self.fails)(&candidate)?;
        if fails {
            self.best = candidate;
        }
        Ok(fails)
    }

    /// Takes out `chunk` steps at a time, from the end to the beginning, then half as many, down to single ones.
    fn delete(&mut self, mut chunk: usize) -> Result<(), E> {
        while chunk > 0 && self.trials < self.trials_most {
            let (mut at, mut progressed) = (0, false);
            while at < self.best.len() && self.trials < self.trials_most {
                let end = self.best.len() - at;
                let start = end.saturating_sub(chunk);
                let removed: BTreeSet<Handle> =
                    self.best[start..end].iter().map(|step| step.handle).collect();
                let candidate = without(&self.best, &removed);
                at += chunk;
                let is_shorter = candidate.len() < self.best.len() && !candidate.is_empty();
                if is_shorter && self.accept(candidate)? {
                    progressed = true;
                    at = at.saturating_sub(chunk);
                }
            }
            chunk = if chunk == 1 && progressed { 1 } else { chunk / 2 };
        }
        Ok(())
    }

    /// Tries simpler steps, one at a time. Answers whether one of them may make other steps needless.
    fn simplify(&mut self) -> Result<bool, E> {
        let mut frees = false;
        for at in 0..self.best.len() {
            for (simpler, is_independent) in simpler(&self.best, at) {
                let mut candidate = self.best.clone();
                candidate[at].action = simpler;
                if candidate != self.best && self.accept(candidate)? {
                    frees |= is_independent;
                }
            }
        }
        Ok(frees)
    }
}

/// Simpler actions for a step, and whether each needs fewer other steps.
fn simpler(steps: &[Step], at: usize) -> Vec<(Action, bool)> {
    const AMOUNTS: [i64; 2] = [100, 1000];
    let action = |handle: Handle| steps.iter().find(|step| step.handle == handle).map(|step| &step.action);
    let mut found = Vec::new();
    match &steps[at].action {
        Action::Promoter { program, parent: Some(_) } => {
            found.push((Action::Promoter { program: *program, parent: None }, true));
        }
        Action::SplitReferral { promoter, .. } => {
            found.push((Action::Signup { promoter: *promoter, door: Door::V2 }, true));
        }
        Action::Sale { referral, amount, door } => {
            // A commission by hand needs no referral.
            if let Some(Action::Signup { promoter, .. } | Action::SplitReferral { promoter, .. }) =
                action(*referral)
            {
                found.push((Action::Custom { promoter: *promoter, amount: *amount }, true));
            }
            let smaller = AMOUNTS.into_iter().filter(|simple| simple < amount);
            let sale = |amount| Action::Sale { referral: *referral, amount, door: *door };
            found.extend(smaller.map(|amount| (sale(amount), false)));
        }
        Action::Custom { promoter, amount } => {
            let smaller = AMOUNTS.into_iter().filter(|simple| simple < amount);
            found.extend(smaller.map(|amount| (Action::Custom { promoter: *promoter, amount }, false)));
        }
        other => {
            let mut other = other.clone();
            let many = other.works_on().map(|of| of.clone()).filter(|of| of.len() > 1).unwrap_or_default();
            for left_out in &many {
                let mut fewer = other.clone();
                if let Some(of) = fewer.works_on() {
                    of.retain(|handle| handle != left_out);
                }
                found.push((fewer, true));
            }
        }
    }
    found
}

/// The sequence without some steps and without whatever needs them.
fn without(steps: &[Step], removed: &BTreeSet<Handle>) -> Vec<Step> {
    let mut gone = removed.clone();
    let mut kept = Vec::new();
    for step in steps {
        if gone.contains(&step.handle) || step.action.needs().iter().any(|needed| gone.contains(needed)) {
            gone.insert(step.handle);
            continue;
        }
        let mut step = step.clone();
        let emptied = match step.action.works_on() {
            Some(of) => {
                let had = !of.is_empty();
                of.retain(|handle| !gone.contains(handle));
                had && of.is_empty()
            }
            None => false,
        };
        if emptied {
            gone.insert(step.handle);
        } else {
            kept.push(step);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Program;

    fn step(handle: Handle, action: Action) -> Step {
        Step { handle, action }
    }

    fn long() -> Vec<Step> {
        let mut steps = vec![step(1, Action::Promoter { program: Program::Main, parent: None })];
        for handle in 2..30 {
            steps.push(step(handle, Action::Signup { promoter: 1, door: Door::V2 }));
        }
        for handle in 30..60 {
            steps.push(step(handle, Action::Sale { referral: handle - 28, amount: 777, door: Door::V2 }));
        }
        steps
    }

    #[test]
    fn what_depends_on_a_step_goes_with_it() {
        let left = without(&long(), &BTreeSet::from([2]));
        assert!(left.iter().all(|step| step.handle != 2 && step.handle != 30));
        assert!(without(&long(), &BTreeSet::from([1])).is_empty());
    }

    #[test]
    fn a_sequence_shrinks_to_the_known_minimum() {
        let is_45 = |step: &Step| step.handle == 45 && matches!(step.action, Action::Sale { .. });
        let fails = |steps: &[Step]| Ok::<_, ()>(steps.iter().any(is_45));
        let (least, trials) = shrink(&long(), 200, fails).expect("no error");
        let handles: Vec<Handle> = least.iter().map(|step| step.handle).collect();
        assert_eq!(handles, [1, 17, 45]);
        assert!(trials <= 60, "{trials} trials");
        assert_eq!(least[2].action, Action::Sale { referral: 17, amount: 100, door: Door::V2 });
    }

    #[test]
    fn a_sale_that_need_not_be_one_becomes_a_commission_by_hand() {
        let earns = |step: &Step| matches!(step.action, Action::Sale { .. } | Action::Custom { .. });
        let fails = |steps: &[Step]| Ok::<_, ()>(steps.iter().any(earns));
        let (least, _) = shrink(&long(), 200, fails).expect("no error");
        assert_eq!(least.len(), 2, "{least:?}");
    }
}
