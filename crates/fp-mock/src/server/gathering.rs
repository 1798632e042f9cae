//! Answers that go out together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::yield_now;

/// So often an answer waits for others at most.
const ROUNDS_MAX: usize = 8;

/// Answers of all connections wait for each other before they go out: everything that came at once is answered first,
/// and what comes in the meantime. A client that is woken by each of them costs more than the answers themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathering {
    /// How many answers there were.
    answers: Arc<AtomicUsize>,
}

impl Gathering {
    /// An answer is ready; waits until no other became so for a round of all that is to be done, or for some rounds.
    pub(super) async fn join(&self) {
        self.answers.fetch_add(1, Ordering::Relaxed);
        for _ in 0..ROUNDS_MAX {
            let before = self.answers.load(Ordering::Relaxed);
            yield_now().await;
            if self.answers.load(Ordering::Relaxed) == before {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn answers_go_out_after_those_that_became_ready_meanwhile() {
        let (gathering, order) = (Gathering::default(), Arc::<Mutex<Vec<&str>>>::default());
        let answer = |rounds: usize, name: &'static str| {
            let (gathering, order) = (gathering.clone(), Arc::clone(&order));
            tokio::spawn(async move {
                for _ in 0..rounds {
                    yield_now().await;
                }
                order.lock().expect("no panic").push(name);
                gathering.join().await;
                order.lock().expect("no panic").push("one is out");
            })
        };
        // Those that yielded go on in turned order: each of these is ready before an earlier one looks for it.
        let answers = [answer(2, "third"), answer(0, "first"), answer(1, "second")];
        for answer in answers {
            answer.await.expect("no panic");
        }
        let order = order.lock().expect("no panic");
        assert_eq!(order[..4], ["first", "second", "third", "one is out"]);
    }

    #[tokio::test]
    async fn an_answer_goes_out_at_last_even_if_there_are_always_others() {
        let gathering = Gathering::default();
        let others = gathering.clone();
        let others = tokio::spawn(async move {
            for _ in 0..10 * ROUNDS_MAX {
                others.answers.fetch_add(1, Ordering::Relaxed);
                yield_now().await;
            }
        });
        gathering.join().await;
        assert!(!others.is_finished());
    }
}
