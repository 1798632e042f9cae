//! The `fp-harness` command.

mod command;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Finds out whether an endpoint keeps the FirstPromoter contract and the business's promises.
#[derive(Parser)]
#[command(version, after_help = "Exit status: 0 passed, 1 failures, 2 could not test.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Attack a target; without one, a mock in this process.
    Run(Box<command::run::Arguments>),
    /// Put the harness itself to the test: does it find faults that were planted, and only those?
    Bench(command::bench::Arguments),
    /// Do one case of an earlier run again: does it still fail?
    Replay(Box<command::replay::ReplayArguments>),
    /// List the properties: what is tested, and what each promises.
    Properties(command::properties::Arguments),
    /// Keep what every operation and event sends, and tell what changed.
    Snapshot(Box<command::snapshot::Arguments>),
    /// Compare a list of what an application uses with the contract.
    Pin(command::pin::Arguments),
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().command {
        Command::Run(arguments) => command::run::attack(&arguments),
        Command::Bench(arguments) => command::bench::measure(&arguments),
        Command::Replay(arguments) => command::replay::again(&arguments),
        Command::Properties(arguments) => command::properties::list(&arguments),
        Command::Snapshot(arguments) => command::snapshot::run(&arguments),
        Command::Pin(arguments) => command::pin::read(&arguments),
    };
    match ended {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            complain(&format!("fp-harness: {error:#}\n"));
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::print_stderr, reason = "what goes wrong is told apart from the report")]
fn complain(text: &str) {
    eprint!("{text}");
}
