//! Faults on purpose, for tests of those who look for faults.
//!
//! One mock has at most one fault, chosen when it is started; without one nothing here does anything. The faults
//! live in this room alone: the others call its hooks at five places and know nothing of what happens there.
//!
//! The places: a request before it is looked at ([`Planted::on_request`]), the records before and after a handler
//! works and before a transaction commits ([`Planted::before_work`], [`Planted::after_work`],
//! [`Planted::before_commit`]), deliveries when they are written down, sent and repeated, and the reply before it
//! goes out ([`Planted::on_reply`]).

mod answers;
mod books;
mod doors;
mod fault;
mod memory;
mod notices;
mod requests;
mod works;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use fault::{Area, Fault};
use memory::Memory;

use crate::api::dispatch::Incoming;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::DeliveryId;
use crate::domain::state::{Changes, State};
use crate::webhooks::delivery::Outgoing;
use crate::webhooks::store::Store;
use crate::wire::reply::Reply;
use crate::world::World;

/// A fault, and what it needs to remember from call to call.
#[derive(Debug)]
pub struct Planted {
    fault: Fault,
    memory: Mutex<Memory>,
}

impl Planted {
    /// Plants a fault.
    pub fn new(fault: Fault) -> Self {
        Self { fault, memory: Mutex::default() }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request before anybody looks at it.
    pub fn on_request(&self, world: &World, incoming: &mut Incoming) {
        requests::change(self.fault, &mut self.memory(), world, incoming);
    }

    /// The records before a handler works on them, in its transaction.
    pub fn before_work(&self, incoming: &Incoming, state: &mut State) {
        works::before(self.fault, incoming, state);
    }

    /// The records after a handler worked on them and made its answer, in its transaction.
    pub fn after_work(&self, incoming: &Incoming, state: &mut State) {
        works::after(self.fault, incoming, state);
    }

    /// The records before any transaction commits, those of the agenda included.
    pub fn before_commit(&self, state: &mut State) {
        books::change(self.fault, state);
    }

    /// Deliveries of a transaction just written down.
    pub fn on_deliveries(&self, changes: &Changes, store: &mut Store, now: Timestamp) {
        notices::change(self.fault, changes, store, now);
    }

    /// A delivery just before it is sent.
    pub fn on_sending(&self, store: &Store, outgoing: &mut Outgoing) {
        notices::send(self.fault, store, outgoing);
    }

    /// A delivery just after an attempt was written down.
    pub fn after_attempt(&self, store: &mut Store, now: Timestamp, id: DeliveryId) {
        notices::repeat(self.fault, store, now, id);
    }

    /// A reply before it is judged and sent.
    pub fn on_reply(&self, world: &World, account: Option<&str>, incoming: &Incoming, reply: &mut Reply) {
        answers::change(self.fault, &mut self.memory(), incoming, reply);
        if let Some(account) = account {
            doors::change(self.fault, &world.account(account), &mut self.memory(), incoming, reply);
        }
    }
}
