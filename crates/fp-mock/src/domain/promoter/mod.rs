//! Promoters: the people who refer.

mod actions;
mod change;
mod create;
mod find;
mod profile;
mod removal;
mod selection;
mod standing;
mod token;

pub use actions::{
    accept, add_to_campaign, archive, assign_parent, block, move_to_campaign, reject, restore,
};
pub use change::{ChangePromoter, change};
pub use create::{CreatePromoter, create};
pub use find::{FindBy, find};
pub use profile::{Profile, ProfileField, ProfileValues};
pub use removal::delete;
pub use selection::{
    CustomFieldTest, Direction, Idle, IdleMetric, Selection, SortKey, Standing, pending_count, select,
};
pub use standing::{first_event_at, fraud_suspicions, is_customized, password_setup_url};
pub use token::refresh_token;

use std::collections::BTreeSet;

use super::ids::{CampaignId, PromoterId};
use super::json::JsonObject;
use super::lookup::{Many, folded};
use super::named::named_values;
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

named_values! {
    /// How a promoter's invoice details stand.
    ///
    /// Evidence: published v2 promoters document; corrected contract (`not_submitted` in the record).
    InvoiceDetails {
        /// Nothing was submitted.
        NotSubmitted = "not_submitted",
        /// Waiting for approval.
        Pending = "pending",
        /// Approved.
        Approved = "approved",
        /// Turned down; the filter calls it `rejected`.
        Denied = "denied",
    }
}

impl Promoter {
    /// First and last name, as far as known; empty if neither is.
    pub fn name(&self) -> String {
        self.profile.name()
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
    /// Those put away.
    pub archived: BTreeSet<PromoterId>,
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
        if row.archived_at.is_some() {
            self.archived.insert(row.id);
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
        self.archived.remove(&row.id);
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
    pub from: Option<CampaignId>,
    /// The campaign he joins.
    pub to: CampaignId,
    /// Whether he gets the new campaign's drip e-mails.
    pub drip_emails: bool,
    /// Whether his referrals move with him, so that their further commissions belong to the new campaign.
    pub soft_move_referrals: bool,
}

/// How a promoter joins a further campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddToCampaign {
    /// The campaign he joins.
    pub campaign: CampaignId,
    /// Whether he gets the campaign's drip e-mails.
    pub drip_emails: bool,
}
