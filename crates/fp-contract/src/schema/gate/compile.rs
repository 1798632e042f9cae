//! From a schema, already rewritten to 2020-12, to its plain form.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonschema::Draft;
use serde_json::{Map, Value};

use super::format::Format;
use super::merge::{both, either};
use super::{FIELDS_MAX, Field, List, Number, Object, Others, Shape, ShapeId, Slot, Text};
use crate::contract::dialect::{Edition, rewrite_schema};
use crate::contract::reference_target;

/// Levels on which two schemas describe the same places.
const MERGED_DEPTH_MAX: usize = 8;

/// Brings schemas of one document into plain form.
pub(super) struct Compiler<'d> {
    root: &'d Value,
    edition: Edition,
    pub(super) shapes: Vec<Shape>,
    /// Schemas that are referred to, by their pointers. One that is still being compiled doubts.
    named: BTreeMap<String, ShapeId>,
    open: Vec<String>,
    depth: usize,
}

impl<'d> Compiler<'d> {
    pub(super) fn new(root: &'d Value, edition: Edition) -> Compiler<'d> {
        Compiler { root, edition, shapes: Vec::new(), named: BTreeMap::new(), open: Vec::new(), depth: 0 }
    }

    /// A shape that doubts everything.
    pub(super) fn doubt(&mut self) -> ShapeId {
        self.add(Shape::doubtful())
    }

    pub(super) fn add(&mut self, shape: Shape) -> ShapeId {
        self.shapes.push(shape);
        self.shapes.len() - 1
    }

    /// Goes one level further down into shapes that are merged, if that is not too far.
    pub(super) fn deepen(&mut self) -> bool {
        self.depth += 1;
        self.depth <= MERGED_DEPTH_MAX
    }

    /// Comes up again.
    pub(super) fn surface(&mut self) {
        self.depth -= 1;
    }

    /// The shape of the values at one place: those of a field, the items of a list.
    pub(super) fn child(&mut self, schema: &Value) -> ShapeId {
        if let Some(reference) = lone_reference(schema) {
            return self.referred(reference);
        }
        let shape = self.shape(schema);
        self.add(shape)
    }

    fn referred(&mut self, reference: &str) -> ShapeId {
        let Some(target) = reference_target(reference) else { return self.doubt() };
        if let Some(known) = self.named.get(&target) {
            return *known;
        }
        let place = self.doubt();
        self.named.insert(target.clone(), place);
        if let Some(schema) = rewrite_schema(self.root, &target, self.edition) {
            self.open.push(target);
            let shape = self.shape(&schema);
            self.open.pop();
            self.shapes[place] = shape;
        }
        place
    }

    /// The shape of a schema, as a value that can be merged with others.
    fn shape(&mut self, schema: &Value) -> Shape {
        match schema {
            Value::Bool(true) => Shape::anything(),
            Value::Bool(false) => Shape::nothing(),
            Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
                Some(reference) if map.len() == 1 => {
                    // A schema within itself has no shape yet.
                    let is_open =
                        reference_target(reference).is_some_and(|target| self.open.contains(&target));
                    if is_open {
                        return Shape::doubtful();
                    }
                    let place = self.referred(reference);
                    self.shapes[place].clone()
                }
                Some(_) => Shape::doubtful(),
                None => self.of_keywords(map),
            },
            _ => Shape::doubtful(),
        }
    }

    fn of_keywords(&mut self, map: &Map<String, Value>) -> Shape {
        if let Some(inner) = nullable(map) {
            let mut shape = self.shape(inner);
            shape.null = Slot::Accepted(());
            return shape;
        }
        let mut shape = self.own(map);
        for (keyword, value) in map {
            match (keyword.as_str(), value) {
                ("allOf", Value::Array(parts)) => {
                    for part in parts {
                        let part = self.shape(part);
                        shape = both(self, shape, part);
                    }
                }
                ("anyOf" | "oneOf", Value::Array(parts)) => {
                    let part = match required_alternatives(parts).filter(|_| keyword == "anyOf") {
                        Some(names) => one_of(&names),
                        None => self.alternatives(parts),
                    };
                    shape = both(self, shape, part);
                }
                ("not", part) => {
                    let part = required_alternatives(std::slice::from_ref(part))
                        .map_or_else(Shape::doubtful, |names| without(&names));
                    shape = both(self, shape, part);
                }
                _ => {}
            }
        }
        shape
    }

    /// Alternatives for which the kind of the value decides.
    fn alternatives(&mut self, parts: &[Value]) -> Shape {
        let mut shape = Shape::nothing();
        for part in parts {
            let part = self.shape(part);
            shape = either(shape, part);
        }
        shape
    }

