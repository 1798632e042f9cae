//! What is due when: one queue for each account, ordered by moment and then by order of entry.

use std::collections::BTreeMap;

use super::timestamp::Timestamp;

/// Jobs by the moment at which they are due.
#[derive(Clone, Debug)]
pub struct Scheduler<J> {
    queue: BTreeMap<(Timestamp, u64), J>,
    sequence: u64,
}

impl<J> Default for Scheduler<J> {
    fn default() -> Self {
        Self { queue: BTreeMap::new(), sequence: 0 }
    }
}

impl<J> Scheduler<J> {
    /// Lets `job` be due at `at`, after everything that is due at the same moment already.
    pub fn add(&mut self, at: Timestamp, job: J) {
        self.sequence += 1;
        self.queue.insert((at, self.sequence), job);
    }

    /// The moment of the first job.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.queue.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes out the first job if it is due by `until`.
    pub fn pop_due(&mut self, until: Timestamp) -> Option<(Timestamp, J)> {
        let entry = self.queue.first_entry()?;
        if entry.key().0 > until {
            return None;
        }
        let ((at, _), job) = entry.remove_entry();
        Some((at, job))
    }

    /// Takes out every job that `keep` does not want.
    pub fn retain(&mut self, mut keep: impl FnMut(&J) -> bool) {
        self.queue.retain(|_, job| keep(job));
    }

    /// How many jobs wait.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn jobs_come_out_by_moment_then_by_order_of_entry(times in proptest::collection::vec(0i64..20, 0..50)) {
            let mut scheduler = Scheduler::default();
            for (order, at) in times.iter().enumerate() {
                scheduler.add(Timestamp::from_millis(*at), order);
            }
            let mut out = Vec::new();
            while let Some((at, order)) = scheduler.pop_due(Timestamp::from_millis(100)) {
                out.push((at.millis(), order));
            }
            let mut expected: Vec<_> = times.iter().copied().zip(0..).collect();
            expected.sort();
            prop_assert_eq!(out, expected);
        }

        #[test]
        fn nothing_comes_out_before_its_moment(at in 1i64..1000) {
            let mut scheduler = Scheduler::default();
            scheduler.add(Timestamp::from_millis(at), ());
            prop_assert!(scheduler.pop_due(Timestamp::from_millis(at - 1)).is_none());
            prop_assert!(scheduler.pop_due(Timestamp::from_millis(at)).is_some());
        }
    }
}
