//! What payloads look like once their values are taken out: the union of everything seen at each place.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use super::promise::Promise;
use super::redaction::{Format, is_data};

/// Times that a field or an object was seen: `Often` from ten on. More is not kept, so that a snapshot does not
/// change with every further record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Never, or once.
    #[default]
    Once,
    /// Two to nine times.
    AFew,
    /// Ten times or more.
    Often,
}

/// The union of the values seen at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Null was seen.
    pub null: bool,
    /// A boolean was seen.
    pub boolean: bool,
    /// A number was seen, and which.
    pub number: Option<Numeric>,
    /// A text was seen, and which.
    pub text: Option<Text>,
    /// A list was seen; this is the union of its items.
    pub list: Option<Box<Shape>>,
    /// An object whose keys are data was seen; this is the union of its values.
    pub map: Option<Box<Shape>>,
    /// An object was seen.
    pub object: Option<Fields>,
}

/// Which numbers were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numeric {
    /// Ids.
    Id,
    /// Whole numbers.
    Integer,
    /// Numbers with a fraction, or that the contract lets have one.
    Number,
}

/// Which texts were seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Only the empty one, which tells nothing.
    Empty,
    /// Values of an enumeration of the contract.
    Values(BTreeSet<String>),
    /// Texts of one format.
    Of(Format),
    /// Any text.
    Plain,
}

/// The union of the objects seen at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// How many objects were seen.
    pub seen: u32,
    /// Their fields in the order they were sent in.
    pub fields: Vec<Field>,
}

/// One field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// In how many of the objects it was.
    pub seen: u32,
    /// What it held.
    pub shape: Shape,
}

impl Shape {
    /// The shape of one value. `name` is the name of the field that holds it, `promise` what the contract says of
    /// the place.
    pub fn of(value: &Value, name: &str, promise: Option<&Promise<'_>>) -> Self {
        let mut shape = Self::default();
        match value {
            Value::Null => shape.null = true,
            Value::Bool(_) => shape.boolean = true,
            Value::Number(number) => shape.number = Some(numeric(number, name, promise)),
            Value::String(text) => shape.text = Some(read_text(text, name, promise)),
            Value::Array(items) => {
                let promise = promise.and_then(Promise::items);
                let mut union = Self::default();
                items.iter().for_each(|item| union.merge(Self::of(item, name, promise.as_ref())));
                shape.list = Some(Box::new(union));
            }
            Value::Object(map) if is_map(map, name, promise) => {
                shape.map = Some(Box::new(values_of(map, promise)));
            }
            Value::Object(map) => {
                let field = |(name, value): (&String, &Value)| {
                    let promise = promise.and_then(|promise| promise.field(name));
                    let shape = Self::of(value, name, promise.as_ref());
                    Field { name: shown_key(name), seen: 1, shape }
                };
                shape.object = Some(Fields { seen: 1, fields: map.iter().map(field).collect() });
            }
        }
        shape
    }

    /// Whether nothing was ever seen here: the items of lists that were empty.
    pub fn is_unseen(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what was seen elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.null |= other.null;
        self.boolean |= other.boolean;
        self.number = match (self.number, other.number) {
            (Some(own), Some(other)) => Some(own.union(other)),
            (own, other) => own.or(other),
        };
        self.text = match (self.text.take(), other.text) {
            (Some(own), Some(other)) => Some(own.union(other)),
            (own, other) => own.or(other),
        };
        merge_boxed(&mut self.list, other.list);
        merge_boxed(&mut self.map, other.map);
        match (&mut self.object, other.object) {
            (Some(own), Some(other)) => own.merge(other),
            (own @ None, other) => *own = other,
            (Some(_), None) => {}
        }
    }
}

fn merge_boxed(own: &mut Option<Box<Shape>>, other: Option<Box<Shape>>) {
    match (own, other) {
        (Some(own), Some(other)) => own.merge(*other),
        (own @ None, other) => *own = other,
        (Some(_), None) => {}
    }
}

impl Fields {
    /// How much is known of these objects.
    pub fn evidence(&self) -> Evidence {
        match self.seen {
            0 | 1 => Evidence::Once,
            2..=9 => Evidence::AFew,
            _ => Evidence::Often,
        }
    }

