//! `fp-contract document`.

use clap::Args;

use super::contracts::Choice;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A part of the document's name: `v2`, `v1`, `webhooks`
    name: String,
    #[command(flatten)]
    choice: Choice,
}

/// Writes one document, corrections applied, as JSON: other tools for OpenAPI read it.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let documents = arguments.choice.load()?.documents();
    let named: Vec<_> =
        documents.iter().filter(|document| document.name().contains(&arguments.name)).collect();
    let [document] = named.as_slice() else {
        let names: Vec<_> = documents.iter().map(fp_contract::Document::name).collect();
        anyhow::bail!(
            "expected a part of one document's name, found `{}`\nhint: there are {}",
            arguments.name,
            names.join(", ")
        );
    };
    super::print(&format!("{:#}\n", document.root()))?;
    Ok(0)
}
