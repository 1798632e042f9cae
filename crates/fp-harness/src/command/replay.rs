//! `fp-harness replay`: does one case of an earlier run again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use clap::builder::FalseyValueParser;
use fp_harness::config::Config;
use fp_harness::failure::Case;
use fp_harness::replay::{self, Answer, Asked};
use fp_harness::target::Target;
use fp_harness::{head, names, probe};

use super::interruption;
use super::run::{Api, POLITE_RATE};

/// What `replay` takes.
#[derive(Args)]
pub struct ReplayArguments {
    /// Failures that `run --save FILE` kept.
    #[arg(value_name = "FILE", required_unless_present = "property")]
    file: Option<PathBuf>,
    /// Only this one of the file, from 1.
    #[arg(long, value_name = "N", requires = "file")]
    failure: Option<usize>,
    /// Go on although the documents have changed since.
    #[arg(long, value_parser = FalseyValueParser::new())]
    anyway: bool,
    /// The seed of the run.
    #[arg(long, env = "FP_SEED", default_value_t = 0)]
    seed: u64,
    /// The property that failed.
    #[arg(long, requires = "operation", conflicts_with = "file")]
    property: Option<String>,
    /// The operation that it failed on, `POST /api/v2/track/sale`.
    #[arg(long, requires = "property")]
    operation: Option<String>,
    /// The case, as the report names it: round-3, behaviour-ignored_auth, sequence-4. Default: the first ones.
    #[arg(long, requires = "property", value_parser = case)]
    case: Option<Case>,
    /// The API that the run was limited to.
    #[arg(long, env = "FP_API", default_value = "all")]
    api: Api,
    /// An --operation that the run was limited to; repeatable.
    #[arg(long)]
    among: Vec<String>,
    /// The run's id.
    #[arg(long, env = "FP_RUN_ID", value_name = "TEXT", default_value = "")]
    run_id: String,
    /// Allow changes at a host that is not this machine.
    #[arg(long, env = "FP_ALLOW_WRITES", value_parser = FalseyValueParser::new())]
    allow_writes: bool,
    #[command(flatten)]
    target: super::target::TargetArguments,
}

fn case(text: &str) -> Result<Case, String> {
    Case::named(text).ok_or_else(|| format!("expected round-3, behaviour-CODE or sequence-4, found {text:?}"))
}

/// Does the cases again. 0: none of them fails any more, 1: one still does, 2: it could not be tried.
///
/// # Errors
/// When the file cannot be read, the documents have changed, or a name is unknown.
pub fn again(arguments: &ReplayArguments) -> anyhow::Result<u8> {
    let (config, asked) = match &arguments.file {
        Some(file) => from_file(arguments, file)?,
        None => from_arguments(arguments)?,
    };
    let target = arguments.target.target(config.seed)?;
    let polite = (!target.is_this_machine()).then_some(POLITE_RATE);
    let config = Config {
        allow_writes: arguments.allow_writes,
        rate_per_minute: polite,
        budget: None,
        time: None,
        workers: 1,
        ..config
    };
    let target = probe::recognise(target);
    let interrupt = interruption::listen();
    let mut status = 0;
    for (number, asked) in asked {
        let answer = replay::again(&asked, &config, &target, &interrupt);
        status = status.max(tell(number, &asked, &answer, &target)?);
    }
    Ok(status)
}

/// Failures to look for, with their numbers in the file.
type Wanted = Vec<(usize, Asked)>;

fn from_file(arguments: &ReplayArguments, file: &Path) -> anyhow::Result<(Config, Wanted)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let saved = replay::read(&text).with_context(|| format!("cannot read {}", file.display()))?;
    let changed = saved.changed_documents(&head::documents());
    if !changed.is_empty() && !arguments.anyway {
        bail!(
            "{} changed since the run: its cases may be others now\nhint: `--anyway` tries them",
            changed.join(" and ")
        );
    }
    let count = saved.failures.len();
    let all = (1..).zip(saved.failures.iter().map(replay::SavedFailure::asked));
    let wanted: Wanted =
        all.filter(|(number, _)| arguments.failure.is_none_or(|one| one == *number)).collect();
    if let Some(number) = arguments.failure.filter(|_| wanted.is_empty()) {
        bail!("expected one of {count} failures, found {number}");
    }
    Ok((saved.head.configuration, wanted))
}

fn from_arguments(arguments: &ReplayArguments) -> anyhow::Result<(Config, Wanted)> {
    let property = arguments.property.clone().unwrap_or_default();
    let operation = arguments.operation.clone().unwrap_or_default();
    names::property(&property)?;
    // A property may be about a method that the path does not have.
    names::operation(operation.rsplit(' ').next().unwrap_or_default())?;
    let config = Config {
        versions: arguments.api.versions(),
        operations: arguments.among.clone(),
        seed: arguments.seed,
        run_id: arguments.run_id.clone(),
        campaigns: arguments.target.campaigns(),
        ..Config::short()
    };
    let case = arguments.case.clone().unwrap_or_default();
    Ok((config, vec![(1, Asked { property, operation, cause: None, case, call: None })]))
}

fn tell(number: usize, asked: &Asked, answer: &Answer, target: &Target) -> anyhow::Result<u8> {
    let mut text = format!("{number}. {} on {}", asked.property, asked.operation);
    if let Some(cause) = &asked.cause {
        let _ = write!(text, ": {cause}");
    }
    let status = match answer {
        Answer::Shows(failure) => {
            let _ = writeln!(text, "\n   still shows: {}", failure.message);
            for line in &failure.reproduction {
                let _ = writeln!(text, "     {line}");
            }
            1
        }
        Answer::Gone => {
            text.push_str("\n   does not show any more\n");
            0
        }
        Answer::NotTried(reason) => {
            let _ = writeln!(text, "\n   could not be tried: {reason}");
            2
        }
    };
    super::show(&target.without_keys(&text))?;
    Ok(status)
}
