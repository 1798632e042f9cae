//! From nothing to the first answer: time, memory, size.

use std::time::Instant;

use super::machine::resident_mib;
use super::program::Server;
use super::quiet;
use super::table::{Table, Wanted, middle};

/// So many starts in so many [quiet](quiet::rounds) rounds.
const STARTS: usize = 7;
const ROUNDS: usize = 3;

pub fn measure(table: &mut Table) {
    let binary = env!("CARGO_BIN_EXE_fp-mock");
    let size = std::fs::metadata(binary).map_or(0, |file| file.len());
    let round = || (0..STARTS).map(|_| start()).collect::<Vec<_>>();
    let (times_ms, idle_mib) = quiet::rounds(ROUNDS, round).0.into_iter().flatten().unzip();
    table.judge("spawn to first answer, starter", middle(times_ms), "ms", Wanted::AtMost(20.0));
    table.judge("resident memory, idle", middle(idle_mib), "MiB", Wanted::AtMost(20.0));
    table.judge("release binary, stripped", size as f64 / 1e6, "MB", Wanted::AtMost(12.0));
}

/// How long a start takes up to the first answer, in milliseconds, and the memory that is held then.
fn start() -> (f64, f64) {
    let began = Instant::now();
    let server = Server::mock(&[]);
    server.json("1", "GET", "/api/v2/company/promoters", "");
    (began.elapsed().as_secs_f64() * 1e3, resident_mib(server.process()))
}
