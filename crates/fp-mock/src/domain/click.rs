//! Clicks: visits through a referral link.

use std::collections::BTreeMap;

use super::commission::standing;
use super::enrolment;
use super::ids::{ClickId, EnrolmentId};
use super::lookup::Many;
use super::refusal::{Entity, Refusal};
use super::state::State;
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

/// A visit through a referral link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// Whose link; `None`: whose page of his own it is.
    pub ref_token: Option<String>,
    /// The visitor's address.
    pub ip: Option<String>,
    /// The page.
    pub url: Option<String>,
    /// Where the visitor came from.
    pub source: Option<String>,
    /// Whether from an ad.
    pub is_ad: bool,
    /// The promoter's own mark in the link.
    pub sub_id: Option<String>,
}

/// Records a visit; its tracking id is a UUID.
///
/// # Errors
/// [`Refusal::NotFound`] for a token or page that is no promoter's, [`Refusal::WrongState`] if the promoter takes no new
/// referrals.
///
/// Evidence: v1 reference (the form of the tracking id, pages that tell visits); chosen (the refusals).
pub fn visit(state: &mut State, now: Timestamp, visit: Visit) -> Result<ClickId, Refusal> {
    let not_found = Refusal::NotFound(Entity::PromoterCampaign);
    let enrolment = match (&visit.ref_token, &visit.url) {
        (Some(token), _) => enrolment::by_ref_token(state, token),
        (None, Some(url)) => enrolment::by_own_page(state, url),
        (None, None) => None,
    };
    let enrolment = enrolment.ok_or(not_found)?;
    let enrolment_id = enrolment.id;
    if !standing(state, enrolment).takes_new_referrals() {
        let problem =
            format!("visits through the link of {:?} are not tracked any more", enrolment.ref_token);
        return Err(Refusal::wrong_state(Entity::PromoterCampaign, problem));
    }
    let click = Click {
        id: state.ids.issue(),
        tid: state.ids.uuid().to_string(),
        enrolment_id,
        ip: visit.ip,
        url: visit.url,
        source: visit.source,
        is_ad: visit.is_ad,
        sub_id: visit.sub_id,
        created_at: now,
    };
    Ok(state.clicks.insert(click).id)
}
