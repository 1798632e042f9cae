//! What memory of the system costs.

use std::hint::black_box;
use std::time::Instant;

/// Bytes that are asked of the system to see what a page costs, and bytes of a page.
const ASKED: usize = 512 << 20;
const PAGE: usize = 4096;

/// Microseconds that a page of memory takes that is written to for the first time. The host of a virtual machine takes
/// back what was not used for some seconds, and what it has to give again costs more.
pub fn page_us() -> f64 {
    // The system promises zeros without a look at them.
    let mut memory = vec![0_u8; ASKED];
    let begin = Instant::now();
    memory.iter_mut().step_by(PAGE).for_each(|byte| *byte = 1);
    let took = begin.elapsed();
    black_box(&memory);
    took.as_secs_f64() * 1e6 / (ASKED / PAGE) as f64
}
