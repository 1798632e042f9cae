//! How long a mock takes to start inside a test, after the first of its process. `cargo bench -p fp-mock --bench start`
//! starts 500; without `--bench` ten are started, as a check.

use std::time::{Duration, Instant};

use fp_mock::Mock;

fn main() {
    let is_whole = std::env::args().any(|argument| argument == "--bench");
    let began = Instant::now();
    drop(Mock::start());
    let first = began.elapsed();
    let mut times: Vec<Duration> = (0..if is_whole { 500 } else { 10 })
        .map(|_| {
            let began = Instant::now();
            let mock = Mock::start();
            let took = began.elapsed();
            // It works: it has been started only if it answers.
            assert_eq!(mock.get("/api/v2/company/promoters")["data"][0]["email"], "jane@example.com");
            took
        })
        .collect();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    report(first, at(50), at(99));
}

#[expect(clippy::print_stdout, reason = "the figures are what was asked for")]
fn report(first: Duration, half: Duration, most: Duration) {
    println!("the first {first:?}; of those after it half within {half:?}, 99 of 100 within {most:?}");
}
