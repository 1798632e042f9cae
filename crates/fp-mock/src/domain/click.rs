//! Clicks: visits through a referral link.

use std::collections::BTreeMap;

use super::ids::{ClickId, EnrolmentId};
use super::lookup::Many;
use super::table::{Index, Row};
use crate::clock::timestamp::Timestamp;

/// A visit through a referral link.
#[derive(Clone, Debug)]
pub struct Click {
    /// Its id.
    pub id: ClickId,
    /// The tracking id that the visitor's cookie keeps.
    pub tid: String,
    /// Whose link it was.
    pub enrolment_id: EnrolmentId,
    /// The visitor's address.
    pub ip: Option<String>,
    /// The page that was visited.
    pub url: Option<String>,
    /// Where the visitor came from.
    pub source: Option<String>,
    /// Whether he came from an ad.
    pub is_ad: bool,
    /// The promoter's own mark in the link.
    pub sub_id: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// Finds clicks by tracking id and by link.
#[derive(Clone, Debug, Default)]
pub struct ClickIndex {
    /// By tracking id.
    pub by_tid: BTreeMap<String, ClickId>,
    /// By enrolment.
    pub by_enrolment: Many<EnrolmentId, ClickId>,
}

impl Index<Click> for ClickIndex {
    fn add(&mut self, row: &Click) {
        self.by_tid.insert(row.tid.clone(), row.id);
        self.by_enrolment.add(row.enrolment_id, row.id);
    }

    fn remove(&mut self, row: &Click) {
        self.by_tid.remove(&row.tid);
        self.by_enrolment.remove(&row.enrolment_id, row.id);
    }
}

impl Row for Click {
    type Id = ClickId;
    type Index = ClickIndex;
    fn id(&self) -> ClickId {
        self.id
    }
}
