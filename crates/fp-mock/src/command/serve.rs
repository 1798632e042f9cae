//! `fp-mock` alone: serves.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, anyhow, bail};
use fp_contract::Version;
use fp_mock::api::auth::{DEFAULT_ACCOUNT, Keys};
use fp_mock::api::front::{Front, Policy};
use fp_mock::clock::driver::pause;
use fp_mock::clock::{Mode, machine_now};
use fp_mock::control::call_log::Traced;
use fp_mock::control::desk::{Desk, Terms};
use fp_mock::control::recorder::Recorder;
use fp_mock::scenario::Scenario;
use fp_mock::server::Server;
use fp_mock::webhooks::{Settings, sender};
use fp_mock::world::{Options, World};
use serde_json::json;

use super::arguments::{Arguments, LogFormat};
use super::call_lines::CallLines;
use super::{console, scenario};

/// Between two looks at a watched file.
const LOOK: Duration = Duration::from_millis(300);

/// Serves until it is told to end.
///
/// # Errors
/// Whatever keeps the server from starting or breaks it down.
#[tokio::main]
pub async fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let address = arguments.address()?;
    if arguments.record.is_some() && arguments.start.is_none() && arguments.clock != Mode::Manual {
        // Accounts that begin whenever they are first used could not begin so again.
        arguments.start = Some(machine_now());
    }
    let desk = desk(&arguments)?;
    // A large scenario takes its time: before the server says that it listens, and with progress shown.
    desk.world().account(DEFAULT_ACCOUNT);
    let server =
        Server::bind(address, desk.clone()).await.with_context(|| format!("cannot listen on {address}"))?;
    let address = server.address()?;
    if let Some(recorder) = &desk.terms().recorder {
        recorder.set_address(&address.to_string());
    }
    // Whoever reads the line may send a signal at once.
    let interrupted = interruption()?;
    banner(&arguments, &desk, address);
    announce(address);
    if arguments.watch {
        tokio::spawn(watch(PathBuf::from(&arguments.scenario), desk));
    }
    server.serve(interrupted).await.context("the server broke down")?;
    Ok(ExitCode::SUCCESS)
}

/// Everything that is served, as the arguments want it.
///
/// # Errors
/// Whatever of them cannot be used.
pub fn desk(arguments: &Arguments) -> anyhow::Result<Desk> {
    if arguments.watch && !Path::new(&arguments.scenario).is_file() {
        bail!("--watch needs a scenario file, and {:?} is none\nhint: --scenario FILE", arguments.scenario);
    }
    let scenario = Scenario::open(&arguments.scenario).map_err(|error| anyhow!(scenario::shown(&error)))?;
    let keys = Keys::parse(&arguments.api_key).map_err(|problem| anyhow!("--api-key: {problem}"))?;
    let world = World::new(Options {
        scenario,
        seed: arguments.seed,
        clock: arguments.clock,
        start: arguments.start,
        webhooks: Settings {
            schedule: arguments.retry_schedule,
            signs: !arguments.no_signature,
            private_urls: arguments.private_webhook_urls,
            patience: arguments.webhook_patience,
            judges: arguments.validate.responses,
            authorities: authorities(arguments)?,
        },
        #[cfg(feature = "planted-faults")]
        planted: None,
    });
    let policy = Policy {
        keys,
        published: arguments.published,
        validate: arguments.validate,
        errors: arguments.errors,
        rate_limit: arguments.rate_limit.0,
        cors: arguments.cors,
    };
    let terms = Terms {
        journal_entries: arguments.max_journal_entries,
        admin_token: arguments.admin_token.clone(),
        disabled: arguments.disable_admin_api,
        recorder: recorder(arguments)?,
        call_log: match arguments.log_format {
            LogFormat::Text => Arc::new(CallLines::new(console::is_coloured())),
            LogFormat::Json => Arc::new(Traced),
        },
    };
    Ok(Desk::new(Front::open(policy, world)?, terms))
}

