//! The part of JSONPath (RFC 9535) that overlays use: names, indexes, wildcards, descent, filters, unions.

use serde_json::Value;

use super::{Kind, Node};

/// A parsed path: `$.paths['/a'].get.parameters[?@.name == 'q']`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JsonPath {
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq)]
struct Segment {
    descend: bool,
    selectors: Vec<Selector>,
}

#[derive(Debug, Clone, PartialEq)]
enum Selector {
    Name(String),
    Index(i64),
    Wildcard,
    /// Alternatives of conditions that must all hold.
    Filter(Vec<Vec<Condition>>),
}

#[derive(Debug, Clone, PartialEq)]
struct Condition {
    path: Vec<String>,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Exists,
    Is(Value),
    IsNot(Value),
}

/// The steps from the root to a node: keys, and indexes as text.
pub(crate) type Location = Vec<String>;

impl JsonPath {
    /// Reads a path; the error says what was expected and what stands there.
    pub(crate) fn parse(text: &str) -> Result<JsonPath, String> {
        let mut cursor = Cursor { rest: text.trim() };
        cursor.take("$")?;
        let mut segments = Vec::new();
        while !cursor.rest.is_empty() {
            segments.push(cursor.segment()?);
        }
        Ok(JsonPath { segments })
    }

    /// Where the path leads in a document, in document order, each place once.
    pub(crate) fn locate(&self, root: &Node) -> Vec<Location> {
        let mut here: Vec<(Location, &Node)> = vec![(Vec::new(), root)];
        for segment in &self.segments {
            let mut next = Vec::new();
            for (location, node) in here {
                if segment.descend {
                    select_below(segment, &location, node, &mut next);
                } else {
                    select(segment, &location, node, &mut next);
                }
            }
            here = next;
        }
        let mut found: Vec<Location> = Vec::new();
        for (location, _) in here {
            if !found.contains(&location) {
                found.push(location);
            }
        }
        found
    }
}

/// Depth is bounded by the YAML reader's own limit.
fn select_below<'n>(segment: &Segment, at: &Location, node: &'n Node, out: &mut Vec<(Location, &'n Node)>) {
    select(segment, at, node, out);
    for (step, child) in children(node) {
        select_below(segment, &extend(at, step), child, out);
    }
}

fn select<'n>(segment: &Segment, at: &Location, node: &'n Node, out: &mut Vec<(Location, &'n Node)>) {
    for selector in &segment.selectors {
        match selector {
            Selector::Name(name) => {
                if let Kind::Map(map) = &node.kind
                    && let Some(child) = map.get(name)
                {
                    out.push((extend(at, name.clone()), child));
                }
            }
            Selector::Index(index) => {
                if let Kind::List(items) = &node.kind
                    && let Some(at_index) = absolute(*index, items.len())
                {
                    out.push((extend(at, at_index.to_string()), &items[at_index]));
                }
            }
            Selector::Wildcard => {
                out.extend(children(node).into_iter().map(|(step, child)| (extend(at, step), child)));
            }
            Selector::Filter(alternatives) => {
                let kept = children(node).into_iter().filter(|(_, child)| holds(alternatives, child));
                out.extend(kept.map(|(step, child)| (extend(at, step), child)));
            }
        }
    }
}

fn extend(at: &Location, step: String) -> Location {
    let mut location = at.clone();
    location.push(step);
    location
}

fn absolute(index: i64, len: usize) -> Option<usize> {
    let from_end = if index < 0 { i64::try_from(len).ok()? } else { 0 };
    usize::try_from(index + from_end).ok().filter(|at| *at < len)
}

fn children(node: &Node) -> Vec<(String, &Node)> {
    match &node.kind {
        Kind::Scalar(_) => Vec::new(),
        Kind::List(items) => items.iter().enumerate().map(|(at, child)| (at.to_string(), child)).collect(),
        Kind::Map(map) => map.iter().map(|(key, child)| (key.clone(), child)).collect(),
    }
}

fn holds(alternatives: &[Vec<Condition>], node: &Node) -> bool {
    alternatives.iter().any(|conditions| {
        conditions.iter().all(|condition| {
            let found = condition.path.iter().try_fold(node, |node, step| node.child(step));
            match &condition.test {
                Test::Exists => found.is_some(),
                Test::Is(wanted) => found.is_some_and(|node| node.clone().into_value() == *wanted),
                Test::IsNot(wanted) => found.is_none_or(|node| node.clone().into_value() != *wanted),
            }
        })
    })
}

struct Cursor<'t> {
    rest: &'t str,
}

