//! What of the contract a run exercised, told by the exchanges that were really made.

use std::collections::BTreeMap;

use fp_contract::Contract;

use crate::exchange::Exchange;

/// Statuses of each operation, and how often they came.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// By the operation's key, then by status.
    pub statuses: BTreeMap<String, BTreeMap<u16, u64>>,
}

impl Coverage {
    /// Notes an exchange.
    pub fn note(&mut self, _contract: &Contract, exchange: &Exchange) {
        let Some(operation) = &exchange.judgement.operation else { return };
        if !self.statuses.contains_key(operation) {
            self.statuses.insert(operation.clone(), BTreeMap::new());
        }
        if let Some(statuses) = self.statuses.get_mut(operation) {
            *statuses.entry(exchange.status).or_default() += 1;
        }
    }

    /// Adds what another part of the run covered.
    pub fn merge(&mut self, other: Self) {
        for (operation, statuses) in other.statuses {
            let known = self.statuses.entry(operation).or_default();
            for (status, times) in statuses {
                *known.entry(status).or_default() += times;
            }
        }
    }
}
