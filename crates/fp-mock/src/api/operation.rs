//! Operations: the tables at the head of each resource file, what a handler gets, and the binding of both to
//! the contract.

use std::collections::BTreeMap;

use fp_contract::params::Params;
use fp_contract::{Contract, Method, Version};

use super::auth::Actor;
use super::reply::Reply;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::Id;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;
use crate::webhooks::sender::{Outcome, Request};
use crate::webhooks::store::Store;
use crate::wire::fields::Fields;

/// Who answers a call, and how.
#[derive(Clone, Copy, Debug)]
pub enum Handler {
    /// From the records, inside the transaction.
    Inside(fn(&mut Call<'_>) -> Result<Reply, Refusal>),
    /// With what somebody else answers: the transaction prepares a request, which is sent after it.
    Outbound(fn(&mut Call<'_>) -> Result<Outbound, Refusal>),
}

/// A request to somebody else, and how to answer once he has.
#[derive(Clone, Debug)]
pub struct Outbound {
    /// What is sent.
    pub request: Request,
    /// Turns what came back into the answer.
    pub answer: fn(&Outcome) -> Result<Reply, Refusal>,
}

/// A row of an operation table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Which front door.
    pub version: Version,
    /// The method.
    pub method: Method,
    /// The path as the document writes it, without the base.
    pub path: &'static str,
    /// Who answers.
    pub handler: Handler,
    /// The handler's name, for people.
    pub name: &'static str,
}

/// Declares a resource's table: `routes![V2; Get "/company/promoters" => list, …]`. A handler that answers
/// with what somebody else says has `outbound` before its name.
macro_rules! routes {
    ($version:ident; $($method:ident $path:literal => $($handler:ident)+),* $(,)?) => {
        &[$(crate::api::operation::Route {
            version: fp_contract::Version::$version,
            method: fp_contract::Method::$method,
            path: $path,
            handler: crate::api::operation::handler!($($handler)+),
            name: concat!(module_path!(), "::", crate::api::operation::handler!(@name $($handler)+)),
        }),*]
    };
}
pub(crate) use routes;

/// The right side of a row of `routes!`.
macro_rules! handler {
    (@name outbound $handler:ident) => {
        stringify!($handler)
    };
    (@name $handler:ident) => {
        stringify!($handler)
    };
    (outbound $handler:ident) => {
        crate::api::operation::Handler::Outbound($handler)
    };
    ($handler:ident) => {
        crate::api::operation::Handler::Inside($handler)
    };
}
pub(crate) use handler;

/// What a handler gets: the account's state in a transaction of its own, and the call.
#[derive(Debug)]
pub struct Call<'a> {
    /// The account's records.
    pub state: &'a mut State,
    /// The account's webhook subscriptions and deliveries.
    pub webhooks: &'a mut Store,
    /// The account's present moment.
    pub now: Timestamp,
    /// Query and body as one.
    pub params: &'a Params,
    /// Path parameters by name.
    pub path: &'a [(&'a str, String)],
    /// Who calls.
    pub actor: &'a Actor,
    /// The URL as the client wrote it, path and query.
    pub target: &'a str,
    /// Host and port as the client wrote them; empty if it named none.
    pub host: &'a str,
}

impl<'a> Call<'a> {
    /// The parameters, to be read.
    pub fn fields(&self) -> Fields<'a> {
        Fields::root(self.params.root())
    }

    /// A path parameter as text.
    ///
    /// # Panics
    /// If the path has no such parameter: the binding checks paths, not names in handlers.
    pub fn path_text(&self, name: &str) -> &'a str {
        let found = self.path.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str()).expect("the handler names a parameter of its path")
    }

    /// The id of a record in the path: `call.path_id::<BatchId>("id", Entity::BatchProcess)`. What is no
    /// number is no record's id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] of that kind of record for anything but a whole number.
    ///
    /// Evidence: chosen.
    pub fn path_id<I: Id>(&self, name: &str, entity: Entity) -> Result<I, Refusal> {
        let number = self.path_text(name).parse().map_err(|_| Refusal::NotFound(entity))?;
        Ok(I::from_number(number))
    }
}

