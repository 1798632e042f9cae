//! A validator's complaints told as violations: one for each cause, at the right place, with a hint.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use super::branch::{Meant, meant};
use super::words::{describe, either, kind, nearest, type_name};
use super::{Registries, Schema};
use crate::contract::Document;
use crate::contract::composition::{declared_fields, follow};
use crate::contract::discriminator::BRANCHES;
use crate::source::pointer_step;
use crate::violation::Violation;

/// Violations that one value may have: a list of a thousand wrong rows needs no thousand lines.
pub(crate) const MOST: usize = 100;

/// Judges a value by a schema. `place` turns a pointer into the value into one into the message.
pub(crate) fn judge(
    schema: &Schema,
    documents: &[Document],
    registries: &Registries,
    value: &Value,
    place: &dyn Fn(&str) -> String,
) -> Vec<Violation> {
    if schema.accepts(documents, registries, value) {
        return Vec::new();
    }
    let document = &documents[schema.document];
    let mut teller = Teller { document, schema, value, told: Vec::new() };
    for error in schema.validator(documents, registries).iter_errors(value) {
        teller.tell(&error, 0);
    }
    teller.into_violations(place)
}

struct Teller<'s> {
    document: &'s Document,
    schema: &'s Schema,
    value: &'s Value,
    told: Vec<Told>,
}

/// A violation whose pointer is still within the value.
struct Told {
    pointer: String,
    rank: Rank,
    violation: Violation,
}

/// Which of several complaints about one place is the cause: the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Shape,
    Value,
    /// Fields look undeclared when the part of a composition that declares them failed for another reason.
    Undeclared,
}

