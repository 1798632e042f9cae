//! Exactly one thing wrong with a request, by name.

use serde_json::{Value, json};

use super::blueprint::{Blueprint, Parameter, Place, resolve};
use super::draft::{Draft, put};
use super::values::kind;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// A required member or parameter is left out.
    Missing,
    /// A value of another type than declared, that cannot be read as one.
    Type,
    /// A value that the enumeration does not have.
    Enum,
    /// Text that does not have the declared format.
    Format,
    /// A number below its least value.
    TooSmall,
    /// A number above its greatest value.
    TooLarge,
}

impl Wrong {
    /// Its permanent name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Type => "wrong-type",
            Self::Enum => "unknown-value",
            Self::Format => "wrong-format",
            Self::TooSmall => "too-small",
            Self::TooLarge => "too-large",
        }
    }
}

/// One thing wrong, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub wrong: Wrong,
    /// Where: the keys that lead to it.
    pub keys: Vec<String>,
    /// Whether it is in the body.
    pub in_body: bool,
    value: Option<Value>,
}

impl Blueprint {
    /// Every fault that a request of this operation can have.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for parameter in self.parameters.iter().filter(|parameter| parameter.place == Place::Query) {
            self.of_parameter(parameter, &mut faults);
        }
        if let Some((schema, _)) = &self.body {
            self.of_object(schema, &mut Vec::new(), &mut faults);
        }
        faults
    }

    fn of_parameter(&self, parameter: &Parameter, faults: &mut Vec<Fault>) {
        let keys: Vec<String> = parameter.keys().into_iter().map(str::to_owned).collect();
        if parameter.required {
            faults.push(Fault { wrong: Wrong::Missing, keys: keys.clone(), in_body: false, value: None });
        }
        for (wrong, value) in self.wrong_values(&parameter.schema) {
            faults.push(Fault { wrong, keys: keys.clone(), in_body: false, value: Some(value) });
        }
    }

    fn of_object(&self, schema: &Value, at: &mut Vec<String>, faults: &mut Vec<Fault>) {
        let schema = resolve(self.document, schema);
        if at.len() > 2 {
            return;
        }
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            let keys = at.iter().map(String::as_str).chain(name.as_str()).map(str::to_owned).collect();
            faults.push(Fault { wrong: Wrong::Missing, keys, in_body: true, value: None });
        }
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            at.push(name.clone());
            for (wrong, value) in self.wrong_values(member) {
                faults.push(Fault { wrong, keys: at.clone(), in_body: true, value: Some(value) });
            }
            if kind(resolve(self.document, member)) == "object" {
                self.of_object(member, at, faults);
            }
            at.pop();
        }
    }

    /// Values that the schema does not allow, whatever coercion is at work.
    fn wrong_values(&self, schema: &Value) -> Vec<(Wrong, Value)> {
        let schema = resolve(self.document, schema);
        if ["oneOf", "anyOf", "allOf"].iter().any(|composed| schema.get(*composed).is_some()) {
            return Vec::new();
        }
        if schema.get("enum").is_some() {
            return vec![(Wrong::Enum, json!("no-such-value"))];
        }
        let mut wrong = match kind(schema) {
            "integer" | "number" | "boolean" => vec![(Wrong::Type, json!("neither"))],
            "array" => vec![(Wrong::Type, json!({"a": {"b": "c"}}))],
            "object" => vec![(Wrong::Type, json!("no object"))],
            _ => vec![(Wrong::Type, json!({"a": "b"}))],
        };
        match schema.get("format").and_then(Value::as_str) {
            Some("date" | "date-time") => wrong.push((Wrong::Format, json!("the day before"))),
            Some("email") => wrong.push((Wrong::Format, json!("nobody"))),
            _ => {}
        }
        if let Some(least) = schema.get("minimum").and_then(Value::as_i64) {
            wrong.push((Wrong::TooSmall, json!(least - 1)));
        }
        if let Some(most) = schema.get("maximum").and_then(Value::as_i64) {
            wrong.push((Wrong::TooLarge, json!(most + 1)));
        }
        wrong
    }
}

impl Fault {
    /// Its name and place, `missing /body/email`.
    pub fn name(&self) -> String {
        let place = if self.in_body { "body" } else { "query" };
        format!("{} /{place}/{}", self.wrong.name(), self.keys.join("/"))
    }

    /// The same request with this one thing wrong; `None` if it has no room for it.
    pub fn put_into(&self, draft: &Draft) -> Option<Draft> {
        let mut draft = draft.clone();
        let tree = if self.in_body { draft.body.as_mut()?.as_object_mut()? } else { &mut draft.query };
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        match &self.value {
            Some(value) => put(tree, &keys, value.clone()),
            None => {
                let (last, above) = keys.split_last()?;
                let mut level = tree;
                for key in above {
                    level = level.get_mut(*key)?.as_object_mut()?;
                }
                level.remove(*last)?;
            }
        }
        Some(draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fp_contract::Contract;

    fn blueprint(key: &str) -> Blueprint {
        let all = Blueprint::all(Contract::corrected());
        all.into_iter().find(|blueprint| blueprint.operation.key() == key).expect("a known operation")
    }

    #[test]
    fn faults_are_named_by_what_is_wrong_and_where() {
        let names: Vec<String> =
            blueprint("POST /api/v2/company/promoters").faults().iter().map(Fault::name).collect();
        for expected in
            ["missing /body/email", "wrong-type /body/initial_campaign_id", "wrong-format /body/email"]
        {
            assert!(names.iter().any(|name| name == expected), "{expected} in {names:?}");
        }
    }

    #[test]
    fn a_fault_changes_one_thing_only() {
        let draft = Draft {
            path: Vec::new(),
            query: serde_json::Map::new(),
            body: Some(json!({"email": "a@example.com", "cust_id": "c"})),
            as_form: false,
        };
        let faults = blueprint("POST /api/v2/company/promoters").faults();
        let missing = faults.iter().find(|fault| fault.name() == "missing /body/email").expect("the fault");
        let faulty = missing.put_into(&draft).expect("room for it");
        assert_eq!(faulty.body, Some(json!({"cust_id": "c"})));
    }
}
