//! The judge: one check a file, and the table of them.

mod credentials;
mod parameters;
pub(crate) mod plan;
mod reply_body;
mod reply_headers;
mod request_body;
mod status;
mod strangers;
mod unreadable;
mod webhook;

use std::sync::OnceLock;

use serde::Serialize;

pub use webhook::WebhookSystem;

use crate::contract::{Contract, Document, Operation};
use crate::exchange::{Exchange, Response};
use crate::params::{self, ParamError, Params};
use crate::router::{Match, Resolution};
use crate::schema::{MOST, Registries};
use crate::violation::{Side, Violation};
use plan::{Plan, Reply};

/// How severely an exchange is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Two-way strictness: fields and parameters that nothing declares, and declared fields that a reply lacks, are
    /// violations too.
    pub strict: bool,
    /// Whether a request without credentials is a violation. Recordings often have them taken out.
    pub credentials: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { strict: false, credentials: true }
    }
}

impl Rules {
    /// The default rules with two-way strictness.
    #[must_use]
    pub fn strict() -> Rules {
        Rules { strict: true, ..Rules::default() }
    }
}

/// A part of an exchange that could not be judged, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotJudged {
    /// Permanent kebab-case name of the reason: `no-schema`, `unknown-media-type`, `encoded-body`, `no-reply`,
    /// `foreign-path`.
    pub reason: &'static str,
    /// The message concerned.
    pub side: Side,
    /// The reason in words.
    pub message: String,
}

/// What became of judging one exchange.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The operation that the request leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Every violation found.
    pub violations: Vec<Violation>,
    /// What was not judged. Nothing is skipped silently.
    pub not_judged: Vec<NotJudged>,
}

/// The three things that judging can come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was judged and nothing is wrong.
    Conforms,
    /// Something is wrong.
    Violates,
    /// Nothing wrong was found, but a part could not be judged.
    NotJudged,
}

impl Judgement {
    /// Violations weigh more than unjudged parts.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match (self.violations.is_empty(), self.not_judged.is_empty()) {
            (false, _) => Outcome::Violates,
            (true, false) => Outcome::NotJudged,
            (true, true) => Outcome::Conforms,
        }
    }

    /// What becomes of traffic that is none of the contract's.
    #[must_use]
    pub fn foreign(url: &str) -> Judgement {
        let mut judgement = Judgement::default();
        let path = url.split(['?', '#']).next().unwrap_or(url);
        judgement.skip("foreign-path", Side::Request, format!("no document describes paths like {path}"));
        judgement
    }

    pub(crate) fn violate(&mut self, violation: Violation) {
        if self.violations.len() < MOST {
            self.violations.push(violation);
        }
    }

    pub(crate) fn skip(&mut self, reason: &'static str, side: Side, message: impl Into<String>) {
        self.not_judged.push(NotJudged { reason, side, message: message.into() });
    }
}

/// Compiled knowledge about each operation, gathered when it is first judged.
#[derive(Debug, Default)]
pub(crate) struct Bench {
    pub(crate) registries: Registries,
    /// Lenient and strict plan of each operation.
    plans: Vec<[OnceLock<Plan>; 2]>,
    /// Made when the first one is asked for.
    pub(crate) events: OnceLock<webhook::Events>,
}

impl Bench {
    pub(crate) fn new(documents: &[Document], operations: usize) -> Bench {
        Bench {
            registries: Registries::new(documents.len()),
            plans: (0..operations).map(|_| Default::default()).collect(),
            events: OnceLock::new(),
        }
    }
}

/// One exchange before the judge.
pub(crate) struct Case<'c> {
    pub(crate) contract: &'c Contract,
    pub(crate) document: &'c Document,
    pub(crate) operation: &'c Operation,
    pub(crate) plan: &'c Plan,
    pub(crate) path_params: &'c [(&'c str, String)],
    pub(crate) exchange: &'c Exchange<'c>,
    pub(crate) params: &'c Result<Params, ParamError>,
    pub(crate) rules: Rules,
}

