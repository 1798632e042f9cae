//! First calls whose answers lie nowhere but in memory: the caches of the processor are emptied before each.

use std::hint::black_box;

use super::grown::account;
use super::lists::LISTS;
use super::names;
use super::records::{call_ms, shortened};

/// More than caches hold.
const BYTES: u64 = 512 << 20;

/// Grows an account, and prints what the first call of each list takes with empty caches.
pub fn grow(records: usize) {
    let grown = account(records, &names::numbered);
    let others: Vec<u64> = (0..BYTES / size_of::<u64>() as u64).collect();
    for list in LISTS {
        // Whoever reads all that has put everything else out of the caches.
        black_box(others.iter().fold(0, |all, word| all ^ word));
        println!("{}\t{}", shortened(list), call_ms(&grown.mock, &grown.fill(list)));
    }
    std::process::exit(0);
}
