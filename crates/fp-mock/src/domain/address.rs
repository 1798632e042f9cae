//! What counts as an e-mail address and as a web address.

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

/// Whether `text` is the address of a web page: `http` or `https`, a host, and otherwise only characters that
/// stand for themselves in a URL.
///
/// Evidence: corrected contract (format `uri` of referral links); the exact grammar is chosen.
pub fn is_web_url(text: &str) -> bool {
    let rest = ["http://", "https://"].into_iter().find_map(|scheme| text.strip_prefix(scheme));
    let Some(rest) = rest else { return false };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    host.split('.').all(is_label)
        && port.bytes().all(|b| b.is_ascii_digit())
        && path.matches('#').count() <= 1
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&b))
        && path.match_indices('%').all(|(at, _)| is_escape(&path.as_bytes()[at + 1..]))
}

fn is_escape(after_percent: &[u8]) -> bool {
    after_percent.len() >= 2 && after_percent[..2].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_has_a_scheme_and_a_host() {
        for good in [
            "https://www.example.com",
            "http://localhost:3000/a?b=c#d",
            "https://x.io/%20",
            "http://10.0.0.1?x",
        ] {
            assert!(is_web_url(good), "{good}");
        }
        for bad in [
            "",
            "www.example.com",
            "ftp://x.io",
            "https://",
            "https://a b",
            "https://x.io/<>",
            "https://x.io/%2",
        ] {
            assert!(!is_web_url(bad), "{bad}");
        }
    }

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
