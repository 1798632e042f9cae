//! The machine: its cores, and what the kernel knows of a process.

use std::fs;
use std::process::Command;

/// The core that servers run on.
pub const SERVER_CORE: &str = "0";
/// The core that load and receivers run on.
pub const CLIENT_CORE: &str = "1";

/// The model of the processor and how many cores there are.
pub fn description() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = |name: &str| {
        let found = cpuinfo.lines().find(|line| line.starts_with(name));
        found.and_then(|line| line.split_once(':')).map_or("?", |(_, value)| value.trim())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "Processor: {} (family {}, model {}), {cores} cores.",
        line("model name"),
        line("cpu family"),
        line("model\t")
    )
}

/// Keeps the calling thread, and the processes it starts from now on, on one core. Without `taskset`, or a second
/// core, nothing happens: the figures are then those of a machine that is shared.
pub fn stay_on(core: &str) {
    let thread = fs::read_link("/proc/thread-self").unwrap_or_default();
    let Some(id) = thread.file_name() else { return };
    let _ = Command::new("taskset").args(["-cp", core]).arg(id).output();
}

/// Megabytes (MiB) of memory that a process holds.
pub fn resident_mib(process: u32) -> f64 {
    mib_of(&format!("/proc/{process}/status"), "VmRSS:")
}

/// The memory that stands behind a name in one of the kernel's files, in KiB there.
pub fn mib_of(file: &str, name: &str) -> f64 {
    let lines = fs::read_to_string(file).unwrap_or_default();
    let line = lines.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
    kib.unwrap_or(0.0) / 1024.0
}
