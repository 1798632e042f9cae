//! What rows are searched for.

use super::needle::Needle;

/// What a row may hold: in its lines, in the domain that was taken out of them, or in both, on either side of the @.
#[derive(Clone, Debug)]
pub struct Part<'p> {
    pub(super) whole: Needle<'p>,
    pub(super) across: Vec<Across<'p>>,
}

/// A part on either side of the @ of an address.
#[derive(Clone, Debug)]
pub struct Across<'p> {
    /// How the address must end, which is the first line up to its last @.
    pub(super) before: &'p str,
    pub(super) ending: Needle<'p>,
    /// How the domain must begin.
    pub(super) domain: Needle<'p>,
}

impl<'p> Part<'p> {
    /// This text, which must not be empty, in lower case.
    pub fn of(text: &'p str) -> Self {
        let cuts = text.match_indices('@').filter(|(at, _)| at + 1 < text.len());
        let across = cuts.map(|(at, _)| Across {
            before: &text[..=at],
            ending: Needle::of(text[..=at].into()),
            domain: Needle::of(text[at + 1..].into()),
        });
        Self { whole: Needle::of(text.into()), across: across.collect() }
    }
}
