//! Holding a parsed value against a shape.

use serde_json::{Map, Value};

use super::{DEPTH_MAX, List, Object, Others, Shape, ShapeId, Slot};

pub(super) fn admits(shapes: &[Shape], root: ShapeId, value: &Value) -> bool {
    Look { shapes }.value(root, value, 0)
}

pub(super) fn admits_fields(shapes: &[Shape], root: ShapeId, fields: &Map<String, Value>) -> bool {
    match &shapes[root].object {
        Slot::Accepted(wanted) => Look { shapes }.object(wanted, fields, 0),
        _ => false,
    }
}

struct Look<'s> {
    shapes: &'s [Shape],
}

impl Look<'_> {
    fn value(&self, id: ShapeId, value: &Value, depth: usize) -> bool {
        let shape = &self.shapes[id];
        if depth > DEPTH_MAX {
            return false;
        }
        match value {
            Value::Null => shape.null.is_accepted(),
            Value::Bool(_) => shape.boolean.is_accepted(),
            Value::Number(number) => match (&shape.number, number.as_i64()) {
                (Slot::Accepted(wanted), Some(integer)) => wanted.admits_integer(integer),
                (Slot::Accepted(wanted), None) if number.is_f64() => {
                    number.as_f64().is_some_and(|float| wanted.admits_float(float))
                }
                _ => false,
            },
            Value::String(text) => match &shape.text {
                Slot::Accepted(wanted) => wanted.admits(text),
                _ => false,
            },
            Value::Array(items) => match &shape.list {
                Slot::Accepted(wanted) => self.list(wanted, items, depth),
                _ => false,
            },
            Value::Object(map) => match &shape.object {
                Slot::Accepted(wanted) => self.object(wanted, map, depth),
                _ => false,
            },
        }
    }

    fn list(&self, wanted: &List, items: &[Value], depth: usize) -> bool {
        wanted.admits_length(items.len())
            && wanted.items.is_none_or(|shape| items.iter().all(|item| self.value(shape, item, depth + 1)))
    }

    fn object(&self, wanted: &Object, map: &Map<String, Value>, depth: usize) -> bool {
        let (mut seen, mut next) = (0, 0);
        for (name, value) in map {
            let shape = match wanted.find(name, next) {
                Some(place) => {
                    seen |= 1 << place;
                    next = place + 1;
                    wanted.fields[place].shape
                }
                None => match wanted.others {
                    Others::Anything => None,
                    Others::Refused => return false,
                    Others::Shaped(shape) => Some(shape),
                },
            };
            if shape.is_some_and(|shape| !self.value(shape, value, depth + 1)) {
                return false;
            }
        }
        wanted.admits_fields(seen, map.len())
    }
}
