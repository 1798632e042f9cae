//! `fp-contract operations`.

use clap::Args;
use serde_json::json;

use super::contracts::Choice;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// Write a JSON array in place of lines
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let contract = arguments.choice.load()?;
    if arguments.json {
        let list: Vec<_> = contract
            .operations()
            .iter()
            .map(|operation| {
                json!({
                    "version": operation.version,
                    "method": operation.method,
                    "path": format!("{}{}", operation.base, operation.path),
                    "operation_id": operation.operation_id,
                })
            })
            .collect();
        super::print(&format!("{:#}\n", serde_json::Value::from(list)))?;
        return Ok(0);
    }
    let lines = contract.operations().iter().map(|operation| {
        let path = format!("{}{}", operation.base, operation.path);
        let id = operation.operation_id.as_deref().unwrap_or("-");
        format!("{} {:6} {path:58} {id}\n", operation.version, operation.method.as_str())
    });
    super::print(&lines.collect::<String>())?;
    Ok(0)
}