/// What `--webhook-ca` names.
fn authorities(arguments: &Arguments) -> anyhow::Result<Option<Arc<str>>> {
    let Some(file) = &arguments.webhook_ca else { return Ok(None) };
    let shown = file.display();
    let pem = std::fs::read_to_string(file).with_context(|| format!("--webhook-ca: cannot read {shown}"))?;
    sender::authorities(&pem).map_err(|problem| anyhow!("--webhook-ca: {shown}: {problem}"))?;
    Ok(Some(pem.into()))
}

fn recorder(arguments: &Arguments) -> anyhow::Result<Option<Arc<Recorder>>> {
    let Some(file) = &arguments.record else { return Ok(None) };
    let run = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "arguments": arguments.to_record(),
    });
    let recorder = Recorder::create(file, run);
    let recorder = recorder.with_context(|| format!("cannot write the recording {}", file.display()))?;
    Ok(Some(Arc::new(recorder)))
}

/// Says on standard error what is served, and where to point a client.
fn banner(arguments: &Arguments, desk: &Desk, address: SocketAddr) {
    let bound = desk.front().bound();
    let (version, seed) = (env!("CARGO_PKG_VERSION"), arguments.seed);
    let (scenario, clock) = (desk.world().scenario().name().to_owned(), clock_shown(arguments.clock));
    let (v2, v1) = (bound.count(Version::V2), bound.count(Version::V1));
    if arguments.log_format == LogFormat::Json {
        tracing::info!(
            version,
            url = format!("http://{address}"),
            scenario,
            seed,
            clock,
            v2,
            v1,
            "listening"
        );
        return;
    }
    let keys = match arguments.api_key.len() {
        0 => "any; each Account-ID (v2) or x-api-key (v1) is an account of its own".to_owned(),
        1 => "the one of --api-key".to_owned(),
        count => format!("the {count} of --api-key"),
    };
    let steering =
        if arguments.disable_admin_api { "off".to_owned() } else { format!("http://{address}/__admin") };
    tracing::info!(
        "fp-mock {version}: {v2} operations of v2, {v1} of v1; scenario {scenario}, seed {seed}, clock {clock}\n  \
         v2        http://{address}/api/v2  (in place of https://api.firstpromoter.com/api/v2)\n  \
         v1        http://{address}/api/v1  (in place of https://firstpromoter.com/api/v1)\n  \
         keys      {keys}\n  \
         steering  {steering}"
    );
}

fn clock_shown(mode: Mode) -> String {
    match mode {
        Mode::Real => "real".to_owned(),
        Mode::Fast { speed } => format!("fast:{speed}"),
        Mode::Manual => "manual".to_owned(),
    }
}

/// The one line on standard output: whoever starts the server waits for it.
#[expect(clippy::print_stdout, reason = "programs that start the server read this line")]
fn announce(address: SocketAddr) {
    println!("fp-mock listening on http://{address}");
}

/// Lets every account begin anew whenever the scenario's file changes; a file that cannot be used changes
/// nothing.
async fn watch(file: PathBuf, desk: Desk) {
    let mut known = look(&file);
    loop {
        pause(LOOK).await;
        let seen = look(&file);
        if seen == known || seen.is_none() {
            continue;
        }
        known = seen;
        match Scenario::open(&file.to_string_lossy()) {
            Ok(scenario) => {
                let accounts = desk.begin_anew(&scenario).len();
                tracing::info!(accounts, "the scenario was read again, and accounts began anew");
            }
            Err(error) => tracing::error!("the changed scenario is not used: {}", scenario::shown(&error)),
        }
    }
}

fn look(file: &Path) -> Option<(Option<SystemTime>, u64)> {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}

/// Listens for signals from now on; what it answers ends when one of them wants the program to end.
#[cfg(unix)]
fn interruption() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut pressed = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    // A container's end is announced so.
    let mut terminated = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    Ok(async move {
        tokio::select! {
            _ = pressed.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Ends when the user wants the program to end.
#[cfg(not(unix))]
fn interruption() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without a handler the server simply goes on until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
