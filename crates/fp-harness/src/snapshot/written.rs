//! A shape as text, a line for each field, and back.
//!
//! ```text
//! 200: list
//!   []: object often
//!     id: integer <id>
//!     state: "accepted" | "pending"
//!     cust_id?: null | string
//!     balances: null | map
//!       *: integer
//! ```
//!
//! A `?` marks a field that was not in every object; `few` (two to nine) and `often` say how many objects there were.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::redaction::Format;
use super::shape::{Evidence, Field, Fields, Numeric, Shape, Text};

/// What a snapshot holds: a shape for each status, or for the payload of an event.
pub type Sections = BTreeMap<String, Shape>;

/// The word for a reply without a body.
const NO_BODY: &str = "no body";

/// A line of a snapshot makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected {expected}, found {found:?}")]
pub struct Unreadable {
    /// The line, from 1.
    pub line: usize,
    /// What was expected there.
    pub expected: &'static str,
    /// What was found.
    pub found: String,
}

/// The text of a snapshot.
pub fn write(sections: &Sections) -> String {
    let mut out = String::new();
    for (name, shape) in sections {
        write_place(&mut out, 0, name, shape);
    }
    out
}

/// One shape alone, as a test shows it.
pub fn write_shape(shape: &Shape) -> String {
    let mut out = String::new();
    write_place(&mut out, 0, "payload", shape);
    out
}

/// The kinds of a shape in one line: `null | string <email>`.
pub fn kinds(shape: &Shape) -> String {
    let mut kinds: Vec<String> = Vec::new();
    let mut add = |has: bool, kind: &str| {
        if has {
            kinds.push(kind.to_owned());
        }
    };
    add(shape.null, "null");
    add(shape.boolean, "boolean");
    match shape.number {
        Some(Numeric::Id) => add(true, "integer <id>"),
        Some(Numeric::Integer) => add(true, "integer"),
        Some(Numeric::Number) => add(true, "number"),
        None => {}
    }
    match &shape.text {
        Some(Text::Empty) => add(true, "string <empty>"),
        Some(Text::Plain) => add(true, "string"),
        Some(Text::Of(format)) => add(true, &format!("string <{}>", format.name())),
        Some(Text::Values(values)) => values.iter().for_each(|value| add(true, &quoted(value))),
        None => {}
    }
    add(shape.list.is_some(), "list");
    add(shape.map.is_some(), "map");
    match shape.object.as_ref().map(Fields::evidence) {
        Some(Evidence::Once) => add(true, "object"),
        Some(Evidence::AFew) => add(true, "object few"),
        Some(Evidence::Often) => add(true, "object often"),
        None => {}
    }
    if kinds.is_empty() { NO_BODY.to_owned() } else { kinds.join(" | ") }
}

fn write_place(out: &mut String, depth: usize, name: &str, shape: &Shape) {
    let _ = writeln!(out, "{:indent$}{name}: {}", "", kinds(shape), indent = depth * 2);
    if let Some(items) = shape.list.as_deref().filter(|items| !items.is_unseen()) {
        write_place(out, depth + 1, "[]", items);
    }
    if let Some(values) = shape.map.as_deref().filter(|values| !values.is_unseen()) {
        write_place(out, depth + 1, "*", values);
    }
    if let Some(object) = &shape.object {
        for field in &object.fields {
            let mark = if field.is_always_in(object) { "" } else { "?" };
            write_place(out, depth + 1, &format!("{}{mark}", key(&field.name)), &field.shape);
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A field's name, in quotes if it could be misread.
fn key(name: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "_-.<>$".contains(letter);
    if !name.is_empty() && name.chars().all(plain) { name.to_owned() } else { quoted(name) }
}

/// Reads the text of a snapshot.
///
/// # Errors
/// [`Unreadable`] names the first line that makes no sense.
pub fn read(text: &str) -> Result<Sections, Unreadable> {
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        lines.push(Line::read(number + 1, line)?);
    }
    let mut sections = Sections::new();
    let mut rest = lines.as_slice();
    while let Some(first) = rest.first() {
        if first.depth > 0 {
            return Err(first.unreadable("a status at the margin"));
        }
        let (shape, behind) = place(rest)?;
        sections.insert(first.name.clone(), shape);
        rest = behind;
    }
    Ok(sections)
}

/// One line, taken apart.
struct Line<'t> {
    number: usize,
    depth: usize,
    name: String,
    is_optional: bool,
    is_quoted: bool,
    kinds: &'t str,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn read(number: usize, text: &'t str) -> Result<Self, Unreadable> {
        let bare = text.trim_start();
        let fault = |expected| Unreadable { line: number, expected, found: text.to_owned() };
        let (name, rest, is_quoted) = if bare.starts_with('"') {
            let (name, rest) = unquote(bare).ok_or_else(|| fault("a name in quotes"))?;
            (name, rest, true)
        } else {
            let end = bare.find([':', '?']).ok_or_else(|| fault("a name and a colon"))?;
            (bare[..end].to_owned(), &bare[end..], false)
        };
        let is_optional = rest.starts_with('?');
        let kinds = rest.trim_start_matches('?').strip_prefix(": ").ok_or_else(|| fault("a colon"))?;
        let depth = (text.len() - bare.len()) / 2;
        Ok(Self { number, depth, name, is_optional, is_quoted, kinds, text })
    }

    fn unreadable(&self, expected: &'static str) -> Unreadable {
        Unreadable { line: self.number, expected, found: self.text.trim().to_owned() }
    }
}

