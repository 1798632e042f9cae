//! Parameters that nothing declares: ignored by the service, violations under strict rules only.

use serde_json::Value;

use super::plan::{Parameter, Place};
use super::{Case, Judgement, place_of};
use crate::schema::nearest;
use crate::source::pointer_step;
use crate::violation::{Side, Violation};

pub(super) fn check(case: &Case<'_>, judgement: &mut Judgement) {
    // A declared body judges all that is no query parameter by its own schema.
    if !case.rules.strict || case.plan.body.is_some() {
        return;
    }
    let Ok(params) = case.params else { return };
    let declared: Vec<&Parameter> =
        case.plan.parameters.iter().filter(|parameter| parameter.place == Place::Query).collect();
    for (name, value) in params.root() {
        let mut walk = Walk { declared: &declared, place: place_of(params, name), judgement };
        walk.visit(&mut vec![name.clone()], value);
    }
}

struct Walk<'w> {
    declared: &'w [&'w Parameter],
    place: &'w str,
    judgement: &'w mut Judgement,
}

impl Walk<'_> {
    /// Depth is bounded by the reader of parameters.
    fn visit(&mut self, steps: &mut Vec<String>, value: &Value) {
        if self.declared.iter().any(|parameter| parameter.steps == *steps) {
            return;
        }
        let leads_on = self.declared.iter().any(|parameter| parameter.steps.starts_with(steps));
        match value {
            Value::Object(map) if leads_on => {
                for (key, child) in map {
                    steps.push(key.clone());
                    self.visit(steps, child);
                    steps.pop();
                }
            }
            // The wrong shape of a declared one is told by its own check.
            _ if leads_on => {}
            _ => self.tell(steps),
        }
    }

    fn tell(&mut self, steps: &[String]) {
        let pointer = steps.iter().fold(self.place.to_owned(), |at, step| pointer_step(&at, step));
        let name = bracketed(steps);
        let known: Vec<String> = self.declared.iter().map(|parameter| bracketed(&parameter.steps)).collect();
        let mut violation = Violation::new(
            "undeclared-parameter",
            Side::Request,
            pointer,
            "a declared parameter",
            format!("`{name}`"),
        );
        if let Some(meant) = nearest(&name, known.iter().map(String::as_str)) {
            violation = violation.with_hint(format!("did you mean `{meant}`?"));
        }
        self.judgement.violate(violation);
    }
}

fn bracketed(steps: &[String]) -> String {
    let inner: String = steps[1..].iter().map(|step| format!("[{step}]")).collect();
    format!("{}{inner}", steps[0])
}