impl Cursor<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, token: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        self.rest = rest;
        true
    }

    fn take(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(self.complaint(&format!("`{token}`"))) }
    }

    fn complaint(&self, expected: &str) -> String {
        let found =
            if self.rest.is_empty() { "the end of the path".to_owned() } else { format!("`{}`", self.rest) };
        format!("expected {expected}, found {found}")
    }

    fn segment(&mut self) -> Result<Segment, String> {
        let descend = self.eat("..");
        if self.eat("[") {
            return Ok(Segment { descend, selectors: self.bracket()? });
        }
        if !descend {
            self.take(".")?;
        }
        let selector = if self.eat("*") { Selector::Wildcard } else { Selector::Name(self.name()?) };
        Ok(Segment { descend, selectors: vec![selector] })
    }

    fn name(&mut self) -> Result<String, String> {
        let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        let end = self.rest.find(|letter| !part(letter)).unwrap_or(self.rest.len());
        if end == 0 {
            return Err(self.complaint("a name"));
        }
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(name.to_owned())
    }

    fn bracket(&mut self) -> Result<Vec<Selector>, String> {
        let mut selectors = Vec::new();
        loop {
            self.space();
            selectors.push(self.selector()?);
            self.space();
            if !self.eat(",") {
                self.take("]")?;
                return Ok(selectors);
            }
        }
    }

    fn selector(&mut self) -> Result<Selector, String> {
        if self.eat("*") {
            return Ok(Selector::Wildcard);
        }
        if self.eat("?") {
            self.space();
            let in_parentheses = self.eat("(");
            let filter = self.filter()?;
            if in_parentheses {
                self.space();
                self.take(")")?;
            }
            return Ok(Selector::Filter(filter));
        }
        match self.literal()? {
            Value::String(name) => Ok(Selector::Name(name)),
            Value::Number(index) if index.is_i64() => Ok(Selector::Index(index.as_i64().unwrap_or_default())),
            other => Err(format!("expected a quoted name or an index between brackets, found `{other}`")),
        }
    }

    fn filter(&mut self) -> Result<Vec<Vec<Condition>>, String> {
        let mut alternatives = vec![vec![self.condition()?]];
        loop {
            self.space();
            if self.eat("&&") {
                let condition = self.condition()?;
                alternatives.last_mut().expect("there is always one").push(condition);
            } else if self.eat("||") {
                alternatives.push(vec![self.condition()?]);
            } else {
                return Ok(alternatives);
            }
        }
    }

    fn condition(&mut self) -> Result<Condition, String> {
        self.space();
        self.take("@")?;
        let mut path = Vec::new();
        loop {
            if self.eat(".") {
                path.push(self.name()?);
            } else if self.eat("[") {
                match self.literal()? {
                    Value::String(name) => path.push(name),
                    other => path.push(other.to_string()),
                }
                self.take("]")?;
            } else {
                break;
            }
        }
        self.space();
        let test = if self.eat("==") {
            Test::Is(self.literal()?)
        } else if self.eat("!=") {
            Test::IsNot(self.literal()?)
        } else {
            Test::Exists
        };
        Ok(Condition { path, test })
    }

    fn literal(&mut self) -> Result<Value, String> {
        self.space();
        if let Some(quote) = self.rest.chars().next().filter(|letter| matches!(letter, '\'' | '"')) {
            return self.quoted(quote).map(Value::String);
        }
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, ']' | ')' | ',' | '&' | '|');
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let value =
            serde_json::from_str(word).map_err(|_| self.complaint("a quoted name, a number or a literal"))?;
        self.rest = rest;
        Ok(value)
    }

    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            if letter == quote {
                self.rest = &self.rest[at + 1..];
                return Ok(text);
            }
            match letter {
                '\\' => text.extend(letters.next().map(|(_, escaped)| escaped)),
                _ => text.push(letter),
            }
        }
        Err(self.complaint(&format!("a closing {quote}")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml;
    use super::*;

    const DOCUMENT: &str = "
paths:
  /a:
    get: {parameters: [{name: q, in: query}, {name: id, in: path, schema: {type: integer}}]}
    post: {parameters: [{name: q, in: query, required: true}]}
  /b/{id}:
    get: {operationId: \"it's\"}
";

    fn places(path: &str) -> Vec<String> {
        let root = yaml::parse(DOCUMENT, 0).expect("YAML");
        let path = JsonPath::parse(path).expect("a path");
        path.locate(&root).into_iter().map(|steps| steps.join(" ")).collect()
    }

    #[test]
    fn names_indexes_and_wildcards_lead_to_their_nodes() {
        assert_eq!(places("$"), [""]);
        assert_eq!(places("$.paths['/a'].get.parameters[1].name"), ["paths /a get parameters 1 name"]);
        assert_eq!(places("$.paths['/a'].get.parameters[-1].in"), ["paths /a get parameters 1 in"]);
        assert_eq!(places("$.paths.*.get"), ["paths /a get", "paths /b/{id} get"]);
        assert_eq!(places("$['paths'][\"/b/{id}\"][*]"), ["paths /b/{id} get"]);
        assert_eq!(places("$.paths['/a']['get','post']"), ["paths /a get", "paths /a post"]);
        assert!(places("$.paths['/c']").is_empty());
    }

    #[test]
    fn descent_reaches_every_level_once() {
        assert_eq!(places("$..schema.type"), ["paths /a get parameters 1 schema type"]);
        assert_eq!(places("$..parameters..name").len(), 3);
    }

    #[test]
    fn filters_compare_test_presence_and_combine() {
        assert_eq!(places("$.paths['/a'].*.parameters[?(@.name == 'q')]").len(), 2);
        assert_eq!(places("$..parameters[?@.name=='q' && @.required]"), ["paths /a post parameters 0"]);
        assert_eq!(places("$..parameters[?@.required == true || @.in != 'query']").len(), 2);
        assert_eq!(places("$..[?@.schema.type == 'integer']"), ["paths /a get parameters 1"]);
        assert_eq!(places("$.paths.*[?@.operationId == 'it\\'s']"), ["paths /b/{id} get"]);
    }

    #[test]
    fn malformed_paths_say_what_was_expected() {
        assert_eq!(JsonPath::parse("paths").expect_err("no root"), "expected `$`, found `paths`");
        assert_eq!(
            JsonPath::parse("$.a[").expect_err("open"),
            "expected a quoted name, a number or a literal, found the end of the path"
        );
        assert!(JsonPath::parse("$.a['b").is_err());
        assert!(JsonPath::parse("$.").is_err());
        assert!(JsonPath::parse("$[true]").is_err());
        assert!(JsonPath::parse("$[?(@.a == 'x']").is_err());
    }
}
