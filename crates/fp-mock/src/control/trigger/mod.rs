//! `POST /trigger/{event_type}`: makes the records that an event needs, through the business, and lets it
//! happen.

mod recipe;
mod stage;

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::reply::{Answer, Problem, ok, read};
use crate::domain::ids::{CampaignId, DeliveryId};
use crate::domain::refusal::Refusal;
use crate::webhooks::delivery::{Event, LegacyType};
use crate::webhooks::event_type::EventType;
use crate::webhooks::store::Store;
use crate::webhooks::subscription::SubscriptionIndex;
use crate::webhooks::{fan_out, legacy};
use crate::wire::v2::error;
use crate::world::{Failure, Ledger};
use stage::{Override, Records, Stage};

const HINT: &str = "send {\"override\": {…}} with any of promoter_id, promoter_email, campaign_id, email, uid, amount, \
                    event_id, unit and method";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    r#override: Override,
}

/// An event of either system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Current(EventType),
    Legacy(LegacyType),
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        EventType::named(name).map(Self::Current).or_else(|| LegacyType::named(name).map(Self::Legacy))
    }
}

/// An event as it came about in a transaction.
struct Happened {
    entity_id: u64,
    /// As it would be sent; receivers may have got it under another id.
    event: Event,
}

/// `POST /trigger/{event_type}`: any of the types of both systems.
pub fn pull(call: &Call) -> Answer {
    let name = call.path(0);
    let asked: Asked = read(&call.body, HINT)?;
    let kind = Kind::named(name).ok_or_else(|| unknown(name))?;
    let account = call.account();
    let answer = {
        let mut ledger = account.lock();
        run(&mut ledger, kind, &asked.r#override)
    };
    call.world().plan(&account);
    match answer {
        Ok(answer) => ok(&answer),
        Err(Failure::Refused(refusal)) => {
            Err(Problem::refused(format!("{name} cannot happen: {}", error::message(&refusal)), HINT))
        }
        Err(Failure::Bug(sentence)) => Err(Problem::refused(sentence, "this is a bug of fp-mock")),
    }
}

fn run(ledger: &mut Ledger, kind: Kind, wish: &Override) -> Result<Value, Failure> {
    let mut records = Records::default();
    ledger.transact(|state, now| {
        let mut stage = Stage { state, now, kind, wish, records: &mut records };
        recipe::prepare(&mut stage)
    })?;
    let last = ledger.webhooks.deliveries.iter().next_back().map(|delivery| delivery.id);
    let happened = ledger.transact_with(|state, webhooks, now| {
        recipe::act(&mut Stage { state, now, kind, wish, records: &mut records })?;
        Ok(witness(state, webhooks, now, kind))
    })?;
    let Some(happened) = happened else {
        let problem =
            "what was done makes no such event here, for instance because the campaign has no reward";
        return Err(Failure::Refused(Refusal::wrong_state(stage::entity(kind), problem)));
    };
    let (deliveries, sent) = sent_since(&ledger.webhooks, last, kind, happened.entity_id);
    let body = sent.map_or(&happened.event.body, |event| &event.body);
    Ok(json!({
        "records": records,
        "payload": serde_json::from_slice::<Value>(body).unwrap_or_default(),
        "deliveries": deliveries,
    }))
}

/// The event among what the running transaction did, whether or not anybody wants it.
fn witness(
    state: &mut crate::domain::state::State,
    store: &mut Store,
    now: crate::clock::timestamp::Timestamp,
    kind: Kind,
) -> Option<Happened> {
    let changes = state.changes();
    let event = match kind {
        Kind::Current(kind) => {
            let drafts = fan_out::events(state, &changes, now, &SubscriptionIndex::wanting(kind));
            let draft = drafts.into_iter().find(|draft| draft.kind == kind)?;
            fan_out::event(store, now, &draft)
        }
        Kind::Legacy(kind) => {
            let wanted = |_: CampaignId, found: LegacyType| found == kind;
            let draft = legacy::events(state, &changes, &wanted).into_iter().next()?;
            legacy::event(store, now, draft)
        }
    };
    Some(Happened { entity_id: event.entity_id, event })
}

/// The deliveries of the event that were made since the one given, and what they carry.
fn sent_since(
    store: &Store,
    last: Option<DeliveryId>,
    kind: Kind,
    entity_id: u64,
) -> (Vec<DeliveryId>, Option<&Event>) {
    let name = match kind {
        Kind::Current(kind) => kind.name(),
        Kind::Legacy(kind) => kind.name(),
    };
    let newer = store.deliveries.iter().rev().take_while(|delivery| Some(delivery.id) > last);
    let of_event = newer.filter(|delivery| {
        delivery.event.identity.type_name() == name && delivery.event.entity_id == entity_id
    });
    let mut deliveries: Vec<_> = of_event.collect();
    deliveries.reverse();
    let event = deliveries.first().map(|delivery| &*delivery.event);
    (deliveries.iter().map(|delivery| delivery.id).collect(), event)
}

fn unknown(name: &str) -> Problem {
    let current = EventType::ALL.iter().map(|kind| kind.name());
    let all: Vec<_> = current.chain(LegacyType::ALL.iter().map(|kind| kind.name())).collect();
    Problem::not_found(format!("there is no event type {name:?}"), format!("there are {}", all.join(", ")))
}
