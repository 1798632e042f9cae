//! Bracketed names in query and form: `filters[created_at][from]=…`, `ids[]=…`, `ids[0]=…`, `items[][name]=…`.
//!
//! The rules are Rack's. Numeric keys become a list when a level has nothing else, as Rails clients mean it.

use std::borrow::Cow;

use indexmap::IndexMap;
use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use super::{DEPTH_LIMIT, ParamError};

/// The charsets that a body may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Latin1,
}

impl Charset {
    pub(super) fn of(name: Option<&str>) -> Result<Charset, ParamError> {
        match name {
            None | Some("utf-8" | "utf8" | "us-ascii" | "ascii" | "") => Ok(Charset::Utf8),
            Some("iso-8859-1" | "latin1") => Ok(Charset::Latin1),
            Some(other) => Err(ParamError::UnsupportedCharset { found: other.to_owned() }),
        }
    }

    pub(super) fn decode<'b>(self, bytes: &'b [u8], place: &'static str) -> Result<Cow<'b, str>, ParamError> {
        match self {
            Charset::Utf8 => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                let offset = error.valid_up_to();
                ParamError::InvalidUtf8 { place, byte: bytes[offset], offset }
            }),
            Charset::Latin1 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
        }
    }
}

/// Reads `name=value` pairs into a tree whose scalars are strings.
pub(super) fn parse(
    text: &[u8],
    place: &'static str,
    charset: Charset,
) -> Result<Map<String, Value>, ParamError> {
    let mut tree = IndexMap::new();
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let name = decode(&pair[..equals], place, charset)?;
        let value = decode(pair.get(equals + 1..).unwrap_or_default(), place, charset)?;
        let path = parse_name(&name)?;
        if !path.base.is_empty() {
            Insertion { name: &name, value }.into_map(&mut tree, path.base, &path.steps)?;
        }
    }
    Ok(tree.into_iter().map(|(name, node)| (name, node.into_value())).collect())
}

fn decode(bytes: &[u8], place: &'static str, charset: Charset) -> Result<String, ParamError> {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let digits = rest.get(at + 1..at + 3);
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            let found = String::from_utf8_lossy(&rest[at..rest.len().min(at + 3)]).into_owned();
            return Err(ParamError::InvalidPercentEncoding { place, found });
        }
        rest = &rest[at + 3..];
    }
    let spaced: Cow<'_, [u8]> = if bytes.contains(&b'+') {
        bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect::<Vec<u8>>().into()
    } else {
        bytes.into()
    };
    let decoded: Cow<'_, [u8]> = percent_decode(&spaced).into();
    Ok(charset.decode(&decoded, place)?.into_owned())
}

/// A name taken apart: `filters[created_at][]` is `filters`, then key `created_at`, then an append.
struct Path<'n> {
    base: &'n str,
    steps: Vec<Step<'n>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step<'n> {
    Key(&'n str),
    Append,
}

fn parse_name(name: &str) -> Result<Path<'_>, ParamError> {
    // A bracket at the very start is part of the base, as in Rack.
    let first = name.char_indices().nth(1).and_then(|(second, _)| Some(second + name[second..].find('[')?));
    let Some(open) = first else { return Ok(Path { base: name, steps: Vec::new() }) };
    let (base, mut rest) = name.split_at(open);
    if rest == "[" {
        return Ok(Path { base: name, steps: Vec::new() });
    }
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if steps.len() == DEPTH_LIMIT {
            return Err(ParamError::TooDeep { limit: DEPTH_LIMIT });
        }
        if let Some(after) = rest.strip_prefix("[]") {
            steps.push(Step::Append);
            rest = after;
        } else if let Some((key, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            steps.push(Step::Key(key));
            rest = after;
        } else {
            // Unbalanced: what is left names a key by itself.
            steps.push(Step::Key(rest));
            rest = "";
        }
    }
    Ok(Path { base, steps })
}

enum Node {
    Leaf(String),
    List(Vec<Node>),
    Map(IndexMap<String, Node>),
}

