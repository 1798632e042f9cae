//! Large bodies of answers that came before: what is asked for again and again is kept once, and its memory is still
//! in the processor's caches when it comes again.

use std::collections::VecDeque;

use axum::body::Bytes;

/// How many are remembered.
const LATEST: usize = 8;

/// The latest large bodies that were none of those before.
#[derive(Debug, Default)]
pub struct Bodies {
    latest: VecDeque<Bytes>,
}

impl Bodies {
    /// Lets a body that came before share the memory of that one.
    pub fn share(&mut self, body: &mut Bytes) {
        if let Some(known) = self.latest.iter().find(|known| *known == body) {
            *body = known.clone();
            return;
        }
        if self.latest.len() == LATEST {
            self.latest.pop_front();
        }
        self.latest.push_back(body.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_came_lately_is_kept_once() {
        let mut bodies = Bodies::default();
        let mut shared = |text: &str| {
            let mut body = Bytes::from(text.to_owned());
            bodies.share(&mut body);
            assert_eq!(body, text);
            body.as_ptr()
        };
        // Both are held, so that no memory is used twice.
        let (first, other) = (shared("twenty rows"), shared("other texts"));
        assert_ne!(first, other);
        assert_eq!((shared("twenty rows"), shared("other texts")), (first, other));
        for number in 0..LATEST {
            shared(&format!("list {number}"));
        }
        let again = shared("twenty rows");
        assert_eq!(shared("twenty rows"), again);
    }
}
