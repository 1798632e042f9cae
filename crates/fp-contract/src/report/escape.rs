//! What other formats cannot hold as it is.

/// Text for XML and HTML, attributes included: control characters, which XML cannot hold, become U+FFFD.
#[must_use]
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(letter),
            _ if letter.is_control() => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

/// Text behind the colons of a GitHub workflow command.
#[must_use]
pub fn annotation(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a workflow command's property, which commas and colons would end.
#[must_use]
pub fn annotation_property(text: &str) -> String {
    annotation(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_what_it_stands_in() {
        assert_eq!(xml("<a b=\"&\">\u{7}\n"), "&lt;a b=&quot;&amp;&quot;&gt;\u{fffd}\n");
        assert_eq!(annotation("100%\n:"), "100%25%0A:");
        assert_eq!(annotation_property("a:b,c"), "a%3Ab%2Cc");
    }
}
