//! What the contract says about one operation, gathered once: parameters, bodies, replies, credentials.

use serde_json::Value;

use crate::contract::dialect::Edition;
use crate::contract::{Document, Operation, reference_target};
use crate::media_type::MediaType;
use crate::schema::Schema;
use crate::source::pointer_step;
use crate::violation::Side;

/// Everything that judging an operation needs. Schemas compile when they are first used.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<RequestBody>,
    pub(crate) replies: Vec<Reply>,
    /// Alternatives of schemes that must all be there; an empty list asks for nothing.
    pub(crate) security: Vec<Vec<Credential>>,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

/// A declared parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) place: Place,
    pub(crate) name: String,
    /// A query parameter's way through the tree: `filters[created_at][from]` has three steps.
    pub(crate) steps: Vec<String>,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    /// The schema as the document has it.
    pub(crate) source: Value,
    pub(crate) pointer: String,
}

/// A declared request body.
#[derive(Debug)]
pub(crate) struct RequestBody {
    pub(crate) required: bool,
    pub(crate) content: Vec<Content>,
    pub(crate) pointer: String,
}

/// A declared reply.
#[derive(Debug)]
pub(crate) struct Reply {
    /// `200`, `4XX` or `default`.
    pub(crate) status: String,
    /// The same as a number, if it is one.
    pub(crate) code: Option<u16>,
    pub(crate) content: Vec<Content>,
    pub(crate) headers: Vec<Parameter>,
    pub(crate) pointer: String,
}

/// A media type (or range) and the schema of its bodies.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) range: String,
    /// The same, read.
    pub(crate) media_type: Option<MediaType>,
    pub(crate) schema: Option<Schema>,
}

/// A credential that an operation asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    /// `Authorization` with this scheme.
    Scheme(String),
    /// A key in a header.
    Header(String),
    /// A key in the query.
    Query(String),
}

impl Plan {
    pub(crate) fn of(operation: &Operation, document: &Document, strict: bool) -> Plan {
        let reader = Reader { document, index: operation.document, strict };
        let item = operation.pointer.rsplit_once('/').map_or("", |(item, _)| item);
        Plan {
            parameters: reader.parameters(item, &operation.pointer),
            body: reader.request_body(&format!("{}/requestBody", operation.pointer)),
            replies: reader.replies(&format!("{}/responses", operation.pointer)),
            security: reader.security(&operation.pointer),
        }
    }
}

struct Reader<'d> {
    document: &'d Document,
    index: usize,
    strict: bool,
}

