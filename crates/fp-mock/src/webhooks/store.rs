//! What an account keeps about webhooks, with its own undo log: it is part of the account's transactions but
//! not of the business.

use std::collections::VecDeque;

use super::Settings;
use fp_contract::Violation;

use super::delivery::Delivery;
use super::subscription::Subscription;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{self, DeliveryId, Ids};
use crate::domain::table::Table;

/// Which branch of the account's generator makes ids and secrets here, so that subscribing to events changes
/// no id or token of the business.
const STREAM: u64 = 1;

/// Subscriptions and deliveries of one account.
#[derive(Clone, Debug)]
pub struct Store {
    /// Who wants what.
    pub subscriptions: Table<Subscription>,
    /// What is on its way, or arrived.
    pub deliveries: Table<Delivery>,
    /// Makes ids and secrets.
    pub ids: Ids,
    /// How the server handles webhooks.
    pub settings: Settings,
    /// What the contract has against payloads, newest last, as far as it is kept.
    pub violations: VecDeque<PayloadViolation>,
    agenda: Vec<(Timestamp, DeliveryId)>,
}

/// Violations that are kept; older ones make room.
const VIOLATIONS_KEPT: usize = 1_000;

/// Something that the contract has against a payload.
#[derive(Clone, Debug)]
pub struct PayloadViolation {
    /// The delivery that sent it.
    pub delivery: DeliveryId,
    /// When, by the account's clock.
    pub at: Timestamp,
    /// What.
    pub violation: Violation,
}

/// A point to which a store can go back.
#[derive(Debug)]
pub struct Savepoint {
    subscriptions: usize,
    deliveries: usize,
    ids: ids::Mark,
    agenda: usize,
}

impl Store {
    /// Nothing yet, for the account whose generator is `ids`.
    pub fn new(ids: &Ids, settings: Settings) -> Self {
        Self {
            subscriptions: Table::default(),
            deliveries: Table::default(),
            ids: ids.branch(STREAM),
            settings,
            violations: VecDeque::new(),
            agenda: Vec::new(),
        }
    }

    /// Lets a delivery be sent at `at`, if the transaction commits.
    pub fn send_at(&mut self, at: Timestamp, delivery: DeliveryId) {
        self.agenda.push((at, delivery));
    }

    /// What is to be sent and when, as far as it was written since the last call.
    pub fn drain_agenda(&mut self) -> Vec<(Timestamp, DeliveryId)> {
        std::mem::take(&mut self.agenda)
    }

    /// Writes down what the contract has against a payload.
    pub fn violate(&mut self, violation: PayloadViolation) {
        if self.violations.len() == VIOLATIONS_KEPT {
            self.violations.pop_front();
        }
        self.violations.push_back(violation);
    }

    /// When each delivery that is not over is due, in the order in which they were made.
    pub fn open(&self) -> impl Iterator<Item = (Timestamp, DeliveryId)> {
        let ids = self.deliveries.index().open.iter();
        ids.filter_map(|id| Some((self.deliveries.get(*id)?.due?, *id)))
    }

    /// Marks the present point.
    pub fn savepoint(&self) -> Savepoint {
        Savepoint {
            subscriptions: self.subscriptions.mark(),
            deliveries: self.deliveries.mark(),
            ids: self.ids.mark(),
            agenda: self.agenda.len(),
        }
    }

    /// Undoes everything since the point was marked.
    pub fn rollback(&mut self, to: Savepoint) {
        self.subscriptions.rollback(to.subscriptions);
        self.deliveries.rollback(to.deliveries);
        self.ids.rollback(&to.ids);
        self.agenda.truncate(to.agenda);
    }

    /// Makes everything final.
    pub fn commit(&mut self) {
        self.subscriptions.commit();
        self.deliveries.commit();
    }
}
