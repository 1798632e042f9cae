//! The documents of the project, read and corrected by the build script.

use super::document::{Document, Role};

struct Embedded {
    role: Role,
    files: &'static [&'static str],
    published: Edition,
    corrected: Edition,
}

struct Edition {
    json: &'static str,
    origins: &'static [u8],
}

const DOCUMENTS: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The documents as they were published.
pub(super) fn published() -> Vec<Document> {
    DOCUMENTS.iter().map(|embedded| read(embedded, &embedded.published)).collect()
}

/// The documents with the corrections applied.
pub(super) fn corrected() -> Vec<Document> {
    DOCUMENTS.iter().map(|embedded| read(embedded, &embedded.corrected)).collect()
}

fn read(embedded: &Embedded, edition: &Edition) -> Document {
    let root = serde_json::from_str(edition.json).expect("the build script wrote this JSON");
    let files = embedded.files.iter().map(|name| (*name).to_owned()).collect();
    Document::new(files, embedded.role, root, edition.origins)
}