impl Reader<'_> {
    fn schema(&self, pointer: String, side: Side) -> Schema {
        Schema::new(self.index, pointer, Edition { side, strict: self.strict })
    }

    /// The operation's parameters, and the path item's where the operation has none of that name and place.
    fn parameters(&self, item: &str, operation: &str) -> Vec<Parameter> {
        let mut list: Vec<Parameter> = Vec::new();
        for owner in [operation, item] {
            let owner = format!("{owner}/parameters");
            let count = self.document.at(&owner).and_then(Value::as_array).map_or(0, Vec::len);
            for at in 0..count {
                if let Some(parameter) = self.parameter(format!("{owner}/{at}"))
                    && !list
                        .iter()
                        .any(|known| known.place == parameter.place && known.name == parameter.name)
                {
                    list.push(parameter);
                }
            }
        }
        list
    }

    fn parameter(&self, pointer: String) -> Option<Parameter> {
        let (pointer, value) = self.document.resolve(pointer)?;
        let name = value.get("name")?.as_str()?.to_owned();
        let place = match value.get("in")?.as_str()? {
            "path" => Place::Path,
            "query" => Place::Query,
            // These three describe themselves elsewhere in a document.
            "header"
                if ["accept", "content-type", "authorization"].contains(&&*name.to_ascii_lowercase()) =>
            {
                return None;
            }
            "header" => Place::Header,
            _ => return None,
        };
        let schema = format!("{pointer}/schema");
        let source = self.document.at(&schema)?.clone();
        Some(Parameter {
            place,
            source,
            steps: steps(&name),
            name,
            required: value.get("required") == Some(&Value::Bool(true)),
            schema: self.schema(schema, Side::Request),
            pointer,
        })
    }

    fn request_body(&self, pointer: &str) -> Option<RequestBody> {
        let (pointer, value) = self.document.resolve(pointer.to_owned())?;
        Some(RequestBody {
            required: value.get("required") == Some(&Value::Bool(true)),
            content: self.content(&pointer, Side::Request),
            pointer,
        })
    }

    fn content(&self, owner: &str, side: Side) -> Vec<Content> {
        let owner = format!("{owner}/content");
        let ranges = self.document.at(&owner).and_then(Value::as_object);
        let content = ranges.into_iter().flatten().map(|(range, value)| {
            let schema = value
                .get("schema")
                .map(|_| self.schema(format!("{}/schema", pointer_step(&owner, range)), side));
            Content { range: range.clone(), media_type: MediaType::parse(range), schema }
        });
        content.collect()
    }

    fn replies(&self, owner: &str) -> Vec<Reply> {
        let statuses = self.document.at(owner).and_then(Value::as_object);
        let replies = statuses.into_iter().flatten().filter_map(|(status, _)| {
            let (pointer, _) = self.document.resolve(pointer_step(owner, status))?;
            Some(Reply {
                status: status.to_ascii_lowercase(),
                code: status.parse().ok(),
                content: self.content(&pointer, Side::Response),
                headers: self.reply_headers(&pointer),
                pointer,
            })
        });
        replies.collect()
    }

    fn reply_headers(&self, owner: &str) -> Vec<Parameter> {
        let owner = format!("{owner}/headers");
        let headers = self.document.at(&owner).and_then(Value::as_object);
        let headers = headers.into_iter().flatten().filter_map(|(name, _)| {
            let (pointer, value) = self.document.resolve(pointer_step(&owner, name))?;
            let schema = format!("{pointer}/schema");
            let source = self.document.at(&schema)?.clone();
            Some(Parameter {
                place: Place::Header,
                source,
                name: name.clone(),
                steps: Vec::new(),
                required: value.get("required") == Some(&Value::Bool(true)),
                schema: self.schema(schema, Side::Response),
                pointer,
            })
        });
        headers.collect()
    }

    fn security(&self, operation: &str) -> Vec<Vec<Credential>> {
        let own = self.document.at(&format!("{operation}/security"));
        let Some(Value::Array(alternatives)) = own.or_else(|| self.document.at("/security")) else {
            return Vec::new();
        };
        let schemes = |alternative: &Value| {
            let names = alternative.as_object().into_iter().flatten();
            names.filter_map(|(name, _)| self.credential(name)).collect()
        };
        alternatives.iter().map(schemes).collect()
    }

    fn credential(&self, name: &str) -> Option<Credential> {
        let (_, scheme) = self.document.resolve(pointer_step("/components/securitySchemes", name))?;
        let text = |key: &str| scheme.get(key).and_then(Value::as_str);
        match (text("type")?, text("in")) {
            ("http", _) => Some(Credential::Scheme(text("scheme")?.to_owned())),
            ("apiKey", Some("header")) => Some(Credential::Header(text("name")?.to_owned())),
            ("apiKey", Some("query")) => Some(Credential::Query(text("name")?.to_owned())),
            ("oauth2" | "openIdConnect", _) => Some(Credential::Scheme("bearer".to_owned())),
            _ => None,
        }
    }
}

/// The entry for a content type as sent, the exact one before ranges, and whether bodies of that type are JSON.
pub(crate) fn content_for<'c>(content: &'c [Content], sent: &str) -> Option<(&'c Content, bool)> {
    // Nearly always it is what the document says, letter by letter.
    if let Some(entry) = content.iter().find(|entry| entry.media_type.is_some() && entry.range == sent) {
        return Some((entry, entry.is_json()));
    }
    let media_type = MediaType::parse(sent)?;
    let is_exact = |range: &MediaType| range.essence == media_type.essence;
    let exact = content.iter().find(|entry| entry.media_type.as_ref().is_some_and(is_exact));
    let entry = exact.or_else(|| content.iter().find(|entry| media_type.is_within(&entry.range)))?;
    Some((entry, media_type.is_json()))
}

impl Content {
    /// Whether the declared type is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.media_type.as_ref().is_some_and(MediaType::is_json)
    }
}

/// `filters[created_at][from]` is three steps, `ids[]` one: the list itself.
fn steps(name: &str) -> Vec<String> {
    let mut parts = name.split('[');
    let base = parts.next().unwrap_or_default().to_owned();
    let inner = parts.map(|part| part.strip_suffix(']').unwrap_or(part)).filter(|part| !part.is_empty());
    std::iter::once(base).chain(inner.map(str::to_owned)).collect()
}

impl Document {
    /// The part at a pointer, with `$ref`s into this document followed to their end.
    pub(crate) fn resolve(&self, mut pointer: String) -> Option<(String, &Value)> {
        // A circle of references leads nowhere; ten hops are more than any document needs.
        for _ in 0..10 {
            let value = self.at(&pointer)?;
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Some((pointer, value));
            };
            pointer = reference_target(reference)?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bracketed_names_are_steps_through_the_tree() {
        assert_eq!(steps("filters[created_at][from]"), ["filters", "created_at", "from"]);
        assert_eq!(steps("ids[]"), ["ids"]);
        assert_eq!(steps("q"), ["q"]);
    }
}
