//! Formats, each admitted only in its plain forms: what is unusual goes to the validator.

/// A format that is asserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Date,
    DateTime,
    Email,
    Uri,
    Uuid,
}

impl Format {
    /// `Some(None)` for a name that asserts nothing, `None` for one that only the validator knows.
    pub(super) fn named(name: &str) -> Option<Option<Format>> {
        Some(match name {
            "date" => Some(Format::Date),
            "date-time" => Some(Format::DateTime),
            "email" => Some(Format::Email),
            "uri" => Some(Format::Uri),
            "uuid" => Some(Format::Uuid),
            "binary" | "byte" | "float" | "double" | "password" => None,
            _ => return None,
        })
    }

    pub(super) fn admits(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Format::Date => is_date(bytes),
            Format::DateTime => is_date_time(bytes),
            Format::Email => is_email(text),
            Format::Uri => is_web_address(text),
            Format::Uuid => is_uuid(bytes),
        }
    }
}

/// Two digits as a number.
fn two(bytes: &[u8], at: usize) -> Option<u32> {
    let digit =
        |at: usize| bytes.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'));
    Some(digit(at)? * 10 + digit(at + 1)?)
}

fn is_date(bytes: &[u8]) -> bool {
    let parts = || {
        let year = two(bytes, 0)? * 100 + two(bytes, 2)?;
        let punctuated = bytes[4] == b'-' && bytes[7] == b'-';
        punctuated.then_some((year, two(bytes, 5)?, two(bytes, 8)?))
    };
    if bytes.len() != 10 {
        return false;
    }
    let Some((year, month, day)) = parts() else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// `2025-01-15T10:30:00Z`, with up to nine digits of a second and any offset in whole minutes.
fn is_date_time(bytes: &[u8]) -> bool {
    if bytes.len() < 20
        || !is_date(&bytes[..10])
        || bytes[10] != b'T'
        || bytes[13] != b':'
        || bytes[16] != b':'
    {
        return false;
    }
    let within = |at: usize, most: u32| two(bytes, at).is_some_and(|number| number <= most);
    if !within(11, 23) || !within(14, 59) || !within(17, 59) {
        return false;
    }
    let mut rest = &bytes[19..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > 9 {
            return false;
        }
        rest = &fraction[digits..];
    }
    match rest {
        [b'Z'] => true,
        [b'+' | b'-', offset @ ..] => {
            offset.len() == 5
                && offset[2] == b':'
                && two(offset, 0).is_some_and(|hours| hours <= 23)
                && two(offset, 3).is_some_and(|minutes| minutes <= 59)
        }
        _ => false,
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-' | b'%'))
    };
    name.len() <= 64 && name.split('.').all(is_atom) && is_host(host)
}

/// Labels of letters, digits and single hyphens between them; the last begins with a letter.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        bytes.len() <= 63
            && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
            && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && !label.contains("--")
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253
        && host.split('.').all(is_label)
        && last.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
}

/// `https://host:port/path?query#fragment` in letters that need no escape.
fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let (host, port) = authority.split_once(':').unwrap_or((authority, "1"));
    let is_number = |host: &str| !host.is_empty() && host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_ipv4 = is_number(host) && host.parse::<std::net::Ipv4Addr>().is_ok();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?:@!$&'()*+,;=".contains(&byte);
    (is_host(host) || is_ipv4)
        && !port.is_empty()
        && port.len() <= 5
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && rest.bytes().filter(|byte| *byte == b'#').count() <= 1
        && rest.bytes().all(|byte| is_plain(byte) || byte == b'#')
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
