//! Rails-style parameters: query, form body and JSON body merged into one tree.
//!
//! The service takes the same parameters from any of the three. A body wins over the query where both name a
//! top-level parameter, as in Rails. Path parameters come from the router and are not in the tree.

mod brackets;
mod encode;
mod error;
mod json;

use indexmap::IndexMap;
use serde_json::{Map, Value};

pub use encode::encode;
pub use error::ParamError;
pub(crate) use json::kind_of;
pub use json::parse as parse_json;

use crate::exchange::Request;
use crate::media_type::MediaType;

/// Levels of brackets or of JSON that are read; deeper input is an error.
///
/// Evidence: chosen (Rack stops at 100 levels of brackets)
pub const DEPTH_LIMIT: usize = 100;

/// Where a top-level parameter came from. Text in query and form has no types; JSON has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The query of the URL.
    Query,
    /// A form-encoded body.
    Form,
    /// A JSON body.
    Json,
}

/// The parameters of one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params {
    root: Map<String, Value>,
    sources: Sources,
}

/// Where the parameters of one request came from.
#[derive(Debug, Clone, PartialEq)]
enum Sources {
    /// All from one source: nearly every request has only one.
    All(Source),
    /// Each from its own.
    Each(IndexMap<String, Source>),
}

impl Default for Sources {
    fn default() -> Sources {
        Sources::All(Source::Query)
    }
}

impl Params {
    /// The whole tree. Scalars from query and form are strings, whatever they look like.
    #[must_use]
    pub fn root(&self) -> &Map<String, Value> {
        &self.root
    }

    /// One top-level parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.root.get(name)
    }

    /// Where a top-level parameter came from; `None` if the request has no such parameter.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<Source> {
        match &self.sources {
            Sources::All(source) => self.root.contains_key(name).then_some(*source),
            Sources::Each(sources) => sources.get(name).copied(),
        }
    }

    /// Whether there are parameters, and all of them came from there.
    pub(crate) fn are_all_from(&self, source: Source) -> bool {
        !self.root.is_empty()
            && match &self.sources {
                Sources::All(own) => *own == source,
                Sources::Each(sources) => sources.values().all(|own| *own == source),
            }
    }

    /// The tree without its sources.
    #[must_use]
    pub fn into_root(self) -> Map<String, Value> {
        self.root
    }

    #[inline]
    fn merge(&mut self, tree: Map<String, Value>, source: Source) {
        if tree.is_empty() {
            return;
        }
        if self.root.is_empty() {
            self.root = tree;
            self.sources = Sources::All(source);
            return;
        }
        let mut sources = match std::mem::take(&mut self.sources) {
            Sources::All(own) => self.root.keys().map(|name| (name.clone(), own)).collect(),
            Sources::Each(sources) => sources,
        };
        for (name, value) in tree {
            sources.insert(name.clone(), source);
            self.root.insert(name, value);
        }
        self.sources = Sources::Each(sources);
    }
}

/// Reads query and body of a request, whatever its method: GET and DELETE may carry a body too.
///
/// A body without content type is JSON when it begins with `{` or `[`, else a form. An absent body and a JSON
/// `null` are no parameters.
///
/// # Errors
///
/// [`ParamError`] for the first thing that cannot be read, the query before the body.
#[inline]
pub fn read(request: &Request<'_>) -> Result<Params, ParamError> {
    let mut params = Params::default();
    let query = request.query();
    if !query.is_empty() {
        params.merge(read_query(query)?, Source::Query);
    }
    if let Some((tree, source)) = read_body(request)? {
        params.merge(tree, source);
    }
    Ok(params)
}

/// Reads a query (without its question mark) into a tree of strings.
///
/// # Errors
///
/// [`ParamError`] for bad percent-encoding, bytes that are no UTF-8, clashing shapes and absurd depth.
pub fn read_query(query: &str) -> Result<Map<String, Value>, ParamError> {
    brackets::parse(query.as_bytes(), "query", brackets::Charset::Utf8)
}

/// The tree of a body and whether it was a form or JSON.
pub type Body = (Map<String, Value>, Source);

/// Reads the body alone; `None` when it is empty or blank.
///
/// # Errors
///
/// As for [`read`].
#[inline]
pub fn read_body(request: &Request<'_>) -> Result<Option<Body>, ParamError> {
    if request.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let header = request.header("content-type").map(str::trim).filter(|value| !value.is_empty());
    let (kind, charset) = match header {
        // What nearly everybody sends.
        Some("application/json") => (Kind::Json, brackets::Charset::Utf8),
        Some(value) => kind_of_type(value)?,
        None => (Kind::of_untyped(request.body), brackets::Charset::Utf8),
    };
    match kind {
        Kind::Json => {
            let text = charset.decode(request.body, "request body")?;
            Ok(Some((read_json_object(&text)?, Source::Json)))
        }
        Kind::Form => Ok(Some((brackets::parse(request.body, "form body", charset)?, Source::Form))),
    }
}

/// The two kinds of bodies that are read.
enum Kind {
    Json,
    Form,
}

impl Kind {
    fn of_untyped(body: &[u8]) -> Kind {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        if matches!(first, Some(b'{' | b'[')) { Kind::Json } else { Kind::Form }
    }
}

fn kind_of_type(value: &str) -> Result<(Kind, brackets::Charset), ParamError> {
    let unsupported = || ParamError::UnsupportedContentType { found: value.to_owned() };
    let media_type = MediaType::parse(value).ok_or_else(unsupported)?;
    let charset = brackets::Charset::of(media_type.charset.as_deref())?;
    if media_type.is_json() {
        Ok((Kind::Json, charset))
    } else if media_type.is_form() {
        Ok((Kind::Form, charset))
    } else {
        Err(unsupported())
    }
}

#[inline]
fn read_json_object(text: &str) -> Result<Map<String, Value>, ParamError> {
    match json::parse(text)? {
        Value::Object(map) => Ok(map),
        Value::Null => Ok(Map::new()),
        other => Err(ParamError::BodyNotAnObject { found: json::kind_of(&other) }),
    }
}

#[cfg(test)]
mod tests;
