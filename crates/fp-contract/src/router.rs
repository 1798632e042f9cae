//! Method and URL to operation. Literal segments win over parameters, as in a Rails route table where the
//! collection actions stand before the member ones.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::contract::{Method, Operation};

/// What a method and a path lead to.
#[derive(Debug)]
pub enum Resolution<'a> {
    /// An operation, with the values of its path parameters.
    Found(Match<'a>),
    /// The path exists, but not with this method.
    WrongMethod {
        /// Methods that the path does have, in the order of [`Method`].
        allowed: Vec<Method>,
    },
    /// No template of any document fits the path.
    NotFound,
}

/// An operation that a request leads to.
#[derive(Debug)]
pub struct Match<'a> {
    /// Its place in [`Contract::operations`](crate::Contract::operations).
    pub index: usize,
    /// The operation itself.
    pub operation: &'a Operation,
    /// Parameter names and percent-decoded values, from left to right.
    pub path_params: Vec<(&'a str, String)>,
}

/// All templates as a tree of segments.
#[derive(Debug, Default)]
pub(crate) struct Router {
    root: Place,
    /// Templates without parameters, whole: most calls need no more than a look here.
    literal: BTreeMap<String, Vec<(Method, usize)>>,
}

#[derive(Debug, Default)]
struct Place {
    literals: BTreeMap<String, Place>,
    parameter: Option<Box<Place>>,
    operations: BTreeMap<Method, usize>,
}

impl Router {
    /// Builds the tree; indexes are places in `operations`.
    pub(crate) fn new(operations: &[Operation]) -> Router {
        let mut router = Router::default();
        for (index, operation) in operations.iter().enumerate() {
            let template = format!("{}{}", operation.base, operation.path);
            let mut place = &mut router.root;
            for segment in segments(&template) {
                place = if segment.starts_with('{') {
                    place.parameter.get_or_insert_default()
                } else {
                    place.literals.entry(segment.to_owned()).or_default()
                };
            }
            place.operations.entry(operation.method).or_insert(index);
            if operation.path_params.is_empty() {
                router.literal.entry(template).or_default().push((operation.method, index));
            }
        }
        router
    }

    /// Finds the operation for a method and a path without query.
    ///
    /// A trailing slash is tolerated, segments are percent-decoded (bytes that are not UTF-8 become U+FFFD).
    /// When a literal template fits the path but lacks the method, a template with a parameter in that place
    /// still gets its chance: `GET /promoters/accept` shows the promoter named `accept`.
    #[inline]
    pub(crate) fn resolve<'a>(
        &self,
        operations: &'a [Operation],
        method: &str,
        path: &str,
    ) -> Resolution<'a> {
        let method = Method::ALL.into_iter().find(|known| known.as_str() == method);
        if let Some(index) = method.and_then(|method| self.literally(method, path)) {
            return Resolution::Found(Match {
                index,
                operation: &operations[index],
                path_params: Vec::new(),
            });
        }
        let path: Vec<Cow<'_, str>> =
            segments(path).map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect();
        let mut search = Search { path: &path, method, taken: Vec::new(), allowed: Vec::new() };
        if let Some(index) = search.descend(&self.root, 0) {
            let operation = &operations[index];
            let names = operation.path_params.iter().map(String::as_str);
            let values = search.taken.iter().map(|at| path[*at].clone().into_owned());
            return Resolution::Found(Match { index, operation, path_params: names.zip(values).collect() });
        }
        let mut allowed = search.allowed;
        allowed.sort_unstable();
        allowed.dedup();
        if allowed.is_empty() { Resolution::NotFound } else { Resolution::WrongMethod { allowed } }
    }

    /// The operation whose template is the path, letter by letter: literals win in every place.
    #[inline]
    fn literally(&self, method: Method, path: &str) -> Option<usize> {
        let operations = self.literal.get(path)?;
        operations.iter().find(|(known, _)| *known == method).map(|(_, index)| *index)
    }
}

struct Search<'p> {
    path: &'p [Cow<'p, str>],
    method: Option<Method>,
    taken: Vec<usize>,
    allowed: Vec<Method>,
}