impl Teller<'_> {
    fn into_violations(mut self, place: &dyn Fn(&str) -> String) -> Vec<Violation> {
        self.told.sort_by_key(|told| told.rank);
        let mut kept: Vec<Told> = Vec::new();
        for told in std::mem::take(&mut self.told) {
            if kept.len() < MOST && !kept.iter().any(|other| other.explains(&told)) {
                kept.push(told);
            }
        }
        let place_of = |told: Told| Violation { pointer: place(&told.pointer), ..told.violation };
        kept.into_iter().map(place_of).collect()
    }

    fn push(&mut self, pointer: String, rank: Rank, violation: Violation) {
        self.told.push(Told { pointer, rank, violation });
    }

    /// Nesting is bounded by the composition depth of the schema.
    fn tell(&mut self, error: &ValidationError<'_>, depth: usize) {
        let at = error.instance_path().as_str().to_owned();
        match error.kind() {
            Kind::OneOfNotValid { context } | Kind::AnyOf { context } if depth < 32 => {
                match meant(context, &at) {
                    Meant::Branch(index) => {
                        context[index].iter().for_each(|error| self.tell(error, depth + 1));
                    }
                    Meant::AnyField(names) => self.tell_any_missing(error, &at, &names),
                    Meant::Unclear => {
                        let kinds: Vec<String> =
                            context.iter().filter_map(|errors| wanted(errors, &at)).collect();
                        let expected = if kinds.is_empty() {
                            "one of the declared forms".to_owned()
                        } else {
                            either(&kinds)
                        };
                        self.complain(error, &at, Rank::Shape, "no-variant", expected);
                    }
                }
            }
            Kind::Required { property } => self.tell_missing(error, &at, property),
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().for_each(|name| self.tell_undeclared(error, &at, name));
            }
            Kind::FalseSchema => self.tell_refused(error, &at),
            other => {
                let (rank, code, expected) = put(other);
                self.complain(error, &at, rank, code, expected);
            }
        }
    }

    fn complain(
        &mut self,
        error: &ValidationError<'_>,
        at: &str,
        rank: Rank,
        code: &'static str,
        expected: String,
    ) {
        let found = error.instance();
        let violation = Violation::new(code, self.schema.edition.side, "", expected, describe(found))
            .with_kind(kind(found))
            .against(self.document, &self.keyword(error).pointer);
        let violation = match hint(error.kind(), found) {
            Some(hint) => violation.with_hint(hint),
            None => violation,
        };
        self.push(at.to_owned(), rank, violation);
    }

    /// Any of several fields would do, and none is there.
    fn tell_any_missing(&mut self, error: &ValidationError<'_>, at: &str, names: &[String]) {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        self.complain(error, at, Rank::Shape, "missing-field", format!("the field {}", either(&quoted)));
        let present = || error.instance().as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        let slip = names.iter().find_map(|name| Some((nearest(name, present())?, name)));
        if let (Some((stranger, name)), Some(last)) = (slip, self.told.last_mut()) {
            last.violation.hint = Some(format!("there is a field `{stranger}`: rename it to `{name}`"));
        }
    }

    fn tell_missing(&mut self, error: &ValidationError<'_>, at: &str, property: &Value) {
        let name = property.as_str().unwrap_or_default();
        let keyword = self.keyword(error);
        let owner = self.document.at(&keyword.owner);
        let asked = owner.and_then(|owner| owner.get("required")).and_then(Value::as_array);
        let required = asked.is_some_and(|names| names.contains(property))
            // A discriminator requires its property without a list.
            || owner.is_some_and(|owner| owner.pointer("/discriminator/propertyName") == Some(property));
        let (code, place) = if required {
            ("missing-field", keyword.pointer)
        } else {
            ("absent-field", pointer_step(&format!("{}/properties", keyword.owner), name))
        };
        let present =
            error.instance().as_object().map(|map| map.keys().map(String::as_str)).into_iter().flatten();
        let declared: Vec<&str> = self.declared_near(error);
        let stranger = nearest(name, present.filter(|key| !declared.contains(key)));
        let mut violation =
            Violation::new(code, self.schema.edition.side, "", format!("the field `{name}`"), "none")
                .against(self.document, &place);
        if let Some(stranger) = stranger {
            violation = violation.with_hint(format!("there is a field `{stranger}`: rename it to `{name}`"));
        }
        self.push(pointer_step(at, name), Rank::Shape, violation);
    }

    fn tell_undeclared(&mut self, error: &ValidationError<'_>, at: &str, name: &str) {
        let declared = self.declared_near(error);
        let rank = if declared.contains(&name) { Rank::Undeclared } else { Rank::Value };
        let pointer = pointer_step(at, name);
        let found = self.value.pointer(&pointer).unwrap_or(&Value::Null);
        let mut violation = Violation::new(
            "undeclared-field",
            self.schema.edition.side,
            "",
            format!("no field `{name}`"),
            describe(found),
        )
        .with_kind(kind(found))
        .against(self.document, &self.keyword(error).pointer);
        if let Some(meant) = nearest(name, declared.iter().copied()) {
            violation = violation.with_hint(format!("did you mean `{meant}`?"));
        }
        self.push(pointer, rank, violation);
    }

    /// A field that has no place on this side, or a value that a schema refuses whatever it is.
    fn tell_refused(&mut self, error: &ValidationError<'_>, at: &str) {
        let source =
            self.document.at(&self.keyword(error).pointer).map(|schema| follow(self.document.root(), schema));
        let marked = |mark| source.and_then(|schema| schema.get(mark)) == Some(&Value::Bool(true));
        let (code, expected) = if marked("writeOnly") {
            ("write-only-field", "no write-only field in a reply")
        } else if marked("readOnly") {
            ("read-only-field", "no read-only field in a request")
        } else {
            ("forbidden-value", "no value here")
        };
        self.complain(error, at, Rank::Shape, code, expected.to_owned());
    }

    /// Names that the schema around an error declares for its object.
    fn declared_near(&self, error: &ValidationError<'_>) -> Vec<&str> {
        let Some(schema) = self.document.at(&self.keyword(error).owner) else { return Vec::new() };
        declared_fields(self.document.root(), schema).map(|(name, _)| name).collect()
    }

    fn keyword(&self, error: &ValidationError<'_>) -> Keyword {
        let location = error.absolute_keyword_location().map(|uri| uri.as_str().to_owned());
        let fragment = location.as_deref().and_then(|uri| uri.split_once('#')).map(|(_, fragment)| fragment);
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) else {
            return Keyword { pointer: self.schema.pointer.clone(), owner: self.schema.pointer.clone() };
        };
        let rewritten = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        Keyword::written(self.document.root(), &rewritten)
    }
}

/// A keyword's place in the document as it is written, and the schema that holds it.
struct Keyword {
    pointer: String,
    owner: String,
}

impl Keyword {
    /// Leaves out the steps that rewriting added. A keyword that it added is told by its schema.
    fn written(root: &Value, rewritten: &str) -> Keyword {
        let mut value = root;
        let (mut pointer, mut owner) = (String::new(), String::new());
        for step in rewritten.split('/').skip(1) {
            let name = step.replace("~1", "/").replace("~0", "~");
            let child = |key: &str| match value {
                Value::Array(items) => key.parse::<usize>().ok().and_then(|at| items.get(at)),
                other => other.get(key),
            };
            let moved = || ["oneOf", "anyOf"].into_iter().find_map(|key| Some((child(key)?, key)));
            let (next, step) = match child(&name) {
                Some(next) => (next, step),
                None if name == "else" => continue,
                None => match moved().filter(|_| name == BRANCHES) {
                    Some(found) => found,
                    None => return Keyword { owner: pointer.clone(), pointer },
                },
            };
            value = next;
            owner.clone_from(&pointer);
            pointer = format!("{pointer}/{step}");
        }
        Keyword { pointer, owner }
    }
}

