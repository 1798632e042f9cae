//! `fp-contract lint`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fp_contract::lint::{Defect, Severity, lint};
use serde_json::json;

use super::contracts::Choice;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The documents to lint, as --contract names them; none: the embedded ones
    #[arg(value_name = "FILE", conflicts_with = "published")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    choice: Choice,
    /// Leave out defects of this kind; repeatable
    #[arg(long, value_name = "CODE")]
    allow: Vec<String>,
    /// The least severity that is shown and fails
    #[arg(long, value_enum, default_value_t = Level::Warning)]
    level: Level,
    /// Write a JSON array in place of text
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Error,
    Warning,
    Note,
}

impl Level {
    fn shows(self, defect: &Defect) -> bool {
        match self {
            Level::Error => defect.severity == Severity::Error,
            Level::Warning => defect.severity <= Severity::Warning,
            Level::Note => true,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let contract = arguments.choice.clone().with(&arguments.files).load()?;
    let mut defects = lint(contract);
    defects.retain(|defect| {
        arguments.level.shows(defect) && !arguments.allow.iter().any(|code| code == defect.code)
    });
    let text = if arguments.json {
        format!("{:#}\n", json!(defects))
    } else {
        let lines = defects.iter().map(|defect| format!("{defect}\n"));
        format!("{}{} defects\n", lines.collect::<String>(), defects.len())
    };
    super::print(&text)?;
    Ok(u8::from(!defects.is_empty()))
}
