//! Content types: the essence that a document names, and the `charset` beside it.

/// A `Content-Type` value taken apart; both parts in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    /// Type and subtype without parameters: `application/json`.
    pub essence: String,
    /// The `charset` parameter without quotes.
    pub charset: Option<String>,
}

impl MediaType {
    /// Reads a header value; `None` when it names no `type/subtype`.
    #[must_use]
    pub fn parse(value: &str) -> Option<MediaType> {
        let mut parts = value.split(';');
        let essence = parts.next()?.trim().to_ascii_lowercase();
        let (kind, subtype) = essence.split_once('/')?;
        if kind.is_empty() || subtype.is_empty() {
            return None;
        }
        let charset = parts.filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
            name.trim()
                .eq_ignore_ascii_case("charset")
                .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
        });
        Some(MediaType { essence, charset })
    }

    /// `application/json`, `text/json` and every `+json` type.
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self.essence.as_str(), "application/json" | "text/json") || self.essence.ends_with("+json")
    }

    /// `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn is_form(&self) -> bool {
        self.essence == "application/x-www-form-urlencoded"
    }

    /// Whether this type falls under a document's range: `application/json`, `text/*` or `*/*`.
    #[must_use]
    pub fn is_within(&self, range: &str) -> bool {
        let range = range.split(';').next().unwrap_or(range).trim().to_ascii_lowercase();
        if range == "*/*" || range == self.essence {
            return true;
        }
        range
            .strip_suffix("/*")
            .is_some_and(|kind| self.essence.split_once('/').is_some_and(|(own_kind, _)| own_kind == kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn essence_and_charset_are_read_whatever_their_case_and_quotes() {
        let read = MediaType::parse("Application/JSON; boundary=x; Charset=\"UTF-8\"").expect("a media type");
        assert_eq!(read.essence, "application/json");
        assert_eq!(read.charset.as_deref(), Some("utf-8"));
        assert_eq!(MediaType::parse("json"), None);
        assert_eq!(MediaType::parse("/json"), None);
    }

    #[test]
    fn ranges_cover_their_types() {
        let csv = MediaType::parse("text/csv; charset=utf-8").expect("a media type");
        assert!(csv.is_within("text/csv") && csv.is_within("text/*") && csv.is_within("*/*"));
        assert!(!csv.is_within("application/*") && !csv.is_within("text/plain"));
    }

    #[test]
    fn structured_suffixes_count_as_json() {
        assert!(MediaType::parse("application/problem+json").expect("a media type").is_json());
        assert!(!MediaType::parse("application/jsonp").expect("a media type").is_json());
    }
}
