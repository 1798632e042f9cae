//! What the `fp-mock` command does.

pub mod arguments;
pub mod console;
pub mod ready;
pub mod replay;
pub mod scenario;
pub mod serve;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use fp_contract::Contract;
use fp_mock::api::operation::Bound;

use arguments::{Arguments, Command, ScenarioCommand};

/// Something the user can mend kept us from starting.
pub const UNUSABLE: u8 = 2;

/// Does what was asked.
///
/// # Errors
/// Whatever keeps the server from starting or goes wrong while it runs.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        None => match &arguments.replay {
            Some(file) => replay::run(file),
            None => serve::run(arguments),
        },
        Some(Command::Ready { wait, timeout }) => Ok(ready::run(arguments.address()?, *wait, *timeout)),
        Some(Command::Operations) => operations(arguments.published),
        Some(Command::Fidelity { check }) => fidelity(check.as_deref()),
        Some(Command::Scenario { command: ScenarioCommand::Check { file } }) => Ok(scenario::check(file)),
    }
}

/// How sure we are of what, as a document; or whether a file holds just that.
#[expect(clippy::print_stdout, reason = "the document is what was asked for")]
fn fidelity(check: Option<&Path>) -> anyhow::Result<ExitCode> {
    let contract = Contract::corrected();
    let document = fp_mock::control::fidelity::markdown(contract, &Bound::new(contract)?);
    let Some(file) = check else {
        print!("{document}");
        return Ok(ExitCode::SUCCESS);
    };
    let held = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    if held == document {
        return Ok(ExitCode::SUCCESS);
    }
    let same = held.lines().zip(document.lines()).take_while(|(one, other)| one == other).count();
    tracing::error!(
        "{}:{}: not what the sources say\nhint: just fidelity writes it anew",
        file.display(),
        same + 1
    );
    Ok(ExitCode::FAILURE)
}

/// Every operation with its handler, one a line.
#[expect(clippy::print_stdout, reason = "the list is what was asked for")]
fn operations(published: bool) -> anyhow::Result<ExitCode> {
    let contract = if published { Contract::published() } else { Contract::corrected() };
    let bound = Bound::new(contract)?;
    let widest = contract.operations().iter().map(|operation| operation.key().len()).max().unwrap_or(0);
    for (operation, route) in contract.operations().iter().zip(bound.routes()) {
        println!("{:widest$}  {}", operation.key(), route.name);
    }
    Ok(ExitCode::SUCCESS)
}
