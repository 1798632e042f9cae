//! Which branch of a `oneOf` or `anyOf` a value meant, told by how it fails each.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;

/// What the failures of all branches add up to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// This branch, whose complaints are the ones to tell.
    Branch(usize),
    /// Any branch would do if its one required field were there.
    AnyField(Vec<String>),
    /// Nothing tells.
    Unclear,
}

/// Decides by the failures of each branch for the value at `at`.
///
/// A branch of the wrong type is out; then one whose tag (an enum or constant field of the value) does not fit;
/// then one whose required fields are not there; of the rest the one with the fewest complaints was meant, if there is only one of those.
pub(crate) fn meant(branches: &[Vec<ValidationError<'_>>], at: &str) -> Meant {
    if let Some(names) = any_field(branches, at) {
        return Meant::AnyField(names);
    }
    let fits = |errors: &[ValidationError<'_>]| !errors.iter().any(|error| is_wrong_type(error, at));
    let mut left: Vec<usize> = (0..branches.len()).filter(|index| fits(&branches[*index])).collect();
    for is_telling in [is_wrong_tag, is_missing] {
        let speaks_against =
            |errors: &[ValidationError<'_>]| errors.iter().any(|error| is_telling(error, at));
        let others: Vec<usize> =
            left.iter().copied().filter(|index| !speaks_against(&branches[*index])).collect();
        if !others.is_empty() {
            left = others;
        }
    }
    let Some(fewest) = left.iter().map(|index| branches[*index].len()).min() else { return Meant::Unclear };
    left.retain(|index| branches[*index].len() == fewest);
    match left.as_slice() {
        [only] => Meant::Branch(*only),
        // Branches that complain about the same things are told by either.
        [first, rest @ ..] if rest.iter().all(|other| same(&branches[*first], &branches[*other])) => {
            Meant::Branch(*first)
        }
        _ => Meant::Unclear,
    }
}

fn any_field(branches: &[Vec<ValidationError<'_>>], at: &str) -> Option<Vec<String>> {
    let names: Vec<String> = branches
        .iter()
        .map(|errors| match errors.as_slice() {
            [error] if error.instance_path().as_str() == at => match error.kind() {
                Kind::Required { property } => property.as_str().map(str::to_owned),
                _ => None,
            },
            _ => None,
        })
        .collect::<Option<_>>()?;
    (names.len() > 1 && names.iter().any(|name| *name != names[0])).then_some(names)
}

fn is_wrong_type(error: &ValidationError<'_>, at: &str) -> bool {
    error.instance_path().as_str() == at && matches!(error.kind(), Kind::Type { .. })
}

/// A complaint about an enum or a constant of a direct field.
fn is_wrong_tag(error: &ValidationError<'_>, at: &str) -> bool {
    let below = error.instance_path().as_str().strip_prefix(at).and_then(|rest| rest.strip_prefix('/'));
    below.is_some_and(|field| !field.contains('/'))
        && matches!(error.kind(), Kind::Enum { .. } | Kind::Constant { .. })
}

fn is_missing(error: &ValidationError<'_>, at: &str) -> bool {
    error.instance_path().as_str() == at && matches!(error.kind(), Kind::Required { .. })
}

fn same(a: &[ValidationError<'_>], b: &[ValidationError<'_>]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| a.instance_path() == b.instance_path() && a.to_string() == b.to_string())
}
