//! Importing what a referral bought before it was tracked.

use crate::clock::timestamp::Timestamp;
use crate::domain::conversion::{self, ConversionKind, Person, Sale, Trail};
use crate::domain::ids::ReferralId;
use crate::domain::past_sale::{self, PastSale};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Tracks the sales to a referral that the billing provider knows, each at the moment it happened; those that
/// were tracked before are passed over. Commissions are made as for any sale, but no e-mail goes out.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown referral, [`Refusal::WrongState`] if the provider knows no sale to it,
/// and whatever refuses one of the sales.
///
/// Evidence: published v2 referrals document; chosen (all but that past sales are imported).
pub fn import_events(state: &mut State, now: Timestamp, id: ReferralId) -> Result<(), Refusal> {
    let referral = state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let known = past_sale::of_person(state, referral.uid.as_deref(), referral.email.as_deref(), now);
    if known.is_empty() {
        let problem = "the billing provider knows no past sales of this referral";
        return Err(Refusal::wrong_state(Entity::Referral, problem));
    }
    let is_new =
        |past: &&PastSale| conversion::of_event(state, ConversionKind::Sale, &past.event_id).is_none();
    let person = Person::of(referral)?;
    let sales: Vec<Sale> = known.into_iter().filter(is_new).map(|past| sale(past, &person)).collect();
    for sale in sales {
        conversion::sale(state, now, sale)?;
    }
    Ok(())
}

fn sale(past: &PastSale, person: &Person) -> Sale {
    Sale {
        person: person.clone(),
        trail: Trail::default(),
        event_id: past.event_id.clone(),
        amount: past.sale.amount,
        quantity: 1,
        plan: past.sale.plan.clone(),
        currency: past.sale.currency.clone(),
        mrr: None,
        billing: None,
        subscription_id: None,
        created_at: Some(past.sale.happened_at),
        notifies: false,
    }
}
