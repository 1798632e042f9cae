//! The house rules as a test: which room may know which, how long a file may be, and that rules of the
//! service say where they come from.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines a file has at most.
const FILE_LINES_MAX: usize = 500;

/// The rooms of fp-mock from the outside in: each may use those it lists, and itself.
const ROOMS: [(&str, &[&str]); 8] = [
    ("api", &["world", "webhooks", "scenario", "wire", "domain", "clock"]),
    ("control", &["api", "world", "webhooks", "scenario", "wire", "domain", "clock"]),
    ("world", &["webhooks", "scenario", "wire", "domain", "clock"]),
    ("scenario", &["domain", "clock"]),
    ("webhooks", &["wire", "domain", "clock"]),
    ("wire", &["domain", "clock"]),
    ("domain", &["clock::timestamp"]),
    ("clock", &[]),
];

/// Words in `Evidence:` lines that name where a rule comes from.
const SOURCES: [&str; 10] = [
    "published v2",
    "published v1",
    "v1 reference",
    "v2 event types",
    "legacy webhook",
    "service behaviour notes",
    "service help pages",
    "corrected contract",
    "corrected v2",
    "chosen",
];

/// What the project never says: it speaks of itself alone.
const UNSPOKEN: [&str; 4] = ["facts.md", "library-notes", "/work/", "../shared"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

fn files(below: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(below) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if name != "target" && name != ".git" && name != "node_modules" {
                files(&path, ending, found);
            }
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

fn rust_files() -> Vec<(String, String)> {
    let (root, mut found) = (root(), Vec::new());
    for folder in ["crates", "tests"] {
        files(&root.join(folder), ".rs", &mut found);
    }
    found.sort();
    let shown = |path: &PathBuf| path.strip_prefix(&root).unwrap_or(path).to_string_lossy().into_owned();
    found.iter().map(|path| (shown(path), fs::read_to_string(path).expect("a text file"))).collect()
}

fn assert_none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n{}", breaches.join("\n"));
}

#[test]
fn no_file_is_longer_than_its_limit() {
    let mut breaches = Vec::new();
    for (path, text) in rust_files() {
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            breaches.push(format!("{path}: {lines} lines"));
        }
    }
    assert_none("files of more than 500 lines are two rooms", &breaches);
}

#[test]
fn every_room_of_the_mock_knows_only_the_rooms_below_it() {
    let mut breaches = Vec::new();
    for (path, text) in rust_files() {
        let Some(inside) = path.strip_prefix("crates/fp-mock/src/") else { continue };
        let room = inside.split(['/', '.']).next().unwrap_or_default();
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        let used = uses(&text);
        for path_used in &used {
            let top = path_used.split("::").next().unwrap_or_default();
            let known = top == room
                || !ROOMS.iter().any(|(name, _)| *name == top)
                || allowed.iter().any(|ok| path_used == ok || path_used.starts_with(&format!("{ok}::")));
            if !known {
                breaches.push(format!("{path}: {room} uses crate::{path_used}"));
            }
        }
        for (one, other) in [("wire/v1", "wire::v2"), ("wire/v2", "wire::v1")] {
            if inside.starts_with(one) && used.iter().any(|used| used.starts_with(other)) {
                breaches.push(format!("{path}: {one} uses {other}"));
            }
        }
    }
    assert_none("a wall is broken", &breaches);
}

/// Every `crate::` path in a file, braces opened one level: `crate::wire::{page, v2::view}` gives both.
fn uses(text: &str) -> Vec<String> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = text.lines().filter(is_code).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        let path = rest[..end].trim_end_matches(':');
        if rest[end..].starts_with('{') {
            let inner = rest[end + 1..].split('}').next().unwrap_or_default();
            let join = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}::{part}") };
            found.extend(inner.split(',').map(|part| join(part.trim().trim_start_matches('{'))));
        } else {
            found.push(path.to_owned());
        }
    }
    found
}

#[test]
fn the_business_knows_neither_serialisation_nor_http_nor_the_machine_clock() {
    let mut breaches = Vec::new();
    for (path, text) in rust_files() {
        if !path.starts_with("crates/fp-mock/src/domain/") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let foreign = ["axum", "tokio", "async fn", "derive(Serialize", "Instant::now"];
            if foreign.iter().any(|word| code.contains(word)) {
                breaches.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_none("the domain is pure and synchronous", &breaches);
}

#[test]
fn every_evidence_line_names_its_source() {
    let mut breaches = Vec::new();
    for (path, text) in rust_files() {
        if path == "tests/tidy.rs" {
            continue;
        }
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some((_, evidence)) = line.split_once("/ Evidence:") else { continue };
            let next = lines.get(number + 1).copied().unwrap_or_default();
            let said = format!("{evidence} {}", next.trim_start_matches(['/', ' ', '!'])).to_lowercase();
            if !SOURCES.iter().any(|source| said.contains(source)) {
                breaches.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_none("an Evidence line that names no source", &breaches);
}

#[test]
fn every_file_of_business_rules_has_its_evidence() {
    let mechanics =
        ["agenda", "ids", "json", "lookup", "mod", "named", "refusal", "state", "table", "company"];
    let mut breaches = Vec::new();
    for (path, text) in rust_files() {
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        if path.starts_with("crates/fp-mock/src/domain/")
            && text.contains("Refusal>")
            && !mechanics.contains(&name)
            && !text.contains("Evidence:")
        {
            breaches.push(path);
        }
    }
    assert_none("a file of business rules without a single Evidence line", &breaches);
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let (root, mut found) = (root(), Vec::new());
    for ending in [".rs", ".md", ".toml", ".yaml", ".yml", "justfile", "/run"] {
        files(&root, ending, &mut found);
    }
    let mut breaches = Vec::new();
    for path in found.iter().filter(|path| !path.ends_with("tests/tidy.rs")) {
        let Ok(text) = fs::read_to_string(path) else { continue };
        for (number, line) in text.lines().enumerate() {
            if UNSPOKEN.iter().any(|word| line.contains(word)) {
                breaches.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert_none("something from outside is mentioned", &breaches);
}
