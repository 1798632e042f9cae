//! What a run was made from: with the same head the same cases come out.

use fp_contract::Contract;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config::Config;

/// A document and the hash of what it says, corrections included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// Its file.
    pub document: String,
    /// The SHA-256 of its content as compact JSON, in hex digits.
    pub sha256: String,
}

/// What decides every case of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The harness that made it.
    pub harness: String,
    /// What was attacked: an address, or `in process`.
    pub target: String,
    /// The documents it was judged by.
    pub documents: Vec<Hashed>,
    /// What the run was told to do, seed included.
    pub configuration: Config,
}

impl Head {
    /// The head of a run of this harness.
    pub fn of(config: &Config, target: &str) -> Self {
        Self {
            harness: env!("CARGO_PKG_VERSION").to_owned(),
            target: target.to_owned(),
            documents: documents(),
            configuration: config.clone(),
        }
    }
}

/// The documents of the corrected contract with their hashes.
pub fn documents() -> Vec<Hashed> {
    let hashed = |document: &fp_contract::Document| Hashed {
        document: document.name().to_owned(),
        sha256: hex::encode(Sha256::digest(document.root().to_string())),
    };
    Contract::corrected().documents().iter().map(hashed).collect()
}
