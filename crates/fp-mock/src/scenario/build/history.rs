//! The history of a scenario, run through the business in the order of time.

use std::collections::BTreeMap;

use super::clockwork::Clockwork;
use crate::clock::timestamp::Timestamp;
use crate::domain::click::{self, Visit};
use crate::domain::commission::{self, Commission, CommissionStatus};
use crate::domain::conversion::{self, Cancellation, Person, Refund, Sale, Signup, Trail};
use crate::domain::ids::{CommissionId, PayoutId, PromoterId};
use crate::domain::past_sale::{self, BilledSale};
use crate::domain::payout::{self, PayoutStatus};
use crate::domain::promoter::{self, FindBy};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;
use crate::scenario::document::{
    Document, HistoryEntry, OfPromoter, PersonEntry, RefundEntry, SaleEntry, SignupEntry,
};
use crate::scenario::progress;
use crate::scenario::refused::Refused;

/// Entries after which it is said how far the building is.
const SHOWN_EVERY: usize = 1_000;

/// Lets everything of the history happen, each at its moment.
pub(super) fn run(state: &mut State, document: &Document, start: Timestamp) -> Result<(), Refused> {
    let mut order: Vec<usize> = (0..document.history.len()).collect();
    order.sort_by_key(|at| document.history[*at].at.place());
    let mut clockwork = Clockwork::default();
    let mut visits = Visits::default();
    for (done, at) in order.into_iter().enumerate() {
        if done > 0 && done % SHOWN_EVERY == 0 {
            progress::show(done as i64, document.history.len() as i64);
        }
        let entry = &document.history[at];
        let now = entry.at.in_account(start);
        clockwork.run_until(state, now);
        visits.happen(state, now, entry, at).map_err(|why| {
            let what = format!("history[{at}] ({} at {now})", entry.kind().unwrap_or("nothing"));
            Refused { what, why }
        })?;
    }
    clockwork.run_until(state, start);
    clockwork.put_back(state);
    Ok(())
}

/// Lets the billing provider know what it knows.
pub(super) fn past_sales(state: &mut State, document: &Document, start: Timestamp) -> Result<(), Refused> {
    for (at, entry) in document.past_sales.iter().enumerate() {
        let sale = BilledSale {
            email: entry.email.clone(),
            uid: entry.uid.clone(),
            amount: entry.amount,
            currency: entry.currency.clone(),
            plan: entry.plan.clone(),
            happened_at: entry.happened_at.in_account(start),
        };
        past_sale::bill(state, sale, entry.event_id.clone())
            .map_err(|why| Refused { what: format!("past_sales[{at}]"), why })?;
    }
    Ok(())
}

/// Tracking ids by the names that the history gives to visits.
#[derive(Default)]
struct Visits(BTreeMap<String, String>);

impl Visits {
    fn happen(
        &mut self,
        state: &mut State,
        now: Timestamp,
        entry: &HistoryEntry,
        at: usize,
    ) -> Result<(), Refusal> {
        let event_id = |given: &Option<String>| given.clone().unwrap_or_else(|| format!("evt_history_{at}"));
        if let Some(click) = &entry.click {
            let visit = Visit {
                ref_token: Some(click.ref_token.clone()),
                ip: click.ip.clone(),
                url: click.url.clone(),
                source: click.source.clone(),
                is_ad: click.ad,
                sub_id: click.sub_id.clone(),
            };
            let id = click::visit(state, now, visit)?;
            let tid = state.clicks.get(id).map(|click| click.tid.clone());
            self.0.extend(click.name.clone().zip(tid));
        }
        if let Some(signup) = &entry.signup {
            let signup = self.signup(signup)?;
            conversion::signup(state, now, signup)?;
        }
        if let Some(sale) = &entry.sale {
            let sale = self.sale(sale, event_id(&sale.event_id))?;
            conversion::sale(state, now, sale)?;
        }
        if let Some(entry) = &entry.refund {
            conversion::refund(state, now, refund(entry, event_id(&entry.event_id))?)?;
        }
        if let Some(entry) = &entry.cancellation {
            conversion::cancellation(state, now, cancellation(entry)?)?;
        }
        decide(state, now, entry)
    }

