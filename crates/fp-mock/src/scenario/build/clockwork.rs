//! What comes due by itself while the past of a scenario goes by.

use std::collections::VecDeque;

use crate::clock::timestamp::Timestamp;
use crate::domain::agenda::Task;
use crate::domain::state::State;
use crate::domain::{batch, payments_batch};

/// A queue of its own for the agenda, because there is no account yet to keep one.
#[derive(Debug, Default)]
pub(in crate::scenario) struct Clockwork {
    due: VecDeque<(Timestamp, Task)>,
}

impl Clockwork {
    /// Does everything that is due by `until`, each at its moment.
    pub(in crate::scenario) fn run_until(&mut self, state: &mut State, until: Timestamp) {
        self.take(state);
        while let Some((at, task)) = self.due.pop_front_if(|(at, _)| *at <= until) {
            match task {
                Task::BatchStep(id) => batch::step_by_itself(state, at, id),
                Task::PaymentsBatchStep(id) => payments_batch::step_by_itself(state, at, id),
                // Nobody was asked and nobody was written to in a past that is made up.
                Task::FulfilmentCheck(_) | Task::EmailDue(_) | Task::EmailRound { .. } => {}
            }
            self.take(state);
        }
    }

    /// Leaves what is not due yet to the account.
    pub(in crate::scenario) fn put_back(self, state: &mut State) {
        for (at, task) in self.due {
            state.agenda.add(at, task);
        }
    }

    fn take(&mut self, state: &mut State) {
        for (at, task) in state.agenda.drain() {
            let place = self.due.partition_point(|(due, _)| *due <= at);
            self.due.insert(place, (at, task));
        }
    }
}
