//! Discriminated schemas: which value means which branch, and the conditions that say so to a validator.

use serde_json::{Map, Value, json};

use super::dialect::escape_fragment;

/// Where a discriminated schema keeps its branches: `oneOf` itself would report all of them at once.
pub(crate) const BRANCHES: &str = "$defs";

/// The branches of a discriminated schema: keyword, property, and for each branch the values that mean it.
/// `None` without discriminator, or when a branch has no name to be meant by.
pub(crate) fn branches<'s>(map: &'s Map<String, Value>, pointer: &str) -> Option<Branches<'s>> {
    let discriminator = map.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let (keyword, list) =
        ["oneOf", "anyOf"].into_iter().find_map(|key| Some((key, map.get(key)?.as_array()?)))?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mut values = Vec::new();
    for (index, branch) in list.iter().enumerate() {
        let own = format!("#{pointer}/{keyword}/{index}");
        let reference = branch.get("$ref").and_then(Value::as_str);
        let is_meant = |target: &str| {
            target == own
                || reference == Some(target)
                || reference.is_some_and(|r| r.ends_with(&format!("/{target}")))
        };
        let mut names: Vec<&str> = mapping
            .into_iter()
            .flatten()
            .filter(|(_, target)| target.as_str().is_some_and(is_meant))
            .map(|(value, _)| value.as_str())
            .collect();
        if names.is_empty() {
            names.push(reference?.rsplit('/').next()?);
        }
        values.push(names);
    }
    Some(Branches { keyword, property, values })
}

/// See [`branches`].
pub(crate) struct Branches<'s> {
    keyword: &'static str,
    pub(crate) property: &'s str,
    pub(crate) values: Vec<Vec<&'s str>>,
}

/// Replaces the branches of a discriminated schema by one condition for each value: only the branch that is
/// meant is judged.
pub(super) fn discriminate(map: &Map<String, Value>, out: &mut Map<String, Value>, pointer: &str) {
    let Some(Branches { keyword, property, values }) = branches(map, pointer) else { return };
    let Some(Value::Array(schemas)) = out.remove(keyword) else { return };
    let known: Vec<&str> = values.iter().flatten().copied().collect();
    let mut conditions = vec![json!({"properties": {property: {"enum": known}}})];
    for (index, names) in values.iter().enumerate() {
        let branch = format!("#{}/{BRANCHES}/{index}", escape_fragment(pointer));
        conditions.push(json!({
            "if": {"properties": {property: {"enum": names}}, "required": [property]},
            "then": {"$ref": branch},
        }));
    }
    let kept = schemas.into_iter().enumerate().map(|(index, schema)| (index.to_string(), schema));
    out.insert(BRANCHES.to_owned(), Value::Object(kept.collect()));
    match out.entry("allOf").or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(parts) => parts.extend(conditions),
        other => *other = Value::Array(conditions),
    }
    match out.entry("required").or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(names) if !names.iter().any(|name| name == property) => names.push(property.into()),
        _ => {}
    }
}
