//! The front door: which contract calls are resolved by, who answers them, and which keys open it.

use std::sync::Arc;

use fp_contract::Contract;

use super::auth::Keys;
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
}

impl Front {
    /// Opens the APIs to `world`.
    ///
    /// # Errors
    /// [`BindError`] if the operation tables do not fit the contract.
    pub fn open(policy: Policy, world: Arc<World>) -> Result<Arc<Self>, BindError> {
        let contract = if policy.published { Contract::published() } else { Contract::corrected() };
        let bound = Bound::new(contract)?;
        Ok(Arc::new(Self { policy, contract, bound, world, rates: Rates::default() }))
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

    /// How much of the rate limit each account has used.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// The accounts behind it.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }
}
