//! `promoter.balance.updated`: follows from the commissions that changed, since balances are sums over them.

use std::collections::BTreeMap;

use super::{Draft, Witness, difference, promoter};
use crate::domain::commission::{Balance, Commission, CommissionStatus};
use crate::domain::ids::PromoterId;
use crate::domain::json::{Json, JsonObject};
use crate::domain::money::{Amount, Unit};
use crate::webhooks::event_type::EventType;

/// What a promoter's balances were before the transaction and are after it, by unit.
#[derive(Debug, Default)]
struct Both {
    before: BTreeMap<Unit, Balance>,
    after: BTreeMap<Unit, Balance>,
}

/// One event for each promoter with a balance that changed.
///
/// Evidence: service behaviour notes (it follows every change of a balance); the names and the form of
/// `changes` are chosen.
pub(super) fn follow(witness: &Witness<'_>, drafts: &mut Vec<Draft>) {
    if !witness.wants(EventType::PromoterBalanceUpdated) {
        return;
    }
    for (id, both) in balances(witness) {
        let changes = difference(&shown(&both.before), &shown(&both.after));
        let Some(row) = witness.state.promoters.get(id).filter(|_| !changes.is_empty()) else { continue };
        drafts.push(Draft {
            kind: EventType::PromoterBalanceUpdated,
            entity_id: id.number(),
            campaigns: witness.campaigns_of(id),
            changes,
            data: promoter::data(witness, row),
        });
    }
}

/// The balances of every promoter with a commission that changed: those after the transaction from the index,
/// those before it by taking away what the changed commissions contribute and adding what they did.
fn balances(witness: &Witness<'_>) -> BTreeMap<PromoterId, Both> {
    let mut all: BTreeMap<PromoterId, Both> = BTreeMap::new();
    let contributes = |row: &&Commission| row.status == CommissionStatus::Approved;
    for change in &witness.changes.commissions {
        let sides = [(change.before.as_deref(), 1), (change.after.as_deref(), -1)];
        for (row, sign) in sides {
            let Some(row) = row.filter(contributes) else { continue };
            let both = all.entry(row.promoter_id).or_insert_with(|| unchanged(witness, row.promoter_id));
            both.before.entry(row.unit).or_default().apply(row, sign);
        }
    }
    all
}

/// The balances of a promoter as they are now, on both sides.
fn unchanged(witness: &Witness<'_>, promoter: PromoterId) -> Both {
    let index = &witness.state.commissions.index().balances;
    let balance = |unit| Some((unit, index.get(&(promoter, unit))?.0));
    let after: BTreeMap<_, _> = Unit::ALL.into_iter().filter_map(balance).collect();
    Both { before: after.clone(), after }
}

fn shown(balances: &BTreeMap<Unit, Balance>) -> Json {
    let mut members = JsonObject::new();
    let mut add = |name: &str, part: fn(&Balance) -> Amount| {
        let amounts = balances.iter().map(|(unit, balance)| (unit.name().to_owned(), part(balance)));
        let amounts: JsonObject =
            amounts.filter(|(_, amount)| *amount != 0).map(|(unit, amount)| (unit, amount.into())).collect();
        members.insert(name.into(), if amounts.is_empty() { Json::Null } else { Json::Object(amounts) });
    };
    add("earnings_balance", |balance| balance.earnings);
    add("current_balance", |balance| balance.current());
    add("paid_balance", |balance| balance.paid);
    add("pending_balance", |balance| balance.pending);
    Json::Object(members)
}
