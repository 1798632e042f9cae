//! A request with what is known of it before anything is done about it.

use std::sync::Arc;

use crate::api::dispatch::{Incoming, Recognised};
use crate::control::desk::Desk;
use crate::control::prefer::{Preference, Unmet};

/// A request, and what its head is taken for if that was found out before. Whoever reads another head into it forgets
/// that.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub incoming: Incoming,
    pub recognised: Option<Arc<Recognised>>,
}

impl Asked {
    /// What the call prefers, which is then no longer in the request, and what its head is taken for.
    pub fn recognise(&mut self, desk: &Desk) -> (Result<Option<Preference>, Unmet>, Arc<Recognised>) {
        if let Some(known) = &self.recognised {
            // Only what prefers nothing is kept.
            return (Ok(None), Arc::clone(known));
        }
        let may_change = may_change(&self.incoming.target);
        let preference = Preference::take(&mut self.incoming);
        #[cfg(feature = "planted-faults")]
        if let Some(planted) = &desk.world().options().planted {
            planted.on_request(desk.world(), &mut self.incoming);
        }
        let recognised = Arc::new(Recognised::of(desk.front(), &self.incoming));
        if preference == Ok(None) && !may_change {
            self.recognised = Some(Arc::clone(&recognised));
        }
        (preference, recognised)
    }
}

/// Whether taking a preference out may change the target.
pub(super) fn may_change(target: &str) -> bool {
    target.contains("__")
}
