//! The contract: documents, the operations they describe, and where a request leads.

pub(crate) mod composition;
pub(crate) mod dialect;
pub(crate) mod discriminator;
mod document;
mod embedded;
pub(crate) mod excerpt;
mod load;
mod operation;
pub(crate) mod soundness;

use std::sync::LazyLock;

pub(crate) use document::reference_target;
pub use document::{Document, Position, Role};
pub use load::{LoadError, LoadErrors, Source};
#[cfg(test)]
pub(crate) use operation::template_params;
pub use operation::{Method, Operation, UnknownMethod, Version};

use crate::check::Bench;
use crate::router::{Resolution, Router};

/// OpenAPI documents, compiled for resolving and judging.
#[derive(Debug)]
pub struct Contract {
    documents: Vec<Document>,
    operations: Vec<Operation>,
    router: Router,
    bench: Bench,
}

impl Contract {
    /// The embedded documents with their corrections: what the real service does.
    #[must_use]
    pub fn corrected() -> &'static Contract {
        static CORRECTED: LazyLock<Contract> = LazyLock::new(|| {
            Contract::build(embedded::corrected()).expect("the embedded documents are tested to load")
        });
        &CORRECTED
    }

    /// The embedded documents as published, contradictions included.
    #[must_use]
    pub fn published() -> &'static Contract {
        static PUBLISHED: LazyLock<Contract> = LazyLock::new(|| {
            Contract::build(embedded::published()).expect("the embedded documents are tested to load")
        });
        &PUBLISHED
    }

    /// Every operation of every document, in document order.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The documents, corrections applied.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    pub(crate) fn bench(&self) -> &Bench {
        &self.bench
    }

    /// The operation behind a method and a path (with base, without query).
    #[must_use]
    #[inline]
    pub fn resolve(&self, method: &str, path: &str) -> Resolution<'_> {
        self.router.resolve(&self.operations, method, path)
    }
}

#[cfg(test)]
mod tests;
