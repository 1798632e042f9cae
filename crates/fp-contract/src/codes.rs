//! Every code that a violation can have, and what it means. Codes are permanent: waivers and suppressions name
//! them.

/// A code and its explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Permanent kebab-case name.
    pub name: &'static str,
    /// One line: what is wrong.
    pub title: &'static str,
    /// When it happens, and what to do about it.
    pub text: &'static str,
    /// Reported under strict rules only.
    pub strict: bool,
}

/// The code of that name.
#[must_use]
pub fn explain(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
}

const fn code(name: &'static str, title: &'static str, text: &'static str) -> Code {
    Code { name, title, text, strict: false }
}

const fn strict(name: &'static str, title: &'static str, text: &'static str) -> Code {
    Code { name, title, text, strict: true }
}

/// All codes, in alphabetical order.
pub const CODES: &[Code] = &[
    strict(
        "absent-field",
        "a reply lacks a field that the contract declares",
        "The field is declared but not required. A renamed field shows itself so: the old name is absent, the new one \
         undeclared. If the field really comes only at times, mark its schema with `x-optional` and say when.",
    ),
    code(
        "ambiguous-variant",
        "a value fits several forms of a `oneOf`",
        "Exactly one of the forms may fit. Either the value mixes two forms, or the document should say `anyOf`.",
    ),
    code(
        "conflicting-parameter",
        "one parameter has two shapes",
        "`a=1&a[b]=2` gives `a` as a value and as an object. The service cannot read such a request; send one shape.",
    ),
    code("duplicate-items", "a list repeats an item", "The list is declared with `uniqueItems`."),
    code(
        "duplicate-key",
        "a JSON object names a key twice",
        "Readers disagree on which of the two counts. Send each key once.",
    ),
    code(
        "forbidden-value",
        "a value is present where the contract allows none",
        "The schema refuses the value, whatever it is, by `not` or by a closed form.",
    ),
    code(
        "invalid-percent-encoding",
        "a percent sign stands alone",
        "In a query or form `%` starts an escape of two hexadecimal digits. Write a literal percent sign as `%25`.",
    ),
    code(
        "invalid-utf8",
        "text holds bytes that are no UTF-8",
        "Encode names and values as UTF-8 before percent-encoding them.",
    ),
    code(
        "malformed-json",
        "a body says that it is JSON and is not",
        "The message names what the parser stumbled over, with line and column.",
    ),
    code(
        "missing-body",
        "a body is declared and there is none",
        "A request: the operation requires a body. A reply: its status is declared with content.",
    ),
    code(
        "missing-content-type",
        "a reply has a body and no content type",
        "The body is judged as the first declared type.",
    ),
    code(
        "missing-credentials",
        "the request carries no credentials of the declared kind",
        "v2 wants `Authorization: Bearer <key>`, v1 `x-api-key`. Recordings often have keys taken out: judge those with \
         `--no-credentials`.",
    ),
    code(
        "missing-field",
        "a required field is not there",
        "The pointer is where the field should be. When any of several fields would do, the pointer is their object.",
    ),
    code(
        "missing-header",
        "a reply lacks a required header",
        "The document declares the header for this status as required.",
    ),
    code(
        "missing-parameter",
        "a required parameter is not there",
        "A path, query or header parameter that the operation requires.",
    ),
    code(
        "no-variant",
        "a value fits none of the forms of a `oneOf` or `anyOf`",
        "It could not be told which form was meant; if it can, the fault of that form is reported in place of this.",
    ),
    code(
        "out-of-range",
        "a number is too small, too large or no multiple",
        "The limits are those of the schema, or of its format `int32` or `int64`.",
    ),
    strict(
        "read-only-field",
        "a request sends a field that only replies have",
        "The field is declared `readOnly`.",
    ),
    code("too-deep", "brackets or JSON are nested too deep", "At most 100 levels are read."),
    code(
        "undeclared-field",
        "a field is not declared",
        "Under strict rules for every object that declares fields, otherwise only where the document closes the object. A \
         hint names the field that was probably meant. Free-form objects say `additionalProperties: true`.",
    ),
    code(
        "undeclared-media-type",
        "a reply's content type is not declared for its status",
        "The body is then not judged. An HTML error page in place of JSON shows itself so.",
    ),
    code(
        "undeclared-method",
        "the path exists, but not with this method",
        "The message lists the methods that the path has.",
    ),
    strict(
        "undeclared-parameter",
        "the operation has no such parameter",
        "The service ignores it. A misspelt filter shows itself so: the list comes back unfiltered.",
    ),
    code(
        "undeclared-status",
        "a reply's status is not declared for the operation",
        "Neither the status nor its class (`4XX`) nor `default` is declared.",
    ),
    code("unexpected-body", "a status without a body has one", "204, 205 and 304 have none by definition."),
    code(
        "unknown-event-type",
        "the webhook system has no such event",
        "The message names the system; a hint the event that was probably meant.",
    ),
    code(
        "unknown-operation",
        "no operation has this path",
        "The path lies under a document's base, but no template fits it.",
    ),
    code(
        "unsupported-charset",
        "the charset cannot be read",
        "Bodies are UTF-8; US-ASCII and ISO-8859-1 are read too.",
    ),
    code(
        "unsupported-media-type",
        "the request's body is in a format that carries no parameters",
        "Send application/json or application/x-www-form-urlencoded.",
    ),
    code(
        "write-only-field",
        "a reply shows a field that only requests have",
        "The field is declared `writeOnly`, as passwords are.",
    ),
    code(
        "wrong-format",
        "text is not in its declared format",
        "date-time, date, email, uri and the other formats of the schema.",
    ),
    code(
        "wrong-length",
        "text, a list or an object is too short or too long",
        "Limits of characters, items or fields.",
    ),
    code(
        "wrong-pattern",
        "text does not match its pattern",
        "The pattern is a regular expression of the schema.",
    ),
    code(
        "wrong-type",
        "a value is of the wrong kind",
        "Text in query and form is read as the type that the schema asks for; JSON is taken at its word, so `\"12\"` is no \
         integer there.",
    ),
    code(
        "wrong-value",
        "a value is not one of those allowed",
        "The schema lists them as an enum; a hint names the one that was probably meant.",
    ),
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn sources(folder: &Path, out: &mut String) {
        for entry in fs::read_dir(folder).expect("the crate's sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, out);
            } else if path.file_name().is_some_and(|name| name != "codes.rs") {
                out.push_str(&fs::read_to_string(path).expect("a source file"));
            }
        }
    }

    #[test]
    fn codes_are_sorted_and_each_is_used_somewhere() {
        assert!(CODES.windows(2).all(|pair| pair[0].name < pair[1].name));
        let mut text = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
        for code in CODES {
            assert!(text.contains(&format!("\"{}\"", code.name)), "{} is used", code.name);
        }
    }

    #[test]
    fn every_code_of_a_violation_is_explained() {
        let mut text = String::new();
        for folder in ["src/check", "src/schema"] {
            sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut text);
        }
        for rest in text.split("Violation::new(").skip(1) {
            let literal = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
            if let Some((name, _)) = literal {
                assert!(explain(name).is_some(), "{name} is explained");
            }
        }
        assert_eq!(explain("no-such-code"), None);
    }
}
