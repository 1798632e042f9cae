//! `fp-harness pin`: compares what an application says it uses with the contract.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use fp_contract::Contract;
use fp_harness::snapshot::pins::Pins;

/// What `pin` takes.
#[derive(Args)]
pub struct Arguments {
    /// The file of pins, YAML or JSON.
    file: PathBuf,
    /// Go by the contract as published, without corrections.
    #[arg(long)]
    published: bool,
}

/// Reads the pins and tells what is wrong with them.
///
/// # Errors
/// When the file cannot be read.
pub fn read(arguments: &Arguments) -> anyhow::Result<u8> {
    let contract = if arguments.published { Contract::published() } else { Contract::corrected() };
    let text = text(&arguments.file)?;
    match Pins::read(contract, &arguments.file.display().to_string(), &text) {
        Ok(pins) => {
            let mut out = String::new();
            for pin in &pins.pins {
                let _ = writeln!(out, "{}: {} fields", pin.subject, pin.fields.len());
            }
            let _ = writeln!(out, "all of it is in the contract");
            super::show(&out)?;
            Ok(0)
        }
        Err(errors) => {
            super::show(&format!("{errors}\n"))?;
            Ok(1)
        }
    }
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read.
pub fn text(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
