//! `fp-contract explain`.

use anyhow::bail;
use clap::Args;
use fp_contract::codes::{CODES, Code, explain};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The code; without it, every code with its title
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Some(name) = &arguments.code else {
        let lines = CODES.iter().map(|code| format!("{:26} {}\n", code.name, code.title));
        super::print(&lines.collect::<String>())?;
        return Ok(0);
    };
    match explain(name) {
        Some(code) => super::print(&told(code))?,
        None => {
            bail!("expected the code of a violation, found `{name}`\nhint: `fp-contract explain` lists them")
        }
    }
    Ok(0)
}

fn told(code: &Code) -> String {
    let strict = if code.strict { "\n\nReported under --strict only." } else { "" };
    format!("{}: {}\n\n{}{strict}\n", code.name, code.title, code.text)
}
