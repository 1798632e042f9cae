//! One worker's view of a run: its client, what it knows of the target's state, what it found.

use serde_json::Value;

use crate::client::{Client, SendError};
use crate::config::Config;
use crate::exchange::{Call, Exchange};
use crate::failure::{Case, Confirmed, Failure, Findings, Identity, Sent};
use crate::generate::{Blueprint, Pool};
use crate::property::{Broken, CHECKS, Check, Finding};

/// Why a run, or a part of it, ended before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The budget of calls or time is used up.
    Budget,
    /// Somebody asked the run to end.
    Interrupted,
    /// A call was not sent, because it could touch records that are not the run's: this part of the run ends,
    /// the others go on.
    Guarded(String),
    /// One call has no answer although others have: the failure is kept, this part of the run ends.
    Unanswered,
    /// The target does not answer.
    NoAnswer(String),
}

/// The property that a call without an answer breaks.
const NO_ANSWER: &str = "not_a_server_error";

impl From<SendError> for Stop {
    fn from(error: SendError) -> Self {
        let told = error.to_string();
        match error {
            SendError::Budget => Self::Budget,
            SendError::Interrupted => Self::Interrupted,
            SendError::Guarded { reason, .. } => Self::Guarded(reason),
            SendError::NoAnswer { .. } => Self::NoAnswer(told),
        }
    }
}

/// At a mock: puts the account back to what the mock's scenario says, whoever used it before.
///
/// # Errors
/// [`Stop`] when the run is over.
pub(super) fn reset(client: &Client<'_>) -> Result<(), Stop> {
    let target = client.target();
    if target.gives_accounts() {
        client.ask("POST", &format!("/__admin/reset?account={}", target.account()), &Value::Null)?;
    }
    Ok(())
}

/// A worker's state during a run.
#[derive(Debug)]
pub struct Session<'r> {
    /// What the run does.
    pub config: &'r Config,
    /// Talks to the target.
    pub client: Client<'r>,
    /// Every operation's blueprint.
    pub blueprints: &'r [Blueprint],
    /// What is known of the target's records.
    pub pool: Pool,
    /// The case under way: failures carry it.
    pub case: Case,
    /// Whether only the run's own records are learnt of, at a real account.
    pub only_own: bool,
    findings: Findings,
}

impl<'r> Session<'r> {
    /// A session that knows nothing of the target yet.
    pub fn new(config: &'r Config, client: Client<'r>, blueprints: &'r [Blueprint]) -> Self {
        let (pool, case, findings) = (Pool::default(), Case::Other, Findings::default());
        Self { config, client, blueprints, pool, case, only_own: false, findings }
    }

    /// How many calls were sent.
    pub fn calls(&self) -> u64 {
        self.client.sent()
    }

    /// What was found.
    pub fn into_findings(self) -> Findings {
        self.findings
    }

    /// What was found so far, to be added to.
    pub fn findings(&mut self) -> &mut Findings {
        &mut self.findings
    }

    /// Whether anything may be changed at the target.
    pub fn may_write(&self) -> bool {
        self.config.allow_writes || self.client.target().is_this_machine()
    }

    /// Sends a call, puts every check to the exchange, and answers it.
    ///
    /// # Errors
    /// [`Stop`] when the run is over.
    pub fn send_checked(&mut self, call: Call, seed: u64) -> Result<Exchange, Stop> {
        let again = call.clone();
        let exchange = match self.client.send(call) {
            Err(error @ SendError::NoAnswer { .. }) => return Err(self.silence(&again, &error, seed)),
            sent => sent?,
        };
        for check in CHECKS.iter().filter(|check| self.config.wants_property(check.code)) {
            self.put(check, &exchange, seed)?;
        }
        Ok(exchange)
    }

    /// A call that has no answer is a failure if another one has, and the end of the run otherwise.
    fn silence(&mut self, call: &Call, error: &SendError, seed: u64) -> Stop {
        let target = self.client.target();
        let told = Stop::NoAnswer(target.without_keys(&error.to_string()));
        if self.client.ask("GET", "/api/v2/company/webhooks/event_types", &Value::Null).is_err() {
            return told;
        }
        let operation = match self.client.contract().resolve(&call.method, call.path()) {
            fp_contract::Resolution::Found(found) => found.operation.key(),
            _ => format!("{} {}", call.method, call.path()),
        };
        self.findings.tried_on(NO_ANSWER, &operation);
        self.findings.fail(Failure {
            identity: Identity { property: NO_ANSWER, operation, cause: "no answer".to_owned() },
            case: self.case.clone(),
            call: Some(Sent::of(call)),
            message: "expected an answer, the connection ended without one; other calls are answered"
                .to_owned(),
            reproduction: vec![target.curl(call)],
            seed,
            confirmed: Confirmed::ONCE,
            calls_to_detection: self.client.sent(),
        });
        Stop::Unanswered
    }

    /// Makes a call with credentials, puts every check to it, and answers it.
    ///
    /// # Errors
    /// [`Stop`] when the run is over.
    pub fn ask(&mut self, method: &str, target: &str, body: &Value) -> Result<Exchange, Stop> {
        let call = self.client.call(method, target, body);
        self.send_checked(call, self.config.seed)
    }

