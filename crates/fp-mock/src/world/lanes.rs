//! Deliveries whose moment has come, waiting behind one another: what goes to one receiver goes in order,
//! different receivers are served at the same time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::domain::ids::DeliveryId;
use crate::webhooks::delivery::Lane;

/// The lanes somebody works on, and what waits in each.
#[derive(Debug, Default)]
pub struct Lanes {
    waiting: BTreeMap<Lane, VecDeque<DeliveryId>>,
    identity: Identity,
}

/// Tells the lanes of one ledger from those that took their place at a reset: an answer that arrives after a
/// reset belongs to nobody.
#[derive(Clone, Debug, Default)]
pub struct Identity(Arc<()>);

impl Lanes {
    /// Puts a delivery at the end of its lane. True if nobody works on that lane yet.
    pub fn enter(&mut self, lane: Lane, delivery: DeliveryId) -> bool {
        let is_new = !self.waiting.contains_key(&lane);
        self.waiting.entry(lane).or_default().push_back(delivery);
        is_new
    }

    /// Takes the next delivery of a lane; without one the lane is done.
    pub fn next(&mut self, lane: Lane) -> Option<DeliveryId> {
        let next = self.waiting.get_mut(&lane).and_then(VecDeque::pop_front);
        if next.is_none() {
            self.waiting.remove(&lane);
        }
        next
    }

    /// Whether nobody works on any.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What tells these lanes from others.
    pub fn identity(&self) -> Identity {
        self.identity.clone()
    }

    /// Whether these are the lanes of that identity.
    pub fn is(&self, identity: &Identity) -> bool {
        Arc::ptr_eq(&self.identity.0, &identity.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SubscriptionId;

    #[test]
    fn a_lane_is_busy_until_nothing_waits_in_it() {
        let (mut lanes, lane) = (Lanes::default(), Lane::Subscription(SubscriptionId::new(301)));
        assert!(lanes.enter(lane, DeliveryId::new(1)));
        assert!(!lanes.enter(lane, DeliveryId::new(2)));
        assert_eq!(lanes.next(lane), Some(DeliveryId::new(1)));
        assert_eq!(lanes.next(lane), Some(DeliveryId::new(2)));
        assert!(!lanes.is_idle());
        assert_eq!(lanes.next(lane), None);
        assert!(lanes.is_idle());
    }

    #[test]
    fn new_lanes_are_not_the_old_ones() {
        let (old, new) = (Lanes::default(), Lanes::default());
        assert!(old.is(&old.identity()));
        assert!(!new.is(&old.identity()));
    }
}
