//! `fp-contract strength`.

use std::fmt::Write as _;

use clap::Args;
use fp_contract::Contract;
use fp_contract::strength::{Score, Strength, compare};
use serde_json::json;

use super::contracts::Choice;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// Name every field that could vanish or change type by the second contract
    #[arg(long)]
    fields: bool,
    /// Write JSON in place of a table
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let strengths = compare(Contract::published(), arguments.choice.load()?);
    let text = if arguments.json {
        format!("{:#}\n", json!(strengths))
    } else {
        table(&strengths, arguments.fields)
    };
    super::print(&text)?;
    Ok(0)
}

fn table(strengths: &[Strength], fields: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{:68} {:>30}   {:>30}", "reply", "published", "corrected");
    let columns = "fields vanish retype empty";
    let _ = writeln!(out, "{:68} {columns:>30}   {columns:>30}", "");
    for strength in strengths {
        let name = format!("{} {}", strength.operation, strength.status);
        let _ = writeln!(
            out,
            "{name:68} {:>30}   {:>30}",
            cell(strength.before.as_ref()),
            cell(strength.after.as_ref())
        );
        if let Some(score) = strength.after.as_ref().filter(|_| fields) {
            for (what, pointers) in [("vanish", &score.can_vanish), ("change type", &score.can_change_type)] {
                for pointer in pointers {
                    let _ = writeln!(out, "  could {what} unnoticed: {pointer}");
                }
            }
        }
    }
    let total = |pick: fn(&Strength) -> Option<&Score>| {
        let scores: Vec<&Score> = strengths.iter().filter_map(pick).collect();
        let sum = |count: fn(&Score) -> usize| scores.iter().map(|score| count(score)).sum::<usize>();
        let empty = scores.iter().filter(|score| score.accepts_empty).count();
        format!(
            "{:6} {:6} {:6} {empty:5}",
            sum(|score| score.fields),
            sum(|score| score.can_vanish.len()),
            sum(|score| score.can_change_type.len())
        )
    };
    let _ = writeln!(
        out,
        "{:68} {:>30}   {:>30}",
        "total",
        total(|strength| strength.before.as_ref()),
        total(|strength| strength.after.as_ref())
    );
    out
}

fn cell(score: Option<&Score>) -> String {
    match score {
        Some(score) => format!(
            "{:6} {:6} {:6} {:>5}",
            score.fields,
            score.can_vanish.len(),
            score.can_change_type.len(),
            if score.accepts_empty { "yes" } else { "no" }
        ),
        None => "no schema".to_owned(),
    }
}
