//! What the mock costs, held against what it may cost: `cargo bench -p fp-mock --bench targets` measures everything
//! and prints a table; a word after `--` picks a part (`start`, `serving`, `accounts`, `deliveries`).
//!
//! The server is the release binary on one core, the load comes from this program on another.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a load program prints what it measured")]

mod accounts;
mod bare;
mod calls;
mod load;
mod machine;
mod pages;
mod parts;
mod program;
mod quiet;
mod receiving;
mod serving;
mod start;
mod table;

use std::env;

use parts::Part;

/// The parts, in the order in which they run.
const PARTS: [Part; 4] = [
    ("start", start::measure),
    ("serving", serving::measure),
    ("accounts", accounts::measure),
    ("deliveries", receiving::measure),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // The other roles of this program: it starts itself in them.
        ["as-bare-server", sizes @ ..] => bare::serve(sizes),
        // `cargo test --benches` only asks whether it builds.
        _ if !arguments.iter().any(|argument| argument == "--bench") => {}
        words => parts::run(&PARTS, words),
    }
}