/// The handlers of a contract's operations, in the contract's order.
#[derive(Debug)]
pub struct Bound {
    handlers: Vec<Route>,
}

/// Everything that keeps the tables and the documents from fitting together.
#[derive(Debug, thiserror::Error)]
#[error("the operation tables do not fit the contract:\n{}", .problems.join("\n"))]
pub struct BindError {
    /// One line for each.
    pub problems: Vec<String>,
}

impl Bound {
    /// Binds every table to `contract`.
    ///
    /// # Errors
    /// Every operation without a handler, handler without an operation, and doubled row, all at once.
    pub fn new(contract: &Contract) -> Result<Self, BindError> {
        Self::of(contract, super::v1::OPERATIONS.iter().chain(super::v2::OPERATIONS).copied().flatten())
    }

    fn of<'r>(contract: &Contract, routes: impl Iterator<Item = &'r Route>) -> Result<Self, BindError> {
        let mut problems = Vec::new();
        let mut by_key = BTreeMap::new();
        for route in routes {
            if let Some(first) = by_key.insert((route.version, route.method, route.path), *route) {
                let (key, name) = (shown(route.version, route.method, route.path), first.name);
                problems.push(format!("- {key} stands twice: {name} and {}", route.name));
            }
        }
        let mut handlers = Vec::new();
        for operation in contract.operations() {
            match by_key.remove(&(operation.version, operation.method, operation.path.as_str())) {
                Some(route) => handlers.push(route),
                None => problems.push(format!(
                    "- {} has no handler",
                    shown(operation.version, operation.method, &operation.path)
                )),
            }
        }
        for ((version, method, path), route) in by_key {
            let key = shown(version, method, path);
            problems.push(format!("- {key} of {} is not in the contract", route.name));
        }
        if problems.is_empty() { Ok(Self { handlers }) } else { Err(BindError { problems }) }
    }

    /// The row for the operation at `index` of the contract.
    pub fn route(&self, index: usize) -> &Route {
        &self.handlers[index]
    }

    /// How many operations a front door has, those beyond the reference included.
    pub fn count(&self, version: Version) -> usize {
        self.handlers.iter().filter(|route| route.version == version).count()
    }

    /// Every row, in the contract's order.
    pub fn routes(&self) -> &[Route] {
        &self.handlers
    }

    /// Lets another handler answer an operation.
    #[cfg(test)]
    pub(super) fn replace(&mut self, path: &str, handler: Handler) {
        let routes = self.handlers.iter_mut().filter(|route| route.path == path);
        routes.for_each(|route| route.handler = handler);
    }
}

fn shown(version: Version, method: Method, path: &str) -> String {
    format!("{method} /api/{version}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn never(_: &mut Call<'_>) -> Result<Reply, Refusal> {
        Err(Refusal::Unauthorized)
    }

    const GOOD: &[Route] = routes![V2; Get "/company/promoters" => never];
    const DOUBLED: &[Route] = routes![V2; Get "/company/promoters" => never];
    const STRANGE: &[Route] =
        routes![V2; Get "/company/pigeons" => never, Get "/company/promoters/{pid}" => never];

    #[test]
    fn every_table_fits_the_contract() {
        Bound::new(Contract::corrected()).expect("the tables and the documents agree");
        Bound::new(Contract::published()).expect("the published documents have the same operations");
    }

    #[test]
    fn whatever_does_not_fit_is_reported_at_once() {
        let rows = GOOD.iter().chain(DOUBLED).chain(STRANGE);
        let error = Bound::of(Contract::corrected(), rows).expect_err("nothing fits");
        let said = error.to_string();
        for problem in [
            "GET /api/v2/company/promoters stands twice",
            "POST /api/v2/track/sale has no handler",
            "GET /api/v2/company/pigeons of",
            "GET /api/v2/company/promoters/{pid} of",
        ] {
            assert!(said.contains(problem), "{problem} in {said}");
        }
    }
}
