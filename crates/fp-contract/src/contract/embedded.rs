//! The documents of the project, read, corrected and deflated by the build script.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::document::{Document, Packed, Role};

struct Embedded {
    role: Role,
    files: &'static [&'static str],
    published: Packed,
    corrected: Packed,
}

const DOCUMENTS: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The documents as they were published.
pub(super) fn published() -> Vec<Document> {
    DOCUMENTS.iter().map(|embedded| document(embedded, embedded.published)).collect()
}

/// The documents with the corrections applied.
pub(super) fn corrected() -> Vec<Document> {
    DOCUMENTS.iter().map(|embedded| document(embedded, embedded.corrected)).collect()
}

fn document(embedded: &Embedded, packed: Packed) -> Document {
    let files = embedded.files.iter().map(|name| (*name).to_owned()).collect();
    Document::new(files, embedded.role, packed)
}

/// What the build script deflated.
pub(super) fn inflated(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(packed.len() * 8);
    ZlibDecoder::new(packed).read_to_end(&mut bytes).expect("the build script deflated this");
    bytes
}
