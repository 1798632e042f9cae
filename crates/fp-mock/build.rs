//! Gathers the evidence of every rule, for `docs/FIDELITY.md` and the control API.

#[path = "build/evidence.rs"]
mod evidence;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use evidence::Found;

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the crate is"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    let overlay = here.join("../../spec/corrections.yaml");
    let mut rules = Vec::new();
    for (crate_name, folder) in [("", "src"), ("fp_contract::", "../fp-contract/src")] {
        let root = here.join(folder);
        rerun_if_changed(&root);
        let mut files = Vec::new();
        rust_files(&root, &mut files);
        files.sort();
        for file in files {
            let text = fs::read_to_string(&file).unwrap_or_default();
            rules.extend(evidence::of_source(&format!("{crate_name}{}", module(&root, &file)), &text));
        }
    }
    rerun_if_changed(&overlay);
    let corrections = evidence::of_overlay(&fs::read_to_string(&overlay).unwrap_or_default());
    let text = format!("({}, {})", written(&rules), written(&corrections));
    fs::write(out.join("evidence.rs"), text).expect("the build folder can be written");
}

/// What is not there is left out: cargo would take it for changed at every build.
fn rerun_if_changed(path: &Path) {
    if path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// `src/domain/commission/mod.rs` is the module `domain::commission`.
fn module(root: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(root).unwrap_or(file).with_extension("");
    let mut parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts.join("::")
}

fn written(rules: &[Found]) -> String {
    let mut text = String::from("&[");
    for Found { place, says, evidence } in rules {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "Rule {{ place: {place:?}, says: {says:?}, evidence: {evidence:?} }},");
    }
    text.push(']');
    text
}
