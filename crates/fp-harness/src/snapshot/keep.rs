//! Keeping what was seen: at once, or after somebody looked at each change.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::Path;

use super::album::Album;
use super::check::findings;
use super::report;
use super::store::{Store, StoreError, read_file, split_head};
use super::subject::Subject;
use super::written::{self, Sections};

/// What became of the snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Those that are new.
    pub new: Vec<String>,
    /// Those that changed.
    pub changed: Vec<String>,
    /// Those that stayed as they were though something else was seen.
    pub refused: Vec<String>,
    /// How many were the same.
    pub same: usize,
}

/// Why nothing could be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// A snapshot cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The terminal is gone.
    #[error("expected an answer, and none can be read")]
    Answer(#[from] io::Error),
}

/// The snapshot that would be kept: sections that were not seen stay, and with `merge` all that was known does.
fn proposal(known: Option<&Sections>, seen: &Sections, merge: bool) -> Sections {
    let mut kept = known.cloned().unwrap_or_default();
    for (section, shape) in seen {
        if merge {
            kept.entry(section.clone()).or_default().merge(shape.clone());
        } else {
            kept.insert(section.clone(), shape.clone());
        }
    }
    kept
}

/// Keeps everything that was seen.
///
/// # Errors
/// [`StoreError`] if a snapshot cannot be read or written.
pub fn record(album: &Album, store: &Store, merge: bool) -> Result<Kept, StoreError> {
    let mut kept = Kept::default();
    for (subject, seen) in album.seen() {
        let known = store.read(subject)?;
        let proposed = proposal(known.as_ref(), seen, merge);
        match known {
            Some(known) if written::write(&known) == written::write(&proposed) => kept.same += 1,
            Some(_) => kept.changed.push(subject.to_string()),
            None => kept.new.push(subject.to_string()),
        }
        store.write(subject, &proposed)?;
    }
    Ok(kept)
}

/// An answer to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
}

/// Who is asked about each change: somebody at a terminal, or nobody, and then all is accepted.
pub struct Desk<'d> {
    /// Where answers come from; `None` accepts all.
    pub answers: Option<&'d mut dyn BufRead>,
    /// Where questions go.
    pub questions: &'d mut dyn Write,
}

impl Desk<'_> {
    fn ask(&mut self, what: &str, shown: &str) -> io::Result<Answer> {
        writeln!(self.questions, "{what}\n{shown}")?;
        let Some(answers) = &mut self.answers else { return Ok(Answer::Accept) };
        loop {
            write!(self.questions, "  accept, reject or skip [a/r/s]? ")?;
            self.questions.flush()?;
            let mut line = String::new();
            if answers.read_line(&mut line)? == 0 {
                return Ok(Answer::Skip);
            }
            match line.trim().to_ascii_lowercase().as_str() {
                "a" | "accept" => return Ok(Answer::Accept),
                "r" | "reject" => return Ok(Answer::Reject),
                "s" | "skip" => return Ok(Answer::Skip),
                _ => {}
            }
        }
    }
}

/// Shows each change and keeps those that are accepted.
///
/// # Errors
/// [`KeepError`] if a snapshot cannot be read or written, or nobody answers.
pub fn review(album: &Album, store: &Store, merge: bool, desk: &mut Desk<'_>) -> Result<Kept, KeepError> {
    let mut kept = Kept::default();
    for (subject, seen) in album.seen() {
        let known = store.read(subject)?;
        let proposed = proposal(known.as_ref(), seen, merge);
        if known.as_ref().is_some_and(|known| written::write(known) == written::write(&proposed)) {
            kept.same += 1;
            continue;
        }
        let found = findings(album, store, subject, known.as_ref(), seen);
        let shown = match &known {
            None => indented(&written::write(&proposed)),
            Some(_) if found.is_empty() => "  more or less was seen than last time\n".to_owned(),
            Some(_) => found.iter().map(report::line).collect(),
        };
        let list = match (desk.ask(&subject.to_string(), &shown)?, &known) {
            (Answer::Accept, known) => {
                store.write(subject, &proposed)?;
                if known.is_some() { &mut kept.changed } else { &mut kept.new }
            }
            (Answer::Reject | Answer::Skip, _) => &mut kept.refused,
        };
        list.push(subject.to_string());
    }
    Ok(kept)
}

/// Shows each proposal that a failed test left beside its snapshot: one that is accepted takes its place, one that
/// is rejected goes, one that is skipped stays.
///
/// # Errors
/// [`KeepError`] if a file cannot be read or written, or nobody answers.
pub fn review_proposals(album: &Album, store: &Store, desk: &mut Desk<'_>) -> Result<Kept, KeepError> {
    let mut kept = Kept::default();
    for proposal in store.proposals() {
        let file = store.folder().join(&proposal);
        let snapshot = file.with_extension("");
        let Some(proposed) = read_file(&file)? else { continue };
        let known = read_file(&snapshot)?;
        let relative = proposal.with_extension("");
        let subjects = Subject::all(album.contract()).into_iter();
        let mut same = subjects.filter(|subject| subject.file(album.contract()).as_ref() == Some(&relative));
        let found = same.next().map(|subject| findings(album, store, &subject, known.as_ref(), &proposed));
        let shown = match found {
            Some(found) if known.is_some() => found.iter().map(report::line).collect(),
            _ => indented(&written::write(&proposed)),
        };
        let name = relative.display().to_string();
        let failed = |source| StoreError::Io { file: file.clone(), source };
        match desk.ask(&name, &shown)? {
            Answer::Accept => {
                accept(&file, &snapshot, &proposed).map_err(failed)?;
                if known.is_some() { kept.changed.push(name) } else { kept.new.push(name) }
            }
            Answer::Reject => {
                fs::remove_file(&file).map_err(failed)?;
                kept.refused.push(name);
            }
            Answer::Skip => kept.refused.push(name),
        }
    }
    Ok(kept)
}

/// Lets a proposal take its snapshot's place, whose head stays.
fn accept(file: &Path, snapshot: &Path, proposed: &Sections) -> io::Result<()> {
    let before = fs::read_to_string(snapshot).or_else(|_| fs::read_to_string(file))?;
    let (head, _) = split_head(&before);
    fs::write(snapshot, head.to_owned() + &written::write(proposed))?;
    fs::remove_file(file)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
