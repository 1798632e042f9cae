//! `fp-harness run`: attacks a target and reports.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use clap::builder::FalseyValueParser;
use fp_contract::Version;
use fp_harness::baseline::{self, Known};
use fp_harness::config::{Config, Phase};
use fp_harness::coverage;
use fp_harness::head::Head;
use fp_harness::report::{self, Report};
use fp_harness::run::run_watched;
use fp_harness::target::Target;
use fp_harness::{names, plan, probe, replay};

use super::interruption;
use super::output::Output;
use super::progress::Bar;

/// What `run` takes.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    target: super::target::TargetArguments,
    #[command(flatten)]
    cases: Cases,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    outputs: Outputs,
}

/// Which cases are made.
#[derive(Args)]
struct Cases {
    /// The API to attack.
    #[arg(long, env = "FP_API", default_value = "all")]
    api: Api,
    /// Only this phase: contract, behaviour or model; repeatable.
    #[arg(long, env = "FP_PHASE", value_delimiter = ',', value_parser = names::phase)]
    phase: Vec<Phase>,
    /// Only operations whose name contains this, `POST /api/v2/track/sale`; repeatable.
    #[arg(long, env = "FP_OPERATION", value_delimiter = ',')]
    operation: Vec<String>,
    /// Only this property; repeatable. `fp-harness properties` lists them.
    #[arg(long, env = "FP_PROPERTY", value_delimiter = ',')]
    property: Vec<String>,
    /// Rounds of generated calls, and sequences of the model.
    #[arg(long, env = "FP_CASES", default_value_t = 20)]
    cases: u32,
    /// Decides every case.
    #[arg(long, env = "FP_SEED", default_value_t = 0)]
    seed: u64,
}

/// How far a run goes.
#[derive(Args)]
struct Limits {
    /// Calls a minute. Default: 380 for a host that is not this machine, else as fast as it goes.
    #[arg(long, env = "FP_RATE")]
    rate: Option<u32>,
    /// Calls in all.
    #[arg(long, env = "FP_BUDGET")]
    budget: Option<u64>,
    /// Seconds in all.
    #[arg(long, env = "FP_TIME")]
    time: Option<u64>,
    /// Accounts attacked side by side (a mock only).
    #[arg(long, env = "FP_WORKERS", default_value_t = 1)]
    workers: usize,
    /// Allow changes at a host that is not this machine.
    #[arg(long, env = "FP_ALLOW_WRITES", value_parser = FalseyValueParser::new())]
    allow_writes: bool,
    /// Tell what the run would do, and make no call.
    #[arg(long, env = "FP_DRY_RUN", value_parser = FalseyValueParser::new())]
    dry_run: bool,
    /// Part of every name that the run makes. Default: the seed; at a real account where it may write, the time.
    #[arg(long, env = "FP_RUN_ID", value_name = "TEXT", value_parser = run_id)]
    run_id: Option<String>,
}

/// What is told.
#[derive(Args)]
struct Outputs {
    /// A report: text, json, jsonl, junit, html or github, to standard output or a file; repeatable.
    #[arg(long, env = "FP_REPORT", value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    report: Vec<Output>,
    /// Tell what of the contract was exercised, and what not and why.
    #[arg(long, env = "FP_COVERAGE", value_parser = FalseyValueParser::new())]
    coverage: bool,
    /// Known failures to live with until a day.
    #[arg(long, env = "FP_BASELINE", value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write every failure found into a file of known failures, and pass.
    #[arg(long, env = "FP_WRITE_BASELINE", value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
    /// Keep the failures, for `fp-harness replay FILE`.
    #[arg(long, env = "FP_SAVE", value_name = "FILE")]
    save: Option<PathBuf>,
    /// The day on which known failures are weighed, as 2026-03-31.
    #[arg(long, env = "FP_TODAY", value_name = "DAY")]
    today: Option<String>,
}

/// The real service takes 400 calls a minute.
pub(super) const POLITE_RATE: u32 = 380;

/// The API that a run is about.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum Api {
    V1,
    V2,
    All,
}

