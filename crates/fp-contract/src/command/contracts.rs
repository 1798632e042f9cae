//! Which contract a command works with: the embedded one, corrected or as published, or files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use fp_contract::{Contract, Role, Source};

/// The choice of a contract.
#[derive(Debug, Clone, Args)]
pub(super) struct Choice {
    /// Judge by the documents as published, contradictions included
    #[arg(long, conflicts_with = "contract")]
    published: bool,
    /// An OpenAPI 3.0 document to judge by in place of the embedded ones; repeatable
    #[arg(long, value_name = "FILE")]
    contract: Vec<PathBuf>,
    /// An overlay to lay over the documents of --contract; repeatable
    #[arg(long, value_name = "FILE", requires = "contract")]
    overlay: Vec<PathBuf>,
    /// A document of webhook payloads beside those of --contract; repeatable
    #[arg(long, value_name = "FILE", requires = "contract")]
    webhooks: Vec<PathBuf>,
}

impl Choice {
    /// The same choice with further documents to judge by.
    pub(super) fn with(mut self, documents: &[PathBuf]) -> Choice {
        self.contract.extend_from_slice(documents);
        self
    }

    /// Loads the contract. It lives as long as the program.
    pub(super) fn load(&self) -> anyhow::Result<&'static Contract> {
        if self.contract.is_empty() {
            return Ok(if self.published { Contract::published() } else { Contract::corrected() });
        }
        let roles =
            [(&self.contract, Role::Api), (&self.webhooks, Role::Webhooks), (&self.overlay, Role::Overlay)];
        let mut sources = Vec::new();
        for (paths, role) in roles {
            for path in paths {
                sources.push(Source { name: path.display().to_string(), text: read(path)?, role });
            }
        }
        let contract = Contract::load(&sources)
            .map_err(|errors| anyhow::anyhow!("the contract cannot be used\n{errors}"))?;
        Ok(Box::leak(Box::new(contract)))
    }
}

/// Reads a file; the error names it.
pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
