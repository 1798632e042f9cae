//! What stands in a snapshot in place of a value: nobody's ids, addresses, tokens or secrets do.

/// What a text is, without saying what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// An id of the service's or of somebody else's.
    Id,
    /// A moment, ISO 8601 with time and zone.
    Time,
    /// A day, `2025-01-15`.
    Date,
    /// An e-mail address.
    Email,
    /// A UUID.
    Uuid,
    /// An absolute URL.
    Url,
    /// A token: whoever has it is taken for somebody.
    Token,
    /// A key or password.
    Secret,
    /// A file of comma-separated values.
    Csv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::Id,
        Self::Time,
        Self::Date,
        Self::Email,
        Self::Uuid,
        Self::Url,
        Self::Token,
        Self::Secret,
        Self::Csv,
    ];

    /// Its name in a snapshot.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Time => "time",
            Self::Date => "date",
            Self::Email => "email",
            Self::Uuid => "uuid",
            Self::Url => "url",
            Self::Token => "token",
            Self::Secret => "secret",
            Self::Csv => "csv",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What a field of this name holds, whatever the value looks like.
    pub fn of_name(name: &str) -> Option<Self> {
        if name.contains("secret") || name.contains("password") && !name.ends_with("_url") {
            Some(Self::Secret)
        } else if name.ends_with("token") || name == "tid" || name.ends_with("api_key") {
            Some(Self::Token)
        } else if name == "id" || name == "ids" || name.ends_with("_id") || name.ends_with("_ids") {
            Some(Self::Id)
        } else {
            None
        }
    }

    /// What a text is, by what it looks like and by the name of its field; `None` for plain and empty ones.
    pub fn of(text: &str, name: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let named = Self::of_name(name);
        match named {
            Some(Self::Secret | Self::Token) => named,
            _ => Self::of_value(text).or(named),
        }
    }

    /// What a text looks like.
    fn of_value(text: &str) -> Option<Self> {
        if text.starts_with("http://") || text.starts_with("https://") {
            Some(Self::Url)
        } else if is_email(text) {
            Some(Self::Email)
        } else if has_pattern(text, "dddd-dd-dd") {
            Some(Self::Date)
        } else if text.get(..11).is_some_and(|start| has_pattern(start, "dddd-dd-ddT")) {
            Some(Self::Time)
        } else if has_pattern(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
            Some(Self::Uuid)
        } else if text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Some(Self::Secret)
        } else {
            None
        }
    }
}

fn is_email(text: &str) -> bool {
    let odd = |letter: char| letter.is_whitespace() || letter == '<' || letter == '@';
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains(odd))
        && !text.contains(char::is_whitespace)
}

/// `d` stands for a digit, `x` for a hexadecimal one, anything else for itself.
fn has_pattern(text: &str, pattern: &str) -> bool {
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'd' => byte.is_ascii_digit(),
        b'x' => byte.is_ascii_hexdigit(),
        other => byte == other,
    };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

/// Whether a key is a value in disguise: an id, an address, a day.
pub fn is_data(key: &str) -> bool {
    (!key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())) || Format::of_value(key).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_known_by_their_look_and_secrets_by_their_name() {
        let looks = [
            ("2025-01-15", "", Some(Format::Date)),
            ("2025-01-15T10:30:00.000Z", "created_at", Some(Format::Time)),
            ("jane@example.com", "email", Some(Format::Email)),
            ("Jane <jane@example.com>", "from", None),
            ("6f1b0c3e-5d5a-4c1b-9a53-0d4f6f6a9b21", "event_id", Some(Format::Uuid)),
            ("evt_1", "event_id", Some(Format::Id)),
            ("https://www.example.com?fpr=jane", "url", Some(Format::Url)),
            ("jane89", "ref_token", Some(Format::Token)),
            ("https://example.com/reset?x=1", "password_setup_url", Some(Format::Url)),
            ("hunter2", "basic_auth_password", Some(Format::Secret)),
            ("3f1c0d9a8b7e6f5a4c3b2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a", "x", Some(Format::Secret)),
            ("Jane", "first_name", None),
            ("", "email", None),
        ];
        for (text, name, format) in looks {
            assert_eq!(Format::of(text, name), format, "{text} in {name}");
        }
    }

    #[test]
    fn keys_that_are_somebodys_data_are_told_from_names() {
        assert!(is_data("712") && is_data("jane@example.com") && is_data("2025-01-15"));
        assert!(!is_data("free_months") && !is_data("") && !is_data("v2"));
    }

    #[test]
    fn every_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.name()), Some(format));
        }
    }
}