impl Api {
    pub(super) fn versions(self) -> Vec<Version> {
        match self {
            Self::V1 => vec![Version::V1],
            Self::V2 => vec![Version::V2],
            Self::All => vec![Version::V1, Version::V2],
        }
    }
}

/// A run's id becomes part of names, addresses and accounts.
fn run_id(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(format!("expected up to 20 letters and digits, found {text:?}"))
    }
}

impl Arguments {
    /// At a real account the names of an earlier run may still be taken.
    fn run_id(&self, target: &Target) -> String {
        match &self.limits.run_id {
            Some(given) => given.clone(),
            None if target.is_this_machine() || !self.limits.allow_writes => String::new(),
            None => seconds_since_1970(),
        }
    }

    fn config(&self, target: &Target) -> anyhow::Result<Config> {
        let Self { cases, limits, .. } = self;
        cases.operation.iter().try_for_each(|part| names::operation(part))?;
        cases.property.iter().try_for_each(|code| names::property(code))?;
        let polite = (!target.is_this_machine()).then_some(POLITE_RATE);
        Ok(Config {
            versions: cases.api.versions(),
            phases: if cases.phase.is_empty() { Phase::ALL.to_vec() } else { cases.phase.clone() },
            operations: cases.operation.clone(),
            properties: cases.property.clone(),
            cases: cases.cases,
            seed: cases.seed,
            rate_per_minute: limits.rate.or(polite),
            budget: limits.budget,
            time: limits.time.map(Duration::from_secs),
            workers: limits.workers.max(1),
            allow_writes: limits.allow_writes,
            run_id: self.run_id(target),
            campaigns: self.target.campaigns(),
        })
    }
}

/// In hex digits.
#[expect(clippy::disallowed_methods, reason = "it only names the records of a run at a real account")]
fn seconds_since_1970() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!("{:x}", now.unwrap_or_default().as_secs())
}

/// Runs, reports, and answers the exit status.
///
/// # Errors
/// When a name is unknown, an address cannot be used, or a file not be read or written.
pub fn attack(arguments: &Arguments) -> anyhow::Result<u8> {
    let target = arguments.target.target(arguments.cases.seed)?;
    let config = arguments.config(&target)?;
    if arguments.limits.dry_run {
        super::show(&plan::rehearse(&config, &target).show(&config, &target))?;
        return Ok(0);
    }
    let outputs = &arguments.outputs;
    let known = match &outputs.baseline {
        Some(file) => read_baseline(file)?,
        None => Vec::new(),
    };
    let target = probe::recognise(target);
    let bar = Bar::new();
    let outcome = run_watched(&config, &target, &interruption::listen(), &bar);
    bar.finish();
    let today = outputs.today.clone().unwrap_or_else(fp_contract::day::today);
    let weighed = baseline::weigh(&known, &outcome.findings, &today);
    let may_write = config.allow_writes || target.is_this_machine();
    let covered = coverage::summarise(&outcome.coverage, &config, may_write);
    let report = Report::of(Head::of(&config, target.described()), &outcome, &weighed, covered);
    if outputs.coverage {
        super::show(&report::coverage_text(&report.coverage))?;
    }
    let text = [Output::TEXT];
    let reports = if outputs.report.is_empty() { &text[..] } else { &outputs.report };
    reports.iter().try_for_each(|output| output.write(&report, &target))?;
    if let Some(file) = &outputs.save {
        let failures = outcome.findings.failures.values().map(|(failure, _)| failure);
        let text = target.without_keys(&replay::write(&report.head, failures));
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if let Some(file) = &outputs.write_baseline {
        let failures = outcome.findings.failures.values().map(|(failure, _)| failure);
        let text = target.without_keys(&baseline::write(failures, &today));
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
        return Ok(if outcome.stopped_early() { 2 } else { 0 });
    }
    Ok(report.verdict.exit_status())
}

fn read_baseline(file: &Path) -> anyhow::Result<Vec<Known>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let known = baseline::read(&file.display().to_string(), &text);
    known.map_err(|errors| anyhow::anyhow!("the known failures cannot be used\n{errors}"))
}
