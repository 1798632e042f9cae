//! The commissions that the first sales of their referrals earned, kept for lists.

use super::orders::ASTRAY_MAX;
use super::record::Commission;
use super::selection::is_first;
use crate::domain::ids::CommissionId;
use crate::domain::members::Members;
use crate::domain::state::State;

/// Which commissions first sales earned, from the first time that a list asks for it, or from when there are many.
/// What changes is only remembered, and looked at when somebody asks again or some have come together.
#[derive(Clone, Debug, Default)]
pub struct Firsts {
    kept: Option<Members>,
    /// Commissions that came, went or are of something else now.
    unsure: Vec<CommissionId>,
}

impl Firsts {
    /// A commission came in, went out or became another.
    pub fn follow(&mut self, before: Option<&Commission>, after: Option<&Commission>) {
        let source = |row: Option<&Commission>| row.map(|row| (row.referral_id, row.conversion_id));
        if self.kept.is_some() && source(before) != source(after) {
            self.unsure.extend(before.or(after).map(|row| row.id));
            if self.unsure.len() > ASTRAY_MAX {
                *self = Self::default();
            }
        }
    }
}

/// The commissions that first sales earned, if they are known; see [`arrange`].
pub fn firsts(state: &State) -> Option<&Members> {
    let firsts = &state.commissions.index().firsts;
    firsts.kept.as_ref().filter(|_| waiting(state) == Some(0))
}

/// How many changes were not looked at yet; `None` if all commissions must be.
pub fn waiting(state: &State) -> Option<usize> {
    let firsts = &state.commissions.index().firsts;
    let changed = state.conversions.index().first_changed.as_ref()?;
    firsts.kept.as_ref().map(|_| firsts.unsure.len() + changed.len())
}

/// Finds out which commissions first sales earned, or brings that up to date.
pub fn arrange(state: &mut State) {
    let changed = state.conversions.index_mut().first_changed.replace(Vec::new());
    let Firsts { kept, mut unsure } = std::mem::take(&mut state.commissions.index_mut().firsts);
    let index = state.commissions.index();
    let kept = match (kept, changed) {
        (Some(mut kept), Some(changed)) => {
            unsure.extend(changed.iter().flat_map(|sale| index.by_conversion.of(sale)));
            let is_one = |id| state.commissions.get(id).is_some_and(|row| is_first(state, row));
            unsure.iter().for_each(|id| kept.put(id.number(), is_one(*id)));
            kept
        }
        _ => {
            let mut kept = index.facets.no_members();
            let all = state.commissions.iter().filter(|row| is_first(state, row));
            all.for_each(|row| kept.put(row.id.number(), true));
            kept
        }
    };
    unsure.clear();
    state.commissions.index_mut().firsts = Firsts { kept: Some(kept), unsure };
}
