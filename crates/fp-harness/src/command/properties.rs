//! `fp-harness properties`: what is tested.

use std::fmt::Write as _;

use clap::Args;
use fp_harness::{names, promise};

/// What `properties` takes.
#[derive(Args)]
pub struct Arguments {
    /// Only these.
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

/// Lists the properties, each with its phase and what it promises.
///
/// # Errors
/// When a code is unknown.
pub fn list(arguments: &Arguments) -> anyhow::Result<u8> {
    arguments.codes.iter().try_for_each(|code| names::property(code))?;
    let all = promise::all();
    let wanted = |code: &str| arguments.codes.is_empty() || arguments.codes.iter().any(|known| known == code);
    let mut text = String::new();
    for promise in all.iter().filter(|promise| wanted(promise.code)) {
        let _ = writeln!(text, "{} ({})\n  {}", promise.code, promise.phase.name(), promise.promise);
    }
    super::show(&text)?;
    Ok(0)
}
