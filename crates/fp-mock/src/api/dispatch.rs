//! One call from bytes to reply: which operation, who calls, what is asked, and the transaction around it.

use fp_contract::params::{self, Params};
use fp_contract::{Method, Request, Resolution, Version};

use super::front::Front;
use super::operation::Call;
use super::reply::Reply;
use crate::domain::refusal::Refusal;
use crate::wire;
use crate::world::Failure;

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The method, in upper case.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Incoming {
    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// The same, as the contract reads it.
    pub fn as_request(&self) -> Request<'_> {
        Request { method: &self.method, target: &self.target, headers: &self.headers, body: &self.body }
    }
}

/// Answers a call of v1 or v2.
pub fn answer(front: &Front, incoming: &Incoming) -> Reply {
    let version = if incoming.path().starts_with("/api/v1") { Version::V1 } else { Version::V2 };
    match perform(front, version, incoming) {
        Ok(reply) => reply,
        Err(Failure::Refused(refusal)) => refuse(version, &refusal),
        Err(Failure::Bug(sentence)) => {
            tracing::error!(
                method = incoming.method,
                target = incoming.target,
                sentence,
                "a handler panicked"
            );
            let message = format!("fp-mock has a bug: {sentence}");
            Reply::json(500, &serde_json::json!({ "message": message, "code": "internal_error" }))
        }
    }
}

fn refuse(version: Version, refusal: &Refusal) -> Reply {
    let reply = match version {
        Version::V1 => wire::v1::error::reply(refusal),
        Version::V2 => wire::v2::error::reply(refusal),
    };
    match refusal {
        Refusal::MethodNotAllowed { allowed } => reply.with_header("allow", allowed.join(", ")),
        _ => reply,
    }
}

fn perform(front: &Front, version: Version, incoming: &Incoming) -> Result<Reply, Failure> {
    let matched = match front.contract().resolve(&incoming.method, incoming.path()) {
        Resolution::Found(matched) => matched,
        Resolution::WrongMethod { allowed } => {
            let allowed = allowed.into_iter().map(Method::as_str).collect();
            return Err(Failure::Refused(Refusal::MethodNotAllowed { allowed }));
        }
        Resolution::NotFound => return Err(Failure::Refused(Refusal::NoSuchOperation { hint: None })),
    };
    let route = front.bound().route(matched.index);
    let actor = front.policy().keys.identify(version, &incoming.headers).map_err(Failure::Refused)?;
    actor.authorize(route.method != Method::Get).map_err(Failure::Refused)?;
    let params = read(incoming).map_err(Failure::Refused)?;
    let world = front.world();
    let account = world.account(&actor.account);
    let outcome = account.lock().transact(|state, now| {
        (route.handler)(&mut Call {
            state,
            now,
            params: &params,
            path: &matched.path_params,
            actor: &actor,
            target: &incoming.target,
        })
    });
    world.plan(&account);
    outcome
}

fn read(incoming: &Incoming) -> Result<Params, Refusal> {
    params::read(&incoming.as_request()).map_err(|error| Refusal::Unreadable { problem: error.to_string() })
}
