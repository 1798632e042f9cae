//! How cost grows with records and with accounts: `cargo bench -p fp-mock --bench growth` measures it and prints tables;
//! a word after `--` picks a part (`growth`, `worlds`).
//!
//! Accounts are held in processes of this program and called without a socket. They have the program's allocator, which
//! is why this is no part of `targets`: there the bare server has the system's.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it prints what it measured")]

mod caches;
mod grown;
mod lists;
#[path = "../targets/machine.rs"]
mod machine;
mod names;
#[path = "../targets/parts.rs"]
mod parts;
mod records;
mod slopes;
#[expect(dead_code, reason = "here every figure has a target that it is not to exceed")]
#[path = "../targets/table.rs"]
mod table;
mod worlds;

use std::env;

use parts::Part;

/// The one of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The parts, in the order in which they run.
const PARTS: [Part; 2] = [("worlds", worlds::measure), ("growth", records::measure)];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // The other roles of this program: it starts itself in them.
        ["as-account-of", records, words @ ..] => {
            records::grow(records.parse().expect("a number of records"), words);
        }
        ["with-lifelike-names", records, words @ ..] => {
            records::search(records.parse().expect("a number of records"), words);
        }
        ["with-empty-caches", records] => caches::grow(records.parse().expect("a number of records")),
        [role @ ("as-world-of" | "as-empty-world-of"), accounts] => {
            worlds::grow(role, accounts.parse().expect("a number of accounts"));
        }
        // `cargo test --benches` only asks whether it builds.
        _ if !arguments.iter().any(|argument| argument == "--bench") => {}
        words => parts::run(&PARTS, words),
    }
}
