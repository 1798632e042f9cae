//! Snapshots on disk, in the files of `insta`: its own commands can review them too.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use fp_contract::Contract;

use super::subject::Subject;
use super::written::{self, Sections, Unreadable};

/// Where snapshots are kept unless another folder is named.
pub const FOLDER: &str = "fixtures/snapshots";

/// A folder of snapshots.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    contract: &'static Contract,
}

/// A snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file itself is out of reach.
    #[error("{}: cannot be read or written", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no snapshot.
    #[error("{}: {fault}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What is wrong with it; lines count below the head.
        fault: Unreadable,
    },
}

impl Store {
    /// The snapshots below a folder, which need not be there yet.
    pub fn at(folder: &Path, contract: &'static Contract) -> Self {
        Self { folder: folder.to_owned(), contract }
    }

    /// The file of an operation or event.
    pub fn file(&self, subject: &Subject) -> Option<PathBuf> {
        subject.file(self.contract).map(|file| self.folder.join(file))
    }

    /// The snapshot of an operation or event, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] if the file is there and cannot be read.
    pub fn read(&self, subject: &Subject) -> Result<Option<Sections>, StoreError> {
        self.file(subject).map_or(Ok(None), |file| read_file(&file))
    }

    /// Keeps a snapshot, in place of the one that was there.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be written.
    pub fn write(&self, subject: &Subject, sections: &Sections) -> Result<(), StoreError> {
        let Some(file) = self.file(subject) else { return Ok(()) };
        let failed = |source| StoreError::Io { file: file.clone(), source };
        fs::create_dir_all(file.parent().unwrap_or(&self.folder)).map_err(failed)?;
        let head = format!("---\nsource: fp-harness snapshot\ndescription: {subject}\n---\n");
        fs::write(&file, head + &written::write(sections)).map_err(failed)
    }

    /// Every snapshot file below the folder, relative to it.
    pub fn files(&self) -> BTreeSet<PathBuf> {
        self.ending_in(".snap")
    }

    /// The proposals that failed tests left, `*.snap.new`, relative to the folder.
    pub fn proposals(&self) -> BTreeSet<PathBuf> {
        self.ending_in(".snap.new")
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn ending_in(&self, ending: &str) -> BTreeSet<PathBuf> {
        let (mut found, mut open) = (BTreeSet::new(), vec![self.folder.clone()]);
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.to_string_lossy().ends_with(ending) {
                    found.extend(path.strip_prefix(&self.folder).map(Path::to_owned));
                }
            }
        }
        found
    }
}

/// A snapshot file, if it is there.
///
/// # Errors
/// [`StoreError`] if it is there and cannot be read.
pub fn read_file(file: &Path) -> Result<Option<Sections>, StoreError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StoreError::Io { file: file.to_owned(), source }),
    };
    let (_, body) = split_head(&text);
    let unreadable = |fault| StoreError::Unreadable { file: file.to_owned(), fault };
    written::read(body).map(Some).map_err(unreadable)
}

/// The head of a snapshot file, and what follows it.
pub fn split_head(text: &str) -> (&str, &str) {
    let behind = text.strip_prefix("---\n").and_then(|rest| Some(rest.find("\n---\n")? + 9));
    behind.map_or(("", text), |at| text.split_at(at))
}

/// The line of a snapshot file at which a place stands, from 1; of a place that is not there, its nearest parent's.
pub fn line_of(text: &str, section: &str, pointer: &str) -> usize {
    let (head, body) = split_head(text);
    let above = head.lines().count();
    let steps: Vec<String> = std::iter::once(section.to_owned())
        .chain(pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")))
        .collect();
    let (mut wanted, mut found) = (0, 0);
    for (number, line) in body.lines().enumerate() {
        let bare = line.trim_start();
        let depth = (line.len() - bare.len()) / 2;
        let name = bare.rsplit_once(": ").map_or(bare, |(name, _)| name);
        let name = bare.split([':', '?']).next().filter(|_| !bare.starts_with('"')).unwrap_or(name);
        if depth < wanted && found > 0 {
            break;
        }
        if depth == wanted && steps.get(wanted).is_some_and(|step| name.trim_matches('"') == step) {
            (wanted, found) = (wanted + 1, number + 1);
        }
    }
    above + found.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "---\nsource: x\n---\n200: object\n  a: list\n    []: object\n      b?: null\n  c: string\n202: object\n  c: null\n";

    #[test]
    fn the_line_of_a_place_is_found() {
        assert_eq!(split_head(FILE).0, "---\nsource: x\n---\n");
        assert_eq!(line_of(FILE, "200", "/a/[]/b"), 7);
        assert_eq!(line_of(FILE, "200", "/c"), 8);
        assert_eq!(line_of(FILE, "202", "/c"), 10);
        assert_eq!(line_of(FILE, "200", "/a/[]/none"), 6);
        assert_eq!(line_of(FILE, "200", ""), 4);
    }
}
