//! One call from bytes to reply: which operation, who calls, what is asked, and the transaction around it.

use std::sync::{Arc, OnceLock};

use fp_contract::params::{self, ParamError, Params};
use fp_contract::{Match, Method, Operation, Request, Resolution, Version};

use super::auth::Actor;
use super::front::Front;
use super::nearest;
use super::operation::{Call, Handler, Outbound};
use super::reply::Reply;
use crate::clock::timestamp::Timestamp;
use crate::domain::refusal::Refusal;
use crate::wire;
use crate::wire::v1::error::Family;
use crate::world::{Account, Failure};

/// A request as it came in.
#[derive(Clone, Debug, Default)]
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

/// In whose words a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// v1's, those of one of its families.
    V1(Family),
    /// v2's.
    V2,
}

impl Dialect {
    /// The dialect of a path.
    pub fn of(path: &str) -> Self {
        if path.starts_with("/api/v1") { Self::V1(Family::of(path)) } else { Self::V2 }
    }

    fn version(self) -> Version {
        match self {
            Self::V1(_) => Version::V1,
            Self::V2 => Version::V2,
        }
    }

    /// A refusal in these words.
    pub fn refuse(self, refusal: &Refusal) -> Reply {
        let reply = match self {
            Self::V1(family) => wire::v1::error::reply(refusal, family),
            Self::V2 => wire::v2::error::reply(refusal),
        };
        match refusal {
            Refusal::MethodNotAllowed { allowed } => reply.with_header("allow", allowed.join(", ")),
            _ => reply,
        }
    }
}

/// What the head of a request is taken for: the same for every request that has it.
#[derive(Debug)]
pub struct Recognised {
    dialect: Dialect,
    found: Result<Match<'static>, Refusal>,
    actor: Result<Actor, Refusal>,
    /// The account that is named by who cannot be let in.
    named: Option<String>,
}

impl Recognised {
    /// Finds out which operation is meant and who calls.
    pub fn of(front: &Front, incoming: &Incoming) -> Self {
        let dialect = Dialect::of(incoming.path());
        let found = match front.contract().resolve(&incoming.method, incoming.path()) {
            Resolution::Found(found) => Ok(found),
            Resolution::WrongMethod { allowed } => {
                Err(Refusal::MethodNotAllowed { allowed: allowed.into_iter().map(Method::as_str).collect() })
            }
            Resolution::NotFound => {
                let hint = nearest::hint(front.contract(), &incoming.method, incoming.path());
                Err(Refusal::NoSuchOperation { hint: Some(hint) })
            }
        };
        let actor = front.policy().keys.identify(dialect.version(), &incoming.headers);
        let named = match &actor {
            Ok(_) => None,
            Err(_) => incoming.as_request().header("account-id").map(str::to_owned),
        };
        Self { dialect, found, actor, named }
    }

    fn account(&self) -> Option<&str> {
        let account = match &self.actor {
            Ok(actor) => Some(actor.account.as_str()),
            Err(_) => self.named.as_deref(),
        };
        account.filter(|name| !name.is_empty())
    }
}

/// One call, before anything is done about it.
#[derive(Debug)]
pub struct Visit {
    recognised: Arc<Recognised>,
    ledger: OnceLock<Arc<Account>>,
    params: OnceLock<Result<Params, ParamError>>,
}

impl Visit {
    /// The call of a request.
    pub fn recognise(front: &Front, incoming: &Incoming) -> Self {
        Self::of(&Arc::new(Recognised::of(front, incoming)))
    }

    /// The call of a request whose head is known.
    pub fn of(recognised: &Arc<Recognised>) -> Self {
        let recognised = Arc::clone(recognised);
        Self { recognised, ledger: OnceLock::new(), params: OnceLock::new() }
    }

