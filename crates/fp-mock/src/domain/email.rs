//! E-mails to promoters: what is sent when, and what was sent.

use super::ids::{CampaignId, EmailId, PromoterId, SentEmailId};
use super::json::JsonObject;
use super::lookup::Many;
use super::table::{Index, NoIndex, Row};
use crate::clock::timestamp::Timestamp;

/// An e-mail of the company.
#[derive(Clone, Debug)]
pub struct Email {
    /// Its id.
    pub id: EmailId,
    /// Its name in the dashboard.
    pub name: String,
    /// The subject; `{{first_name}}` and the like are filled in.
    pub subject: String,
    /// The content in HTML.
    pub content: String,
    /// The campaigns whose promoters get it; empty: all.
    pub allowed_campaign_ids: Vec<CampaignId>,
    /// Whether the trigger works.
    pub trigger_enabled: bool,
    /// What triggers it, one of the contract's names.
    pub trigger_on: String,
    /// The trigger's settings as sent.
    pub trigger_settings: JsonObject,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Row for Email {
    type Id = EmailId;
    type Index = NoIndex;
    fn id(&self) -> EmailId {
        self.id
    }
}

/// A copy that went out. Nothing leaves the machine: tests read it here.
#[derive(Clone, Debug)]
pub struct SentEmail {
    /// Its id.
    pub id: SentEmailId,
    /// The e-mail; `None` for a test of the theme.
    pub email_id: Option<EmailId>,
    /// The promoter it went to; `None` for a test.
    pub promoter_id: Option<PromoterId>,
    /// The address.
    pub to: String,
    /// The subject as sent.
    pub subject: String,
    /// The whole HTML as sent.
    pub html: String,
    /// Whether it was a test.
    pub is_test: bool,
    /// When.
    pub sent_at: Timestamp,
}

/// Counts sent copies.
#[derive(Clone, Debug, Default)]
pub struct SentEmailIndex {
    /// By e-mail.
    pub by_email: Many<EmailId, SentEmailId>,
}

impl Index<SentEmail> for SentEmailIndex {
    fn add(&mut self, row: &SentEmail) {
        if let Some(email) = row.email_id {
            self.by_email.add(email, row.id);
        }
    }
    fn remove(&mut self, row: &SentEmail) {
        if let Some(email) = row.email_id {
            self.by_email.remove(&email, row.id);
        }
    }
}

impl Row for SentEmail {
    type Id = SentEmailId;
    type Index = SentEmailIndex;
    fn id(&self) -> SentEmailId {
        self.id
    }
}
