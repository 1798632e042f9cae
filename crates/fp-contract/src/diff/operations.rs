//! Two contracts compared, operation by operation.

use super::Change;
use super::schemas::{Effect, compare};
use super::witness::{Held, find};
use crate::check::plan::{Content, Parameter, Place, Plan, Reply};
use crate::contract::{Contract, Operation};
use crate::schema::Schema;
use crate::source::pointer_step;
use crate::violation::Side;

/// Everything that changed from the old contract to the new one, in the order of the operations.
#[must_use]
pub fn diff(old: &Contract, new: &Contract) -> Vec<Change> {
    let mut changes = Vec::new();
    for operation in old.operations() {
        let key = operation.key();
        match same_operation(new, operation) {
            Some(now) => Pair::new(old, operation, new, now).compare(&mut changes),
            None => {
                changes.push(bare(
                    "operation-removed",
                    true,
                    old,
                    operation,
                    format!("{key} is no longer there"),
                ));
            }
        }
    }
    for operation in new.operations() {
        if same_operation(old, operation).is_none() {
            let message = format!("{operation} is new");
            changes.push(bare("operation-added", false, new, operation, message));
        }
    }
    changes
}

/// Names of path parameters may change: nobody sees them on the wire.
fn same_operation<'c>(contract: &'c Contract, operation: &Operation) -> Option<&'c Operation> {
    let shape = |operation: &Operation| {
        let path = format!("{}{}", operation.base, operation.path);
        let steps = path.split('/').map(|step| if step.starts_with('{') { "{}" } else { step });
        (operation.method, steps.collect::<Vec<_>>().join("/"))
    };
    let wanted = shape(operation);
    contract.operations().iter().find(|other| shape(other) == wanted)
}

fn bare(
    code: &'static str,
    breaking: bool,
    contract: &Contract,
    operation: &Operation,
    message: String,
) -> Change {
    Change {
        code,
        breaking,
        operation: operation.key(),
        side: None,
        pointer: String::new(),
        message,
        witness: None,
        position: contract.documents()[operation.document].position(&operation.pointer),
    }
}

/// One operation in both contracts.
struct Pair<'c> {
    old: &'c Contract,
    new: &'c Contract,
    operation: &'c Operation,
    old_plan: Plan,
    new_plan: Plan,
}

