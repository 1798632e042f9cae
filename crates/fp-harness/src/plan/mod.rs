//! What a run would do, without a call to its target: the same run is rehearsed on a mock in this process, under
//! the same restrictions, and counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::config::{Config, Phase};
use crate::guard::Kind;
use crate::run::{Outcome, run};
use crate::target::Target;

/// So many cases are rehearsed; what more of them would take is reckoned from these.
const REHEARSED: u32 = 20;

/// What a run would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Calls of each phase.
    pub calls: BTreeMap<Phase, u64>,
    /// Calls for removing what was made.
    pub tidying: u64,
    /// Records that would be made at a real account, by kind.
    pub made: BTreeMap<Kind, u64>,
    /// Those that would stay behind.
    pub left_behind: Vec<String>,
}

/// Rehearses a run against `target` on a mock.
pub fn rehearse(config: &Config, target: &Target) -> Plan {
    let real = !target.is_this_machine();
    let fake = if real {
        Target::rehearsal(config.seed).with_campaigns(target.campaigns().clone())
    } else {
        Target::in_process(config.seed)
    };
    let cases = config.cases.min(REHEARSED);
    let rehearsed = Config { cases, rate_per_minute: None, budget: None, time: None, ..config.clone() };
    let outcome = run(&rehearsed, &in_the_told_campaigns(fake, real));
    plan(&outcome, config.cases, cases)
}

/// The fake knows the campaigns of its own scenario only.
fn in_the_told_campaigns(fake: Target, real: bool) -> Target {
    if !real {
        return fake;
    }
    let told = fake.programs().into_iter().map(|program| (program, program.campaign_id())).collect();
    fake.with_campaigns(told)
}

fn plan(outcome: &Outcome, cases: u32, rehearsed: u32) -> Plan {
    let grown = |phase: Phase, count: u64| match phase {
        Phase::Behaviour => count,
        Phase::Contract | Phase::Model => count * u64::from(cases) / u64::from(rehearsed.max(1)),
    };
    let made = Kind::ALL.into_iter().map(|kind| (kind, outcome.made.of(kind).len() as u64));
    Plan {
        calls: outcome.calls_of.iter().map(|(phase, count)| (*phase, grown(*phase, *count))).collect(),
        tidying: outcome.tidying,
        made: made.filter(|(_, count)| *count > 0).collect(),
        left_behind: outcome.left_behind.clone(),
    }
}

impl Plan {
    /// All calls.
    pub fn total(&self) -> u64 {
        self.calls.values().sum::<u64>() + self.tidying
    }

    /// The plan for people.
    pub fn show(&self, config: &Config, target: &Target) -> String {
        let mut text = format!("a run against {} would make, reckoned on a mock:\n", target.described());
        for (phase, calls) in &self.calls {
            let _ = writeln!(text, "  {}: about {calls} calls", phase.name());
        }
        if self.tidying > 0 {
            let _ = writeln!(text, "  tidying up: about {} calls", self.tidying);
        }
        let total = self.total();
        let _ = write!(text, "in all about {total} calls");
        if let Some(rate) = config.rate_per_minute.filter(|rate| *rate > 0) {
            let _ = write!(text, ", {} minutes at {rate} a minute", total.div_ceil(u64::from(rate)));
        }
        text.push('\n');
        if let Some(budget) = config.budget.filter(|budget| *budget < total) {
            let _ = writeln!(text, "the budget of {budget} calls would end it before its end");
        }
        self.show_records(&mut text, config, target);
        text
    }

    fn show_records(&self, text: &mut String, config: &Config, target: &Target) {
        if target.is_this_machine() {
            text.push_str(
                "at a mock it works in accounts of its own; elsewhere on this machine it writes freely\n",
            );
        } else if !config.allow_writes {
            text.push_str("nothing would be changed: writes are not allowed\n");
        } else {
            let name = |(kind, count): (&Kind, &u64)| format!("{count} of {}", kind.name());
            let made: Vec<String> = self.made.iter().map(name).collect();
            let _ = writeln!(
                text,
                "records made, named {}…, and removed at the end: {}",
                config.namespace(),
                made.join(", ")
            );
            let _ = writeln!(text, "of these would stay behind: {}", self.left_behind.len());
            for record in &self.left_behind {
                let _ = writeln!(text, "  {record}");
            }
        }
    }
}
