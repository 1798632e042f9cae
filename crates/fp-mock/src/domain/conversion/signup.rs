//! Somebody signs up.

use std::sync::Arc;

use super::Person;
use super::attribution::{Attribution, Trail, attribute};
use super::record::{Conversion, ConversionKind};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{ConversionId, ReferralId};
use crate::domain::json::JsonObject;
use crate::domain::referral::{self, NewReferral, ReferralChange, ReferralState};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// A signup.
#[derive(Clone, Debug)]
pub struct Signup {
    /// Who.
    pub person: Person,
    /// Who sent him.
    pub trail: Trail,
    /// His network address.
    pub ip: Option<String>,
    /// User name (v1).
    pub username: Option<String>,
    /// First name (v1).
    pub first_name: Option<String>,
    /// Last name (v1).
    pub last_name: Option<String>,
    /// Website (v1).
    pub website: Option<String>,
    /// Values of the company's own fields (v1).
    pub custom_fields: Option<JsonObject>,
    /// The promoter's own mark in the link (v1); otherwise the visit's.
    pub sub_id: Option<String>,
    /// Whether a referral that signed up before takes over what is sent (v1).
    pub overrides_existing: bool,
    /// When it happened; `None`: now.
    pub created_at: Option<Timestamp>,
    /// Whether e-mails go out.
    pub notifies: bool,
}

impl Signup {
    /// A signup of which no more is known than who and by whom.
    pub fn of(person: Person, trail: Trail) -> Self {
        Self {
            person,
            trail,
            ip: None,
            username: None,
            first_name: None,
            last_name: None,
            website: None,
            custom_fields: None,
            sub_id: None,
            overrides_existing: false,
            created_at: None,
            notifies: true,
        }
    }
}

/// Records a signup: on the referral with this uid or e-mail address, or on a new one of the promoter that the
/// trail leads to. A referral that exists keeps its promoter.
///
/// # Errors
/// [`Refusal::VisitorInvalid`] if the trail leads nowhere, [`Refusal::AlreadySignedUp`], [`Refusal::Invalid`]
/// for a malformed address or a taken user name.
///
/// Evidence: service behaviour notes (the refusals); chosen (referrals made without a signup get one).
pub fn signup(state: &mut State, now: Timestamp, signup: Signup) -> Result<ConversionId, Refusal> {
    if !signup.notifies {
        state.agenda.send_no_emails();
    }
    let attribution = attribute(state, &signup.trail).ok_or(Refusal::VisitorInvalid)?;
    let at = signup.created_at.unwrap_or(now);
    let id = match signup.person.referral(state) {
        None => {
            let new = newcomer(state, attribution, &signup);
            referral::create(state, at, new)?
        }
        Some(id) => {
            let has_signed_up = state.referrals.get(id).is_some_and(|row| row.signed_up_at.is_some());
            if has_signed_up && !signup.overrides_existing {
                return Err(Refusal::AlreadySignedUp);
            }
            complete(state, at, id, &signup)?;
            id
        }
    };
    let enrolment_id = state
        .referrals
        .update(id, |row| {
            row.signed_up_at = Some(at);
            row.enrolment_id
        })
        .ok_or(Refusal::NotFound(Entity::Referral))?;
    let conversion_id = state.ids.issue();
    let conversion = Conversion::without_money(conversion_id, ConversionKind::Signup, (id, enrolment_id), at);
    Ok(state.conversions.insert(conversion).id)
}

/// The referral that somebody new becomes.
pub(super) fn newcomer(state: &State, attribution: Attribution, signup: &Signup) -> NewReferral {
    let arriving = arriving(state, attribution, &signup.person, signup.ip.clone());
    NewReferral {
        username: signup.username.clone(),
        first_name: signup.first_name.clone(),
        last_name: signup.last_name.clone(),
        website: signup.website.clone(),
        custom_fields: signup.custom_fields.clone().unwrap_or_default(),
        sub_id: signup.sub_id.clone().or(arriving.sub_id),
        ..arriving
    }
}

/// A referral that comes in by itself.
pub(super) fn arriving(
    state: &State,
    attribution: Attribution,
    person: &Person,
    ip: Option<String>,
) -> NewReferral {
    let click = attribution.click_id.and_then(|id| state.clicks.get(id));
    NewReferral {
        email: person.email.clone(),
        uid: person.uid.clone(),
        click_id: attribution.click_id,
        sub_id: click.and_then(|click| click.sub_id.clone()),
        ip,
        ..NewReferral::of(attribution.enrolment_id, attribution.source)
    }
}

/// Lets a referral that exists take over what is sent: everything if it is to be overridden, else only what is
/// not known of it yet.
///
/// Evidence: published v1 tracking document (`override_existing_lead`); chosen (what is filled in).
fn complete(state: &mut State, at: Timestamp, id: ReferralId, signup: &Signup) -> Result<(), Refusal> {
    let row = state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let taken_over = |known: &Option<Arc<str>>, sent: &Option<String>| {
        let is_new = sent.is_some()
            && sent.as_deref() != known.as_deref()
            && (signup.overrides_existing || known.is_none());
        is_new.then(|| sent.clone())
    };
    let identity = ReferralChange {
        email: taken_over(&row.email, &signup.person.email),
        uid: taken_over(&row.uid, &signup.person.uid),
        username: taken_over(&row.details.username, &signup.username),
        ..ReferralChange::default()
    };
    if identity.email.is_some() || identity.uid.is_some() || identity.username.is_some() {
        referral::update(state, at, id, identity)?;
    }
    let fill = |field: &mut Option<Arc<str>>, sent: &Option<String>| {
        if let Some(value) = taken_over(field, sent) {
            *field = value.map(Arc::from);
        }
    };
    state.referrals.update(id, |row| {
        fill(&mut row.details.first_name, &signup.first_name);
        fill(&mut row.details.last_name, &signup.last_name);
        fill(&mut row.details.website, &signup.website);
        fill(&mut row.details.sub_id, &signup.sub_id);
        fill(&mut row.details.ip, &signup.ip);
        if let Some(fields) = &signup.custom_fields {
            row.details.custom_fields.extend(fields.clone());
        }
        if row.state == ReferralState::Subscribed {
            row.state = ReferralState::Signup;
        }
    });
    Ok(())
}