    /// What the keywords of the schema itself say.
    fn own(&mut self, map: &Map<String, Value>) -> Shape {
        const UNDERSTOOD: [&str; 23] = [
            "type",
            "enum",
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
            "minimum",
            "maximum",
            "required",
            "properties",
            "items",
            "additionalProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "$defs",
            "exclusiveMinimum",
        ];
        if map.keys().any(|keyword| !UNDERSTOOD.contains(&keyword.as_str())) {
            return Shape::doubtful();
        }
        let mut shape = kinds(map.get("type"));
        fill(&mut shape.number, || number(map));
        fill(&mut shape.text, || text(map));
        if shape.list.is_accepted() {
            shape.list = self.list(map).map_or(Slot::Doubtful, Slot::Accepted);
        }
        if shape.object.is_accepted() {
            shape.object = self.object(map).map_or(Slot::Doubtful, Slot::Accepted);
        }
        if let Some(values) = map.get("enum") {
            choose(&mut shape, values.as_array().map_or(&[], Vec::as_slice));
        }
        shape
    }

    fn list(&mut self, map: &Map<String, Value>) -> Option<List> {
        let items = map.get("items").map(|schema| self.child(schema));
        let is_set = map.get("uniqueItems") == Some(&Value::Bool(true));
        let (at_least, at_most) = (size(map, "minItems")?.unwrap_or(0), size(map, "maxItems")?);
        Some(List { items, at_least, at_most, is_set })
    }

    fn object(&mut self, map: &Map<String, Value>) -> Option<Object> {
        let mut object = Object::default();
        for (name, schema) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let shape = Some(self.child(schema));
            object.fields.push(Field::new(name, shape));
        }
        for name in map.get("required").and_then(Value::as_array).into_iter().flatten() {
            let place = object.place(name.as_str()?);
            object.required |= bit(place)?;
        }
        object.others = match map.get("additionalProperties") {
            None | Some(Value::Bool(true)) => Others::Anything,
            Some(Value::Bool(false)) => Others::Refused,
            Some(schema) => Others::Shaped(self.child(schema)),
        };
        // A field that is only required falls under the others.
        if object.others != Others::Anything && object.fields.iter().any(|field| field.shape.is_none()) {
            return None;
        }
        object.at_least = size(map, "minProperties")?.unwrap_or(0);
        object.at_most = size(map, "maxProperties")?;
        (object.fields.len() <= FIELDS_MAX).then_some(object)
    }
}

impl Object {
    /// The place of a field, which is added if it is not named yet.
    pub(super) fn place(&mut self, name: &str) -> usize {
        self.find(name, 0).unwrap_or_else(|| {
            self.fields.push(Field::new(name, None));
            self.fields.len() - 1
        })
    }
}

pub(super) fn bit(place: usize) -> Option<u128> {
    (place < FIELDS_MAX).then(|| 1 << place)
}

fn lone_reference(schema: &Value) -> Option<&str> {
    let map = schema.as_object().filter(|map| map.len() == 1)?;
    map.get("$ref")?.as_str()
}

/// What `nullable` beside a composition was rewritten to: null, or else this.
fn nullable(map: &Map<String, Value>) -> Option<&Value> {
    let (condition, then) = (map.get("if")?, map.get("then")?);
    let is_null = condition.as_object()?.len() == 1 && condition.get("type")? == "null";
    (map.len() == 3 && is_null && *then == Value::Bool(true)).then(|| map.get("else")).flatten()
}

/// The names, if every alternative only requires one field.
fn required_alternatives(parts: &[Value]) -> Option<Vec<&str>> {
    parts
        .iter()
        .map(|part| {
            let map = part.as_object().filter(|map| map.len() == 1)?;
            match map.get("required")?.as_array()?.as_slice() {
                [name] => name.as_str(),
                _ => None,
            }
        })
        .collect()
}

/// An object needs one of these fields.
fn one_of(names: &[&str]) -> Shape {
    let mut object = Object::default();
    let places: Option<u128> = names.iter().try_fold(0, |bits, name| Some(bits | bit(object.place(name))?));
    let object =
        places.map_or(Slot::Doubtful, |places| Slot::Accepted(Object { one_of: vec![places], ..object }));
    Shape { object, ..Shape::anything() }
}

/// Only an object can lack a field that it must not have.
fn without(names: &[&str]) -> Shape {
    let mut object = Object::default();
    let places: Option<u128> = names.iter().try_fold(0, |bits, name| Some(bits | bit(object.place(name))?));
    let object = places.map_or(Slot::Doubtful, |forbidden| Slot::Accepted(Object { forbidden, ..object }));
    Shape { object, ..Shape::nothing() }
}

