//! `fp-contract diff`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use fp_contract::diff::{Change, Observer, diff};
use fp_contract::recording::{Format, RecordingError, Subject, read};
use fp_contract::report::Sighting;
use fp_contract::{Contract, Role, Rules, Source};
use serde_json::json;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The old contract: `published`, `corrected`, or documents as FILE or FILE+OVERLAY
    old: String,
    /// The new one, or recordings of traffic
    #[arg(required = true)]
    new: Vec<String>,
    /// Write overlays that would make the traffic conform into this folder, for review
    #[arg(long, value_name = "FOLDER")]
    learn: Option<PathBuf>,
    /// Show breaking changes only
    #[arg(long)]
    breaking: bool,
    /// Keep no value of the traffic
    #[arg(long)]
    mask: bool,
    /// Write a JSON array in place of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let old = contract(&arguments.old)?;
    let recordings =
        arguments.new.iter().all(|name| name == "-" || Format::of_path(Path::new(name)).is_some());
    let mut changes = if recordings {
        let observer = observe(old, arguments)?;
        if let Some(folder) = &arguments.learn {
            write_overlays(&observer, old, folder)?;
        }
        observer.changes()
    } else {
        let [new] = arguments.new.as_slice() else {
            bail!("expected one new contract, found {}", arguments.new.len())
        };
        if arguments.learn.is_some() {
            bail!("expected recordings to learn from, found a contract");
        }
        diff(old, contract(new)?)
    };
    changes.retain(|change| change.breaking || !arguments.breaking);
    super::print(&told(&changes, arguments.json))?;
    Ok(u8::from(changes.iter().any(|change| change.breaking)))
}

fn told(changes: &[Change], as_json: bool) -> String {
    if as_json {
        return format!("{:#}\n", json!(changes));
    }
    let breaking = changes.iter().filter(|change| change.breaking).count();
    let lines = changes.iter().map(|change| format!("{change}\n"));
    format!("{}{} changes, {breaking} of them breaking\n", lines.collect::<String>(), changes.len())
}

/// A contract by name, or from a document and perhaps overlays, joined with `+`.
fn contract(name: &str) -> anyhow::Result<&'static Contract> {
    match name {
        "published" => return Ok(Contract::published()),
        "corrected" => return Ok(Contract::corrected()),
        _ => {}
    }
    let mut sources = Vec::new();
    for (at, file) in name.split('+').enumerate() {
        let text = super::contracts::read(Path::new(file))?;
        let role = if at == 0 { Role::Api } else { Role::Overlay };
        sources.push(Source { name: file.to_owned(), text, role });
    }
    let contract =
        Contract::load(&sources).map_err(|errors| anyhow::anyhow!("{name} cannot be used\n{errors}"))?;
    Ok(Box::leak(Box::new(contract)))
}

fn observe(contract: &Contract, arguments: &Arguments) -> anyhow::Result<Observer> {
    let mut observer = Observer::new(arguments.mask);
    let rules = Rules { credentials: false, ..Rules::strict() };
    for name in &arguments.new {
        let (reader, format) = super::check::open(&PathBuf::from(name), None::<Format>)?;
        for recorded in read(format, reader) {
            let recorded = match recorded {
                Ok(recorded) => recorded,
                Err(RecordingError::Malformed { line, message }) => bail!("{name}:{line}: {message}"),
                Err(error) => return Err(error).with_context(|| format!("cannot read {name}")),
            };
            let judgement = match &recorded.subject {
                Subject::Exchange(recording) => contract.judge(&recording.as_exchange(), &rules),
                Subject::Webhook { system, event_type, body } => {
                    contract.judge_webhook(*system, event_type, body, &rules)
                }
            };
            let sighting = Sighting { file: name.clone(), line: recorded.line };
            observer.observe(&judgement, &recorded.subject, &sighting);
        }
    }
    Ok(observer)
}

fn write_overlays(observer: &Observer, contract: &Contract, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (document, text) in observer.overlays(contract) {
        let stem = Path::new(&document).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.join(format!("{stem}.learned.yaml"));
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
