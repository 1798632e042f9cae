//! The lines about calls for people: `POST   /api/v2/track/sale  200  0.4 ms  account 1`.
//!
//! There is one for every call, so they are put together byte by byte, and written to standard error together: those
//! of all calls that came at once, before the first of their answers.

use std::io::Write as _;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fp_mock::control::call_log::{CallLine, CallLog};

use super::console::{CYAN, DIM, GREEN, PLAIN, RED, YELLOW};

/// Lines that nobody has asked for by then are written all the same.
const MANY_BYTES: usize = 16 * 1024;

/// Writes lines about calls.
#[derive(Debug)]
pub struct CallLines {
    coloured: bool,
    gathered: Mutex<Vec<u8>>,
}

impl CallLines {
    /// Lines to standard error, with colours or without.
    pub fn new(coloured: bool) -> Self {
        Self { coloured, gathered: Mutex::default() }
    }

    fn gathered(&self) -> MutexGuard<'_, Vec<u8>> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CallLog for CallLines {
    fn note(&self, line: &CallLine<'_>) {
        let mut gathered = self.gathered();
        write(&mut Ink { out: &mut gathered, coloured: self.coloured }, line);
        if gathered.len() >= MANY_BYTES {
            print(&mut gathered);
        }
    }

    fn flush(&self) {
        let mut gathered = self.gathered();
        if !gathered.is_empty() {
            print(&mut gathered);
        }
    }
}

/// Writes under the lock, so that lines stay in order.
fn print(gathered: &mut Vec<u8>) {
    // Where nobody listens there is nobody to tell.
    let _ = std::io::stderr().write_all(gathered);
    gathered.clear();
    if gathered.capacity() > 4 * MANY_BYTES {
        drop(mem::take(gathered));
    }
}

/// Text in colours, if there are any.
struct Ink<'o> {
    out: &'o mut Vec<u8>,
    coloured: bool,
}

impl Ink<'_> {
    fn plain(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn number(&mut self, number: u64) {
        self.plain(itoa::Buffer::new().format(number));
    }

    fn painted(&mut self, colour: &str, paint: impl FnOnce(&mut Self)) {
        if self.coloured {
            self.plain(colour);
            paint(self);
            self.plain(PLAIN);
        } else {
            paint(self);
        }
    }
}

/// Method, target, status, time, account, then what was unusual.
fn write(ink: &mut Ink<'_>, line: &CallLine<'_>) {
    ink.painted(CYAN, |ink| ink.plain(line.method));
    ink.plain(&"       "[line.method.len().min(6)..]);
    ink.plain(line.target);
    ink.plain("  ");
    let colour = match line.status {
        200..=299 => GREEN,
        300..=499 => YELLOW,
        _ => RED,
    };
    ink.painted(colour, |ink| match line.status {
        0 => ink.plain("cut"),
        status => ink.number(status.into()),
    });
    ink.plain("  ");
    let tenths = (line.took.as_micros() as u64 + 50) / 100;
    ink.painted(DIM, |ink| {
        ink.number(tenths / 10);
        ink.plain(".");
        ink.number(tenths % 10);
        ink.plain(" ms");
    });
    ink.plain("  ");
    ink.painted(DIM, |ink| {
        ink.plain("account ");
        ink.plain(line.account.unwrap_or("-"));
    });
    if let Some(fault) = line.fault {
        ink.painted(YELLOW, |ink| {
            ink.plain("  fault: ");
            ink.plain(fault);
        });
    }
    if line.violations > 0 {
        ink.painted(YELLOW, |ink| {
            ink.plain("  violations: ");
            ink.number(line.violations as u64);
            ink.plain(" (-v names them)");
        });
    }
    ink.plain("\n");
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn written(status: u16, fault: Option<&str>, violations: usize, coloured: bool) -> String {
        let took = Duration::from_micros(1_234);
        let (method, target, account) = ("GET", "/api/v2/x", Some("7"));
        let line = CallLine { method, target, status, took, account, fault, violations };
        let mut out = Vec::new();
        write(&mut Ink { out: &mut out, coloured }, &line);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_call_is_one_line_with_colours_only_where_they_are_seen() {
        assert_eq!(written(404, None, 0, false), "GET    /api/v2/x  404  1.2 ms  account 7\n");
        assert!(written(404, None, 0, true).contains("\x1b[33m404\x1b[0m"));
        assert!(written(0, None, 0, false).contains("  cut  "));
        let unusual = written(200, Some("delay"), 2, false);
        assert!(unusual.ends_with("account 7  fault: delay  violations: 2 (-v names them)\n"), "{unusual}");
    }

    #[test]
    fn lines_are_gathered_until_their_answers_go_out() {
        let lines = CallLines::new(false);
        let line = CallLine {
            method: "POST",
            target: "/",
            status: 200,
            took: Duration::ZERO,
            account: None,
            fault: None,
            violations: 0,
        };
        lines.note(&line);
        lines.note(&line);
        let shown = "POST   /  200  0.0 ms  account -\n";
        assert_eq!(*lines.gathered(), shown.repeat(2).as_bytes());
        lines.flush();
        assert!(lines.gathered().is_empty());
    }
}
