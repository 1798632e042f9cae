//! `fp-harness snapshot`: records what payloads look like, and tells what changed.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use fp_contract::recording::Format;
use fp_contract::{BaseUrl, Contract};
use fp_harness::snapshot::album::Album;
use fp_harness::snapshot::keep::{self, Desk, Kept};
use fp_harness::snapshot::pins::Pins;
use fp_harness::snapshot::provoke::{Terms, provoke};
use fp_harness::snapshot::report::{self, Form};
use fp_harness::snapshot::store::{FOLDER, Store};
use fp_harness::snapshot::{check, recording};

use super::target::TargetArguments;

/// What `snapshot` takes.
#[derive(Args)]
#[command(
    after_help = "Exit status: 0 nothing that breaks, 1 something that breaks (--strict: anything), 2 could not say."
)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Keep what is seen.
    Record(Record),
    /// Compare what is seen with what was kept.
    Check(Check),
    /// Look at each change, and keep or refuse it.
    Review(Review),
}

#[derive(Args)]
struct Record {
    #[command(flatten)]
    seeing: Seeing,
    /// Add to what is known instead of taking its place.
    #[arg(long)]
    merge: bool,
}

#[derive(Args)]
struct Check {
    #[command(flatten)]
    seeing: Seeing,
    /// Fail only on what concerns these operations and fields.
    #[arg(long, value_name = "FILE")]
    pins: Option<PathBuf>,
    /// Fail on any difference.
    #[arg(long)]
    strict: bool,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = ReportForm::Text)]
    format: ReportForm,
}

#[derive(Args)]
struct Review {
    #[command(flatten)]
    seeing: Seeing,
    /// Add to what is known instead of taking its place.
    #[arg(long)]
    merge: bool,
    /// Accept everything without asking.
    #[arg(long)]
    accept_all: bool,
}

