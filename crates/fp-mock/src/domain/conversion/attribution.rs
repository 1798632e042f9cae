//! Whose referral somebody new is.

use crate::domain::commission::standing;
use crate::domain::enrolment::{self, Enrolment};
use crate::domain::ids::{ClickId, EnrolmentId};
use crate::domain::promoter;
use crate::domain::referral::EntrySource;
use crate::domain::state::State;

/// What somebody new brings along that tells who sent him.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// The tracking id of his visit.
    pub tid: Option<String>,
    /// A promoter's referral token.
    pub ref_id: Option<String>,
    /// A promo code.
    pub promo_code: Option<String>,
    /// A promoter's e-mail address (v1).
    pub promoter_email: Option<String>,
}

/// Who sent somebody, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Whose referral he is.
    pub enrolment_id: EnrolmentId,
    /// How that is known.
    pub source: EntrySource,
    /// His visit, if it was a visit.
    pub click_id: Option<ClickId>,
}

/// Who sent somebody: the visit goes before the token, the token before the promo code, and that before the
/// promoter's address. What leads nowhere, or to a promoter who takes no new referrals, is passed over.
///
/// Evidence: service behaviour notes (the sources); chosen (their order).
pub fn attribute(state: &State, trail: &Trail) -> Option<Attribution> {
    let by_visit = || {
        let click_id = state.clicks.index().by_tid.get(trail.tid.as_ref()?)?;
        let click = state.clicks.get(*click_id)?;
        let enrolment = state.enrolments.get(click.enrolment_id)?;
        open(state, enrolment, EntrySource::Cookie, Some(click.id))
    };
    let by_token = || {
        let enrolment = enrolment::by_ref_token(state, trail.ref_id.as_ref()?)?;
        open(state, enrolment, EntrySource::Api, None)
    };
    let by_code = || {
        let enrolment = enrolment::by_coupon(state, trail.promo_code.as_ref()?)?;
        open(state, enrolment, EntrySource::Coupon, None)
    };
    let by_address = || {
        let promoter = promoter::find(state, promoter::FindBy::Email, trail.promoter_email.as_ref()?)?;
        let open = |enrolment| open(state, enrolment, EntrySource::Api, None);
        enrolment::of_promoter(state, promoter).find_map(open)
    };
    by_visit().or_else(by_token).or_else(by_code).or_else(by_address)
}

fn open(
    state: &State,
    enrolment: &Enrolment,
    source: EntrySource,
    click_id: Option<ClickId>,
) -> Option<Attribution> {
    let takes_new = standing(state, enrolment).takes_new_referrals();
    takes_new.then_some(Attribution { enrolment_id: enrolment.id, source, click_id })
}
