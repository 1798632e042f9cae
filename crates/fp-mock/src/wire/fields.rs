//! Reads typed values out of parameters, whichever way they came: numbers and booleans may be text.
//!
//! Evidence: service behaviour notes (a Rails application; parameters mean the same in query, form and JSON).

use jiff::civil::Date;
use serde_json::Value;

use crate::clock::timestamp::Timestamp;
use crate::domain::json::JsonObject;
use crate::domain::refusal::Refusal;
use crate::domain::span::Span;

/// As many parameters are gone through faster than one of them is looked up.
const FEW: usize = 10;

/// One level of parameters, and the name it has on the wire.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    map: Option<&'a JsonObject>,
    within: String,
}

/// How a value shows itself in a message: short, whatever it is.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

impl<'a> Fields<'a> {
    /// The parameters of a whole request.
    pub fn root(map: &'a JsonObject) -> Self {
        Self { map: Some(map), within: String::new() }
    }

    /// Whether the parameter was sent at all, blank or not.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// Whether it was sent and is blank or null: the way to empty a field.
    pub fn is_cleared(&self, name: &str) -> bool {
        self.raw(name).is_some_and(is_blank)
    }

    /// The value as sent; `None` if absent.
    pub fn raw(&self, name: &str) -> Option<&'a Value> {
        let map = self.map?;
        if map.len() > FEW {
            return map.get(name);
        }
        map.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    fn present(&self, name: &str) -> Option<&'a Value> {
        self.raw(name).filter(|value| !is_blank(value))
    }

    /// The parameter's full name on the wire, `filters[amount][from]`.
    pub fn full_name(&self, name: &str) -> String {
        if self.within.is_empty() { name.to_owned() } else { format!("{}[{name}]", self.within) }
    }

    /// The refusal for a value that cannot be used.
    pub fn invalid(&self, name: &str, expected: impl Into<String>) -> Refusal {
        Refusal::InvalidParam {
            name: self.full_name(name),
            expected: expected.into(),
            found: self.raw(name).map_or_else(|| "nothing".to_owned(), shown),
        }
    }

    /// Text, trimmed; numbers and booleans count as their text. `None` if absent or blank.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for a list or an object.
    pub fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.present(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(Some(value.to_string())),
            Some(_) => Err(self.invalid(name, "text")),
        }
    }

    /// Text that must be there.
    ///
    /// # Errors
    /// [`Refusal::MissingParam`] if absent or blank, [`Refusal::InvalidParam`] for a list or an object.
    pub fn required_text(&self, name: &'static str) -> Result<String, Refusal> {
        self.text(name)?.ok_or(Refusal::MissingParam(name))
    }

    /// A whole number; text of one counts, and so does `10.0`.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything else.
    pub fn int(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.present(name) else { return Ok(None) };
        whole(value).map(Some).ok_or_else(|| self.invalid(name, "a whole number"))
    }

    /// A whole number that must be there.
    ///
    /// # Errors
    /// [`Refusal::MissingParam`], [`Refusal::InvalidParam`].
    pub fn required_int(&self, name: &'static str) -> Result<i64, Refusal> {
        self.int(name)?.ok_or(Refusal::MissingParam(name))
    }

    /// An id: a whole number, though no record may have it.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything else.
    pub fn id(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let Some(number) = self.int(name)? else { return Ok(None) };
        match u64::try_from(number) {
            Ok(id) => Ok(Some(id)),
            Err(_) => Err(self.invalid(name, "an id (a whole number)")),
        }
    }

    /// An id that must be there.
    ///
    /// # Errors
    /// [`Refusal::MissingParam`], [`Refusal::InvalidParam`].
    pub fn required_id(&self, name: &'static str) -> Result<u64, Refusal> {
        self.id(name)?.ok_or(Refusal::MissingParam(name))
    }

    /// True or false, also as text, `1`/`0` and `yes`/`no`.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.trim_matches('`').to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(Some(true)),
            "false" | "0" | "no" | "off" => Ok(Some(false)),
            _ => Err(self.invalid(name, "true or false")),
        }
    }

    /// A calendar date, `2025-01-31`; of a date and time its date.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything else.
    pub fn date(&self, name: &str) -> Result<Option<Date>, Refusal> {
        Ok(self.moment(name)?.map(Timestamp::date))
    }

    /// A moment: ISO 8601 date and time, or a date.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything else.
    pub fn moment(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        Timestamp::parse(&text)
            .map(Some)
            .ok_or_else(|| self.invalid(name, "a date (2025-01-31) or an ISO 8601 date and time"))
    }

    /// One of the values of an enumeration, by its wire name (Markdown backticks are dropped, as the
    /// published enums have some).
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] naming what there is.
    pub fn named<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        names: &[&str],
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let expected = || self.invalid(name, format!("one of {}", names.join(", ")));
        parse(text.trim_matches('`')).map(Some).ok_or_else(expected)
    }

    /// One or several of the values of an enumeration, by their wire names; empty if absent.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] naming what there is.
    pub fn named_list<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        names: &[&str],
    ) -> Result<Vec<T>, Refusal> {
        let texts = self.texts(name)?;
        let values: Option<Vec<T>> = texts.iter().map(|text| parse(text.trim_matches('`'))).collect();
        values.ok_or_else(|| self.invalid(name, format!("one or more of {}", names.join(", "))))
    }

    /// The days from `<name>[from]` to `<name>[to]`, whole days in UTC.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything but dates.
    ///
    /// Evidence: published v2 contract (on or after, on or before); chosen (days end in UTC).
    pub fn days(&self, name: &str) -> Result<Span<Timestamp>, Refusal> {
        let Some(level) = self.below(name)? else { return Ok(Span::default()) };
        let (from, to) = (level.date("from")?, level.date("to")?);
        Ok(Span { from: from.map(Timestamp::start_of), to: to.map(Timestamp::end_of) })
    }

    /// The whole numbers from `<name>[from]` to `<name>[to]`.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything but whole numbers.
    pub fn numbers(&self, name: &str) -> Result<Span<i64>, Refusal> {
        let Some(level) = self.below(name)? else { return Ok(Span::default()) };
        Ok(Span { from: level.int("from")?, to: level.int("to")? })
    }

    /// Several values: a list, or a single one.
    pub fn list(&self, name: &str) -> &'a [Value] {
        match self.present(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(single) => std::slice::from_ref(single),
        }
    }

    /// Several texts: a list, or a single one. Blank ones are left out.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] if one of them is no text.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, Refusal> {
        let items = self.list(name);
        let mut texts = Vec::with_capacity(items.len());
        for item in items.iter().filter(|item| !is_blank(item)) {
            match item {
                Value::String(text) => texts.push(text.trim().to_owned()),
                Value::Number(_) | Value::Bool(_) => texts.push(item.to_string()),
                _ => return Err(self.invalid(name, "a list of texts")),
            }
        }
        Ok(texts)
    }

    /// Several ids: a list, or a single one; `None` if the parameter is absent.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] if one of them is no id.
    pub fn ids(&self, name: &str) -> Result<Option<Vec<u64>>, Refusal> {
        if !self.has(name) {
            return Ok(None);
        }
        let of = |value: &Value| whole(value).and_then(|id| u64::try_from(id).ok());
        let items = self.list(name);
        let ids: Option<Vec<u64>> = items.iter().filter(|item| !is_blank(item)).map(of).collect();
        ids.map(Some).ok_or_else(|| self.invalid(name, "a list of ids (whole numbers)"))
    }

    /// The ids that an action works on.
    ///
    /// # Errors
    /// [`Refusal::MissingParam`] if there are none, [`Refusal::InvalidParam`] if one of them is no id.
    pub fn required_ids(&self, name: &'static str) -> Result<Vec<u64>, Refusal> {
        self.ids(name)?.filter(|ids| !ids.is_empty()).ok_or(Refusal::MissingParam(name))
    }

    /// The level below a parameter, empty if it is absent.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] if it is no object.
    pub fn nested(&self, name: &str) -> Result<Fields<'a>, Refusal> {
        let empty = || Fields { map: None, within: self.full_name(name) };
        Ok(self.below(name)?.unwrap_or_else(empty))
    }

    /// The same; `None` if it is absent, which most spans are: names cost more than looking.
    fn below(&self, name: &str) -> Result<Option<Fields<'a>>, Refusal> {
        match self.present(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Fields { map: Some(map), within: self.full_name(name) })),
            Some(_) => Err(self.invalid(name, "an object")),
        }
    }

    /// The objects of a list, each as a level of its own.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] if one of them is no object.
    pub fn each(&self, name: &str) -> Result<Vec<Fields<'a>>, Refusal> {
        let mut levels = Vec::new();
        for (at, item) in self.list(name).iter().enumerate() {
            let Value::Object(map) = item else { return Err(self.invalid(name, "a list of objects")) };
            levels.push(Fields { map: Some(map), within: format!("{}[{at}]", self.full_name(name)) });
        }
        Ok(levels)
    }

    /// A document kept as it is; `None` if absent.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] if it is no object.
    pub fn object(&self, name: &str) -> Result<Option<JsonObject>, Refusal> {
        match self.present(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map.clone())),
            Some(_) => Err(self.invalid(name, "an object")),
        }
    }

    /// The names at this level.
    pub fn names(&self) -> impl Iterator<Item = &'a String> {
        self.map.into_iter().flat_map(|map| map.keys())
    }
}

