//! The promoters of a scenario.

use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::{self, Wish};
use crate::domain::ids::{CampaignId, PromoterId};
use crate::domain::payout_method::{self, NewPayoutMethod};
use crate::domain::promoter::{self, CreatePromoter, FindBy, ProfileField, ProfileValues};
use crate::domain::refusal::Refusal;
use crate::domain::state::State;
use crate::scenario::document::{Document, EnrolmentEntry, PromoterEntry};
use crate::scenario::refused::Refused;

/// Makes the promoters in their order, each at the moment he joined, then tells them who recruited them.
pub(super) fn promoters(state: &mut State, document: &Document, start: Timestamp) -> Result<(), Refused> {
    let first_of_history = document.history.iter().map(|entry| entry.at.in_account(start)).min();
    let default = first_of_history.map_or(start, |first| first.min(start));
    for entry in &document.promoters {
        let joined = entry.joined.map_or(default, |joined| joined.in_account(start));
        make(state, joined, start, entry).map_err(|why| refused(entry, why))?;
    }
    for entry in &document.promoters {
        adopt(state, start, entry).map_err(|why| refused(entry, why))?;
    }
    Ok(())
}

fn refused(entry: &PromoterEntry, why: Refusal) -> Refused {
    Refused { what: format!("promoter {}", entry.email), why }
}

fn make(state: &mut State, now: Timestamp, start: Timestamp, entry: &PromoterEntry) -> Result<(), Refusal> {
    let mut enrolments = entry.campaigns.iter();
    let first = enrolments.next();
    let new = CreatePromoter {
        email: entry.email.clone(),
        cust_id: entry.cust_id.clone(),
        profile: profile(entry),
        custom_fields: entry.custom_fields.clone(),
        campaign: first.map(|first| CampaignId::new(first.campaign)),
        wish: first.map(wish).unwrap_or_default(),
        note: entry.note.clone(),
        ip: entry.ip.clone(),
        is_confirmed: entry.confirmed,
        ..CreatePromoter::default()
    };
    let id = promoter::create(state, now, new)?;
    for entry in enrolments {
        enrolment::enrol(state, now, id, CampaignId::new(entry.campaign), wish(entry))?;
    }
    if let Some(method) = entry.payout_method {
        let details = entry.payout_details.clone();
        let new = NewPayoutMethod { promoter_id: id, method: method.0, details, is_selected: true };
        payout_method::add(state, now, new)?;
    }
    dress(state, id, start, entry);
    Ok(())
}

/// What no rule of the business leads to: the promoter and the company did it outside the API.
fn dress(state: &mut State, id: PromoterId, start: Timestamp, entry: &PromoterEntry) {
    state.promoters.update(id, |row| {
        row.last_login_at = entry.last_login.map(|at| at.in_account(start));
        row.archived_at = entry.archived.map(|at| at.in_account(start));
        row.subscribed_to_email = entry.subscribed_to_email;
        row.invoice_details = entry.invoice_details.map_or(row.invoice_details, |status| status.0);
    });
}

fn profile(entry: &PromoterEntry) -> ProfileValues {
    let short = [
        (ProfileField::FirstName, entry.first_name.clone()),
        (ProfileField::LastName, entry.last_name.clone()),
        (ProfileField::Country, entry.country.clone()),
    ];
    let rest = entry.profile.iter().map(|(field, value)| (field.0, Some(value.clone())));
    short.into_iter().filter(|(_, value)| value.is_some()).chain(rest).collect()
}

fn adopt(state: &mut State, now: Timestamp, entry: &PromoterEntry) -> Result<(), Refusal> {
    let find = |email: &str| promoter::find(state, FindBy::Email, email);
    match (find(&entry.email), entry.parent.as_deref().and_then(find)) {
        (Some(id), Some(parent)) => promoter::assign_parent(state, now, id, parent),
        _ => Ok(()),
    }
}

fn wish(entry: &EnrolmentEntry) -> Wish {
    Wish {
        ref_token: entry.ref_token.clone(),
        coupon: entry.coupon.clone(),
        display_coupon: entry.display_coupon.clone(),
        direct_url: entry.direct_url.clone(),
        state: entry.state.map(|state| state.0),
        ..Wish::default()
    }
}
