//! YAML (and with it JSON) to nodes, by the core schema of YAML 1.2: `no` is a string and `012` is twelve.

use std::borrow::Cow;
use std::collections::BTreeMap;

use indexmap::IndexMap;
use indexmap::map::Entry;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};
use serde_json::{Number, Value};

use super::{Fault, Kind, Node, Origin, push_step};

/// Levels that a document may nest.
const DEPTH_LIMIT: usize = 200;
/// Nodes that a document may have once its aliases are filled in.
const NODE_LIMIT: usize = 2_000_000;

/// Reads the one document of a file.
pub(crate) fn parse(text: &str, file: u8) -> Result<Node, Fault> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        file,
        anchors: BTreeMap::new(),
        nodes: 0,
        pointer: String::new(),
    };
    let mut line = 1;
    loop {
        let (event, span) = reader.next(line)?;
        line = line_of(&span);
        match event {
            Event::StreamEnd => {
                return Err(reader.fault(line, "expected a document, found an empty file"));
            }
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            event => {
                let node = reader.node(event, &span, 0)?;
                return reader.end(line).map(|()| node);
            }
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    file: u8,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    /// Where it reads.
    pointer: String,
}

impl<'t> Reader<'t> {
    fn next(&mut self, line: u32) -> Result<(Event<'t>, Span), Fault> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let line = u32::try_from(error.marker().line()).unwrap_or(line);
                Err(self.fault(line, &format!("expected YAML, found: {}", error.info())))
            }
            None => Err(self.fault(line, "expected the rest of the document, found its end")),
        }
    }

    fn end(&mut self, line: u32) -> Result<(), Fault> {
        loop {
            match self.next(line)? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), span) => {
                    return Err(self.fault(line_of(&span), "expected one document, found another"));
                }
                _ => {}
            }
        }
    }

    fn fault(&self, line: u32, message: &str) -> Fault {
        let origin = Origin { file: self.file, line };
        Fault { origin, pointer: self.pointer.clone(), message: message.to_owned() }
    }

    fn node(&mut self, event: Event<'t>, span: &Span, depth: usize) -> Result<Node, Fault> {
        let line = line_of(span);
        self.nodes += 1;
        if depth > DEPTH_LIMIT || self.nodes > NODE_LIMIT {
            return Err(self.fault(line, "expected a document of sensible depth and size"));
        }
        let before = self.nodes;
        let (anchor, kind) = match event {
            Event::Alias(anchor) => return self.alias(anchor, line),
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, Kind::Scalar(scalar(text, style, tag.as_deref())))
            }
            Event::SequenceStart(anchor, _) => (anchor, Kind::List(self.list(line, depth)?)),
            Event::MappingStart(anchor, _) => (anchor, Kind::Map(self.map(line, depth)?)),
            other => return Err(self.fault(line, &format!("expected a value, found {other:?}"))),
        };
        let node = Node { origin: Origin { file: self.file, line }, kind };
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), self.nodes - before + 1));
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, line: u32) -> Result<Node, Fault> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(self.fault(line, "expected an anchor that ends before its alias"));
        };
        self.nodes += size;
        if self.nodes > NODE_LIMIT {
            return Err(self.fault(line, "expected aliases that fill in to a sensible size"));
        }
        Ok(node.clone())
    }

    fn list(&mut self, line: u32, depth: usize) -> Result<Vec<Node>, Fault> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next(line)?;
            if event == Event::SequenceEnd {
                return Ok(items);
            }
            let above = self.pointer.len();
            push_step(&mut self.pointer, &items.len().to_string());
            items.push(self.node(event, &span, depth + 1)?);
            self.pointer.truncate(above);
        }
    }

    fn map(&mut self, line: u32, depth: usize) -> Result<IndexMap<String, Node>, Fault> {
        let mut map = IndexMap::new();
        loop {
            let (event, span) = self.next(line)?;
            let key = match event {
                Event::MappingEnd => return Ok(map),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => {
                    return Err(self.fault(line_of(&span), "expected a plain key, found a structure"));
                }
            };
            let above = self.pointer.len();
            push_step(&mut self.pointer, &key);
            let Entry::Vacant(place) = map.entry(key) else {
                return Err(self.fault(line_of(&span), "expected each key once, found it twice"));
            };
            let key_line = line_of(&span);
            let (event, span) = self.next(key_line)?;
            let mut value = self.node(event, &span, depth + 1)?;
            // A reader looks for the key, not for the first line of the block under it.
            value.origin.line = key_line;
            place.insert(value);
            self.pointer.truncate(above);
        }
    }
}

