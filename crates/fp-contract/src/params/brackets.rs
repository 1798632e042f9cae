//! Bracketed names in query and form: `filters[created_at][from]=…`, `ids[]=…`, `ids[0]=…`, `items[][name]=…`.
//!
//! The rules are Rack's. Numeric keys become a list when a level has nothing else, as Rails clients mean it.

use std::borrow::Cow;

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
    let mut tree = Map::new();
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let name = decode(&pair[..equals], place, charset)?;
        let value = decode(pair.get(equals + 1..).unwrap_or_default(), place, charset)?;
        let path = parse_name(&name)?;
        if !path.base.is_empty() {
            Insertion { name: &name, value }.into_map(&mut tree, path.base, &path.steps)?;
        }
    }
    tree.values_mut().for_each(turn_indexes_to_lists);
    Ok(tree)
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

/// What a value of the tree is, in the words of errors. All scalars are texts.
fn shape(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        _ => "a value",
    }
}

/// Lets objects be lists whose keys are all indexes. Depth is bounded by [`DEPTH_LIMIT`] when names are parsed.
fn turn_indexes_to_lists(value: &mut Value) {
    if let Value::Object(map) = value
        && let Some(order) = in_index_order(map)
    {
        let mut items: Vec<Value> = map.values_mut().map(Value::take).collect();
        *value = Value::Array(order.into_iter().map(|at| items[at].take()).collect());
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(turn_indexes_to_lists),
        Value::Object(map) => map.values_mut().for_each(turn_indexes_to_lists),
        _ => {}
    }
}

/// Places in the map by rising index; `None` unless every key is an index.
fn in_index_order(map: &Map<String, Value>) -> Option<Vec<usize>> {
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
    fn into_map(self, map: &mut Map<String, Value>, key: &str, steps: &[Step<'_>]) -> Result<(), ParamError> {
        let Some((step, rest)) = steps.split_first() else {
            map.insert(key.to_owned(), Value::String(self.value));
            return Ok(());
        };
        let empty = if *step == Step::Append { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        let wanted = shape(&empty);
        let node = map.entry(key).or_insert(empty);
        match (step, node) {
            (Step::Append, Value::Array(items)) => self.into_list(items, rest),
            (Step::Key(inner), Value::Object(next)) => self.into_map(next, inner, rest),
            (_, other) => {
                let name = self.name.to_owned();
                Err(ParamError::Conflict { name, first: shape(other), second: wanted })
            }
        }
    }

    /// `a[][x]=1&a[][y]=2&a[][x]=3` fills one element until a key comes again.
    fn into_list(self, items: &mut Vec<Value>, steps: &[Step<'_>]) -> Result<(), ParamError> {
        match steps.split_first() {
            None => {
                items.push(Value::String(self.value));
                Ok(())
            }
            Some((Step::Append, rest)) => {
                let mut inner = Vec::new();
                self.into_list(&mut inner, rest)?;
                items.push(Value::Array(inner));
                Ok(())
            }
            Some((Step::Key(key), rest)) => {
                if let Some(Value::Object(last)) = items.last_mut()
                    && !holds(last, key, rest)
                {
                    return self.into_map(last, key, rest);
                }
                let mut element = Map::new();
                self.into_map(&mut element, key, rest)?;
                items.push(Value::Object(element));
                Ok(())
            }
        }
    }
}

/// Whether an element has a value where the steps lead. A list there takes any number of values.
fn holds(map: &Map<String, Value>, key: &str, steps: &[Step<'_>]) -> bool {
    match (map.get(key), steps.split_first()) {
        (None, _) | (Some(Value::Array(_)), Some((Step::Append, _))) => false,
        (Some(Value::Object(inner)), Some((Step::Key(next), rest))) => holds(inner, next, rest),
        (Some(_), _) => true,
    }
}