    /// The operation that is meant.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.found().map(|found| found.operation)
    }

    /// The same, with the values of its path parameters.
    pub fn found(&self) -> Option<&Match<'static>> {
        self.recognised.found.as_ref().ok()
    }

    /// Query and body of the request that was recognised, read once.
    pub fn params(&self, incoming: &Incoming) -> &Result<Params, ParamError> {
        self.params.get_or_init(|| params::read(&incoming.as_request()))
    }

    /// The account that is acted on; if nobody can be let in, the one that the request names.
    pub fn account(&self) -> Option<&str> {
        self.recognised.account()
    }

    /// That account, if it was ever used.
    pub fn known_account(&self, front: &Front) -> Option<&Arc<Account>> {
        if self.ledger.get().is_none()
            && let Some(account) = front.world().known_account(self.account()?)
        {
            // Whoever was first found the same.
            let _ = self.ledger.set(account);
        }
        self.ledger.get()
    }

    /// Answers the call.
    pub async fn answer(&self, front: &Front, incoming: &Incoming) -> Reply {
        self.answer_at(front, incoming).await.0
    }

    /// Answers the call, and says at which moment it took effect, if it came so far.
    pub async fn answer_at(&self, front: &Front, incoming: &Incoming) -> (Reply, Option<Timestamp>) {
        let mut at = None;
        let outcome = match self.perform(front, incoming, &mut at) {
            Ok(Performed::Answered(reply)) => Ok(reply),
            Ok(Performed::Asks(outbound)) => self.ask(front, &outbound).await,
            Err(failure) => Err(failure),
        };
        let reply = match outcome {
            Ok(reply) => reply,
            Err(Failure::Refused(refusal)) => self.refuse(&refusal),
            Err(Failure::Bug(sentence)) => {
                let (method, target) = (&incoming.method, &incoming.target);
                tracing::error!(method, target, sentence, "a handler panicked");
                let message = format!("fp-mock has a bug: {sentence}");
                Reply::json(500, &serde_json::json!({ "message": message, "code": "internal_error" }))
            }
        };
        (reply, at)
    }

    /// A refusal as this front door words it.
    pub fn refuse(&self, refusal: &Refusal) -> Reply {
        self.recognised.dialect.refuse(refusal)
    }

    /// Sends a request to somebody else, outside any transaction and lock, and answers with what came of it.
    async fn ask(&self, front: &Front, outbound: &Outbound) -> Result<Reply, Failure> {
        let actor = self.recognised.actor.as_ref().map_err(refused)?;
        let account = self.account_of(front, actor);
        let outcome = front.world().send(account, &outbound.request).await;
        (outbound.answer)(&outcome).map_err(Failure::Refused)
    }

    fn perform(
        &self,
        front: &Front,
        incoming: &Incoming,
        at: &mut Option<Timestamp>,
    ) -> Result<Performed, Failure> {
        let found = self.recognised.found.as_ref().map_err(refused)?;
        let actor = self.recognised.actor.as_ref().map_err(refused)?;
        let route = front.bound().route(found.index);
        actor.authorize(route.method != Method::Get).map_err(Failure::Refused)?;
        let world = front.world();
        let account = self.account_of(front, actor);
        if let Some(limit) = front.policy().rate_limit {
            let now = account.lock().clock.now();
            front.rates().admit(&actor.account, limit, now).map_err(Failure::Refused)?;
        }
        let params = self.params(incoming).as_ref().map_err(unreadable)?;
        let outcome = account.lock().transact_with(|state, webhooks, now| {
            *at = Some(now);
            let mut call = Call {
                state,
                webhooks,
                now,
                params,
                path: &found.path_params,
                actor,
                target: &incoming.target,
                host: incoming.as_request().header("host").unwrap_or(""),
            };
            #[cfg(feature = "planted-faults")]
            if let Some(planted) = &world.options().planted {
                planted.before_work(incoming, call.state);
            }
            let performed = match route.handler {
                Handler::Inside(handle) => handle(&mut call).map(Performed::Answered),
                Handler::Outbound(prepare) => prepare(&mut call).map(Performed::Asks),
            };
            #[cfg(feature = "planted-faults")]
            if let (Some(planted), Ok(_)) = (&world.options().planted, &performed) {
                planted.after_work(incoming, call.state);
            }
            performed
        });
        world.plan(account);
        outcome
    }

    /// The account that is acted on, made if it is new.
    fn account_of(&self, front: &Front, actor: &Actor) -> &Arc<Account> {
        self.ledger.get_or_init(|| front.world().account(&actor.account))
    }
}

/// What a committed transaction leaves to do.
enum Performed {
    /// Nothing: this is the answer.
    Answered(Reply),
    /// To ask somebody else.
    Asks(Outbound),
}

fn refused(refusal: &Refusal) -> Failure {
    Failure::Refused(refusal.clone())
}

fn unreadable(error: &ParamError) -> Failure {
    Failure::Refused(Refusal::Unreadable { problem: error.to_string() })
}