fn line_of(span: &Span) -> u32 {
    u32::try_from(span.start.line()).unwrap_or(u32::MAX)
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let as_text = tag.is_some_and(|tag| tag.suffix == "str");
    if as_text || style != ScalarStyle::Plain { Value::String(text.into_owned()) } else { plain(text) }
}

/// A plain scalar by the core schema.
fn plain(text: Cow<'_, str>) -> Value {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match number(&text) {
            Some(number) => Value::Number(number),
            None => Value::String(text.into_owned()),
        },
    }
}

fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(hex) = text.strip_prefix("0x") {
        return u64::from_str_radix(hex, 16).ok().map(Number::from);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return u64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    if unsigned.is_empty() || !unsigned.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    if digits(unsigned) {
        let plain = text.strip_prefix('+').unwrap_or(text);
        return plain
            .parse::<i64>()
            .map(Number::from)
            .or_else(|_| plain.parse::<u64>().map(Number::from))
            .ok();
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if !digits(whole) || !digits(fraction) || !digits(exponent) || exponent.is_empty() {
        return None;
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Node {
        parse(text, 3).expect("well-formed YAML")
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        let node = read(
            "a: 1\nb: '1'\nc: 1.50\nd: no\ne: ~\nf:\ng: true\nh: 2025-01-01\ni: -3\nj: 1e3\nk: 0x1f\nl: 1.2.3\n200: x",
        );
        assert_eq!(
            node.into_value(),
            json!({"a": 1, "b": "1", "c": 1.5, "d": "no", "e": null, "f": null, "g": true, "h": "2025-01-01",
                "i": -3, "j": 1000.0, "k": 31, "l": "1.2.3", "200": "x"})
        );
    }

    #[test]
    fn nodes_know_the_line_of_their_key() {
        let node = read("a:\n  b:\n    - 1\n    - c: |\n        text\n");
        let origins: Vec<_> =
            node.origins().into_iter().map(|packed| (packed >> 24, packed & 0xff_ffff)).collect();
        assert_eq!(origins, [(3, 1), (3, 1), (3, 2), (3, 3), (3, 4), (3, 4)]);
    }

    #[test]
    fn json_is_read_too_and_aliases_are_filled_in() {
        assert_eq!(read("{\"a\": [1, null, \"x\"]}").into_value(), json!({"a": [1, null, "x"]}));
        assert_eq!(read("a: &x {b: 1}\nc: *x").into_value(), json!({"a": {"b": 1}, "c": {"b": 1}}));
    }

    #[test]
    fn a_key_twice_is_refused_with_its_line_and_pointer() {
        let fault = parse("a:\n  b: 1\n  b: 2\n", 0).expect_err("a doubled key");
        assert_eq!((fault.origin.line, fault.pointer.as_str()), (3, "/a/b"));
        let fault = parse("a: [1, 2", 0).expect_err("unclosed");
        assert!(fault.message.starts_with("expected YAML, found"), "{}", fault.message);
        assert!(parse("", 0).is_err());
        assert!(parse("a: 1\n---\nb: 2\n", 0).is_err());
    }

    #[test]
    fn bombs_of_aliases_and_of_depth_are_refused() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..9 {
            let before = format!("*a{}", level - 1);
            bomb += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", "));
        }
        assert!(parse(&bomb, 0).is_err());
        assert!(parse(&"[".repeat(100_000), 0).is_err());
    }
}
