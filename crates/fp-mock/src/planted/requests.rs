//! Faults in how a request is understood.

use serde_json::Value;

use super::Fault;
use super::memory::Memory;
use crate::api::dispatch::Incoming;
use crate::domain::ids::PromoterId;
use crate::world::World;

const PROMOTERS: &str = "/api/v2/company/promoters";
const REFERRALS: &str = "/api/v2/company/referrals";
const COMMISSIONS: &str = "/api/v2/company/commissions";
const PAYOUTS: &str = "/api/v2/company/payouts";

/// The account that calls work on which name none, where a fault lets them.
const FIRST_ACCOUNT: &str = "1";

/// Changes the request as the fault wants it.
pub(super) fn change(fault: Fault, memory: &mut Memory, world: &World, incoming: &mut Incoming) {
    if let Some((path, parameter)) = ignored(fault)
        && incoming.path() == path
    {
        keep(incoming, |name, _| name != parameter && !name.starts_with(&format!("{parameter}[")));
    }
    match fault {
        Fault::AmountFromExclusive => shift(incoming, "filters[amount][from]", 1),
        Fault::AmountToExclusive => shift(incoming, "filters[amount][to]", -1),
        Fault::FirstDayLost => replace(incoming, "filters[created_at][from]", next_day),
        Fault::PageShifted => replace(incoming, "page", |page| match page.parse::<u64>() {
            Ok(number) if number > 1 => (number + 1).to_string(),
            _ => page.to_owned(),
        }),
        Fault::PageSizeIgnored => keep(incoming, |name, _| name != "per_page"),
        Fault::BadPageAccepted => {
            keep(incoming, |name, value| name != "page" || value.parse::<u64>().is_ok());
        }
        Fault::SortIgnored => keep(incoming, |name, _| !name.starts_with("sorting[")),
        Fault::SortSwapped => turn_round(incoming),
        Fault::EventPaidTwice => rename_repeated(memory, incoming, "/track/sale"),
        Fault::RefundEventTwice => rename_repeated(memory, incoming, "/track/refund"),
        Fault::FieldDropped if is(incoming, "POST", PROMOTERS) => in_body(incoming, |body| {
            body.remove("cust_id");
        }),
        _ => let_in(fault, world, incoming),
    }
}

/// The parameter that a fault ignores, and on which list.
fn ignored(fault: Fault) -> Option<(&'static str, &'static str)> {
    Some(match fault {
        Fault::ReferralStateFilterIgnored => (REFERRALS, "filters[state]"),
        Fault::ReferralPromoterFilterIgnored => (REFERRALS, "filters[promoter_id]"),
        Fault::CommissionStatusFilterIgnored => (COMMISSIONS, "filters[status]"),
        Fault::CommissionCampaignFilterIgnored => (COMMISSIONS, "filters[campaign_id]"),
        Fault::PayoutStatusFilterIgnored => (PAYOUTS, "filters[status]"),
        Fault::PromoterIdsIgnored => (PROMOTERS, "ids"),
        Fault::PromoterSearchIgnored => (PROMOTERS, "q"),
        _ => return None,
    })
}

/// Faults of keys, accounts and methods.
fn let_in(fault: Fault, world: &World, incoming: &mut Incoming) {
    match fault {
        Fault::KeyIgnored => give_key(incoming),
        Fault::ReportsWithoutKey if incoming.path().starts_with("/api/v2/company/reports") => {
            give_key(incoming)
        }
        Fault::AccountHeaderIgnored if !has(incoming, "account-id") => {
            incoming.headers.push(("account-id".to_owned(), FIRST_ACCOUNT.to_owned()));
        }
        Fault::LeakRead if incoming.method == "GET" => go_to_owner(world, incoming),
        Fault::LeakWrite if incoming.method == "PUT" => go_to_owner(world, incoming),
        Fault::LeakList if is(incoming, "GET", "/api/v1/leads/list") => {
            let has_leads =
                |account: &&std::sync::Arc<crate::world::Account>| !account.lock().state.referrals.is_empty();
            if let Some(other) = world.accounts().iter().find(has_leads) {
                set_header(incoming, "x-api-key", other.name());
            }
        }
        Fault::WrongMethodAnswered if !matches!(incoming.method.as_str(), "GET" | "POST" | "PUT") => {
            let others = ["/api/v2/company/promoters", "/api/v2/company/reports", "/api/v2/company/payouts"];
            if others.iter().any(|path| incoming.path().starts_with(path)) && incoming.body.is_empty() {
                incoming.method = "GET".to_owned();
            }
        }
        _ => {}
    }
}

