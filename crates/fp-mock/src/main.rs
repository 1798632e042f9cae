//! The `fp-mock` command.

mod command;

use std::process::ExitCode;

use clap::Parser;

use command::arguments::Arguments;
use command::{UNUSABLE, console};

/// Sales and lists allocate much: this takes a tenth and more off them, compared with glibc's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    console::start(arguments.log_format, arguments.verbose);
    command::run(arguments).unwrap_or_else(|error| {
        tracing::error!("{error:#}");
        ExitCode::from(UNUSABLE)
    })
}
