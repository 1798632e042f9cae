//! Reads the documents under `spec/`, applies the corrections and leaves compact JSON and the origin of every
//! node for the library to embed, both deflated: a program starts without parsing YAML, and carries a tenth of the
//! text.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/source/mod.rs"]
#[expect(dead_code, reason = "the library uses the rest of this module")]
mod source;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use source::overlay::Overlay;
use source::{Fault, Node, yaml};

/// Role in the library, file of the document, file of its corrections.
const DOCUMENTS: [(&str, &str, Option<&str>); 3] = [
    ("Api", "firstpromoter-v2.yaml", Some("corrections.yaml")),
    ("Api", "firstpromoter-v1.yaml", None),
    ("Webhooks", "webhooks.yaml", None),
];

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let spec = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../spec");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", spec.display());
    let mut code = String::from("&[\n");
    for (role, file, corrections) in DOCUMENTS {
        if !spec.join(file).exists() {
            continue;
        }
        let corrections = corrections.filter(|name| spec.join(name).exists());
        let published = read(&spec, file, 0)?;
        emit(&out, &format!("{file}.published"), &published)?;
        if let Some(name) = corrections {
            let mut corrected = published;
            let overlay = Overlay::read(&read(&spec, name, 1)?).map_err(|faults| describe(name, &faults))?;
            let faults = overlay.apply(&mut corrected);
            if !faults.is_empty() {
                return Err(describe(name, &faults));
            }
            emit(&out, &format!("{file}.corrected"), &corrected)?;
        }
        let files: Vec<String> =
            std::iter::once(file).chain(corrections).map(|name| format!("spec/{name}")).collect();
        write!(code, "Embedded {{ role: Role::{role}, files: &{files:?}, ")?;
        // What is not corrected is embedded once.
        let corrected = if corrections.is_some() { "corrected" } else { "published" };
        for (edition, suffix) in [("published", "published"), ("corrected", corrected)] {
            let (json, origins) =
                (out.join(format!("{file}.{suffix}.json.z")), out.join(format!("{file}.{suffix}.origins.z")));
            write!(
                code,
                "{edition}: Packed {{ json: include_bytes!({json:?}), origins: include_bytes!({origins:?}) }}, "
            )?;
        }
        code.push_str("},\n");
    }
    code.push(']');
    fs::write(out.join("embedded.rs"), code)?;
    Ok(())
}

fn read(spec: &Path, name: &str, file: u8) -> Result<Node, Failure> {
    let text = fs::read_to_string(spec.join(name))?;
    yaml::parse(&text, file).map_err(|fault| describe(name, &[fault]))
}

fn describe(name: &str, faults: &[Fault]) -> Failure {
    let lines = faults
        .iter()
        .map(|fault| format!("spec/{name}:{}: {}: {}", fault.origin.line, fault.pointer, fault.message));
    lines.collect::<Vec<_>>().join("\n").into()
}

fn emit(out: &Path, name: &str, node: &Node) -> Result<(), Failure> {
    let json = serde_json::to_vec(&node.clone().into_value())?;
    fs::write(out.join(format!("{name}.json.z")), deflated(&json)?)?;
    let origins: Vec<u8> = node.origins().into_iter().flat_map(u32::to_le_bytes).collect();
    fs::write(out.join(format!("{name}.origins.z")), deflated(&origins)?)?;
    Ok(())
}

fn deflated(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
