//! Promoters in a scenario.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::value::{Moment, Named};
use crate::domain::enrolment::EnrolmentState;
use crate::domain::json::JsonObject;
use crate::domain::payout_method::Method;
use crate::domain::promoter::{InvoiceDetails, ProfileField};

/// A promoter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromoterEntry {
    /// His e-mail address.
    pub email: String,
    /// First name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// Two-letter country code.
    #[serde(default)]
    pub country: Option<String>,
    /// Whatever else his profile says, by the API's names of its fields.
    #[serde(default)]
    pub profile: BTreeMap<Named<ProfileField>, String>,
    /// The customer's own id of him.
    #[serde(default)]
    pub cust_id: Option<String>,
    /// Values of the company's own fields.
    #[serde(default)]
    pub custom_fields: JsonObject,
    /// A note about him.
    #[serde(default)]
    pub note: Option<String>,
    /// The network address he signed up from.
    #[serde(default)]
    pub ip: Option<String>,
    /// E-mail address of the promoter who recruited him.
    #[serde(default)]
    pub parent: Option<String>,
    /// When he joined; if absent, at the account's start or with the first thing of the history.
    #[serde(default)]
    pub joined: Option<Moment>,
    /// When he last logged in.
    #[serde(default)]
    pub last_login: Option<Moment>,
    /// When he was put away.
    #[serde(default)]
    pub archived: Option<Moment>,
    /// Whether he confirmed his account.
    #[serde(default = "super::yes")]
    pub confirmed: bool,
    /// Whether he gets e-mails.
    #[serde(default = "super::yes")]
    pub subscribed_to_email: bool,
    /// How his invoice details stand.
    #[serde(default)]
    pub invoice_details: Option<Named<InvoiceDetails>>,
    /// How he wants to be paid, `paypal`.
    #[serde(default)]
    pub payout_method: Option<Named<Method>>,
    /// Address, account number and the like of that.
    #[serde(default)]
    pub payout_details: JsonObject,
    /// Campaigns he is in.
    #[serde(default)]
    pub campaigns: Vec<EnrolmentEntry>,
}

/// A promoter's enrolment in a campaign.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentEntry {
    /// The campaign.
    pub campaign: u64,
    /// How he stands in it; as the campaign decides by itself if absent.
    #[serde(default)]
    pub state: Option<Named<EnrolmentState>>,
    /// His referral token; one is made if absent.
    #[serde(default)]
    pub ref_token: Option<String>,
    /// The promo code that credits him.
    #[serde(default)]
    pub coupon: Option<String>,
    /// The code shown to him instead.
    #[serde(default)]
    pub display_coupon: Option<String>,
    /// A landing page of his own.
    #[serde(default)]
    pub direct_url: Option<String>,
}
