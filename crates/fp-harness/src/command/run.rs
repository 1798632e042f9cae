//! `fp-harness run`: attacks a target and reports.

use std::time::Duration;

use clap::Args;
use fp_contract::Version;
use fp_harness::config::{Config, Phase};
use fp_harness::target::Target;
use fp_harness::{report, run};

/// What `run` takes.
#[derive(Args)]
pub struct Arguments {
    /// The endpoint, http://127.0.0.1:4010.
    #[arg(long, env = "FP_TARGET", requires = "key")]
    target: Option<String>,
    /// The account to work on.
    #[arg(long, env = "FP_ACCOUNT", default_value = "1")]
    account: String,
    /// The API key.
    #[arg(long, env = "FP_KEY", hide_env_values = true)]
    key: Option<String>,
    /// The key of v1, if it is another one.
    #[arg(long, env = "FP_V1_KEY", hide_env_values = true)]
    v1_key: Option<String>,
    /// The API to attack.
    #[arg(long, default_value = "all")]
    api: Api,
    /// Only this phase: contract, behaviour or model; repeatable.
    #[arg(long, value_parser = parse_phase)]
    phase: Vec<Phase>,
    /// Only operations whose name contains this, `POST /api/v2/track/sale`; repeatable.
    #[arg(long)]
    operation: Vec<String>,
    /// Only this property; repeatable.
    #[arg(long)]
    property: Vec<String>,
    /// Cases for each operation, or sequences of the model.
    #[arg(long, default_value_t = 20)]
    cases: u32,
    /// Decides every case.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Calls a minute. Default: 380 for a host that is not this machine, else as fast as it goes.
    #[arg(long)]
    rate: Option<u32>,
    /// Calls in all.
    #[arg(long)]
    budget: Option<u64>,
    /// Seconds in all.
    #[arg(long)]
    time: Option<u64>,
    /// Accounts attacked side by side (a mock only).
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// Allow changes at a host that is not this machine.
    #[arg(long)]
    allow_writes: bool,
}

/// The real service takes 400 calls a minute.
const POLITE_RATE: u32 = 380;

#[derive(Clone, Copy, clap::ValueEnum)]
enum Api {
    V1,
    V2,
    All,
}

impl Api {
    fn versions(self) -> Vec<Version> {
        match self {
            Self::V1 => vec![Version::V1],
            Self::V2 => vec![Version::V2],
            Self::All => vec![Version::V1, Version::V2],
        }
    }
}

fn parse_phase(text: &str) -> Result<Phase, String> {
    Phase::named(text).ok_or_else(|| format!("expected one of {}", Phase::ALL.map(Phase::name).join(", ")))
}

/// Runs, shows the report, and answers the exit status.
///
/// # Errors
/// When the target's address cannot be used.
pub fn attack(arguments: &Arguments) -> anyhow::Result<u8> {
    let key = arguments.key.as_deref().unwrap_or_default();
    let target = match &arguments.target {
        Some(url) => Target::remote(url, &arguments.account, key, arguments.v1_key.as_deref())?,
        None => Target::in_process(arguments.seed),
    };
    let polite = (!target.is_this_machine()).then_some(POLITE_RATE);
    let config = Config {
        versions: arguments.api.versions(),
        phases: if arguments.phase.is_empty() { Phase::ALL.to_vec() } else { arguments.phase.clone() },
        operations: arguments.operation.clone(),
        properties: arguments.property.clone(),
        cases: arguments.cases,
        seed: arguments.seed,
        rate_per_minute: arguments.rate.or(polite),
        budget: arguments.budget,
        time: arguments.time.map(Duration::from_secs),
        workers: arguments.workers,
        allow_writes: arguments.allow_writes,
        ..Config::short()
    };
    let outcome = run::run(&config, &target);
    super::show(&report::text::show(&outcome));
    Ok(outcome.exit_status())
}
