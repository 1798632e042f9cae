//! Promoters: the people who refer.

use super::ids::{ProfileId, PromoterId};
use super::json::JsonObject;
use super::lookup::{Many, folded};
use super::table::{Index, Row};
use crate::clock::timestamp::Timestamp;

/// A promoter.
#[derive(Clone, Debug)]
pub struct Promoter {
    /// Its id.
    pub id: PromoterId,
    /// His e-mail address; unique in the account, ignoring case.
    pub email: String,
    /// The customer's own id of him.
    pub cust_id: Option<String>,
    /// Logs him in to his dashboard.
    pub auth_token: String,
    /// The random reference that legacy payloads call `pref`.
    pub pref: String,
    /// A password for the first login.
    pub temp_password: Option<String>,
    /// A note about him.
    pub note: Option<String>,
    /// Who recruited him.
    pub parent: Option<PromoterId>,
    /// What he says about himself.
    pub profile: Profile,
    /// Whether he confirmed his account.
    pub is_confirmed: bool,
    /// How his invoice details stand.
    pub invoice_details: InvoiceDetails,
    /// Values of the company's own fields.
    pub custom_fields: JsonObject,
    /// Whether he gets the drip e-mails.
    pub drip_emails: bool,
    /// Whether he gets e-mails at all.
    pub subscribed_to_email: bool,
    /// Whether clicks from ads count for him; `None`: as the campaign says.
    pub track_ad_traffic: Option<bool>,
    /// The address from which he signed up; his own clicks are told by it.
    pub ip: Option<String>,
    /// When he joined.
    pub joined_at: Timestamp,
    /// When he last logged in.
    pub last_login_at: Option<Timestamp>,
    /// When he was archived.
    pub archived_at: Option<Timestamp>,
}

/// What a promoter says about himself.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its id.
    pub id: ProfileId,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// The company's registration number.
    pub company_number: Option<String>,
    /// Telephone.
    pub phone_number: Option<String>,
    /// VAT id.
    pub vat_id: Option<String>,
    /// Two-letter country code.
    pub country: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// URL of his picture.
    pub avatar: Option<String>,
    /// URL of the W-8 form he uploaded.
    pub w8_form_url: Option<String>,
    /// URL of the W-9 form he uploaded.
    pub w9_form_url: Option<String>,
    /// About him.
    pub description: Option<String>,
    /// PayPal address (v1).
    pub paypal_email: Option<String>,
    /// URLs of his accounts.
    pub social: Social,
}

/// URLs of a promoter's social accounts.
#[derive(Clone, Debug, Default)]
pub struct Social {
    /// Instagram.
    pub instagram: Option<String>,
    /// YouTube.
    pub youtube: Option<String>,
    /// LinkedIn.
    pub linkedin: Option<String>,
    /// Facebook.
    pub facebook: Option<String>,
    /// Twitter.
    pub twitter: Option<String>,
    /// Twitch.
    pub twitch: Option<String>,
    /// TikTok.
    pub tiktok: Option<String>,
}

/// How a promoter's invoice details stand.
///
/// Evidence: published v2 promoters document; `rejected` and `not_submitted` from the filter's enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceDetails {
    /// Nothing was submitted.
    NotSubmitted,
    /// Waiting for approval.
    Pending,
    /// Approved.
    Approved,
    /// Turned down; the record calls it `denied`, the filter `rejected`.
    Denied,
}

impl Profile {
    /// A profile in which nothing is filled in.
    pub fn empty(id: ProfileId) -> Self {
        Self {
            id,
            first_name: None,
            last_name: None,
            website: None,
            company_name: None,
            company_number: None,
            phone_number: None,
            vat_id: None,
            country: None,
            address: None,
            avatar: None,
            w8_form_url: None,
            w9_form_url: None,
            description: None,
            paypal_email: None,
            social: Social::default(),
        }
    }
}

impl Promoter {
    /// First and last name, as far as known; empty if neither is.
    pub fn name(&self) -> String {
        let parts = [self.profile.first_name.as_deref(), self.profile.last_name.as_deref()];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// Finds promoters by what identifies them.
#[derive(Clone, Debug, Default)]
pub struct PromoterIndex {
    /// By e-mail in lower case.
    pub by_email: Many<String, PromoterId>,
    /// By the customer's own id.
    pub by_cust_id: Many<String, PromoterId>,
    /// By login token.
    pub by_auth_token: Many<String, PromoterId>,
    /// By the promoter who recruited them.
    pub by_parent: Many<PromoterId, PromoterId>,
}

impl Index<Promoter> for PromoterIndex {
    fn add(&mut self, row: &Promoter) {
        self.by_email.add(folded(&row.email), row.id);
        self.by_auth_token.add(row.auth_token.clone(), row.id);
        if let Some(cust_id) = &row.cust_id {
            self.by_cust_id.add(cust_id.clone(), row.id);
        }
        if let Some(parent) = row.parent {
            self.by_parent.add(parent, row.id);
        }
    }

    fn remove(&mut self, row: &Promoter) {
        self.by_email.remove(&folded(&row.email), row.id);
        self.by_auth_token.remove(&row.auth_token, row.id);
        if let Some(cust_id) = &row.cust_id {
            self.by_cust_id.remove(cust_id, row.id);
        }
        if let Some(parent) = row.parent {
            self.by_parent.remove(&parent, row.id);
        }
    }
}

impl Row for Promoter {
    type Id = PromoterId;
    type Index = PromoterIndex;
    fn id(&self) -> PromoterId {
        self.id
    }
}

/// How a promoter moves from one campaign to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveToCampaign {
    /// The campaign he leaves; `None`: the default campaign (v1).
    pub from: Option<super::ids::CampaignId>,
    /// The campaign he joins.
    pub to: super::ids::CampaignId,
    /// Whether he gets the new campaign's drip e-mails.
    pub drip_emails: bool,
    /// Whether his referrals stay where they are instead of moving with him.
    pub soft_move_referrals: bool,
}

/// How a promoter joins a further campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddToCampaign {
    /// The campaign he joins.
    pub campaign: super::ids::CampaignId,
    /// Whether he gets the campaign's drip e-mails.
    pub drip_emails: bool,
}

// STUBS: to be replaced by the business rules.
/// Stub.
pub fn accept(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PromoterId,
    _campaign: super::ids::CampaignId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Promoter, "not written yet"))
}

/// Stub.
pub fn reject(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PromoterId,
    _campaign: super::ids::CampaignId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Promoter, "not written yet"))
}

/// Stub.
pub fn block(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PromoterId,
    _campaign: super::ids::CampaignId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Promoter, "not written yet"))
}

/// Stub.
pub fn archive(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PromoterId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Promoter, "not written yet"))
}

/// Stub.
pub fn restore(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PromoterId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Promoter, "not written yet"))
}

/// Stub.
pub fn move_to_campaign(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PromoterId,
    _to: &MoveToCampaign,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Promoter, "not written yet"))
}

/// Stub.
pub fn add_to_campaign(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PromoterId,
    _to: &AddToCampaign,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Promoter, "not written yet"))
}

/// Stub.
pub fn assign_parent(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PromoterId,
    _parent: PromoterId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Promoter, "not written yet"))
}