/// Where payloads are seen, and where snapshots are kept.
#[derive(Args)]
struct Seeing {
    #[command(flatten)]
    target: TargetArguments,
    /// Recorded traffic instead of a target: HAR, JSON lines or .http, `-` for standard input; repeatable.
    #[arg(long, value_name = "FILE")]
    recording: Vec<PathBuf>,
    /// The format of the recordings, where neither name nor content tells it.
    #[arg(long, value_enum)]
    recording_format: Option<RecordingFormat>,
    /// Look only at what lies under this URL, and map it: `https://staging.example.com/fp=/api/v2`; repeatable.
    #[arg(long, value_name = "URL[=PATH]")]
    base_url: Vec<BaseUrl>,
    /// The folder of snapshots.
    #[arg(long, default_value = FOLDER)]
    folder: PathBuf,
    /// Make calls that change something at a target that is no mock, with records of their own.
    #[arg(long)]
    allow_writes: bool,
    /// Calls a minute. Default: 380 for a host that is not this machine, else as fast as it goes.
    #[arg(long)]
    rate: Option<u32>,
    /// How many single records of a kind are read: the more, the better optional fields are known.
    #[arg(long, default_value_t = 20)]
    samples: usize,
    /// Names what is made.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// The real service takes 400 calls a minute.
const POLITE_RATE: u32 = 380;

#[derive(Clone, Copy, ValueEnum)]
enum ReportForm {
    Text,
    Json,
    Github,
}

impl From<ReportForm> for Form {
    fn from(form: ReportForm) -> Self {
        match form {
            ReportForm::Text => Self::Text,
            ReportForm::Json => Self::Json,
            ReportForm::Github => Self::Github,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum RecordingFormat {
    Har,
    Jsonl,
    Http,
}

impl From<RecordingFormat> for Format {
    fn from(format: RecordingFormat) -> Self {
        match format {
            RecordingFormat::Har => Self::Har,
            RecordingFormat::Jsonl => Self::JsonLines,
            RecordingFormat::Http => Self::Transcript,
        }
    }
}

/// Payloads as they were seen.
struct Seen {
    album: Album,
    unreadable: Vec<String>,
    left_behind: Vec<String>,
}

/// Does what was asked for and answers the exit status.
///
/// # Errors
/// When the target, a recording, the pins or a snapshot are out of reach.
pub fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    match &arguments.action {
        Action::Record(record) => {
            let seen = record.seeing.look()?;
            let kept = keep::record(&seen.album, &record.seeing.store(), record.merge)?;
            super::show(&told(&kept, &seen))?;
            Ok(if seen.album.seen().is_empty() { 2 } else { 0 })
        }
        Action::Check(check) => compare(check),
        Action::Review(wanted) => review(wanted),
    }
}

fn compare(wanted: &Check) -> anyhow::Result<u8> {
    let pins = match &wanted.pins {
        Some(file) => {
            let text = super::pin::text(file)?;
            let read = Pins::read(Contract::corrected(), &file.display().to_string(), &text);
            Some(read.context("the pins cannot be used")?)
        }
        None => None,
    };
    let seen = wanted.seeing.look()?;
    let mut checked = check::check(&seen.album, &wanted.seeing.store(), pins.as_ref())?;
    checked.unreadable = seen.unreadable;
    super::show(&report::render(&checked, wanted.format.into(), wanted.strict))?;
    Ok(checked.verdict(wanted.strict).exit_code())
}

fn review(wanted: &Review) -> anyhow::Result<u8> {
    let store = wanted.seeing.store();
    let stdin = io::stdin();
    if !wanted.accept_all && !stdin.is_terminal() {
        bail!("expected a terminal to ask at, found none\nhint: --accept-all accepts every change");
    }
    let mut answers = stdin.lock();
    let mut desk = Desk {
        answers: if wanted.accept_all { None } else { Some(&mut answers) },
        questions: &mut io::stdout(),
    };
    let asks_target = wanted.seeing.target.target.is_some() || !wanted.seeing.recording.is_empty();
    if !asks_target && !store.proposals().is_empty() {
        let kept = keep::review_proposals(&Album::new(Contract::corrected()), &store, &mut desk)?;
        let seen = Seen { album: Album::new(Contract::corrected()), unreadable: vec![], left_behind: vec![] };
        super::show(&counts(&kept, &seen))?;
        return Ok(0);
    }
    let seen = wanted.seeing.look()?;
    let kept = keep::review(&seen.album, &store, wanted.merge, &mut desk)?;
    super::show(&told(&kept, &seen))?;
    Ok(0)
}

impl Seeing {
    fn store(&self) -> Store {
        Store::at(&self.folder, Contract::corrected())
    }

    /// Looks at the recordings, if there are any, else asks the target.
    fn look(&self) -> anyhow::Result<Seen> {
        if !self.recording.is_empty() {
            let mut album = Album::new(Contract::corrected());
            let mut unreadable = Vec::new();
            for file in &self.recording {
                let format = self.recording_format.map(Format::from);
                unreadable.extend(recording::add(&mut album, file, format, &self.base_url)?);
            }
            return Ok(Seen { album, unreadable, left_behind: Vec::new() });
        }
        let target = self.target.target(self.seed)?;
        let polite = (!target.is_this_machine()).then_some(POLITE_RATE);
        let terms = Terms {
            rate_per_minute: self.rate.or(polite),
            allow_writes: self.allow_writes,
            seed: self.seed,
            samples: self.samples.max(1),
        };
        let provoked = provoke(&target, terms)?;
        if let Some(error) = provoked.stopped {
            let left = provoked.left_behind.join("\n  ");
            return Err(error).context(format!("asking ended early; this may be left behind:\n  {left}"));
        }
        Ok(Seen { album: provoked.album, unreadable: Vec::new(), left_behind: provoked.left_behind })
    }
}

/// What became of the snapshots, and what was not seen and why.
fn told(kept: &Kept, seen: &Seen) -> String {
    let mut out = counts(kept, seen);
    for (subject, reason) in seen.album.unseen() {
        let _ = writeln!(out, "not seen: {subject}: {reason}");
    }
    out
}

fn counts(kept: &Kept, seen: &Seen) -> String {
    let mut out = String::new();
    for (list, what) in [(&kept.new, "new"), (&kept.changed, "changed"), (&kept.refused, "not kept")] {
        for subject in list {
            let _ = writeln!(out, "{what}: {subject}");
        }
    }
    let (new, changed, refused) = (kept.new.len(), kept.changed.len(), kept.refused.len());
    let _ = writeln!(out, "{new} new, {changed} changed, {} the same, {refused} not kept", kept.same);
    for fault in &seen.unreadable {
        let _ = writeln!(out, "cannot be read: {fault}");
    }
    for call in &seen.left_behind {
        let _ = writeln!(out, "could not be taken away again: {call}");
    }
    out
}
