//! Every property by its permanent code: what it promises and which phase puts it to the test.

use crate::config::Phase;
use crate::property::CHECKS;
use crate::property::behaviour::BEHAVIOURS;

/// A property in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Its permanent code.
    pub code: &'static str,
    /// What it promises, in a line.
    pub promise: &'static str,
    /// The phase that is about it.
    pub phase: Phase,
}

/// What sequences are judged by.
const MODEL: &[(&str, &str)] = &[
    (
        "agrees_with_the_model",
        "a sequence of steps goes as the model of the business says, from start to end",
    ),
    ("answers_as_the_model_says", "a step is done or refused as the state of the business demands"),
    (
        "commissions_follow_the_rewards",
        "a sale makes the commissions that the campaign promises, and no others",
    ),
    ("event_id_pays_once", "an event that was sent before makes no commission a second time"),
    (
        "refunds_take_back_in_proportion",
        "a refund takes back what the sale's commissions earned on that part",
    ),
    ("commissions_move_as_told", "commissions keep amount and owner, and change their status only when told"),
    ("money_is_conserved", "balances and payouts add up to the commissions that they are made of"),
    ("v1_and_v2_agree", "both APIs show the same records"),
    ("batches_move_forward", "a batch process only moves forward, its counts add up, and it ends"),
    ("changes_have_events", "every change sends its event once, with what changed"),
    ("webhooks_come_in_order", "what happened first is told first"),
    ("webhooks_are_signed", "every webhook carries the signature of its bytes and the headers that name it"),
    ("webhook_schema_conformance", "every webhook's payload is as the contract declares it"),
];

/// Every property, in the order of the phases.
pub fn all() -> Vec<Promise> {
    let checks = CHECKS.iter().map(|check| (check.code, check.promise, Phase::Contract));
    let behaviours = BEHAVIOURS.iter().map(|one| (one.code, one.promise, Phase::Behaviour));
    let model = MODEL.iter().map(|(code, promise)| (*code, *promise, Phase::Model));
    checks
        .chain(behaviours)
        .chain(model)
        .map(|(code, promise, phase)| Promise { code, promise, phase })
        .collect()
}

/// The property of this code.
pub fn of(code: &str) -> Option<Promise> {
    all().into_iter().find(|promise| promise.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_there_once() {
        let all = all();
        let codes: BTreeSet<&str> = all.iter().map(|promise| promise.code).collect();
        assert_eq!(codes.len(), all.len());
        assert!(all.iter().all(|promise| !promise.promise.ends_with('.')));
    }

    /// Whoever adds a property to the sequences has to say here what it promises.
    #[test]
    fn every_property_that_a_sequence_can_break_is_promised() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sequence");
        let mut unknown = Vec::new();
        for entry in std::fs::read_dir(folder).expect("the folder").flatten() {
            let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
            for at in text.match_indices("disagree(").map(|(at, found)| at + found.len()) {
                let first = text[at..].trim_start();
                let code = first.strip_prefix('"').and_then(|rest| rest.split('"').next());
                unknown.extend(code.filter(|code| of(code).is_none()).map(str::to_owned));
            }
        }
        assert!(unknown.is_empty(), "say what they promise: {unknown:?}");
    }
}
