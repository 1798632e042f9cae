//! OpenAPI Overlay 1.0: named changes laid over a document, in order.

use super::json_path::{JsonPath, Location};
use super::{Fault, Kind, Node, Origin, pointer_step};

/// An overlay document, ready to be applied.
#[derive(Debug)]
pub(crate) struct Overlay {
    /// The file it corrects, when it says so.
    pub(crate) extends: Option<String>,
    actions: Vec<Action>,
}

#[derive(Debug)]
struct Action {
    origin: Origin,
    pointer: String,
    target: String,
    path: JsonPath,
    update: Option<Node>,
    remove: bool,
}

impl Overlay {
    /// Reads an overlay; every fault of the file is reported.
    pub(crate) fn read(root: &Node) -> Result<Overlay, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |origin, pointer: &str, message: String| {
            faults.push(Fault { origin, pointer: pointer.to_owned(), message });
        };
        match root.child("overlay").and_then(Node::as_str) {
            Some(version) if version.starts_with("1.") => {}
            found => {
                let found = found.unwrap_or("nothing");
                fault(root.origin, "/overlay", format!("expected an overlay version 1.x, found {found}"));
            }
        }
        let extends = root.child("extends").and_then(Node::as_str).map(str::to_owned);
        let mut actions = Vec::new();
        match root.child("actions").map(|node| &node.kind) {
            Some(Kind::List(items)) => {
                for (at, item) in items.iter().enumerate() {
                    let pointer = format!("/actions/{at}");
                    match Action::read(item, &pointer) {
                        Ok(action) => actions.push(action),
                        Err(message) => fault(item.origin, &pointer, message),
                    }
                }
            }
            _ => fault(root.origin, "/actions", "expected a list of actions".to_owned()),
        }
        if faults.is_empty() { Ok(Overlay { extends, actions }) } else { Err(faults) }
    }

    /// Applies every action to the document. An action that matches nothing is a fault: it mends nothing.
    pub(crate) fn apply(&self, document: &mut Node) -> Vec<Fault> {
        let mut faults = Vec::new();
        for action in &self.actions {
            let places = action.path.locate(document);
            if places.is_empty() {
                let message =
                    format!("expected the target `{}` to match, found nothing there", action.target);
                faults.push(Fault { origin: action.origin, pointer: action.pointer.clone(), message });
            }
            // From the last to the first: a removal moves what stands behind it.
            for place in places.iter().rev() {
                if let Err(message) = action.apply_at(document, place) {
                    faults.push(Fault { origin: action.origin, pointer: action.pointer.clone(), message });
                }
            }
        }
        faults
    }
}

impl Action {
    fn read(node: &Node, pointer: &str) -> Result<Action, String> {
        let Kind::Map(map) = &node.kind else { return Err("expected an action object".to_owned()) };
        if let Some(unknown) = map.keys().find(|key| {
            !matches!(key.as_str(), "target" | "description" | "update" | "remove") && !key.starts_with("x-")
        }) {
            return Err(format!("expected target, description, update or remove, found `{unknown}`"));
        }
        let target =
            node.child("target").and_then(Node::as_str).ok_or("expected a `target` path")?.to_owned();
        let path = JsonPath::parse(&target).map_err(|error| format!("target `{target}`: {error}"))?;
        let remove = match node.child("remove").cloned().map(Node::into_value) {
            None => false,
            Some(value) => {
                value.as_bool().ok_or_else(|| format!("expected a boolean `remove`, found {value}"))?
            }
        };
        let update = node.child("update").cloned();
        if !remove && update.is_none() {
            return Err("expected `update` or `remove: true`".to_owned());
        }
        Ok(Action { origin: node.origin, pointer: pointer.to_owned(), target, path, update, remove })
    }

    fn apply_at(&self, document: &mut Node, place: &Location) -> Result<(), String> {
        let shown = || place.iter().fold(String::new(), |pointer, step| pointer_step(&pointer, step));
        if self.remove {
            let (step, parents) = place.split_last().ok_or("expected a target below the root, found `$`")?;
            let parent =
                descend(document, parents).ok_or_else(|| format!("nothing is left at {}", shown()))?;
            return remove_child(parent, step);
        }
        let target = descend(document, place).ok_or_else(|| format!("nothing is left at {}", shown()))?;
        let Some(update) = &self.update else { return Ok(()) };
        match (&mut target.kind, &update.kind) {
            (Kind::Scalar(_), _) => {
                Err(format!("expected an object or a list at {} to update, found a scalar", shown()))
            }
            (Kind::List(items), Kind::List(more)) => {
                items.extend(more.iter().cloned());
                Ok(())
            }
            (Kind::List(items), _) => {
                items.push(update.clone());
                Ok(())
            }
            (Kind::Map(_), Kind::Map(_)) => {
                merge(target, update);
                Ok(())
            }
            (Kind::Map(_), _) => Err(format!("expected an object as the update of {}", shown())),
        }
    }
}