/// A JSON string at the beginning of a text, and what follows it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let value = stream.next()?.ok()?;
    Some((value, &text[stream.byte_offset()..]))
}

/// Reads the place on the first line with all that is below it; answers the lines behind it.
fn place<'l, 't>(lines: &'l [Line<'t>]) -> Result<(Shape, &'l [Line<'t>]), Unreadable> {
    let (first, mut rest) = lines.split_first().expect("a caller with a line");
    let mut shape = read_kinds(first)?;
    while let Some(line) = rest.first().filter(|line| line.depth > first.depth) {
        if line.depth != first.depth + 1 {
            return Err(line.unreadable("two more blanks than the line above"));
        }
        let (below, behind) = place(rest)?;
        rest = behind;
        match (line.name.as_str(), line.is_quoted) {
            ("[]", false) => {
                *shape.list.as_mut().ok_or_else(|| line.unreadable("a list above"))? = below.into()
            }
            ("*", false) => *shape.map.as_mut().ok_or_else(|| line.unreadable("a map above"))? = below.into(),
            (name, _) => {
                let object = shape.object.as_mut().ok_or_else(|| line.unreadable("an object above"))?;
                let seen = if line.is_optional { object.seen.saturating_sub(1) } else { object.seen };
                object.fields.push(Field { name: name.to_owned(), seen, shape: below });
            }
        }
    }
    Ok((shape, rest))
}

fn read_kinds(line: &Line<'_>) -> Result<Shape, Unreadable> {
    let mut shape = Shape::default();
    let mut rest = line.kinds;
    if rest == NO_BODY {
        return Ok(shape);
    }
    loop {
        let behind = if rest.starts_with('"') {
            let (value, behind) = unquote(rest).ok_or_else(|| line.unreadable("a value in quotes"))?;
            match &mut shape.text {
                Some(Text::Values(values)) => {
                    values.insert(value);
                }
                text => *text = Some(Text::Values([value].into())),
            }
            behind
        } else {
            let end = rest.find(" | ").unwrap_or(rest.len());
            take_kind(&mut shape, &rest[..end]).ok_or_else(|| line.unreadable("a kind of value"))?;
            &rest[end..]
        };
        if behind.is_empty() {
            return Ok(shape);
        }
        rest = behind.strip_prefix(" | ").ok_or_else(|| line.unreadable("` | ` between kinds"))?;
    }
}

fn take_kind(shape: &mut Shape, kind: &str) -> Option<()> {
    let objects = |seen| Some(Fields { seen, fields: Vec::new() });
    match kind {
        "null" => shape.null = true,
        "boolean" => shape.boolean = true,
        "integer <id>" => shape.number = Some(Numeric::Id),
        "integer" => shape.number = Some(Numeric::Integer),
        "number" => shape.number = Some(Numeric::Number),
        "string" => shape.text = Some(Text::Plain),
        "string <empty>" => shape.text = Some(Text::Empty),
        "list" => shape.list = Some(Box::default()),
        "map" => shape.map = Some(Box::default()),
        "object" => shape.object = objects(1),
        "object few" => shape.object = objects(2),
        "object often" => shape.object = objects(10),
        other => {
            let format = other.strip_prefix("string <")?.strip_suffix('>')?;
            shape.text = Some(Text::Of(Format::named(format)?));
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sections(value: &serde_json::Value) -> Sections {
        [("200".to_owned(), Shape::of(value, "", None))].into()
    }

    #[test]
    fn what_is_written_reads_back_and_writes_the_same() {
        let value = json!({"data": [{"id": 1, "email": "jane@example.com", "a:b? c": "", "[]": null},
            {"id": 2, "email": null, "extra": 1.5, "\"": [[]]}], "1": {"7": true}, "none": []});
        let written = write(&sections(&value));
        let back = read(&written).expect("readable");
        assert_eq!(write(&back), written, "{written}");
        assert!(written.contains("    []: object few\n      id: integer <id>\n"), "{written}");
        assert!(written.contains("      extra?: number\n"), "{written}");
    }

    #[test]
    fn values_of_an_enumeration_and_replies_without_a_body_read_back() {
        let values = Text::Values(["a | b".to_owned(), "\"".to_owned()].into());
        let shape = Shape { null: true, text: Some(values), ..Shape::default() };
        let sections: Sections = [("200".to_owned(), shape), ("204".to_owned(), Shape::default())].into();
        let written = write(&sections);
        assert_eq!(written, "200: null | \"\\\"\" | \"a | b\"\n204: no body\n");
        assert_eq!(read(&written), Ok(sections));
    }

    #[test]
    fn a_line_that_makes_no_sense_is_named() {
        let message = |text: &str| read(text).expect_err("no sense").to_string();
        assert_eq!(message("200: lust"), "line 1: expected a kind of value, found \"200: lust\"");
        assert_eq!(
            message("200: list\n    []: null"),
            "line 2: expected two more blanks than the line above, found \"[]: null\""
        );
        assert_eq!(message("200: null\n  a: null"), "line 2: expected an object above, found \"a: null\"");
        assert_eq!(message("  a: null"), "line 1: expected a status at the margin, found \"a: null\"");
    }
}