impl Told {
    /// Whether another complaint about the same place, or one that follows from it, adds nothing.
    fn explains(&self, other: &Told) -> bool {
        if self.pointer == other.pointer {
            return true;
        }
        // The object that fails elsewhere lost what its parts declare.
        other.rank == Rank::Undeclared && {
            let owner = other.pointer.rsplit_once('/').map_or("", |(owner, _)| owner);
            self.rank != Rank::Undeclared && self.pointer.starts_with(owner)
        }
    }
}

/// What a branch wants of the value as a whole.
fn wanted(errors: &[ValidationError<'_>], at: &str) -> Option<String> {
    errors.iter().filter(|error| error.instance_path().as_str() == at).find_map(|error| match error.kind() {
        Kind::Type { .. } | Kind::Enum { .. } | Kind::Constant { .. } => Some(put(error.kind()).2),
        _ => None,
    })
}

/// The rank, code and expectation of a complaint about a single value.
fn put(kind: &Kind) -> (Rank, &'static str, String) {
    let value = |code, expected: String| (Rank::Value, code, expected);
    match kind {
        Kind::Type { kind } => (
            Rank::Shape,
            "wrong-type",
            match kind {
                TypeKind::Single(kind) => type_name(*kind).to_owned(),
                TypeKind::Multiple(kinds) => {
                    either(&kinds.iter().map(|kind| type_name(kind).to_owned()).collect::<Vec<_>>())
                }
            },
        ),
        Kind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(bare).collect();
            value("wrong-value", format!("one of {}", options.join(", ")))
        }
        Kind::Constant { expected_value } => value("wrong-value", bare(expected_value)),
        Kind::Format { format } => value("wrong-format", format!("the format {format}")),
        Kind::Minimum { limit } => value("out-of-range", format!("a number of at least {limit}")),
        Kind::Maximum { limit } => value("out-of-range", format!("a number of at most {limit}")),
        Kind::ExclusiveMinimum { limit } => value("out-of-range", format!("a number above {limit}")),
        Kind::ExclusiveMaximum { limit } => value("out-of-range", format!("a number below {limit}")),
        Kind::MultipleOf { multiple_of } => value("out-of-range", format!("a multiple of {multiple_of}")),
        Kind::MinLength { limit } => value("wrong-length", format!("at least {limit} characters")),
        Kind::MaxLength { limit } => value("wrong-length", format!("at most {limit} characters")),
        Kind::MinItems { limit } => value("wrong-length", format!("at least {limit} items")),
        Kind::MaxItems { limit } => value("wrong-length", format!("at most {limit} items")),
        Kind::MinProperties { limit } => value("wrong-length", format!("at least {limit} fields")),
        Kind::MaxProperties { limit } => value("wrong-length", format!("at most {limit} fields")),
        Kind::UniqueItems => value("duplicate-items", "every item once".to_owned()),
        Kind::Pattern { pattern } => value("wrong-pattern", format!("a match of /{pattern}/")),
        Kind::OneOfMultipleValid { .. } => {
            value("ambiguous-variant", "exactly one of the declared forms".to_owned())
        }
        Kind::Not { .. } => value("forbidden-value", "anything but the refused form".to_owned()),
        other => value("forbidden-value", format!("a value that `{}` accepts", other.keyword())),
    }
}

/// A value of an enum as people write it.
fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn hint(kind: &Kind, found: &Value) -> Option<String> {
    match kind {
        Kind::Enum { options } => {
            let options = options.as_array()?.iter().filter_map(Value::as_str);
            nearest(found.as_str()?, options).map(|meant| format!("did you mean `{meant}`?"))
        }
        Kind::Format { format } => match format.as_str() {
            "date-time" => Some("a date-time looks like 2025-01-15T10:30:00Z".to_owned()),
            "date" => Some("a date looks like 2025-01-15".to_owned()),
            "uri" => Some("a uri begins with its scheme: https://example.com/page".to_owned()),
            _ => None,
        },
        Kind::Type { kind: TypeKind::Single(wanted) } => {
            let text = found.as_str()?;
            let looks = text.parse::<f64>().is_ok() || matches!(text, "true" | "false");
            let wants = matches!(type_name(*wanted), "an integer" | "a number" | "a boolean");
            (looks && wants).then(|| "send it without quotes".to_owned())
        }
        _ => None,
    }
}