/// Objects merge key by key, lists are concatenated, everything else is replaced.
fn merge(target: &mut Node, update: &Node) {
    match (&mut target.kind, &update.kind) {
        (Kind::Map(into), Kind::Map(from)) => {
            for (key, value) in from {
                match into.get_mut(key) {
                    Some(existing) => merge(existing, value),
                    None => {
                        into.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Kind::List(into), Kind::List(from)) => into.extend(from.iter().cloned()),
        _ => *target = update.clone(),
    }
}

fn descend<'n>(root: &'n mut Node, steps: &[String]) -> Option<&'n mut Node> {
    steps.iter().try_fold(root, |node, step| match &mut node.kind {
        Kind::Scalar(_) => None,
        Kind::List(items) => items.get_mut(step.parse::<usize>().ok()?),
        Kind::Map(map) => map.get_mut(step),
    })
}

fn remove_child(parent: &mut Node, step: &str) -> Result<(), String> {
    let removed = match &mut parent.kind {
        Kind::Scalar(_) => None,
        Kind::List(items) => {
            step.parse::<usize>().ok().filter(|at| *at < items.len()).map(|at| items.remove(at))
        }
        Kind::Map(map) => map.shift_remove(step),
    };
    removed.map(|_| ()).ok_or_else(|| format!("expected `{step}` to remove, found nothing"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::yaml;
    use super::*;

    fn corrected(document: &str, actions: &str) -> Result<Value, Vec<String>> {
        let messages = |faults: Vec<Fault>| faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>();
        let overlay = yaml::parse(&format!("overlay: 1.0.0\nactions:\n{actions}"), 1).expect("YAML");
        let overlay = Overlay::read(&overlay).map_err(messages)?;
        let mut document = yaml::parse(document, 0).expect("YAML");
        let faults = overlay.apply(&mut document);
        if faults.is_empty() { Ok(document.into_value()) } else { Err(messages(faults)) }
    }

    #[test]
    fn an_update_merges_objects_concatenates_lists_and_replaces_scalars() {
        let result = corrected(
            "a: {b: {c: 1, d: [1]}, e: 2}",
            "- {target: $.a, update: {b: {c: 9, d: [2], f: 3}, e: {g: 1}}}",
        );
        assert_eq!(result, Ok(json!({"a": {"b": {"c": 9, "d": [1, 2], "f": 3}, "e": {"g": 1}}})));
    }

    #[test]
    fn an_update_of_a_list_is_appended() {
        let actions = "- {target: $.a, update: {x: 1}}\n- {target: $.a, update: [2, 3]}";
        assert_eq!(corrected("a: [1]", actions), Ok(json!({"a": [1, {"x": 1}, 2, 3]})));
    }

    #[test]
    fn a_removal_takes_every_match_and_later_actions_see_its_result() {
        let actions = "- {target: '$.a[?@ == 1]', remove: true}\n- {target: $.b, remove: true}\n- {target: $, update: {b: 7}}";
        assert_eq!(corrected("a: [1, 2, 1, 3]\nb: 1", actions), Ok(json!({"a": [2, 3], "b": 7})));
    }

    #[test]
    fn an_action_that_matches_nothing_is_named() {
        let error = corrected("a: 1", "- {target: $.b.c, remove: true}").expect_err("no match");
        assert_eq!(error, ["expected the target `$.b.c` to match, found nothing there"]);
    }

    #[test]
    fn malformed_actions_are_all_reported() {
        let error = corrected(
            "a: 1",
            "- {update: {}}\n- {target: x, remove: true}\n- {target: $}\n- {target: $, updates: 1}",
        )
        .expect_err("four faults");
        assert_eq!(error.len(), 4, "{error:?}");
        let error = corrected("a: 1", "- {target: $.a, update: {b: 1}}").expect_err("a scalar target");
        assert_eq!(error, ["expected an object or a list at /a to update, found a scalar"]);
    }

    #[test]
    fn what_an_action_brings_keeps_the_overlays_origin() {
        let overlay =
            yaml::parse("overlay: 1.0.0\nactions:\n- target: $.a\n  update:\n    b: 2\n", 1).expect("YAML");
        let mut document = yaml::parse("a:\n  c: 1\n", 0).expect("YAML");
        assert!(Overlay::read(&overlay).expect("an overlay").apply(&mut document).is_empty());
        let brought = document.child("a").and_then(|node| node.child("b")).expect("merged in");
        assert_eq!(brought.origin, Origin { file: 1, line: 5 });
    }
}
