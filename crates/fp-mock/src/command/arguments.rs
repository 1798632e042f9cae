//! Flags, subcommands and environment variables.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::builder::FalseyValueParser;
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use fp_mock::api::front::Validate;
use fp_mock::clock::Mode;
use fp_mock::clock::duration;
use fp_mock::clock::timestamp::Timestamp;
use fp_mock::control::journal;
use fp_mock::webhooks::retry::Schedule;

/// The port that is listened on unless told otherwise.
const PORT: u16 = 4010;

/// A FirstPromoter for your tests: stateful, deterministic, on a clock you own.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Every flag can be set by a variable, FP_MOCK_ and its name: FP_MOCK_RATE_LIMIT=400."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The address to listen on.
    #[arg(long, env = "FP_MOCK_HOST", default_value = "127.0.0.1", global = true)]
    pub host: IpAddr,
    /// The port to listen on, 4010 if none is named; 0 takes any that is free. The variable PORT counts too.
    #[arg(short, long, env = "FP_MOCK_PORT", global = true)]
    port: Option<u16>,
    /// The state accounts start from: a name (empty, starter, demo) or a file.
    #[arg(long, env = "FP_MOCK_SCENARIO", default_value = "starter", value_name = "NAME|FILE")]
    pub scenario: String,
    /// Decides ids, tokens and names.
    #[arg(long, env = "FP_MOCK_SEED", default_value_t = 0)]
    pub seed: u64,
    /// When accounts begin (ISO 8601). Default: now; 2025-01-15T10:30:00Z with a manual clock.
    #[arg(long, env = "FP_MOCK_START", value_name = "TIME", value_parser = parse_time)]
    pub start: Option<Timestamp>,
    /// How clocks go: real, fast:N (N times as fast) or manual.
    #[arg(long, env = "FP_MOCK_CLOCK", default_value = "real", value_parser = parse_clock)]
    pub clock: Mode,
    /// A key and what it opens; repeatable. None: any key opens the account it names.
    #[arg(long, env = "FP_MOCK_API_KEY", value_delimiter = ',', value_name = "KEY[=ACCOUNT[:ROLE]]")]
    pub api_key: Vec<String>,
    /// Answer a request that breaks the contract with what is wrong, as problem+json.
    #[arg(long, env = "FP_MOCK_ERRORS", value_parser = FalseyValueParser::new())]
    pub errors: bool,
    /// What is held against the contract: requests,responses, one of them, or off.
    #[arg(long, env = "FP_MOCK_VALIDATE", default_value = "requests,responses", value_parser = parse_validate)]
    pub validate: Validate,
    /// Resolve and judge calls by the contract as published, without corrections.
    #[arg(long, env = "FP_MOCK_PUBLISHED", value_parser = FalseyValueParser::new())]
    pub published: bool,
    /// Calls a minute that each account may make, on its own clock, or off. The real one is 400.
    #[arg(long, env = "FP_MOCK_RATE_LIMIT", default_value = "off", value_name = "N|off", value_parser = parse_rate)]
    pub rate_limit: Rate,
    /// When failed webhook deliveries are tried again: linear (20 minutes more each time) or exponential (2
    /// minutes, doubling).
    #[arg(long, env = "FP_MOCK_RETRY_SCHEDULE", default_value = "linear", value_parser = parse_schedule)]
    pub retry_schedule: Schedule,
    /// Send webhooks without X-Webhook-Signature.
    #[arg(long, env = "FP_MOCK_NO_SIGNATURE", value_parser = FalseyValueParser::new())]
    pub no_signature: bool,
    /// Whether webhook URLs may lead into private networks: allow or deny.
    #[arg(long, env = "FP_MOCK_PRIVATE_WEBHOOK_URLS", default_value = "allow", action = ArgAction::Set)]
    #[arg(value_name = "allow|deny", value_parser = parse_private_urls)]
    pub private_webhook_urls: bool,
    /// Certificates (PEM) of authorities that webhook receivers may have theirs from, beside those the system trusts.
    #[arg(long, env = "FP_MOCK_WEBHOOK_CA", value_name = "FILE")]
    pub webhook_ca: Option<PathBuf>,
    /// On a fast or manual clock: how long a webhook receiver is given in real time at least, unless its timeout
    /// is shorter (5s, 500ms).
    #[arg(long, env = "FP_MOCK_WEBHOOK_PATIENCE", default_value = "5s", value_parser = parse_span)]
    pub webhook_patience: Duration,
    /// Let browsers call from anywhere.
    #[arg(long, env = "FP_MOCK_CORS", value_parser = FalseyValueParser::new())]
    pub cors: bool,
    /// Let control calls in with this bearer token alone.
    #[arg(long, env = "FP_MOCK_ADMIN_TOKEN", value_name = "TOKEN")]
    pub admin_token: Option<String>,
    /// Have no control API.
    #[arg(long, env = "FP_MOCK_DISABLE_ADMIN_API", value_parser = FalseyValueParser::new())]
    pub disable_admin_api: bool,
    /// Calls that each account's journal keeps; 0 keeps none.
    #[arg(long, env = "FP_MOCK_MAX_JOURNAL_ENTRIES", default_value_t = journal::ENTRIES, value_name = "N")]
    pub max_journal_entries: usize,
    /// What is logged to standard error looks so.
    #[arg(long, env = "FP_MOCK_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    /// Log more: violations and bodies; twice, everything.
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
    /// Begin all accounts anew whenever the scenario's file changes.
    #[arg(long, env = "FP_MOCK_WATCH", value_parser = FalseyValueParser::new())]
    pub watch: bool,
    /// Write every call and its answer into this file, for --replay.
    #[arg(long, env = "FP_MOCK_RECORD", value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Do not serve: make the calls of a recording again, compare every answer, and say what differs.
    #[arg(long, env = "FP_MOCK_REPLAY", value_name = "FILE", conflicts_with = "record")]
    pub replay: Option<PathBuf>,
}

