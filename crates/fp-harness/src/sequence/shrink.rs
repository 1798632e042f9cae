//! Cuts a failing sequence down to what shows the same failure. Steps keep their names, whatever depends on a
//! step goes with it, and a budget of trials bounds the search.

use std::collections::BTreeSet;

use super::action::{Action, Step};
use crate::model::Handle;

/// The shortest sequence found for which `fails` says yes, and how many trials it took.
///
/// # Errors
/// Whatever `fails` answers.
pub fn shrink<E>(
    steps: &[Step],
    trials_most: usize,
    mut fails: impl FnMut(&[Step]) -> Result<bool, E>,
) -> Result<(Vec<Step>, usize), E> {
    let (mut best, mut trials) = (steps.to_vec(), 0);
    let mut chunk = best.len().div_ceil(2);
    while chunk > 0 && trials < trials_most {
        let mut at = 0;
        let mut progressed = false;
        while at < best.len() && trials < trials_most {
            let end = (best.len() - at).min(best.len());
            let start = end.saturating_sub(chunk);
            let removed: BTreeSet<Handle> = best[start..end].iter().map(|step| step.handle).collect();
            let candidate = without(&best, &removed);
            at += chunk;
            if candidate.len() == best.len() || candidate.is_empty() {
                continue;
            }
            trials += 1;
            if fails(&candidate)? {
                best = candidate;
                progressed = true;
                at = 0;
            }
        }
        chunk = if chunk == 1 && progressed { 1 } else { chunk / 2 };
    }
    simplify(&mut best, &mut trials, trials_most, &mut fails)?;
    Ok((best, trials))
}

/// Tries rounder amounts and fewer things worked on, one step at a time.
fn simplify<E>(
    best: &mut Vec<Step>,
    trials: &mut usize,
    trials_most: usize,
    fails: &mut impl FnMut(&[Step]) -> Result<bool, E>,
) -> Result<(), E> {
    for at in 0..best.len() {
        for simpler in simpler(&best[at].action) {
            if *trials >= trials_most {
                return Ok(());
            }
            let mut candidate = best.clone();
            candidate[at].action = simpler;
            *trials += 1;
            if fails(&candidate)? {
                *best = candidate;
            }
        }
    }
    Ok(())
}

fn simpler(action: &Action) -> Vec<Action> {
    let mut found = Vec::new();
    let amounts = [100, 1000];
    match action {
        Action::Sale { referral, amount, door } => {
            let smaller = amounts.into_iter().filter(|simple| simple < amount);
            found.extend(smaller.map(|amount| Action::Sale { referral: *referral, amount, door: *door }));
        }
        Action::Custom { promoter, amount } => {
            let smaller = amounts.into_iter().filter(|simple| simple < amount);
            found.extend(smaller.map(|amount| Action::Custom { promoter: *promoter, amount }));
        }
        _ => {}
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
    use super::super::action::Door;
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
        let fails = |steps: &[Step]| Ok::<_, ()>(steps.iter().any(|step| step.handle == 45));
        let (least, trials) = shrink(&long(), 200, fails).expect("no error");
        let handles: Vec<Handle> = least.iter().map(|step| step.handle).collect();
        assert_eq!(handles, [1, 17, 45]);
        assert!(trials <= 60, "{trials} trials");
        assert_eq!(least[2].action, Action::Sale { referral: 17, amount: 100, door: Door::V2 });
    }
}
