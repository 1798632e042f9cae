//! The command line.

mod check;
mod contracts;
mod diff;
mod document;
mod explain;
mod lint;
mod operations;
mod proxy;
mod strength;

use std::io::{self, Write as _};

use clap::{Parser, Subcommand};

/// Exit status when a command could not do its work.
pub(crate) const CANNOT_JUDGE: u8 = 2;

/// Judges FirstPromoter traffic by its contract.
#[derive(Debug, Parser)]
#[command(name = "fp-contract", version, after_help = "Exit status: 0 clean, 1 violations, 2 cannot judge.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judges recorded traffic: HAR, JSON lines or .http files, `-` for standard input
    Check(check::Arguments),
    /// Judges live traffic between a client and a service, and passes it on to the byte
    Proxy(proxy::Arguments),
    /// Tells what changed between two contracts, or between a contract and recorded traffic
    Diff(diff::Arguments),
    /// Finds defects of OpenAPI documents
    Lint(lint::Arguments),
    /// Tells which fields of replies could vanish or change type unnoticed, as published and as corrected
    Strength(strength::Arguments),
    /// Lists the operations of the contract
    Operations(operations::Arguments),
    /// Writes a document of the contract, corrections applied, as JSON for other tools
    Document(document::Arguments),
    /// Explains the code of a violation, or lists all codes
    Explain(explain::Arguments),
}

/// Runs the command that the arguments name and gives its exit status.
pub(crate) fn run() -> anyhow::Result<u8> {
    match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Proxy(arguments) => proxy::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Strength(arguments) => strength::run(&arguments),
        Command::Operations(arguments) => operations::run(&arguments),
        Command::Document(arguments) => document::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
    }
}

/// Writes to standard output. A reader that went away has seen enough.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