    /// Reads a list so that its records are known; a refusal teaches nothing.
    ///
    /// # Errors
    /// [`Stop`] when the run is over.
    pub fn learn(&mut self, target: &str) -> Result<(), Stop> {
        let exchange = self.ask("GET", target, &Value::Null)?;
        if let Some(reply) = exchange.json().filter(|_| exchange.is_success()) {
            let path = target.trim_start_matches("/api/v2").trim_start_matches("/api/v1");
            let path = path.split('?').next().unwrap_or(path);
            let reply = match self.client.line().guard() {
                Some(guard) if self.only_own => guard.own_rows(path, &reply),
                _ => reply,
            };
            self.pool.learn(path, &reply);
        }
        Ok(())
    }

    /// A name of this run's own: everything it makes carries one.
    pub fn own(&self, mark: &str) -> String {
        format!("{}{mark}", self.config.namespace())
    }

    /// The operations that the run is about.
    pub fn wanted_blueprints(&self) -> Vec<Blueprint> {
        let wanted = |blueprint: &&Blueprint| self.config.wants_operation(&blueprint.operation);
        self.blueprints.iter().filter(wanted).cloned().collect()
    }

    /// Whether the run is about the operation that a call leads to.
    pub fn wants_target(&self, method: &str, target: &str) -> bool {
        let path = target.split('?').next().unwrap_or(target);
        match self.client.contract().resolve(method, path) {
            fp_contract::Resolution::Found(found) => self.config.wants_operation(found.operation),
            _ => false,
        }
    }

    /// Those of some lists that the run is about.
    pub fn wanted_lists(&self, lists: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
        lists.iter().filter(|(path, _)| self.wants_target("GET", path)).copied().collect()
    }

    /// Counts a trial of a property, and keeps a failure if it does not hold. The last of `shown` names the
    /// operation; all of them, in order, are how to see it.
    pub fn verify(
        &mut self,
        code: &'static str,
        holds: bool,
        cause: &str,
        message: &str,
        shown: &[&Exchange],
    ) {
        let operation = shown.last().map(|exchange| {
            let resolution = self.client.contract().resolve(&exchange.call.method, exchange.call.path());
            match resolution {
                fp_contract::Resolution::Found(found) => found.operation.key(),
                _ => format!("{} {}", exchange.call.method, exchange.call.path()),
            }
        });
        let operation = operation.unwrap_or_default();
        self.findings.tried_on(code, &operation);
        if holds {
            return;
        }
        let target = self.client.target();
        let line = |exchange: &&Exchange| target.curl(&exchange.call);
        self.findings.fail(Failure {
            identity: Identity { property: code, operation, cause: cause.to_owned() },
            case: self.case.clone(),
            call: None,
            message: target.without_keys(message),
            reproduction: shown.iter().map(line).collect(),
            seed: self.config.seed,
            confirmed: Confirmed::ONCE,
            calls_to_detection: self.client.sent(),
        });
    }

    fn put(&mut self, check: &Check, exchange: &Exchange, seed: u64) -> Result<(), Stop> {
        let operation = exchange.judgement.operation.as_deref().unwrap_or("no operation");
        match (check.check)(exchange) {
            Finding::NotConcerned => {}
            Finding::Kept => self.findings.tried_on(check.code, operation),
            Finding::NotJudged(reason) => self.findings.skip(check.code, reason),
            Finding::Broken(causes) => {
                self.findings.tried_on(check.code, operation);
                for broken in causes {
                    self.report(check, exchange, broken, seed)?;
                }
            }
        }
        Ok(())
    }

    /// Keeps a failure, after trying reads again: what does not show again is marked.
    fn report(&mut self, check: &Check, exchange: &Exchange, broken: Broken, seed: u64) -> Result<(), Stop> {
        let operation = exchange.judgement.operation.clone();
        let operation =
            operation.unwrap_or_else(|| format!("{} {}", exchange.call.method, exchange.call.path()));
        let identity = Identity { property: check.code, operation, cause: broken.cause };
        let calls_to_detection = self.calls();
        let is_new = !self.findings.failures.contains_key(&identity);
        let tried = if is_new && exchange.call.method == "GET" {
            self.confirm(check, exchange, &identity.cause)
        } else {
            Ok(Confirmed::ONCE)
        };
        let confirmed = tried.as_ref().map_or(Confirmed::ONCE, |confirmed| *confirmed);
        let target = self.client.target();
        let line = target.curl(&exchange.call);
        self.findings.fail(Failure {
            identity,
            case: self.case.clone(),
            call: Some(Sent::of(&exchange.call)),
            message: target.without_keys(&broken.message),
            reproduction: vec![line],
            seed,
            confirmed,
            calls_to_detection,
        });
        // The run may be over, the failure stays.
        tried.map(|_| ())
    }

    fn confirm(&self, check: &Check, exchange: &Exchange, cause: &str) -> Result<Confirmed, Stop> {
        const TRIALS: u32 = 3;
        let mut times = 0;
        for _ in 0..TRIALS {
            let again = self.client.send(exchange.call.clone())?;
            if matches!((check.check)(&again), Finding::Broken(causes) if causes.iter().any(|b| b.cause == cause))
            {
                times += 1;
            }
        }
        Ok(Confirmed { times: times + 1, of: TRIALS + 1 })
    }
}
