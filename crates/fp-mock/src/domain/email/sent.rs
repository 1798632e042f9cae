//! Copies that went out. Nothing leaves the machine: tests read them here.

use std::collections::BTreeMap;

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EmailId, EnrolmentId, PromoterId, SentEmailId};
use crate::domain::lookup::{Many, folded};
use crate::domain::table::{Index, Row};

/// A copy that went out.
#[derive(Clone, Debug)]
pub struct SentEmail {
    /// Its id.
    pub id: SentEmailId,
    /// The e-mail; `None` for a test of the theme.
    pub email_id: Option<EmailId>,
    /// The promoter it went to; `None` for a test.
    pub promoter_id: Option<PromoterId>,
    /// The enrolment it was about; `None` for a test.
    pub enrolment_id: Option<EnrolmentId>,
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

/// Finds and counts sent copies.
#[derive(Clone, Debug, Default)]
pub struct SentEmailIndex {
    /// By address in lower case.
    pub by_address: Many<String, SentEmailId>,
    /// By e-mail.
    pub by_email: Many<EmailId, SentEmailId>,
    /// By e-mail and the enrolment it was about.
    pub by_enrolment: Many<(EmailId, EnrolmentId), SentEmailId>,
    counts: BTreeMap<EmailId, u64>,
}

impl SentEmailIndex {
    /// How many copies of an e-mail went out; tests do not count.
    ///
    /// Evidence: chosen (that tests do not count).
    pub fn sent_count(&self, email: EmailId) -> u64 {
        self.counts.get(&email).copied().unwrap_or_default()
    }
}

impl Index<SentEmail> for SentEmailIndex {
    fn add(&mut self, row: &SentEmail) {
        self.by_address.add(folded(&row.to), row.id);
        let Some(email) = row.email_id else { return };
        self.by_email.add(email, row.id);
        if let Some(enrolment) = row.enrolment_id {
            self.by_enrolment.add((email, enrolment), row.id);
        }
        if !row.is_test {
            *self.counts.entry(email).or_default() += 1;
        }
    }

    fn remove(&mut self, row: &SentEmail) {
        self.by_address.remove(&folded(&row.to), row.id);
        let Some(email) = row.email_id else { return };
        self.by_email.remove(&email, row.id);
        if let Some(enrolment) = row.enrolment_id {
            self.by_enrolment.remove(&(email, enrolment), row.id);
        }
        if !row.is_test {
            *self.counts.entry(email).or_default() -= 1;
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