fn is(incoming: &Incoming, method: &str, path: &str) -> bool {
    incoming.method == method && incoming.path() == path
}

fn has(incoming: &Incoming, header: &str) -> bool {
    incoming.headers.iter().any(|(name, value)| name.eq_ignore_ascii_case(header) && !value.is_empty())
}

fn set_header(incoming: &mut Incoming, header: &str, value: &str) {
    incoming.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(header));
    incoming.headers.push((header.to_owned(), value.to_owned()));
}

fn give_key(incoming: &mut Incoming) {
    let (header, key) = match incoming.path().starts_with("/api/v1") {
        true => ("x-api-key", FIRST_ACCOUNT),
        false => ("authorization", "Bearer anybody"),
    };
    if !has(incoming, header) {
        set_header(incoming, header, key);
    }
}

/// Lets a call on a promoter whom its account does not have work on the account that has him.
fn go_to_owner(world: &World, incoming: &mut Incoming) {
    let id = incoming.path().strip_prefix(PROMOTERS).and_then(|rest| rest.strip_prefix('/')?.parse().ok());
    let Some(id) = id.map(PromoterId::new) else { return };
    let accounts = world.accounts();
    let owner = accounts.iter().find(|account| account.lock().state.promoters.contains(id));
    let is_own = |name: &str| {
        let own = incoming.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case("account-id"));
        let own = own.and_then(|(_, own)| world.known_account(own));
        own.is_some_and(|own| own.name() == name || own.lock().state.promoters.contains(id))
    };
    if let Some(owner) = owner.filter(|owner| !is_own(owner.name())) {
        set_header(incoming, "account-id", owner.name());
    }
}

/// Keeps the pairs of the query that `wanted` says yes to.
fn keep(incoming: &mut Incoming, wanted: impl Fn(&str, &str) -> bool) {
    rewrite(incoming, |name, value| wanted(name, &value).then_some(value));
}

/// Puts another value for the parameter `name` of the query.
fn replace(incoming: &mut Incoming, name: &str, change: impl Fn(&str) -> String) {
    rewrite(incoming, |known, value| Some(if known == name { change(&value) } else { value }));
}

fn shift(incoming: &mut Incoming, name: &str, by: i64) {
    replace(incoming, name, |value| match value.parse::<i64>() {
        Ok(number) => (number + by).to_string(),
        Err(_) => value.to_owned(),
    });
}

fn rewrite(incoming: &mut Incoming, change: impl Fn(&str, String) -> Option<String>) {
    let Some((path, query)) = incoming.target.split_once('?') else { return };
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if let Some(value) = change(&name, value.into_owned()) {
            written.append_pair(&name, &value);
        }
    }
    incoming.target = format!("{path}?{}", written.finish());
}

fn next_day(day: &str) -> String {
    let next = day.parse::<jiff::civil::Date>().ok().and_then(|date| date.tomorrow().ok());
    next.map_or_else(|| day.to_owned(), |date| date.to_string())
}

fn turn_round(incoming: &mut Incoming) {
    rewrite(incoming, |name, value| {
        let swapped = name.starts_with("sorting[") && value == "asc";
        Some(if swapped { "desc".to_owned() } else { value })
    });
}

/// Gives an event that came before another id, so that it counts again.
fn rename_repeated(memory: &mut Memory, incoming: &mut Incoming, ending: &str) {
    if !incoming.path().ends_with(ending) {
        return;
    }
    let caller = incoming.headers.iter().filter(|(name, _)| {
        name.eq_ignore_ascii_case("account-id") || name.eq_ignore_ascii_case("x-api-key")
    });
    let account: String = caller.map(|(_, value)| value.as_str()).collect();
    in_body(incoming, |body| {
        let Some(Value::String(event)) = body.get_mut("event_id") else { return };
        if !memory.events.insert((account, event.clone())) {
            event.push_str("-again");
        }
    });
}

fn in_body(incoming: &mut Incoming, change: impl FnOnce(&mut serde_json::Map<String, Value>)) {
    if let Ok(Value::Object(mut body)) = serde_json::from_slice(&incoming.body) {
        change(&mut body);
        incoming.body = Value::Object(body).to_string().into_bytes();
    }
}
