//! What the mock costs, held against what it may cost: `cargo bench -p fp-mock --bench targets` measures everything
//! and prints a table; a word after `--` picks a part (`start`, `serving`, `accounts`, `deliveries`, `growth`).
//!
//! The server is the release binary on one core, the load comes from this program on another.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a load program prints what it measured")]

mod accounts;
mod bare;
mod grown;
mod growth;
mod lists;
mod load;
mod machine;
mod program;
mod receiving;
mod serving;
mod slopes;
mod start;
mod table;
mod worlds;

use std::env;

use table::Table;

/// A part of the measurement and its name.
type Part = (&'static str, fn(&mut Table));

/// The parts, in the order in which they run.
const PARTS: [Part; 6] = [
    ("start", start::measure),
    ("serving", serving::measure),
    ("accounts", accounts::measure),
    ("worlds", worlds::measure),
    ("deliveries", receiving::measure),
    ("growth", growth::measure),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // The other roles of this program: it starts itself in them.
        ["as-bare-server", sizes @ ..] => bare::serve(sizes),
        ["as-account-of", records, words @ ..] => {
            growth::grow(records.parse().expect("a number of records"), words);
        }
        ["as-world-of", accounts] => worlds::grow(accounts.parse().expect("a number of accounts")),
        // `cargo test --benches` only asks whether it builds.
        _ if !arguments.iter().any(|argument| argument == "--bench") => {}
        words => run(words),
    }
}

fn run(words: &[&str]) {
    let wanted: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with("--")).collect();
    let mut table = Table::default();
    table.say(&format!("{}\n", machine::description()));
    for (name, measure) in PARTS {
        if wanted.is_empty() || wanted.contains(&name) {
            measure(&mut table);
        }
    }
    table.print();
}
