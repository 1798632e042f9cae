//! The operations that come nearest to a request that hit none.

use fp_contract::{Contract, Operation};

/// How many are named.
pub const NAMED: usize = 3;

/// An operation that was perhaps meant.
#[derive(Clone, Debug)]
pub struct Near<'c> {
    /// The operation.
    pub operation: &'c Operation,
    /// 0 for the same, 1 for something else entirely.
    pub distance: f64,
    /// What differs, one line each.
    pub differences: Vec<String>,
}

/// Segments of a path that are looked at, and letters of each: no template is longer.
const SEGMENTS_MAX: usize = 16;
const LETTERS_MAX: usize = 64;

/// What a parameter costs compared with the literal: of two fitting templates the literal one is nearer.
const PARAMETER_COST: f64 = 0.05;
/// What another method costs, in path segments.
const METHOD_COST: f64 = 0.5;

/// The [`NAMED`] operations of `contract` nearest to `method` and `path`, nearest first.
pub fn operations<'c>(contract: &'c Contract, method: &str, path: &str) -> Vec<Near<'c>> {
    let asked: Vec<&str> = segments(path).take(SEGMENTS_MAX).map(shortened).collect();
    let mut all: Vec<Near<'c>> =
        contract.operations().iter().map(|operation| compare(operation, method, &asked)).collect();
    all.sort_by(|one, other| one.distance.total_cmp(&other.distance));
    all.truncate(NAMED);
    all
}

/// One sentence that names them.
pub fn hint(contract: &Contract, method: &str, path: &str) -> String {
    let near = operations(contract, method, path);
    let keys: Vec<String> = near.iter().map(|near| near.operation.key()).collect();
    format!("did you mean {}?", keys.join(", "))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn shortened(segment: &str) -> &str {
    let cut = segment.char_indices().nth(LETTERS_MAX);
    cut.map_or(segment, |(at, _)| &segment[..at])
}

fn compare<'c>(operation: &'c Operation, method: &str, asked: &[&str]) -> Near<'c> {
    let template: Vec<&str> = segments(&operation.base).chain(segments(&operation.path)).collect();
    let (mut cost, mut differences) = align(&template, asked);
    if operation.method.as_str() != method {
        cost += METHOD_COST;
        differences.insert(0, format!("method: expected {}, found {method}", operation.method));
    }
    let longest = template.len().max(asked.len()).max(1) as f64;
    Near { operation, distance: (cost / (longest + METHOD_COST)).min(1.0), differences }
}

/// The cheapest way from the asked segments to the template's, and its steps that cost something.
fn align(template: &[&str], asked: &[&str]) -> (f64, Vec<String>) {
    let width = asked.len() + 1;
    let mut costs = vec![0.0; (template.len() + 1) * width];
    for row in 0..=template.len() {
        for column in 0..width {
            costs[row * width + column] = match (row, column) {
                (0, _) => column as f64,
                (_, 0) => row as f64,
                _ => (costs[(row - 1) * width + column - 1] + unlike(template[row - 1], asked[column - 1]))
                    .min(costs[(row - 1) * width + column] + 1.0)
                    .min(costs[row * width + column - 1] + 1.0),
            };
        }
    }
    let (mut row, mut column) = (template.len(), asked.len());
    let mut steps = Vec::new();
    while row > 0 || column > 0 {
        let here = costs[row * width + column];
        if row > 0 && column > 0 {
            let (wanted, found) = (template[row - 1], asked[column - 1]);
            let cost = unlike(wanted, found);
            if here == costs[(row - 1) * width + column - 1] + cost {
                if cost > PARAMETER_COST {
                    steps.push(format!("segment {column}: expected {wanted}, found {found}"));
                }
                (row, column) = (row - 1, column - 1);
                continue;
            }
        }
        if row > 0 && here == costs[(row - 1) * width + column] + 1.0 {
            steps.push(format!("after segment {column}: expected {}, found nothing", template[row - 1]));
            row -= 1;
        } else {
            steps.push(format!("segment {column}: expected nothing, found {}", asked[column - 1]));
            column -= 1;
        }
    }
    steps.reverse();
    (costs[template.len() * width + asked.len()], steps)
}

/// How unlike two segments are: 0 for equal ones, towards 2 for different words, so that replacing one is no
/// cheaper than leaving one out and putting another in.
fn unlike(wanted: &str, found: &str) -> f64 {
    if wanted == found {
        return 0.0;
    }
    if wanted.starts_with('{') {
        return PARAMETER_COST;
    }
    let longest = wanted.chars().count().max(found.chars().count()).max(1) as f64;
    2.0 * edits(wanted, found) as f64 / longest
}

/// Characters to change, leave out or put in.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut previous: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, found) in other.iter().enumerate() {
            let replaced = previous[column] + usize::from(letter != *found);
            current.push(replaced.min(previous[column + 1] + 1).min(current[column] + 1));
        }
        previous = current;
    }
    previous[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(method: &str, path: &str) -> (String, Vec<String>) {
        let near = operations(Contract::corrected(), method, path).remove(0);
        (near.operation.key(), near.differences)
    }

    #[test]
    fn a_misspelt_segment_a_wrong_method_and_a_missing_base_find_what_was_meant() {
        assert_eq!(
            nearest("GET", "/api/v2/company/promoter"),
            (
                "GET /api/v2/company/promoters".into(),
                vec!["segment 4: expected promoters, found promoter".into()]
            )
        );
        assert_eq!(nearest("POST", "/api/v2/tracks/sale").0, "POST /api/v2/track/sale");
        assert_eq!(nearest("GET", "/track/sale").0, "POST /api/v2/track/sale");
        let (key, differences) = nearest("GET", "/v2/company/promoters/7");
        assert_eq!(key, "GET /api/v2/company/promoters/{id}");
        assert!(differences.iter().any(|d| d.contains("expected api, found nothing")), "{differences:?}");
    }

    #[test]
    fn the_same_request_has_distance_zero_and_anything_has_at_most_one() {
        let same = operations(Contract::corrected(), "POST", "/api/v2/track/sale").remove(0);
        assert_eq!((same.distance, same.differences.len()), (0.0, 0));
        for path in ["/", "", "/a/b/c/d/e/f/g/h/i/j/k", "/ünïcode/%F0%9F"] {
            let near = operations(Contract::corrected(), "BREW", path);
            assert_eq!(near.len(), NAMED);
            assert!(near.iter().all(|near| (0.0..=1.0).contains(&near.distance)), "{path}");
        }
    }
}