/// A whole number out of a JSON number or its text.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
        }),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| text.strip_suffix(".0")?.parse().ok())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> JsonObject {
        match value {
            Value::Object(map) => map,
            other => panic!("an object was meant: {other}"),
        }
    }

    #[test]
    fn numbers_and_flags_may_be_text() {
        let map = object(json!({"amount": "1000", "exact": 10.0, "on": "true", "off": 0, "bad": "12x"}));
        let fields = Fields::root(&map);
        assert_eq!(fields.int("amount"), Ok(Some(1000)));
        assert_eq!(fields.int("exact"), Ok(Some(10)));
        assert_eq!(fields.flag("on"), Ok(Some(true)));
        assert_eq!(fields.flag("off"), Ok(Some(false)));
        assert!(fields.int("bad").is_err());
        assert_eq!(fields.int("absent"), Ok(None));
    }

    #[test]
    fn a_wrong_value_is_named_as_it_stands_on_the_wire() {
        let map = object(json!({"filters": {"amount": {"from": "much"}}}));
        let fields = Fields::root(&map);
        let amount = fields.nested("filters").and_then(|f| f.nested("amount")).expect("objects");
        let Err(Refusal::InvalidParam { name, expected, found }) = amount.int("from") else {
            panic!("a refusal was meant")
        };
        assert_eq!(
            (name.as_str(), expected.as_str(), found.as_str()),
            ("filters[amount][from]", "a whole number", "\"much\"")
        );
    }

    #[test]
    fn days_are_whole_and_numbers_inclusive() {
        let map =
            object(json!({"at": {"from": "2025-01-31", "to": "2025-01-31T08:00:00Z"}, "count": {"to": "3"}}));
        let fields = Fields::root(&map);
        let days = fields.days("at").expect("dates");
        let moment = |text| Timestamp::parse(text).expect("a moment");
        assert!(
            days.holds(&moment("2025-01-31T00:00:00Z")) && days.holds(&moment("2025-01-31T23:59:59.999Z"))
        );
        assert!(!days.holds(&moment("2025-02-01T00:00:00Z")));
        assert_eq!(fields.numbers("count"), Ok(Span { from: None, to: Some(3) }));
        assert_eq!(fields.numbers("absent"), Ok(Span::default()));
        assert!(fields.days("count").is_err());
    }

    #[test]
    fn ids_are_a_list_or_a_single_one_and_never_negative() {
        let map =
            object(json!({"ids": ["1", 2], "one": 7, "none": [], "zero": [0], "below": [-1], "null": null}));
        let fields = Fields::root(&map);
        assert_eq!(fields.ids("ids"), Ok(Some(vec![1, 2])));
        assert_eq!(fields.ids("one"), Ok(Some(vec![7])));
        assert_eq!(fields.ids("none"), Ok(Some(vec![])));
        assert_eq!(fields.ids("absent"), Ok(None));
        assert_eq!(fields.ids("zero"), Ok(Some(vec![0])));
        assert!(fields.ids("below").is_err());
        assert_eq!(fields.required_ids("null"), Err(Refusal::MissingParam("null")));
    }
}
