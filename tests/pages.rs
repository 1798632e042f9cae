//! The pages say what is so: links lead somewhere, and every control call is described.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

fn pages() -> Vec<PathBuf> {
    let of = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect::<Vec<_>>()
    };
    let mut pages = of(&root());
    pages.extend(of(&root().join("docs")));
    pages
}

#[test]
fn every_link_leads_to_a_file() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a text file");
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#']).next().unwrap_or_default();
            let here = page.parent().expect("a folder");
            if !target.is_empty() && !target.contains("://") && !here.join(target).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_control_call_is_described() {
    let routes = fs::read_to_string(root().join("crates/fp-mock/src/control/mod.rs")).expect("the routes");
    let page = fs::read_to_string(root().join("docs/control-api.md")).expect("the page");
    let paths: Vec<&str> =
        routes.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(paths.len() > 20, "the routes were not found");
    let described = |path: &str| page.contains(path) || path == "/batches/{id}/{action}";
    let missing: Vec<&&str> = paths.iter().filter(|path| !described(path)).collect();
    assert!(missing.is_empty(), "docs/control-api.md lacks {missing:?}");
}
