//! Bends a generated request so that it names only what the run made: ids are exchanged for the run's own, names
//! are put into its namespace.

use serde_json::{Map, Value};

use super::names::{Class, class_of};
use super::{Guard, Made};
use crate::generate::{Blueprint, Draft};

impl Guard {
    /// The same request about the run's own records. What cannot be bent is left as it is: it is not sent then.
    pub fn adapt(&self, blueprint: &Blueprint, draft: &Draft) -> Draft {
        let path = blueprint.operation.path.as_str();
        let made = self.made();
        let mut draft = draft.clone();
        for (name, value) in &mut draft.path {
            if let Class::Record(kind) = class_of(path, name)
                && let Some(own) = made.of(kind).last()
            {
                *value = Value::from(*own);
            }
        }
        self.bend(&made, path, &mut draft.query);
        if let Some(Value::Object(body)) = &mut draft.body {
            self.bend(&made, path, body);
            silence(path, body);
            if path == "/company/webhooks" {
                body.insert("description".to_owned(), format!("{}webhook", self.namespace()).into());
            }
        }
        draft
    }

    fn bend(&self, made: &Made, path: &str, members: &mut Map<String, Value>) {
        let names: Vec<String> = members.keys().cloned().collect();
        for name in names {
            let Some(value) = members.get_mut(&name) else { continue };
            let keeps = match class_of(path, &name) {
                Class::Free => {
                    self.bend_below(made, path, value);
                    true
                }
                Class::Record(kind) => match made.of(kind).last() {
                    Some(own) if value.is_array() => {
                        *value = Value::from(vec![*own]);
                        true
                    }
                    Some(own) => {
                        *value = Value::from(*own);
                        true
                    }
                    None => false,
                },
                // Tokens are given out by the target: a made-up one stands for nobody's record.
                Class::Name
                    if ["tid", "ref_id", "ref_token", "auth_token", "promo_code"]
                        .contains(&name.as_str()) =>
                {
                    let known = made.token();
                    known.map(|token| *value = Value::from(token)).is_some() && name != "tid"
                }
                Class::Name => {
                    if let Value::String(text) = value
                        && !text.starts_with(self.namespace())
                    {
                        *text = format!("{}{text}", self.namespace());
                    }
                    value.is_string()
                }
            };
            if !keeps {
                members.shift_remove(&name);
            }
        }
    }

    fn bend_below(&self, made: &Made, path: &str, value: &mut Value) {
        match value {
            Value::Object(members) => self.bend(made, path, members),
            Value::Array(items) => items.iter_mut().for_each(|item| self.bend_below(made, path, item)),
            _ => {}
        }
    }
}

/// What would reach others is switched off.
fn silence(path: &str, body: &mut Map<String, Value>) {
    if path.starts_with("/company/webhooks") {
        body.insert("active".to_owned(), Value::Bool(false));
    }
    if path.starts_with("/company/emails")
        && let Some(trigger) = body.get_mut("trigger").and_then(Value::as_object_mut)
    {
        trigger.insert("enabled".to_owned(), Value::Bool(false));
    }
}
