//! What somebody may have meant.

/// The candidate that is nearest to `text`, if it is near enough to have been meant.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let enough = text.chars().count() / 3 + 1;
    let measured = candidates.into_iter().map(|candidate| (distance(text, candidate), candidate));
    measured.filter(|(away, _)| *away <= enough).min().map(|(_, candidate)| candidate)
}

/// `hint: did you mean …`, made of a message that says what was found and what was expected, each in backticks.
pub fn hint(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("unknown ")?;
    let mut quoted = rest.split('`').skip(1).step_by(2);
    let found = quoted.next()?;
    nearest(found, quoted).map(|meant| format!("hint: did you mean `{meant}`?"))
}

/// How many letters must change, come or go to make one of the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (done, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = done + 1;
        for (at, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood_and_a_guess_is_not_made() {
        assert_eq!(nearest("emial", ["email", "name"]), Some("email"));
        assert_eq!(nearest("ref_tokn", ["ref_token", "promo_code"]), Some("ref_token"));
        assert_eq!(nearest("shoe_size", ["email", "name"]), None);
        assert_eq!((distance("", "abc"), distance("abc", "abc"), distance("kitten", "sitting")), (3, 0, 3));
    }

    #[test]
    fn a_hint_is_made_of_what_was_found_and_expected() {
        let message =
            "promoters[0]: unknown field `emial`, expected one of `email`, `name` at line 3 column 5";
        assert_eq!(hint(message).as_deref(), Some("hint: did you mean `email`?"));
        assert_eq!(
            hint("unknown variant `paypel`, expected `paypal`").as_deref(),
            Some("hint: did you mean `paypal`?")
        );
        assert_eq!(hint("missing field `email`"), None);
    }
}
