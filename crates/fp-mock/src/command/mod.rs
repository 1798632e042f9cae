//! What the `fp-mock` command does.

pub mod arguments;
pub mod console;
pub mod ready;
pub mod replay;
pub mod scenario;
pub mod serve;

use std::process::ExitCode;

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
        Some(Command::Scenario { command: ScenarioCommand::Check { file } }) => Ok(scenario::check(file)),
    }
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
