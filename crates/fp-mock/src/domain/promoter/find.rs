//! Finding one promoter by what identifies him.

use crate::domain::enrolment;
use crate::domain::ids::PromoterId;
use crate::domain::lookup::folded;
use crate::domain::named::named_values;
use crate::domain::state::State;

named_values! {
    /// What a promoter can be found by beside his id.
    ///
    /// Evidence: published v2 contract (`find_by`).
    FindBy {
        /// His e-mail address, ignoring case.
        Email = "email",
        /// The customer's own id of him.
        CustId = "cust_id",
        /// His login token.
        AuthToken = "auth_token",
        /// The referral token of one of his enrolments.
        RefToken = "ref_token",
        /// The coupon or a promo code of one of his enrolments, ignoring case.
        PromoCode = "promo_code",
    }
}

/// The promoter whose attribute `by` has this value.
pub fn find(state: &State, by: FindBy, value: &str) -> Option<PromoterId> {
    let index = state.promoters.index();
    match by {
        FindBy::Email => index.by_email.first(&folded(value)),
        FindBy::CustId => index.by_cust_id.first(value),
        FindBy::AuthToken => index.by_auth_token.first(value),
        FindBy::RefToken => enrolment::by_ref_token(state, value).map(|enrolment| enrolment.promoter_id),
        FindBy::PromoCode => enrolment::by_coupon(state, value).map(|enrolment| enrolment.promoter_id),
    }
}
