//! Everything that was seen beside every snapshot.

use std::collections::BTreeSet;

use serde::Serialize;

use super::album::Album;
use super::difference::{self, Difference, Weight};
use super::pins::Pins;
use super::promise::Promise;
use super::store::{Store, StoreError, line_of};
use super::subject::Subject;
use super::written::Sections;

/// A difference and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The operation's key or the event.
    pub subject: String,
    /// The status, or `payload` for an event.
    pub section: String,
    /// What is different.
    #[serde(flatten)]
    pub difference: Difference,
    /// The file of the snapshot.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
}

/// What a check came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// How many payloads were compared: operations and events, by status.
    pub compared: usize,
    /// What is different.
    pub findings: Vec<Finding>,
    /// What has a snapshot, or a pin, and was not seen, each with the reason.
    pub not_seen: Vec<(String, String)>,
    /// Calls of recordings that could not be read.
    pub unreadable: Vec<String>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing that breaks.
    Clean,
    /// Something breaks; of a strict check: anything is different.
    Different,
    /// Nothing could be compared.
    CouldNot,
}

impl Verdict {
    /// 0, 1 or 2.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Different => 1,
            Self::CouldNot => 2,
        }
    }
}

impl Checked {
    /// How it ended.
    pub fn verdict(&self, strict: bool) -> Verdict {
        let fails = |finding: &Finding| strict || finding.difference.weight == Weight::Breaking;
        if self.findings.iter().any(fails) {
            Verdict::Different
        } else if self.compared == 0 || !self.unreadable.is_empty() {
            Verdict::CouldNot
        } else {
            Verdict::Clean
        }
    }
}

/// Compares what was seen with the snapshots; with pins, only what they concern.
///
/// # Errors
/// [`StoreError`] if a snapshot cannot be read.
pub fn check(album: &Album, store: &Store, pins: Option<&Pins>) -> Result<Checked, StoreError> {
    let mut checked = Checked::default();
    let wanted = |subject: &Subject| pins.is_none_or(|pins| pins.names(subject));
    for (subject, seen) in album.seen().iter().filter(|(subject, _)| wanted(subject)) {
        let known = store.read(subject)?;
        for finding in findings(album, store, subject, known.as_ref(), seen) {
            let concerns = |pins: &Pins| pins.concern(subject, &finding.difference);
            if pins.is_none_or(concerns) {
                checked.findings.push(finding);
            }
        }
        let both = known.map_or(0, |known| seen.keys().filter(|name| known.contains_key(*name)).count());
        checked.compared += both;
    }
    for (subject, reason) in album.unseen().into_iter().filter(|(subject, _)| wanted(subject)) {
        if pins.is_some() || store.read(&subject)?.is_some() {
            checked.not_seen.push((subject.to_string(), reason));
        }
    }
    Ok(checked)
}

/// The differences of one operation or event.
pub fn findings(
    album: &Album,
    store: &Store,
    subject: &Subject,
    known: Option<&Sections>,
    seen: &Sections,
) -> Vec<Finding> {
    let file = store.file(subject).unwrap_or_default();
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let place = |section: &str, difference: Difference| Finding {
        subject: subject.to_string(),
        section: section.to_owned(),
        file: file.display().to_string(),
        line: line_of(&text, section, &difference.pointer),
        difference,
    };
    let Some(known) = known else {
        let new = Difference {
            code: "payload-new",
            weight: Weight::Harmless,
            pointer: String::new(),
            message: "expected a snapshot, found none: record it".to_owned(),
        };
        return vec![place(seen.keys().next().map_or("", String::as_str), new)];
    };
    let statuses: BTreeSet<&str> = known.keys().map(String::as_str).collect();
    let mut found = Vec::new();
    for (section, seen) in seen {
        let Some(known) = known.get(section) else {
            found.push(place(
                section,
                difference::new_status(section, &statuses, is_declared(album, subject, section)),
            ));
            continue;
        };
        let promise = subject.promise(album.contract(), section);
        let differences = difference::compare(known, seen, promise.as_ref());
        found.extend(differences.into_iter().map(|difference| place(section, difference)));
    }
    found
}

fn is_declared(album: &Album, subject: &Subject, section: &str) -> bool {
    let operation = subject.operation(album.contract());
    let status = section.parse().ok();
    operation
        .zip(status)
        .is_some_and(|(operation, status)| Promise::declares_status(album.contract(), operation, status))
}
