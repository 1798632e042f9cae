//! New promoters.

use super::{FindBy, InvoiceDetails, Profile, ProfileField, ProfileValues, Promoter, find, token};
use crate::clock::timestamp::Timestamp;
use crate::domain::address::is_email;
use crate::domain::campaign::default_campaign;
use crate::domain::enrolment::{self, Wish};
use crate::domain::ids::{CampaignId, PromoterId};
use crate::domain::json::JsonObject;
use crate::domain::refusal::{Entity, FieldError, Refusal};
use crate::domain::state::State;

/// What is known of a promoter to be made. [`CreatePromoter::default`] knows nothing.
#[derive(Clone, Debug)]
pub struct CreatePromoter {
    /// His e-mail address.
    pub email: String,
    /// The customer's own id of him.
    pub cust_id: Option<String>,
    /// What goes into his profile.
    pub profile: ProfileValues,
    /// Values of the company's own fields.
    pub custom_fields: JsonObject,
    /// The campaign he joins; `None`: the default one.
    pub campaign: Option<CampaignId>,
    /// What is wanted of his enrolment there.
    pub wish: Wish,
    /// Who recruited him.
    pub parent: Option<PromoterId>,
    /// Whether he gets the drip e-mails.
    pub drip_emails: bool,
    /// A note about him.
    pub note: Option<String>,
    /// A password for his first login.
    pub temp_password: Option<String>,
    /// His address on the net.
    pub ip: Option<String>,
    /// Whether he confirmed his account.
    pub is_confirmed: bool,
}

impl Default for CreatePromoter {
    fn default() -> Self {
        Self {
            email: String::new(),
            cust_id: None,
            profile: ProfileValues::new(),
            custom_fields: JsonObject::new(),
            campaign: None,
            wish: Wish::default(),
            parent: None,
            drip_emails: true,
            note: None,
            temp_password: None,
            ip: None,
            is_confirmed: false,
        }
    }
}

/// Makes a promoter and enrols him. In an account without campaigns he stays without one.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown campaign or parent, [`Refusal::Invalid`] for what is malformed or taken.
///
/// Evidence: published v2 promoters document (the default campaign, e-mail taken); chosen (the other rules).
pub fn create(state: &mut State, now: Timestamp, input: CreatePromoter) -> Result<PromoterId, Refusal> {
    let campaign = match input.campaign {
        Some(id) => Some(state.campaigns.get(id).ok_or(Refusal::NotFound(Entity::Campaign))?.id),
        None => default_campaign(state).map(|campaign| campaign.id),
    };
    if input.parent.is_some_and(|parent| !state.promoters.contains(parent)) {
        return Err(Refusal::NotFound(Entity::Promoter));
    }
    let mut errors = email_problems(state, &input.email, None);
    errors.extend(cust_id_problems(state, input.cust_id.as_deref(), None));
    errors.extend(profile_problems(&input.profile));
    if !errors.is_empty() {
        return Err(Refusal::Invalid { entity: Entity::Promoter, errors });
    }
    let wish = input.wish.clone();
    let id = insert(state, now, input);
    if let Some(campaign) = campaign {
        enrolment::enrol(state, now, id, campaign, wish)?;
    }
    Ok(id)
}

fn insert(state: &mut State, now: Timestamp, input: CreatePromoter) -> PromoterId {
    let mut profile = Profile::empty(state.ids.issue());
    for (field, value) in &input.profile {
        profile.fill(*field, value.as_deref());
    }
    let promoter = Promoter {
        id: state.ids.issue(),
        email: input.email.trim().to_owned(),
        cust_id: input.cust_id,
        auth_token: token::fresh(state),
        pref: state.ids.slug(6),
        temp_password: input.temp_password,
        note: input.note,
        parent: input.parent,
        profile,
        is_confirmed: input.is_confirmed,
        invoice_details: InvoiceDetails::NotSubmitted,
        custom_fields: input.custom_fields,
        drip_emails: input.drip_emails,
        subscribed_to_email: true,
        track_ad_traffic: None,
        ip: input.ip,
        joined_at: now,
        last_login_at: None,
        archived_at: None,
    };
    state.promoters.insert(promoter).id
}

/// What is wrong with an e-mail address for the promoter `own` (`None`: for a new one).
pub(super) fn email_problems(state: &State, email: &str, own: Option<PromoterId>) -> Vec<FieldError> {
    let email = email.trim();
    if email.is_empty() {
        return vec![FieldError::new("email", "can't be blank")];
    }
    let mut problems = Vec::new();
    if !is_email(email) {
        problems.push(FieldError::new("email", "is invalid"));
    }
    if find(state, FindBy::Email, email).is_some_and(|holder| Some(holder) != own) {
        problems.push(FieldError::new("email", "has already been taken"));
    }
    problems
}

/// What is wrong with a customer's own id for the promoter `own` (`None`: for a new one).
pub(super) fn cust_id_problems(
    state: &State,
    cust_id: Option<&str>,
    own: Option<PromoterId>,
) -> Option<FieldError> {
    let holder = cust_id.and_then(|cust_id| find(state, FindBy::CustId, cust_id))?;
    (Some(holder) != own).then(|| FieldError::new("cust_id", "has already been taken"))
}

/// What is wrong with what goes into a profile.
///
/// Evidence: published v2 contract (a country has two characters).
pub(super) fn profile_problems(values: &ProfileValues) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (field, value) in values {
        let country = value.as_deref().filter(|_| *field == ProfileField::Country);
        if country.is_some_and(|code| code.len() != 2 || !code.bytes().all(|b| b.is_ascii_alphabetic())) {
            problems.push(FieldError::new("country", "is not a two-letter country code"));
        }
    }
    problems
}