/// A check: of the request, or of a reply whose status is declared.
pub(crate) enum Check {
    Request(fn(&Case<'_>, &mut Judgement)),
    Reply(fn(&Case<'_>, &Response<'_>, &Reply, &mut Judgement)),
}

/// Every check, in the order in which they run.
const CHECKS: [Check; 7] = [
    Check::Request(credentials::check),
    Check::Request(unreadable::check),
    Check::Request(parameters::check),
    Check::Request(strangers::check),
    Check::Request(request_body::check),
    Check::Reply(reply_headers::check),
    Check::Reply(reply_body::check),
];

impl Contract {
    /// Judges an exchange by the default [`Rules`]: the violations alone.
    #[must_use]
    pub fn check(&self, exchange: &Exchange<'_>) -> Vec<Violation> {
        self.judge(exchange, &Rules::default()).violations
    }

    /// Judges an exchange, and says what could not be judged.
    #[must_use]
    pub fn judge(&self, exchange: &Exchange<'_>, rules: &Rules) -> Judgement {
        let request = &exchange.request;
        let mut judgement = Judgement::default();
        let found = match self.resolve(request.method, request.path()) {
            Resolution::Found(found) => found,
            Resolution::WrongMethod { allowed } => {
                judgement.violate(wrong_method(request.method, &allowed));
                return judgement;
            }
            Resolution::NotFound => {
                self.judge_unknown(request.path(), &mut judgement);
                return judgement;
            }
        };
        let params = params::read(request);
        self.judge_operation((&found, &params), exchange, *rules, &mut judgement);
        judgement.operation = Some(found.operation.key());
        judgement
    }

    /// Judges an exchange whose operation and parameters are known already, by the default [`Rules`]: the
    /// violations alone, as [`Contract::check`] finds them.
    #[must_use]
    pub fn check_found(
        &self,
        found: &Match<'_>,
        params: &Result<Params, ParamError>,
        exchange: &Exchange<'_>,
    ) -> Vec<Violation> {
        let mut judgement = Judgement::default();
        self.judge_operation((found, params), exchange, Rules::default(), &mut judgement);
        judgement.violations
    }

    fn judge_operation(
        &self,
        (found, params): (&Match<'_>, &Result<Params, ParamError>),
        exchange: &Exchange<'_>,
        rules: Rules,
        judgement: &mut Judgement,
    ) {
        let document = &self.documents()[found.operation.document];
        let plan = self.bench().plans[found.index][usize::from(rules.strict)]
            .get_or_init(|| Plan::of(found.operation, document, rules.strict));
        let case = Case {
            contract: self,
            document,
            operation: found.operation,
            plan,
            path_params: &found.path_params,
            exchange,
            params,
            rules,
        };
        let reply = match &exchange.response {
            Some(response) => status::reply_for(&case, response, judgement).map(|reply| (response, reply)),
            None => {
                judgement.skip("no-reply", Side::Response, "there is no reply to judge");
                None
            }
        };
        for check in &CHECKS {
            match (check, reply) {
                (Check::Request(check), _) => check(&case, judgement),
                (Check::Reply(check), Some((response, reply))) => check(&case, response, reply, judgement),
                (Check::Reply(_), None) => {}
            }
        }
        judgement.violations.sort_by_key(|violation| violation.side);
        for violation in &mut judgement.violations {
            violation.operation = Some(found.operation.key());
        }
    }

    /// A path that is no operation's: a violation under a document's base, someone else's business elsewhere.
    fn judge_unknown(&self, path: &str, judgement: &mut Judgement) {
        let own = self.operations().iter().any(|operation| {
            path.strip_prefix(operation.base.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if !own {
            *judgement = Judgement::foreign(path);
            return;
        }
        let templates: Vec<String> = self
            .operations()
            .iter()
            .map(|operation| format!("{}{}", operation.base, operation.path))
            .collect();
        let mut violation = Violation::new(
            "unknown-operation",
            Side::Request,
            "",
            "a path of the contract",
            format!("`{path}`"),
        );
        if let Some(meant) = crate::schema::nearest(path, templates.iter().map(String::as_str)) {
            violation = violation.with_hint(format!("did you mean `{meant}`?"));
        }
        judgement.violate(violation);
    }
}

fn wrong_method(method: &str, allowed: &[crate::Method]) -> Violation {
    let names: Vec<&str> = allowed.iter().map(|method| method.as_str()).collect();
    Violation::new("undeclared-method", Side::Request, "", names.join(" or "), format!("`{method}`"))
}

/// `/query`, `/body` or wherever a parameter came from, with the pointer below it.
pub(crate) fn place_of(params: &Params, name: &str) -> &'static str {
    match params.source(name) {
        Some(params::Source::Form | params::Source::Json) => "/body",
        _ => "/query",
    }
}

#[cfg(test)]
mod tests;