    fn signup(&self, entry: &SignupEntry) -> Result<Signup, Refusal> {
        let person = Person::new(entry.email.clone(), entry.uid.clone())?;
        let trail = self.trail(entry.visit.as_ref(), entry.ref_token.as_ref(), None)?;
        Ok(Signup {
            ip: entry.ip.clone(),
            first_name: entry.first_name.clone(),
            last_name: entry.last_name.clone(),
            ..Signup::of(person, trail)
        })
    }

    fn sale(&self, entry: &SaleEntry, event_id: String) -> Result<Sale, Refusal> {
        Ok(Sale {
            person: Person::new(entry.email.clone(), entry.uid.clone())?,
            trail: self.trail(entry.visit.as_ref(), entry.ref_token.as_ref(), entry.promo_code.as_ref())?,
            event_id,
            amount: entry.amount,
            quantity: entry.quantity,
            plan: entry.plan.clone(),
            billing: None,
            subscription_id: None,
            currency: entry.currency.clone(),
            mrr: entry.mrr,
            created_at: None,
            notifies: false,
        })
    }

    fn trail(
        &self,
        visit: Option<&String>,
        ref_token: Option<&String>,
        promo_code: Option<&String>,
    ) -> Result<Trail, Refusal> {
        let tid = visit.map(|name| {
            let problem =
                || Refusal::wrong_state(Entity::Referral, format!("no click before it is named {name:?}"));
            self.0.get(name).cloned().ok_or_else(problem)
        });
        Ok(Trail {
            tid: tid.transpose()?,
            ref_id: ref_token.cloned(),
            promo_code: promo_code.cloned(),
            promoter_email: None,
        })
    }
}

fn refund(entry: &RefundEntry, event_id: String) -> Result<Refund, Refusal> {
    Ok(Refund {
        person: Person::new(entry.email.clone(), entry.uid.clone())?,
        event_id,
        amount: entry.amount,
        currency: entry.currency.clone(),
        quantity: 1,
        sale_event_id: entry.sale_event_id.clone(),
        created_at: None,
        notifies: false,
    })
}

fn cancellation(entry: &PersonEntry) -> Result<Cancellation, Refusal> {
    let person = Person::new(entry.email.clone(), entry.uid.clone())?;
    Ok(Cancellation { person, event_id: None, created_at: None, notifies: false })
}

/// What the company decided.
fn decide(state: &mut State, now: Timestamp, entry: &HistoryEntry) -> Result<(), Refusal> {
    let is_pending = |row: &Commission| row.status == CommissionStatus::Pending;
    if let Some(of) = &entry.approve_commissions {
        for id in commissions(state, of, is_pending)? {
            commission::approve(state, now, id)?;
        }
    }
    if let Some(of) = &entry.deny_commissions {
        for id in commissions(state, of, is_pending)? {
            commission::deny(state, now, id)?;
        }
    }
    if let Some(of) = &entry.generate_payouts {
        for id in commissions(state, of, Commission::is_payable)? {
            payout::generate(state, now, id)?;
        }
    }
    if let Some(of) = &entry.pay {
        for id in payouts(state, of)? {
            payout::mark_as_paid(state, now, id)?;
        }
    }
    Ok(())
}

fn commissions(
    state: &State,
    of: &OfPromoter,
    wanted: impl Fn(&Commission) -> bool,
) -> Result<Vec<CommissionId>, Refusal> {
    let owner = owner(state, of)?;
    let fits = |row: &&Commission| owner.is_none_or(|id| row.promoter_id == id) && wanted(row);
    Ok(state.commissions.iter().filter(fits).map(|row| row.id).collect())
}

fn payouts(state: &State, of: &OfPromoter) -> Result<Vec<PayoutId>, Refusal> {
    let owner = owner(state, of)?;
    let pending = state.payouts.index().by_status.of(&PayoutStatus::Pending);
    let rows = pending.filter_map(|id| state.payouts.get(id));
    Ok(rows.filter(|row| owner.is_none_or(|id| row.promoter_id == id)).map(|row| row.id).collect())
}

fn owner(state: &State, of: &OfPromoter) -> Result<Option<PromoterId>, Refusal> {
    let find = |email: &String| {
        promoter::find(state, FindBy::Email, email).ok_or(Refusal::NotFound(Entity::Promoter))
    };
    of.promoter.as_ref().map(find).transpose()
}
