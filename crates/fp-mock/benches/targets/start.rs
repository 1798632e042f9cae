//! From nothing to the first answer: time, memory, size.

use std::time::Instant;

use super::machine::resident_mib;
use super::program::Server;
use super::table::{Table, Wanted, middle};

const STARTS: usize = 21;

pub fn measure(table: &mut Table) {
    let binary = env!("CARGO_BIN_EXE_fp-mock");
    let size = std::fs::metadata(binary).map_or(0, |file| file.len());
    let (mut times_ms, mut idle_mib) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let began = Instant::now();
        let server = Server::mock(&[]);
        server.json("1", "GET", "/api/v2/company/promoters", "");
        times_ms.push(began.elapsed().as_secs_f64() * 1e3);
        idle_mib.push(resident_mib(server.process()));
    }
    table.judge("spawn to first answer, starter", middle(times_ms), "ms", Wanted::AtMost(20.0));
    table.judge("resident memory, idle", middle(idle_mib), "MiB", Wanted::AtMost(20.0));
    table.judge("release binary, stripped", size as f64 / 1e6, "MB", Wanted::AtMost(12.0));
}