/// What else can be asked for than to serve.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say by the exit status whether a server answers: 0 if so, 1 if not.
    Ready {
        /// Wait until it does.
        #[arg(long)]
        wait: bool,
        /// How long to wait.
        #[arg(long, default_value = "30s", value_parser = parse_span)]
        timeout: Duration,
    },
    /// List every operation with its handler.
    Operations,
    /// Tell for each operation and rule whether it is documented, observed or chosen, as Markdown.
    Fidelity {
        /// Say only whether this file holds just that: 0 if so, 1 if not.
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
    },
    /// Work with scenario files.
    Scenario {
        #[command(subcommand)]
        command: ScenarioCommand,
    },
}

/// What can be done with a scenario file.
#[derive(Debug, Subcommand)]
pub enum ScenarioCommand {
    /// Say whether it can be used, and if not, what is wrong where: 0 if so, 1 if not.
    Check {
        /// The file.
        file: String,
    },
}

/// What log lines look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object a line.
    Json,
}

/// A limit, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(pub Option<u32>);

impl Arguments {
    /// The flags that answers depend on, to start a server that answers the same.
    pub fn to_record(&self) -> Vec<String> {
        let mut flags = vec![("--scenario", self.scenario.clone()), ("--seed", self.seed.to_string())];
        flags.extend(self.start.map(|start| ("--start", start.to_string())));
        flags.extend(self.api_key.iter().map(|key| ("--api-key", key.clone())));
        flags.push(("--validate", self.validate.to_string()));
        flags.extend(self.rate_limit.0.map(|limit| ("--rate-limit", limit.to_string())));
        flags.push(("--retry-schedule", self.retry_schedule.name.to_owned()));
        let private = if self.private_webhook_urls { "allow" } else { "deny" };
        flags.push(("--private-webhook-urls", private.to_owned()));
        let authorities = self.webhook_ca.iter().map(|file| file.display().to_string());
        flags.extend(authorities.map(|file| ("--webhook-ca", file)));
        flags.extend(self.admin_token.iter().map(|token| ("--admin-token", token.clone())));
        let switches = [
            ("--errors", self.errors),
            ("--published", self.published),
            ("--no-signature", self.no_signature),
            ("--cors", self.cors),
            ("--disable-admin-api", self.disable_admin_api),
        ];
        let switches = switches.into_iter().filter(|(_, on)| *on).map(|(name, _)| name.to_owned());
        flags.into_iter().map(|(name, value)| format!("{name}={value}")).chain(switches).collect()
    }

    /// Where to listen, or where a server should.
    ///
    /// # Errors
    /// If the variable PORT holds something else than a port.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        let port = match (self.port, std::env::var("PORT")) {
            (Some(port), _) => port,
            (None, Err(_)) => PORT,
            (None, Ok(text)) => {
                text.parse().with_context(|| format!("PORT: expected a port number, found {text:?}"))?
            }
        };
        Ok(SocketAddr::new(self.host, port))
    }
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "expected a time such as 2025-01-15T10:30:00Z".to_owned())
}

fn parse_clock(text: &str) -> Result<Mode, String> {
    let fast = |speed: &str| speed.parse().ok().filter(|speed: &f64| *speed > 0.0 && speed.is_finite());
    match text {
        "real" => Ok(Mode::Real),
        "manual" => Ok(Mode::Manual),
        other => match other.strip_prefix("fast:").and_then(fast) {
            Some(speed) => Ok(Mode::Fast { speed }),
            None => Err("expected real, manual or fast:N with N above 0".to_owned()),
        },
    }
}

fn parse_validate(text: &str) -> Result<Validate, String> {
    let mut validate = Validate { requests: false, responses: false };
    for part in text.split(',').map(str::trim).filter(|part| *part != "off") {
        match part {
            "requests" => validate.requests = true,
            "responses" => validate.responses = true,
            _ => {
                return Err("expected requests, responses, both with a comma between them, or off".to_owned());
            }
        }
    }
    Ok(validate)
}

fn parse_rate(text: &str) -> Result<Rate, String> {
    match text {
        "off" => Ok(Rate(None)),
        number => match number.parse() {
            Ok(limit) if limit > 0 => Ok(Rate(Some(limit))),
            _ => Err("expected a number of calls a minute from 1, or off".to_owned()),
        },
    }
}

fn parse_schedule(text: &str) -> Result<Schedule, String> {
    Schedule::named(text).ok_or_else(|| "expected linear or exponential".to_owned())
}

fn parse_private_urls(text: &str) -> Result<bool, String> {
    match text {
        "allow" => Ok(true),
        "deny" => Ok(false),
        _ => Err("expected allow or deny".to_owned()),
    }
}

fn parse_span(text: &str) -> Result<Duration, String> {
    let ms = duration::parse_ms(text).and_then(|ms| u64::try_from(ms).ok());
    ms.map(Duration::from_millis).ok_or_else(|| "expected a span such as 5s or 500ms".to_owned())
}
