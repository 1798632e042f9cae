//! Sharing a referral's commissions with partners.

use super::record::SplitShare;
use crate::domain::id_set::IdSet;
use crate::domain::ids::EnrolmentId;
use crate::domain::refusal::{Entity, FieldError, Refusal};
use crate::domain::state::State;

/// Finds what is wrong with the shares of a referral that belongs to `owner`.
///
/// Evidence: published v2 referrals document (0 to 100 each, 100 in all); chosen (no partner twice, and not the
/// owner, who gets the remainder).
///
/// # Errors
/// [`Refusal::NotFound`] for a partner who does not exist.
pub(super) fn problems(
    state: &State,
    owner: EnrolmentId,
    shares: &[SplitShare],
) -> Result<Vec<FieldError>, Refusal> {
    if shares.iter().any(|share| !state.enrolments.contains(share.enrolment_id)) {
        return Err(Refusal::NotFound(Entity::PromoterCampaign));
    }
    let mut errors = Vec::new();
    let mut wrong = |problem: &str| errors.push(FieldError::new("split_details", problem));
    if shares.iter().any(|share| share.percentage > 100) {
        wrong("percentage must be between 0 and 100");
    }
    if shares.iter().map(|share| u64::from(share.percentage)).sum::<u64>() > 100 {
        wrong("percentages must not exceed 100 in total");
    }
    let partners: IdSet<EnrolmentId> = shares.iter().map(|share| share.enrolment_id).collect();
    if partners.count() < shares.len() {
        wrong("must not name a promoter campaign twice");
    }
    if partners.contains(owner) {
        wrong("must not name the promoter campaign of the referral itself");
    }
    Ok(errors)
}