impl Node {
    fn shape(&self) -> &'static str {
        match self {
            Node::Leaf(_) => "a value",
            Node::List(_) => "a list",
            Node::Map(_) => "an object",
        }
    }

    /// Depth is bounded by [`DEPTH_LIMIT`] when names are parsed.
    fn into_value(self) -> Value {
        match self {
            Node::Leaf(text) => Value::String(text),
            Node::List(items) => Value::Array(items.into_iter().map(Node::into_value).collect()),
            Node::Map(map) => match in_index_order(&map) {
                Some(order) => {
                    let mut items: Vec<Option<Node>> = map.into_values().map(Some).collect();
                    let sorted = order.into_iter().filter_map(|at| items[at].take());
                    Value::Array(sorted.map(Node::into_value).collect())
                }
                None => Value::Object(map.into_iter().map(|(key, node)| (key, node.into_value())).collect()),
            },
        }
    }
}

/// Places in the map by rising index; `None` unless every key is an index.
fn in_index_order(map: &IndexMap<String, Node>) -> Option<Vec<usize>> {
    let is_index =
        |key: &String| !key.is_empty() && key.len() <= 9 && key.bytes().all(|b| b.is_ascii_digit());
    if map.is_empty() || !map.keys().all(is_index) {
        return None;
    }
    let mut order: Vec<(u32, usize)> =
        map.keys().enumerate().map(|(at, key)| Some((key.parse().ok()?, at))).collect::<Option<_>>()?;
    order.sort_unstable();
    Some(order.into_iter().map(|(_, at)| at).collect())
}

/// One pair on its way into the tree.
struct Insertion<'n> {
    name: &'n str,
    value: String,
}

impl Insertion<'_> {
    /// A plain name replaces whatever was there, as in Rack: the last pair wins.
    fn into_map(
        self,
        map: &mut IndexMap<String, Node>,
        key: &str,
        steps: &[Step<'_>],
    ) -> Result<(), ParamError> {
        let Some((step, rest)) = steps.split_first() else {
            map.insert(key.to_owned(), Node::Leaf(self.value));
            return Ok(());
        };
        let empty = if *step == Step::Append { Node::List(Vec::new()) } else { Node::Map(IndexMap::new()) };
        let wanted = empty.shape();
        let node = map.entry(key.to_owned()).or_insert(empty);
        match (step, node) {
            (Step::Append, Node::List(items)) => self.into_list(items, rest),
            (Step::Key(inner), Node::Map(next)) => self.into_map(next, inner, rest),
            (_, other) => {
                let name = self.name.to_owned();
                Err(ParamError::Conflict { name, first: other.shape(), second: wanted })
            }
        }
    }

    /// `a[][x]=1&a[][y]=2&a[][x]=3` fills one element until a key comes again.
    fn into_list(self, items: &mut Vec<Node>, steps: &[Step<'_>]) -> Result<(), ParamError> {
        match steps.split_first() {
            None => {
                items.push(Node::Leaf(self.value));
                Ok(())
            }
            Some((Step::Append, rest)) => {
                let mut inner = Vec::new();
                self.into_list(&mut inner, rest)?;
                items.push(Node::List(inner));
                Ok(())
            }
            Some((Step::Key(key), rest)) => {
                if let Some(Node::Map(last)) = items.last_mut()
                    && !holds(last, key, rest)
                {
                    return self.into_map(last, key, rest);
                }
                let mut element = IndexMap::new();
                self.into_map(&mut element, key, rest)?;
                items.push(Node::Map(element));
                Ok(())
            }
        }
    }
}

/// Whether an element has a value where the steps lead. A list there takes any number of values.
fn holds(map: &IndexMap<String, Node>, key: &str, steps: &[Step<'_>]) -> bool {
    match (map.get(key), steps.split_first()) {
        (None, _) | (Some(Node::List(_)), Some((Step::Append, _))) => false,
        (Some(Node::Map(inner)), Some((Step::Key(next), rest))) => holds(inner, next, rest),
        (Some(_), _) => true,
    }
}
