//! From here to there, both included, either end open.

/// A range of dates, moments or numbers that filters ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<T> {
    /// Its first value; `None`: open.
    pub from: Option<T>,
    /// Its last value; `None`: open.
    pub to: Option<T>,
}

impl<T> Default for Span<T> {
    fn default() -> Self {
        Self { from: None, to: None }
    }
}

impl<T: PartialOrd> Span<T> {
    /// Whether both ends are open, so that everything lies within.
    pub fn is_open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether `value` lies within.
    pub fn holds(&self, value: &T) -> bool {
        self.from.as_ref().is_none_or(|from| value >= from) && self.to.as_ref().is_none_or(|to| value <= to)
    }

    /// Whether a value that may be absent lies within; what is absent lies only within an open span.
    pub fn holds_some(&self, value: Option<&T>) -> bool {
        value.map_or_else(|| self.is_open(), |value| self.holds(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_included_and_what_is_absent_lies_in_an_open_span_only() {
        let span = Span { from: Some(2), to: Some(4) };
        assert_eq!([1, 2, 3, 4, 5].map(|n| span.holds(&n)), [false, true, true, true, false]);
        assert!(!span.holds_some(None));
        assert!(Span::<i64>::default().holds_some(None));
    }
}
