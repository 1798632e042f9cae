//! The front door: which contract calls are resolved by, who answers them, and which keys open it.

use std::fmt;
use std::sync::Arc;

use fp_contract::Contract;

use super::auth::Keys;
use super::judged::Judged;
use super::operation::{BindError, Bound};
use super::rate::Rates;
use crate::world::World;

/// What is held against the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validate {
    /// What clients send.
    pub requests: bool,
    /// What the mock answers.
    pub responses: bool,
}

/// As `--validate` takes it.
impl fmt::Display for Validate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.requests, self.responses) {
            (true, true) => "requests,responses",
            (true, false) => "requests",
            (false, true) => "responses",
            (false, false) => "off",
        })
    }
}

impl Default for Validate {
    fn default() -> Self {
        Self { requests: true, responses: true }
    }
}

/// How the front door is made.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The keys that are known.
    pub keys: Keys,
    /// Whether the pristine contract is used instead of the corrected one.
    pub published: bool,
    /// What is held against the contract.
    pub validate: Validate,
    /// Whether a request that breaks the contract is answered with what is wrong.
    pub errors: bool,
    /// Calls a minute that each account may make; `None`: any number.
    pub rate_limit: Option<u32>,
    /// Whether pages of any origin may call.
    pub cors: bool,
}

/// Both APIs in front of one world.
#[derive(Debug)]
pub struct Front {
    policy: Policy,
    contract: &'static Contract,
    bound: Bound,
    world: Arc<World>,
    rates: Rates,
    judged: Judged,
}

impl Front {
    /// Opens the APIs to `world`.
    ///
    /// # Errors
    /// [`BindError`] if the operation tables do not fit the contract.
    pub fn open(policy: Policy, world: Arc<World>) -> Result<Arc<Self>, BindError> {
        let contract = if policy.published { Contract::published() } else { Contract::corrected() };
        let bound = Bound::new(contract)?;
        let judged = Judged::new(contract.operations().len());
        Ok(Arc::new(Self { policy, contract, bound, world, rates: Rates::default(), judged }))
    }

    /// How it was made.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The contract that calls are resolved and judged by.
    pub fn contract(&self) -> &'static Contract {
        self.contract
    }

    /// The handlers of its operations.
    pub fn bound(&self) -> &Bound {
        &self.bound
    }

    /// Replies that the contract has nothing against.
    pub fn judged(&self) -> &Judged {
        &self.judged
    }

    /// How much of the rate limit each account has used.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// The accounts behind it.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::dispatch::{Incoming, Visit};
    use crate::api::operation::{Call, Handler};
    use crate::api::reply::Reply;
    use crate::clock::Mode;
    use crate::domain::ids::PromoterId;
    use crate::domain::refusal::Refusal;
    use crate::scenario::Scenario;
    use crate::world::Options;

    /// Deletes a promoter, then breaks down.
    fn breaks_down(call: &mut Call<'_>) -> Result<Reply, Refusal> {
        let first = call.state.promoters.iter().next().map(|promoter| promoter.id);
        call.state.promoters.delete(first.unwrap_or(PromoterId::new(0)));
        panic!("the third cog is loose");
    }

    #[tokio::test]
    async fn a_handler_that_panics_answers_500_with_its_sentence_and_leaves_no_trace() {
        let scenario = Scenario::open_built_in("starter").expect("a built-in scenario");
        let options = Options {
            scenario,
            seed: 0,
            clock: Mode::Manual,
            start: None,
            webhooks: Default::default(),
            #[cfg(feature = "planted-faults")]
            planted: None,
        };
        let world = World::new(options);
        let mut bound = Bound::new(Contract::corrected()).expect("the tables fit");
        bound.replace("/company/emails/template", Handler::Inside(breaks_down));
        let front = Front {
            policy: Policy::default(),
            contract: Contract::corrected(),
            bound,
            world,
            rates: Rates::default(),
            judged: Judged::new(Contract::corrected().operations().len()),
        };
        let get = |path: &str| Incoming {
            method: "GET".into(),
            target: format!("/api/v2{path}"),
            headers: vec![("authorization".into(), "Bearer k".into()), ("account-id".into(), "1".into())],
            body: Vec::new(),
        };
        let before = Visit::recognise(&front, &get("/company/promoters"))
            .answer(&front, &get("/company/promoters"))
            .await;
        let broken = get("/company/emails/template");
        let reply = Visit::recognise(&front, &broken).answer(&front, &broken).await;
        assert_eq!(reply.status, 500);
        assert!(String::from_utf8_lossy(&reply.body).contains("the third cog is loose"));
        let after = Visit::recognise(&front, &get("/company/promoters"))
            .answer(&front, &get("/company/promoters"))
            .await;
        assert_eq!(before, after);
    }
}
