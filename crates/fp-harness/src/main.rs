//! The `fp-harness` command.

mod command;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Finds out whether an endpoint keeps the FirstPromoter contract and the business's promises.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Attack a target; without one, a mock in this process.
    Run(Box<command::run::Arguments>),
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().command {
        Command::Run(arguments) => command::run::attack(&arguments),
    };
    match ended {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            command::show(&format!("fp-harness: {error:#}\n"));
            ExitCode::from(2)
        }
    }
}
