//! E-mails to promoters: what is sent when, and what was sent.

mod audience;
mod edit;
mod metric;
mod occasion;
mod render;
mod round;
mod selection;
mod sending;
mod sent;
mod trigger;

use super::ids::{CampaignId, EmailId};
use super::lookup::Many;
use super::table::{Index, Row};
use crate::clock::timestamp::Timestamp;

pub use edit::{EmailDraft, change_theme, copy, create, delete, update};
pub use metric::Metric;
pub use occasion::{Dispatch, occasions};
pub use render::theme;
pub use round::{Recurrence, Rhythm, run_round};
pub use selection::{Selection, SortKey, Sorting, select};
pub use sending::{dispatch, send_now, send_test, send_theme_test};
pub use sent::{SentEmail, SentEmailIndex};
pub use trigger::{Cause, Delay, DelayUnit, TriggerName};

/// An e-mail of the company.
#[derive(Clone, Debug)]
pub struct Email {
    /// Its id.
    pub id: EmailId,
    /// Its name in the dashboard.
    pub name: String,
    /// The subject; `{{first_name}}` and the like are filled in.
    pub subject: String,
    /// The content in HTML, filled in likewise.
    pub content: String,
    /// The campaigns whose promoters get it; empty: all.
    pub allowed_campaign_ids: Vec<CampaignId>,
    /// Whether the trigger works.
    pub is_enabled: bool,
    /// What triggers it.
    pub cause: Cause,
    /// Grows with every change, so that rounds planned before are told from those planned after.
    pub edition: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Email {
    /// Whether promoters of this campaign get it.
    ///
    /// Evidence: published v2 emails document (the list); that an empty one means all campaigns is chosen.
    pub fn reaches(&self, campaign: CampaignId) -> bool {
        self.allowed_campaign_ids.is_empty() || self.allowed_campaign_ids.contains(&campaign)
    }
}

/// Knows the e-mails whose trigger works.
#[derive(Clone, Debug, Default)]
pub struct EmailIndex {
    /// By what triggers them.
    pub enabled: Many<TriggerName, EmailId>,
}

impl Index<Email> for EmailIndex {
    fn add(&mut self, row: &Email) {
        if row.is_enabled {
            self.enabled.add(row.cause.name(), row.id);
        }
    }

    fn remove(&mut self, row: &Email) {
        if row.is_enabled {
            self.enabled.remove(&row.cause.name(), row.id);
        }
    }
}

impl Row for Email {
    type Id = EmailId;
    type Index = EmailIndex;
    fn id(&self) -> EmailId {
        self.id
    }
}