impl Search<'_> {
    /// Depth is bounded by the deepest template: a place without the next segment ends the descent.
    fn descend(&mut self, place: &Place, at: usize) -> Option<usize> {
        let Some(segment) = self.path.get(at) else {
            let found = self.method.and_then(|method| place.operations.get(&method)).copied();
            if found.is_none() {
                self.allowed.extend(place.operations.keys());
            }
            return found;
        };
        if let Some(next) = place.literals.get(segment.as_ref())
            && let Some(found) = self.descend(next, at + 1)
        {
            return Some(found);
        }
        let next = place.parameter.as_deref().filter(|_| !segment.is_empty())?;
        self.taken.push(at);
        let found = self.descend(next, at + 1);
        if found.is_none() {
            self.taken.pop();
        }
        found
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Version;
    use crate::contract::template_params;

    fn operations(list: &[(&str, &str)]) -> Vec<Operation> {
        list.iter()
            .map(|(method, path)| Operation {
                version: Version::V2,
                base: "/api/v2".to_owned(),
                method: method.parse().expect("a method"),
                path: (*path).to_owned(),
                operation_id: None,
                path_params: template_params(path),
                beyond_reference: false,
                document: 0,
                pointer: String::new(),
                name: format!("{method} /api/v2{path}"),
            })
            .collect()
    }

    fn found(operations: &[Operation], method: &str, path: &str) -> String {
        match Router::new(operations).resolve(operations, method, path) {
            Resolution::Found(found) => {
                let values: Vec<_> =
                    found.path_params.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("{} {}", found.operation.path, values.join(" ")).trim_end().to_owned()
            }
            Resolution::WrongMethod { allowed } => format!("{allowed:?}"),
            Resolution::NotFound => "not found".to_owned(),
        }
    }

    #[test]
    fn literals_win_over_parameters() {
        let table = operations(&[("get", "/p/{id}"), ("get", "/p/search"), ("get", "/p/{id}/x")]);
        assert_eq!(found(&table, "GET", "/api/v2/p/search"), "/p/search");
        assert_eq!(found(&table, "GET", "/api/v2/p/7"), "/p/{id} id=7");
        assert_eq!(found(&table, "GET", "/api/v2/p/search/x"), "/p/{id}/x id=search");
    }

    #[test]
    fn a_parameter_gets_its_chance_when_the_literal_lacks_the_method() {
        let table = operations(&[("get", "/p/{id}"), ("post", "/p/accept")]);
        assert_eq!(found(&table, "GET", "/api/v2/p/accept"), "/p/{id} id=accept");
        assert_eq!(found(&table, "DELETE", "/api/v2/p/accept"), "[Get, Post]");
    }

    #[test]
    fn segments_are_decoded_and_a_trailing_slash_is_tolerated() {
        let table = operations(&[("get", "/p/{id}")]);
        assert_eq!(found(&table, "GET", "/api/v2/%70/a%2Fb%20c/"), "/p/{id} id=a/b c");
        assert_eq!(found(&table, "GET", "/api/v2/p/7.json"), "/p/{id} id=7.json");
        assert_eq!(found(&table, "GET", "/api/v2/p//"), "not found");
        assert_eq!(found(&table, "GET", "/api/v2/p"), "not found");
    }

    #[test]
    fn same_place_with_different_names_keeps_each_operations_names() {
        let table = operations(&[("get", "/c/{id}"), ("get", "/c/{campaign_id}/x")]);
        assert_eq!(found(&table, "GET", "/api/v2/c/3"), "/c/{id} id=3");
        assert_eq!(found(&table, "GET", "/api/v2/c/3/x"), "/c/{campaign_id}/x campaign_id=3");
    }

    #[test]
    fn methods_outside_the_documents_and_other_cases_are_refused_with_the_allowed_ones() {
        let table = operations(&[("get", "/p"), ("put", "/p")]);
        assert_eq!(found(&table, "OPTIONS", "/api/v2/p"), "[Get, Put]");
        assert_eq!(found(&table, "get", "/api/v2/p"), "[Get, Put]");
        assert_eq!(found(&table, "GET", ""), "not found");
    }
}
