//! What the `fp-mock` command does.

pub mod arguments;
mod call_lines;
pub mod console;
pub mod ready;
pub mod replay;
pub mod scenario;
pub mod serve;

use std::io::{self, Write};
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
fn fidelity(check: Option<&Path>) -> anyhow::Result<ExitCode> {
    let contract = Contract::corrected();
    let document = fp_mock::control::fidelity::markdown(contract, &Bound::new(contract)?);
    let Some(file) = check else {
        return print(&document);
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
fn operations(published: bool) -> anyhow::Result<ExitCode> {
    let contract = if published { Contract::published() } else { Contract::corrected() };
    let bound = Bound::new(contract)?;
    let widest = contract.operations().iter().map(|operation| operation.key().len()).max().unwrap_or(0);
    let pairs = contract.operations().iter().zip(bound.routes());
    let lines = pairs.map(|(operation, route)| format!("{:widest$}  {}\n", operation.key(), route.name));
    print(&lines.collect::<String>())
}

/// Writes to standard output. Whoever reads it may have seen enough before its end.
fn print(text: &str) -> anyhow::Result<ExitCode> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("cannot write"),
        _ => Ok(ExitCode::SUCCESS),
    }
}