impl<'c> Pair<'c> {
    fn new(old: &'c Contract, before: &'c Operation, new: &'c Contract, now: &'c Operation) -> Pair<'c> {
        Pair {
            old,
            new,
            operation: now,
            old_plan: Plan::of(before, &old.documents()[before.document], false),
            new_plan: Plan::of(now, &new.documents()[now.document], false),
        }
    }

    fn compare(&self, changes: &mut Vec<Change>) {
        self.parameters(changes);
        self.request_body(changes);
        self.replies(changes);
    }

    /// A change told by the new document's rule, or by the operation.
    fn change(
        &self,
        code: &'static str,
        breaking: bool,
        side: Side,
        pointer: String,
        message: String,
    ) -> Change {
        let mut change = bare(code, breaking, self.new, self.operation, message);
        change.side = Some(side);
        change.pointer = pointer;
        change
    }

    fn parameters(&self, changes: &mut Vec<Change>) {
        let same = |a: &Parameter, b: &Parameter| {
            a.place == b.place && (a.place == Place::Path || a.name.eq_ignore_ascii_case(&b.name))
        };
        for before in &self.old_plan.parameters {
            let at = pointer_of(before);
            let Some(after) = self.new_plan.parameters.iter().find(|after| same(before, after)) else {
                let message = format!("the parameter `{}` is no longer declared", before.name);
                changes.push(self.change("parameter-removed", false, Side::Request, at, message));
                continue;
            };
            if after.required && !before.required {
                let message = format!("the parameter `{}` is required now", after.name);
                changes.push(self.change("parameter-required", true, Side::Request, at.clone(), message));
            } else if before.required && !after.required {
                let message = format!("the parameter `{}` is no longer required", after.name);
                changes.push(self.change("parameter-optional", false, Side::Request, at.clone(), message));
            }
            self.schemas(&before.schema, &after.schema, &at, changes);
        }
        let is_new = |after: &&Parameter| !self.old_plan.parameters.iter().any(|before| same(before, after));
        for after in self.new_plan.parameters.iter().filter(is_new) {
            let demand = if after.required { "and required" } else { "and optional" };
            let message = format!("the parameter `{}` is new {demand}", after.name);
            changes.push(self.change(
                "parameter-added",
                after.required,
                Side::Request,
                pointer_of(after),
                message,
            ));
        }
    }

    fn request_body(&self, changes: &mut Vec<Change>) {
        let at = || "/body".to_owned();
        match (&self.old_plan.body, &self.new_plan.body) {
            (Some(before), Some(after)) => {
                if after.required && !before.required {
                    let message = "a body is required now".to_owned();
                    changes.push(self.change("body-required", true, Side::Request, at(), message));
                }
                self.contents(&before.content, &after.content, Side::Request, changes);
            }
            (None, Some(after)) => {
                let message = "a body is declared now".to_owned();
                changes.push(self.change("body-added", after.required, Side::Request, at(), message));
            }
            (Some(_), None) => {
                let message = "a body is no longer declared".to_owned();
                changes.push(self.change("body-removed", false, Side::Request, at(), message));
            }
            (None, None) => {}
        }
    }

    fn replies(&self, changes: &mut Vec<Change>) {
        let named =
            |replies: &'_ [Reply], status: &str| replies.iter().position(|reply| reply.status == status);
        for before in &self.old_plan.replies {
            let status = &before.status;
            match named(&self.new_plan.replies, status) {
                Some(at) => {
                    let after = &self.new_plan.replies[at];
                    self.contents(&before.content, &after.content, Side::Response, changes);
                }
                None => {
                    let message = format!("the status {status} is no longer declared");
                    let breaking = status.starts_with('2');
                    changes.push(self.change(
                        "status-removed",
                        breaking,
                        Side::Response,
                        "/status".to_owned(),
                        message,
                    ));
                }
            }
        }
        for after in self
            .new_plan
            .replies
            .iter()
            .filter(|after| named(&self.old_plan.replies, &after.status).is_none())
        {
            let message = format!("the status {} is declared now", after.status);
            changes.push(self.change("status-added", false, Side::Response, "/status".to_owned(), message));
        }
    }

    fn contents(&self, before: &[Content], after: &[Content], side: Side, changes: &mut Vec<Change>) {
        let at = "/header/content-type";
        for content in before {
            match after.iter().find(|other| other.range == content.range) {
                Some(other) => {
                    if let (Some(old), Some(new)) = (&content.schema, &other.schema) {
                        self.schemas(old, new, "/body", changes);
                    }
                }
                None => {
                    let message = format!("{} is no longer declared", content.range);
                    changes.push(self.change("media-type-removed", true, side, at.to_owned(), message));
                }
            }
        }
        for content in after.iter().filter(|content| !before.iter().any(|other| other.range == content.range))
        {
            let message = format!("{} is declared now", content.range);
            changes.push(self.change("media-type-added", false, side, at.to_owned(), message));
        }
    }

    fn schemas(&self, old: &Schema, new: &Schema, place: &str, changes: &mut Vec<Change>) {
        let root = |contract: &'c Contract, schema: &Schema| contract.documents()[schema.document].root();
        let (old_source, new_source) = (old.source(self.old.documents()), new.source(self.new.documents()));
        let differences = compare((root(self.old, old), old_source), (root(self.new, new), new_source));
        let side = new.edition.side;
        for difference in differences {
            let (old_held, new_held) =
                (Held { contract: self.old, schema: old }, Held { contract: self.new, schema: new });
            let witness = match difference.effect {
                Effect::Narrower => find(old_held, new_held, &difference),
                Effect::Wider => find(new_held, old_held, &difference),
                Effect::Forgotten | Effect::None => None,
            };
            let breaking = difference.effect.is_breaking(side);
            let pointer = format!("{place}{}", difference.pointer);
            let mut change = self.change(difference.code, breaking, side, pointer, difference.message);
            change.position = self.new.documents()[new.document].position(&new.pointer);
            change.witness = witness;
            changes.push(change);
        }
    }
}

fn pointer_of(parameter: &Parameter) -> String {
    match parameter.place {
        Place::Path => pointer_step("/path", &parameter.name),
        Place::Query => parameter.steps.iter().fold("/query".to_owned(), |at, step| pointer_step(&at, step)),
        Place::Header => pointer_step("/header", &parameter.name.to_ascii_lowercase()),
    }
}
