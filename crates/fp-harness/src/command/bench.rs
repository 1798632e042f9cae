//! `fp-harness bench`: does the harness find faults that were planted, and only those?

use clap::Args;

/// What `bench` takes.
#[derive(Args)]
pub struct Arguments {
    /// Only this fault; repeatable.
    #[arg(long)]
    fault: Vec<String>,
    /// Faults that are looked for side by side. Default: as many as there are cores.
    #[arg(long)]
    workers: Option<usize>,
    /// Decides every case.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// So many calls of a mock without a fault, which must find nothing. Default: 100000, none with --fault.
    #[arg(long)]
    clean: Option<u64>,
    /// For programs.
    #[arg(long)]
    json: bool,
}

/// Says how to build what this needs.
///
/// # Errors
/// Always: there are no faults in this build.
#[cfg(not(feature = "planted-faults"))]
pub fn measure(_arguments: &Arguments) -> anyhow::Result<u8> {
    anyhow::bail!(
        "this build has no planted faults\nhint: cargo run --release -p fp-harness --features planted-faults -- bench"
    )
}

/// Looks for the faults, attacks a clean mock, shows what came of it, and answers the exit status: 0 if every
/// fault was found and nothing else.
///
/// # Errors
/// For a fault that does not exist.
#[cfg(feature = "planted-faults")]
pub fn measure(arguments: &Arguments) -> anyhow::Result<u8> {
    use fp_harness::bench::{Fault, as_json, as_line, as_text, run_all, run_clean};

    let unknown = |name: &str| {
        let known: Vec<&str> = Fault::ALL.iter().map(|fault| fault.name()).collect();
        anyhow::anyhow!("expected the name of a fault, found {name:?}\nhint: one of {}", known.join(", "))
    };
    let named = |name: &String| Fault::named(name).ok_or_else(|| unknown(name));
    let chosen = arguments.fault.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    let faults = if chosen.is_empty() { Fault::ALL } else { &chosen };
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = arguments.workers.unwrap_or_else(cores);
    let began = std::time::Instant::now();
    let trials = run_all(faults, arguments.seed, workers, &|trial| note(&as_line(trial)));
    let took = began.elapsed();
    let calls = arguments.clean.unwrap_or(if chosen.is_empty() { 100_000 } else { 0 });
    let clean = (calls > 0).then(|| run_clean(calls, arguments.seed, workers));
    let shown = match arguments.json {
        true => format!("{:#}\n", as_json(&trials, clean.as_ref(), took)),
        false => as_text(&trials, clean.as_ref(), took),
    };
    super::show(&shown)?;
    let all_found = trials.iter().all(|trial| trial.found.is_some());
    let no_alarm = clean.is_none_or(|clean| clean.findings.failures.is_empty());
    Ok(u8::from(!(all_found && no_alarm)))
}

/// Tells beside the report how far it is.
#[cfg(feature = "planted-faults")]
#[expect(clippy::print_stderr, reason = "progress stands apart from the report")]
fn note(text: &str) {
    eprint!("{text}");
}
