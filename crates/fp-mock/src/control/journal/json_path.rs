//! Paths into a JSON body: `$.data[0].email`, `$['first name']`, `$.items[*].id`, `$..id`.

use serde_json::Value;

/// A path whose steps have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    At(i64),
    Every,
    /// The present value and everything below it.
    Deep,
}

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    /// A sentence that says where it cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text.trim().strip_prefix('$').ok_or("a JSON path begins with $")?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            rest = if let Some(deep) = rest.strip_prefix("..") {
                steps.push(Step::Deep);
                if deep.starts_with('[') { deep } else { name(deep, &mut steps)? }
            } else if let Some(named) = rest.strip_prefix('.') {
                name(named, &mut steps)?
            } else if let Some(bracket) = rest.strip_prefix('[') {
                let end = bracket.find(']').ok_or("a [ of the JSON path is not closed")?;
                steps.push(in_brackets(bracket[..end].trim())?);
                &bracket[end + 1..]
            } else {
                return Err(format!("expected . or [ in the JSON path, found {rest:?}"));
            };
        }
        Ok(Self { steps })
    }

    /// Everything in `root` that the path leads to.
    pub fn find<'v>(&self, root: &'v Value) -> Vec<&'v Value> {
        let mut found = vec![root];
        for step in &self.steps {
            found = found.into_iter().flat_map(|value| step.from(value)).collect();
        }
        found
    }
}

fn name<'t>(rest: &'t str, steps: &mut Vec<Step>) -> Result<&'t str, String> {
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    match &rest[..end] {
        "" => return Err("expected a name after . in the JSON path".into()),
        "*" => steps.push(Step::Every),
        name => steps.push(Step::Name(name.to_owned())),
    }
    Ok(&rest[end..])
}

fn in_brackets(text: &str) -> Result<Step, String> {
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    if text == "*" {
        return Ok(Step::Every);
    }
    if let Some(name) = quoted('\'').or_else(|| quoted('"')) {
        return Ok(Step::Name(name.to_owned()));
    }
    let unknown =
        || format!("expected a number, * or a quoted name in [], found {text:?} (filters are not known)");
    text.parse().map(Step::At).map_err(|_| unknown())
}

impl Step {
    fn from<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        match (self, value) {
            (Self::Name(name), Value::Object(map)) => map.get(name).into_iter().collect(),
            (Self::At(index), Value::Array(items)) => {
                let at = if *index < 0 { index + items.len() as i64 } else { *index };
                usize::try_from(at).ok().and_then(|at| items.get(at)).into_iter().collect()
            }
            (Self::Every, Value::Array(items)) => items.iter().collect(),
            (Self::Every, Value::Object(map)) => map.values().collect(),
            (Self::Deep, value) => {
                let mut below = vec![value];
                let mut at = 0;
                while at < below.len() {
                    below.extend(Self::Every.from(below[at]));
                    at += 1;
                }
                below
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_to_every_value_they_name() {
        let root = json!({"a": {"b c": [1, {"id": 2}]}, "id": 3});
        let found = |path: &str| {
            let path = JsonPath::parse(path).expect("a path");
            path.find(&root).into_iter().cloned().collect::<Vec<_>>()
        };
        assert_eq!(found("$.a['b c'][0]"), [json!(1)]);
        assert_eq!(found("$.a['b c'][-1].id"), [json!(2)]);
        assert_eq!(found("$.a[\"b c\"][*]"), [json!(1), json!({"id": 2})]);
        assert_eq!(found("$..id"), [json!(3), json!(2)]);
        assert_eq!(found("$.nowhere[3]"), Vec::<Value>::new());
        assert_eq!(found("$"), std::slice::from_ref(&root));
    }

    #[test]
    fn what_is_no_path_is_refused_with_the_place() {
        for text in ["a.b", "$.", "$[", "$[?(@.x)]", "$x"] {
            assert!(JsonPath::parse(text).is_err(), "{text}");
        }
    }
}
