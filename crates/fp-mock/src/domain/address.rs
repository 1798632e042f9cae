//! What counts as an e-mail address.

/// Whether `text` is an e-mail address: a local part and a domain of at least two labels, in ASCII, without
/// quoting or comments.
///
/// Evidence: published v2 contract (format `email`); the exact grammar is chosen.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_local = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    local.len() <= 64
        && local.split('.').all(is_local)
        && domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn an_address_has_a_local_part_and_a_domain_of_two_labels() {
        for good in ["jane@example.com", "a.b+tag@mail.example.co.uk", "o'neil_9@x-y.io"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "jane",
            "@example.com",
            "jane@",
            "jane@example",
            "a b@example.com",
            "a@b@c.de",
            ".a@b.de",
            "a..b@c.de",
            "a@-b.de",
            "a@b..de",
            "jané@example.com",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
