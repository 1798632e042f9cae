//! Two shapes taken together: both must hold, or either.

use super::compile::{Compiler, bit};
use super::{FIELDS_MAX, List, Number, Object, Others, Shape, ShapeId, Slot, Text};

/// What keeps to both shapes.
pub(super) fn both(compiler: &mut Compiler<'_>, one: Shape, other: Shape) -> Shape {
    Shape {
        null: both_slots(one.null, other.null, |(), ()| Some(())),
        boolean: both_slots(one.boolean, other.boolean, |(), ()| Some(())),
        number: both_slots(one.number, other.number, |one, other| Some(one.and(other))),
        text: both_slots(one.text, other.text, Text::and),
        list: both_slots(one.list, other.list, |one, other| one.and(other, compiler)),
        object: both_slots(one.object, other.object, |one, other| one.and(other, compiler)),
    }
}

/// What keeps to one of two shapes: told only where the kind of the value decides which.
pub(super) fn either(one: Shape, other: Shape) -> Shape {
    Shape {
        null: either_slot(one.null, other.null),
        boolean: either_slot(one.boolean, other.boolean),
        number: either_slot(one.number, other.number),
        text: either_slot(one.text, other.text),
        list: either_slot(one.list, other.list),
        object: either_slot(one.object, other.object),
    }
}

fn both_slots<T>(one: Slot<T>, other: Slot<T>, merge: impl FnOnce(T, T) -> Option<T>) -> Slot<T> {
    match (one, other) {
        (Slot::Refused, _) | (_, Slot::Refused) => Slot::Refused,
        (Slot::Doubtful, _) | (_, Slot::Doubtful) => Slot::Doubtful,
        (Slot::Accepted(one), Slot::Accepted(other)) => {
            merge(one, other).map_or(Slot::Doubtful, Slot::Accepted)
        }
    }
}

fn either_slot<T>(one: Slot<T>, other: Slot<T>) -> Slot<T> {
    match (one, other) {
        (Slot::Refused, slot) | (slot, Slot::Refused) => slot,
        _ => Slot::Doubtful,
    }
}

/// The larger of two lower limits.
fn higher<N: Ord>(one: Option<N>, other: Option<N>) -> Option<N> {
    one.max(other)
}

/// The smaller of two upper limits.
fn lower<N: Ord>(one: Option<N>, other: Option<N>) -> Option<N> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn common<C: PartialEq>(one: Option<Vec<C>>, other: Option<Vec<C>>) -> Option<Vec<C>> {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            one.retain(|choice| other.contains(choice));
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

impl Number {
    fn and(self, other: Number) -> Number {
        Number {
            is_integer: self.is_integer || other.is_integer,
            at_least: higher(self.at_least, other.at_least),
            at_most: lower(self.at_most, other.at_most),
            choices: common(self.choices, other.choices),
        }
    }
}

impl Text {
    fn and(self, other: Text) -> Option<Text> {
        if self.format.is_some() && other.format.is_some() && self.format != other.format
            || self.pattern.is_some() && other.pattern.is_some()
        {
            return None;
        }
        Some(Text {
            at_least: self.at_least.max(other.at_least),
            at_most: lower(self.at_most, other.at_most),
            format: self.format.or(other.format),
            pattern: self.pattern.or(other.pattern),
            choices: common(self.choices, other.choices),
        })
    }
}

impl List {
    fn and(self, other: List, compiler: &mut Compiler<'_>) -> Option<List> {
        Some(List {
            items: both_children(compiler, self.items, other.items),
            at_least: self.at_least.max(other.at_least),
            at_most: lower(self.at_most, other.at_most),
            is_set: self.is_set || other.is_set,
        })
    }
}

impl Object {
    fn and(mut self, other: Object, compiler: &mut Compiler<'_>) -> Option<Object> {
        // What the others of one may be would have to hold for the fields of the other.
        let is_closed = |object: &Object| object.others != Others::Anything;
        let knows =
            |one: &Object, other: &Object| other.fields.iter().all(|f| one.find(&f.name, 0).is_some());
        if is_closed(&self) && is_closed(&other)
            || is_closed(&self) && !knows(&self, &other)
            || is_closed(&other) && !knows(&other, &self)
        {
            return None;
        }
        let mut places = Vec::new();
        for field in &other.fields {
            let place = self.place(&field.name);
            let own = self.fields[place].shape;
            self.fields[place].shape = both_children(compiler, own, field.shape);
            places.push(place);
        }
        if self.fields.len() > FIELDS_MAX {
            return None;
        }
        let moved = |bits: u128| {
            let mut there = 0;
            for (from, to) in places.iter().enumerate() {
                if bits & bit(from)? != 0 {
                    there |= bit(*to)?;
                }
            }
            Some(there)
        };
        self.required |= moved(other.required)?;
        self.forbidden |= moved(other.forbidden)?;
        for bits in other.one_of {
            self.one_of.push(moved(bits)?);
        }
        self.others = if is_closed(&self) { self.others } else { other.others };
        self.at_least = self.at_least.max(other.at_least);
        self.at_most = lower(self.at_most, other.at_most);
        Some(self)
    }
}

/// The shape of a place that two schemas describe. Shapes are copied here, so that one within itself stays
/// finite: it is still doubtful where it is copied.
fn both_children(
    compiler: &mut Compiler<'_>,
    one: Option<ShapeId>,
    other: Option<ShapeId>,
) -> Option<ShapeId> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => {
            let merged = match compiler.deepen() {
                true => {
                    let (one, other) = (compiler.shapes[one].clone(), compiler.shapes[other].clone());
                    both(compiler, one, other)
                }
                false => Shape::doubtful(),
            };
            compiler.surface();
            Some(compiler.add(merged))
        }
        (one, other) => one.or(other),
    }
}
