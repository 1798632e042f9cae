//! The `fp-mock` command.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, anyhow};
use clap::Parser;
use fp_mock::api::auth::Keys;
use fp_mock::api::front::{Front, Policy};
use fp_mock::clock::timestamp::Timestamp;
use fp_mock::clock::{Mode, duration};
use fp_mock::control::desk::{Desk, Terms};
use fp_mock::scenario::Scenario;
use fp_mock::server::Server;
use fp_mock::webhooks::Settings;
use fp_mock::webhooks::retry::Schedule;
use fp_mock::world::{Options, World};

/// A FirstPromoter for your tests: stateful, deterministic, on a clock you own.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The address to listen on.
    #[arg(long, env = "FP_MOCK_HOST", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port to listen on; 0 takes any that is free. Without it, the variable PORT counts too.
    #[arg(short, long, env = "FP_MOCK_PORT")]
    port: Option<u16>,
    /// The state accounts start from: a name (empty, starter) or a file.
    #[arg(long, env = "FP_MOCK_SCENARIO", default_value = "starter")]
    scenario: String,
    /// Decides ids, tokens and names.
    #[arg(long, env = "FP_MOCK_SEED", default_value_t = 0)]
    seed: u64,
    /// When accounts begin (ISO 8601). Default: now; 2025-01-15T10:30:00Z with a manual clock.
    #[arg(long, env = "FP_MOCK_START", value_parser = parse_time)]
    start: Option<Timestamp>,
    /// How clocks go: real, fast:N (N times as fast) or manual.
    #[arg(long, env = "FP_MOCK_CLOCK", default_value = "real", value_parser = parse_clock)]
    clock: Mode,
    /// A key and what it opens, KEY[=ACCOUNT[:ROLE]]; repeatable. None: any key opens the account it names.
    #[arg(long, env = "FP_MOCK_API_KEY", value_delimiter = ',')]
    api_key: Vec<String>,
    /// When failed webhook deliveries are tried again: linear (20 minutes more each time) or exponential (2
    /// minutes, doubling).
    #[arg(long, env = "FP_MOCK_RETRY_SCHEDULE", default_value = "linear", value_parser = parse_schedule)]
    retry_schedule: Schedule,
    /// Send webhooks without X-Webhook-Signature.
    #[arg(long, env = "FP_MOCK_NO_SIGNATURE")]
    no_signature: bool,
    /// Whether webhook URLs may lead into private networks: allow or deny.
    #[arg(long, env = "FP_MOCK_PRIVATE_WEBHOOK_URLS", default_value = "allow", value_parser = parse_private_urls)]
    private_webhook_urls: bool,
    /// On a fast or manual clock: how long a webhook receiver is given in real time at least, unless its timeout
    /// is shorter (5s, 500ms).
    #[arg(long, env = "FP_MOCK_WEBHOOK_PATIENCE", default_value = "5s", value_parser = parse_span)]
    webhook_patience: Duration,
    /// Resolve and judge calls by the contract as published, without corrections.
    #[arg(long, env = "FP_MOCK_PUBLISHED")]
    published: bool,
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

const DEFAULT_PORT: u16 = 4010;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).init();
    match run(arguments) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            std::process::ExitCode::from(2)
        }
    }
}

#[tokio::main]
async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let port = match arguments.port {
        Some(port) => port,
        None => port_of_environment()?.unwrap_or(DEFAULT_PORT),
    };
    let world = World::new(Options {
        scenario: Scenario::open(&arguments.scenario)?,
        seed: arguments.seed,
        clock: arguments.clock,
        start: arguments.start,
        webhooks: Settings {
            schedule: arguments.retry_schedule,
            signs: !arguments.no_signature,
            private_urls: arguments.private_webhook_urls,
            patience: arguments.webhook_patience,
            judges: true,
        },
    });
    let keys = Keys::parse(&arguments.api_key).map_err(|problem| anyhow!("--api-key: {problem}"))?;
    let front = Front::open(Policy { keys, published: arguments.published, ..Policy::default() }, world)?;
    let address = SocketAddr::new(arguments.host, port);
    let server = Server::bind(address, Desk::new(front, Terms::default()))
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    announce(server.address()?);
    server.serve(interrupted()).await.context("the server broke down")
}

fn port_of_environment() -> anyhow::Result<Option<u16>> {
    let Ok(text) = std::env::var("PORT") else { return Ok(None) };
    text.parse().map(Some).with_context(|| format!("PORT: expected a port number, found {text:?}"))
}

/// The one line on standard output: whoever starts the server waits for it.
#[expect(clippy::print_stdout, reason = "programs that start the server read this line")]
fn announce(address: SocketAddr) {
    println!("fp-mock listening on http://{address}");
}

async fn interrupted() {
    // Without a signal handler the server simply goes on until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
