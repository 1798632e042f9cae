//! Judging on the side: a thread that is handed copies, and never makes traffic wait.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use super::capture::Seen;
use crate::check::{Judgement, Rules};
use crate::contract::Contract;
use crate::recording::{Mask, line};
use crate::report::{Sighting, Tally};
use crate::violation::{Side, Violation};

/// Exchanges that may wait for the judge. Beyond them exchanges pass unjudged, and that is counted.
const MOST_WAITING: usize = 1_024;

/// What the user of a proxy is told while it runs.
#[derive(Debug)]
pub enum Notice {
    /// A cause of violations was seen for the first time.
    Violation(Box<Violation>),
    /// Something could not be done; traffic went on.
    Trouble(String),
}

type Listener = Box<dyn FnMut(Notice) + Send>;

/// The thread that judges.
#[derive(Debug)]
pub(super) struct Judge {
    thread: JoinHandle<Tally>,
    unjudged: Arc<AtomicU64>,
}

/// What a connection hands to the judge.
#[derive(Debug, Clone)]
pub(super) struct Cases {
    queue: SyncSender<Case>,
    unjudged: Arc<AtomicU64>,
}

enum Case {
    Exchange(Box<Seen>),
    Trouble(String),
}

impl Judge {
    pub(super) fn start(
        contract: &'static Contract,
        rules: Rules,
        record: Option<File>,
        mask: Mask,
        listener: Listener,
    ) -> (Judge, Cases) {
        let (queue, cases) = sync_channel(MOST_WAITING);
        let unjudged = Arc::new(AtomicU64::new(0));
        let mut bench =
            Bench { contract, rules, record: record.map(BufWriter::new), mask, listener, line: 0 };
        let thread = std::thread::spawn(move || bench.run(&cases));
        (Judge { thread, unjudged: Arc::clone(&unjudged) }, Cases { queue, unjudged })
    }

    /// Waits for the last exchange and gives the tally.
    pub(super) fn finish(self) -> Tally {
        let mut tally = self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let unjudged = self.unjudged.load(Ordering::Relaxed);
        if unjudged > 0 {
            tally.add_unreadable(format!(
                "{unjudged} exchanges passed while the judge was busy and were not judged"
            ));
        }
        tally
    }
}

impl Cases {
    /// Hands over an exchange; it is dropped and counted when too many wait.
    pub(super) fn exchange(&self, seen: Seen) {
        self.send(Case::Exchange(Box::new(seen)));
    }

    /// Hands over something to tell.
    pub(super) fn trouble(&self, text: String) {
        self.send(Case::Trouble(text));
    }

    fn send(&self, case: Case) {
        if let Err(TrySendError::Full(_)) = self.queue.try_send(case) {
            self.unjudged.fetch_add(1, Ordering::Relaxed);
        }
    }
}

struct Bench {
    contract: &'static Contract,
    rules: Rules,
    record: Option<BufWriter<File>>,
    mask: Mask,
    listener: Listener,
    line: usize,
}

impl Bench {
    fn run(&mut self, cases: &Receiver<Case>) -> Tally {
        let mut tally = Tally::new(self.mask == Mask::Values);
        while let Some(case) = self.next(cases) {
            match case {
                Case::Exchange(seen) => self.judge(&seen, &mut tally),
                Case::Trouble(text) => (self.listener)(Notice::Trouble(text)),
            }
        }
        tally
    }

    /// The next case; while there is none, the recording is brought up to date.
    fn next(&mut self, cases: &Receiver<Case>) -> Option<Case> {
        if let Ok(case) = cases.try_recv() {
            return Some(case);
        }
        if let Some(Err(error)) = self.record.as_mut().map(BufWriter::flush) {
            self.record = None;
            (self.listener)(Notice::Trouble(format!("the recording cannot be written: {error}")));
        }
        cases.recv().ok()
    }

    fn judge(&mut self, seen: &Seen, tally: &mut Tally) {
        self.line += 1;
        let exchange = seen.as_exchange();
        let mut judgement = self.contract.judge(&exchange, &self.rules);
        if !seen.is_whole() {
            judgement = Judgement { violations: Vec::new(), not_judged: Vec::new(), ..judgement };
            judgement.skip("large-body", Side::Response, "a body was too large to keep a copy of");
        }
        if let Some(file) = &mut self.record {
            let line = line(&exchange, &judgement.violations, self.mask);
            if let Err(error) = writeln!(file, "{line}") {
                self.record = None;
                (self.listener)(Notice::Trouble(format!("the recording cannot be written: {error}")));
            }
        }
        let sighting = Sighting { file: "traffic".to_owned(), line: self.line };
        for violation in tally.add(judgement, &sighting) {
            (self.listener)(Notice::Violation(Box::new(violation)));
        }
    }
}
