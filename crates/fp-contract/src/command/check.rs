//! `fp-contract check`: judges recordings.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use fp_contract::recording::{Format, Recorded, RecordingError, Subject, read};
use fp_contract::report::{Form, Sighting, Tally};
use fp_contract::{BaseUrl, Contract, Judgement, Rules, waiver};

use super::contracts::Choice;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Recordings; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    choice: Choice,
    /// Judge only what lies under this URL, and map it: `https://staging.example.com/fp=/api/v2`; repeatable
    #[arg(long, value_name = "URL[=PATH]")]
    base_url: Vec<BaseUrl>,
    /// Undeclared fields and parameters, and declared fields that are absent, are violations too
    #[arg(long)]
    strict: bool,
    /// Do not ask requests for credentials: recordings often have them taken out
    #[arg(long)]
    no_credentials: bool,
    /// Show kinds in place of values
    #[arg(long)]
    mask: bool,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = ReportForm::Text)]
    format: ReportForm,
    /// The format of the recordings, where neither name nor content tells it
    #[arg(long, value_enum)]
    recording: Option<RecordingFormat>,
    /// Known violations to live with until a day
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// The day on which waivers are weighed, as 2026-03-31
    #[arg(long, value_name = "DAY")]
    today: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReportForm {
    Text,
    Json,
    Junit,
    Github,
    Sarif,
}

impl From<ReportForm> for Form {
    fn from(form: ReportForm) -> Form {
        match form {
            ReportForm::Text => Form::Text,
            ReportForm::Json => Form::Json,
            ReportForm::Junit => Form::Junit,
            ReportForm::Github => Form::Github,
            ReportForm::Sarif => Form::Sarif,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RecordingFormat {
    Har,
    Jsonl,
    Http,
}

impl From<RecordingFormat> for Format {
    fn from(format: RecordingFormat) -> Format {
        match format {
            RecordingFormat::Har => Format::Har,
            RecordingFormat::Jsonl => Format::JsonLines,
            RecordingFormat::Http => Format::Transcript,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let contract = arguments.choice.load()?;
    let waivers = match &arguments.waivers {
        Some(path) => waiver::read(&path.display().to_string(), &super::contracts::read(path)?)
            .map_err(|errors| anyhow::anyhow!("the waivers cannot be used\n{errors}"))?,
        None => Vec::new(),
    };
    let mut run = Run {
        contract,
        rules: Rules { strict: arguments.strict, credentials: !arguments.no_credentials },
        base_urls: &arguments.base_url,
        tally: Tally::new(arguments.mask),
    };
    for path in &arguments.files {
        let name = path.display().to_string();
        let (reader, format) = open(path, arguments.recording)?;
        for recorded in read(format, reader) {
            run.take(recorded, &name)?;
        }
    }
    let today = arguments.today.clone().unwrap_or_else(fp_contract::day::today);
    let report = run.tally.finish(&waivers, &today);
    super::print(&report.render(arguments.format.into()))?;
    Ok(report.verdict().exit_code())
}

type Opened = (Box<dyn BufRead>, Format);

/// Opens a recording and tells its format: as asked, by its name, or by its first bytes.
pub(super) fn open(path: &PathBuf, asked: Option<impl Into<Format>>) -> anyhow::Result<Opened> {
    let mut reader: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(BufReader::with_capacity(1 << 18, io::stdin()))
    } else {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Box::new(BufReader::with_capacity(1 << 18, file))
    };
    let format = match asked.map(Into::into).or_else(|| Format::of_path(path)) {
        Some(format) => format,
        None => {
            Format::of_bytes(reader.fill_buf().with_context(|| format!("cannot read {}", path.display()))?)
        }
    };
    Ok((reader, format))
}

struct Run<'r> {
    contract: &'r Contract,
    rules: Rules,
    base_urls: &'r [BaseUrl],
    tally: Tally,
}

impl Run<'_> {
    fn take(&mut self, recorded: Result<Recorded, RecordingError>, file: &str) -> anyhow::Result<()> {
        match recorded {
            Ok(recorded) => {
                let judgement = self.judge(&recorded.subject);
                let sighting = Sighting { file: file.to_owned(), line: recorded.line };
                self.tally.add(judgement, &sighting);
                Ok(())
            }
            Err(RecordingError::Malformed { line, message }) => {
                self.tally.add_unreadable(format!("{file}:{line}: {message}"));
                Ok(())
            }
            Err(error) => Err(error).with_context(|| format!("cannot read {file}")),
        }
    }

    fn judge(&self, subject: &Subject) -> Judgement {
        match subject {
            Subject::Webhook { system, event_type, body } => {
                self.contract.judge_webhook(*system, event_type, body, &self.rules)
            }
            Subject::Exchange(recording) => match BaseUrl::map_by(self.base_urls, &recording.url) {
                Some(target) => self.contract.judge(&recording.with_target(&target), &self.rules),
                None => Judgement::foreign(&recording.url),
            },
        }
    }
}