    /// The field of this name.
    pub fn named(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Adds what was seen of other objects. A field that is new stands behind the one it was sent behind.
    fn merge(&mut self, other: Self) {
        let mut behind = 0;
        for field in other.fields {
            match self.fields.iter().position(|own| own.name == field.name) {
                Some(at) => {
                    let own = &mut self.fields[at];
                    own.seen += field.seen;
                    own.shape.merge(field.shape);
                    behind = at + 1;
                }
                None => {
                    self.fields.insert(behind, field);
                    behind += 1;
                }
            }
        }
        self.seen += other.seen;
    }
}

impl Field {
    /// Whether it was in every one of the objects.
    pub fn is_always_in(&self, fields: &Fields) -> bool {
        self.seen >= fields.seen
    }
}

impl Numeric {
    fn union(self, other: Self) -> Self {
        match (self, other) {
            (own, other) if own == other => own,
            (Self::Number, _) | (_, Self::Number) => Self::Number,
            _ => Self::Integer,
        }
    }
}

impl Text {
    fn union(self, other: Self) -> Self {
        match (self, other) {
            (Self::Empty, other) => other,
            (own, Self::Empty) => own,
            (Self::Values(mut own), Self::Values(other)) => {
                own.extend(other);
                Self::Values(own)
            }
            (own, other) if own == other => own,
            _ => Self::Plain,
        }
    }
}

fn numeric(number: &Number, name: &str, promise: Option<&Promise<'_>>) -> Numeric {
    if number.is_f64() || promise.is_some_and(|promise| promise.declares("number")) {
        Numeric::Number
    } else if Format::of_name(name) == Some(Format::Id) {
        Numeric::Id
    } else {
        Numeric::Integer
    }
}

fn read_text(text: &str, name: &str, promise: Option<&Promise<'_>>) -> Text {
    if promise.is_some_and(|promise| !promise.enumeration().is_empty()) {
        // A value that the contract does not list could be anything: it is shown if it looks like a word.
        let listed = promise.is_some_and(|promise| promise.enumeration().contains(text));
        let shown = if listed || is_word(text) { text } else { "<text>" };
        return Text::Values([shown.to_owned()].into());
    }
    match Format::of(text, name) {
        Some(format) => Text::Of(format),
        None if text.is_empty() => Text::Empty,
        None => Text::Plain,
    }
}

fn is_word(text: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.';
    (1..=40).contains(&text.len()) && text.bytes().all(letters)
}

/// The union of the values of a map. Where anything goes, the values of different keys have nothing in common: their
/// union would change with every key.
fn values_of(map: &Map<String, Value>, promise: Option<&Promise<'_>>) -> Shape {
    let declared = promise.and_then(Promise::values);
    let mut union = Shape::default();
    if declared.is_some() || map.keys().all(|key| is_data(key)) {
        map.values().for_each(|value| union.merge(Shape::of(value, "", declared.as_ref())));
    }
    if let Some(Text::Of(_) | Text::Empty) = union.text {
        // Values of different meanings: what format they share is chance.
        union.text = Some(Text::Plain);
    }
    union
}

/// Whether an object's keys are data: the contract says so, or, where it says nothing, its name or its keys do.
fn is_map(map: &Map<String, Value>, name: &str, promise: Option<&Promise<'_>>) -> bool {
    /// Objects that hold whatever an account put there.
    const FREE: [&str; 3] = ["custom_fields", "metadata", "details"];
    let by_keys = || !map.is_empty() && map.keys().all(|key| is_data(key));
    match promise {
        Some(promise) if promise.names_fields() => by_keys(),
        Some(promise) if promise.declares("object") => true,
        _ => FREE.contains(&name) || by_keys(),
    }
}

/// A key as it is shown: one that is somebody's data is not.
fn shown_key(key: &str) -> String {
    if is_data(key) { "<key>".to_owned() } else { key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn items_of_a_list_are_one_union_that_knows_what_was_always_there() {
        let shape = Shape::of(&json!([{"a": 1, "c": null}, {"a": 1.5, "b": "x", "c": true}]), "", None);
        let items = shape.list.expect("a list").object.expect("objects");
        let names: Vec<_> = items.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"], "a new field stands where it was sent");
        assert_eq!(items.named("a").expect("a").shape.number, Some(Numeric::Number));
        assert!(items.named("a").expect("a").is_always_in(&items));
        assert!(!items.named("b").expect("b").is_always_in(&items));
        let last = &items.named("c").expect("c").shape;
        assert!(last.null && last.boolean);
    }

    #[test]
    fn objects_keyed_by_data_keep_no_key() {
        let shape = Shape::of(&json!({"712": {"progress": 10}, "713": {"progress": 20}}), "", None);
        assert!(shape.object.is_none());
        assert!(shape.map.expect("a map").object.expect("values").named("progress").is_some());
        let mixed = Shape::of(&json!({"jane@example.com": 1, "name": 2}), "", None);
        let names: Vec<_> =
            mixed.object.expect("an object").fields.into_iter().map(|field| field.name).collect();
        assert_eq!(names, ["<key>", "name"]);
    }

    #[test]
    fn the_empty_text_decides_no_format_and_two_formats_are_none() {
        let text = |values: &[&str]| {
            let mut union = Shape::default();
            values.iter().for_each(|value| union.merge(Shape::of(&json!(value), "at", None)));
            union.text.expect("a text")
        };
        assert_eq!(text(&["", "2025-01-15"]), Text::Of(Format::Date));
        assert_eq!(text(&["2025-01-15", "tomorrow"]), Text::Plain);
        assert_eq!(text(&[""]), Text::Empty);
    }
}