/// The kinds that `type` allows.
fn kinds(kind: Option<&Value>) -> Shape {
    let names: Vec<&str> = match kind {
        None => return Shape::anything(),
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(_) => return Shape::doubtful(),
    };
    let mut shape = Shape::nothing();
    for name in names {
        match name {
            "null" => shape.null = Slot::Accepted(()),
            "boolean" => shape.boolean = Slot::Accepted(()),
            "integer" if !shape.number.is_accepted() => {
                shape.number = Slot::Accepted(Number { is_integer: true, ..Number::default() });
            }
            "integer" => {}
            "number" => shape.number = Slot::Accepted(Number::default()),
            "string" => shape.text = Slot::Accepted(Text::default()),
            "array" => shape.list = Slot::Accepted(List::default()),
            "object" => shape.object = Slot::Accepted(Object::default()),
            _ => return Shape::doubtful(),
        }
    }
    shape
}

/// Adds what the keywords of a kind say to what `type` said.
fn fill<T: Overlay>(slot: &mut Slot<T>, read: impl FnOnce() -> Option<T>) {
    if let Slot::Accepted(own) = slot {
        *slot = match read() {
            Some(read) => Slot::Accepted(read.over(own)),
            None => Slot::Doubtful,
        };
    }
}

/// What was read by keywords, with what `type` alone says.
trait Overlay {
    fn over(self, kind: &Self) -> Self;
}

impl Overlay for Number {
    fn over(self, kind: &Self) -> Self {
        Number { is_integer: kind.is_integer, ..self }
    }
}

impl Overlay for Text {
    fn over(self, _: &Self) -> Self {
        self
    }
}

fn number(map: &Map<String, Value>) -> Option<Number> {
    let limit = |keyword: &str| match map.get(keyword) {
        None => Some(None),
        Some(limit) => limit.as_i64().map(Some),
    };
    if map.contains_key("exclusiveMinimum") {
        return None;
    }
    Some(Number { is_integer: false, at_least: limit("minimum")?, at_most: limit("maximum")?, choices: None })
}

fn text(map: &Map<String, Value>) -> Option<Text> {
    let format = match map.get("format") {
        None => None,
        Some(name) => Format::named(name.as_str()?)?,
    };
    let pattern = match map.get("pattern") {
        None => None,
        // The validator itself reads it: there are many ways to read a pattern.
        Some(pattern) => {
            let schema = serde_json::json!({ "type": "string", "pattern": pattern });
            Some(Arc::new(jsonschema::options().with_draft(Draft::Draft202012).build(&schema).ok()?))
        }
    };
    let (at_least, at_most) = (size(map, "minLength")?.unwrap_or(0), size(map, "maxLength")?);
    Some(Text { at_least, at_most, format, pattern, choices: None })
}

/// A size that must be a whole number, if it is there.
fn size(map: &Map<String, Value>, keyword: &str) -> Option<Option<usize>> {
    match map.get(keyword) {
        None => Some(None),
        Some(size) => size.as_u64().and_then(|size| usize::try_from(size).ok()).map(Some),
    }
}

/// Leaves of each kind the values of an `enum`.
fn choose(shape: &mut Shape, values: &[Value]) {
    let refuse_unless = |slot: &mut Slot<()>, is_chosen: bool| {
        if !is_chosen {
            *slot = Slot::Refused;
        }
    };
    refuse_unless(&mut shape.null, values.contains(&Value::Null));
    let booleans = [true, false].map(|value| values.contains(&Value::Bool(value)));
    match booleans {
        [true, true] => {}
        [false, false] => shape.boolean = Slot::Refused,
        _ => shape.boolean = Slot::Doubtful,
    }
    let texts: Vec<Box<str>> = values.iter().filter_map(Value::as_str).map(Into::into).collect();
    match &mut shape.text {
        slot @ Slot::Accepted(_) if texts.is_empty() => *slot = Slot::Refused,
        Slot::Accepted(text) => text.choices = Some(texts),
        _ => {}
    }
    let numbers: Vec<&Value> = values.iter().filter(|value| value.is_number()).collect();
    let integers: Option<Vec<i64>> = numbers.iter().map(|value| value.as_i64()).collect();
    match (&mut shape.number, integers) {
        (slot @ Slot::Accepted(_), _) if numbers.is_empty() => *slot = Slot::Refused,
        (Slot::Accepted(number), Some(integers)) => number.choices = Some(integers),
        (slot @ Slot::Accepted(_), None) => *slot = Slot::Doubtful,
        _ => {}
    }
    if shape.list.is_accepted() {
        shape.list = if values.iter().any(Value::is_array) { Slot::Doubtful } else { Slot::Refused };
    }
    if shape.object.is_accepted() {
        shape.object = if values.iter().any(Value::is_object) { Slot::Doubtful } else { Slot::Refused };
    }
}
