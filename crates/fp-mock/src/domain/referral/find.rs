//! Finding a referral by what the customer knows of it.

use super::record::Referral;
use crate::domain::ids::ReferralId;
use crate::domain::lookup::{fold_alike, folded};
use crate::domain::named::named_values;
use crate::domain::state::State;

named_values! {
    /// What a referral can be found by besides its id.
    ///
    /// Evidence: published v2 referrals document (`find_by`).
    FindBy {
        /// Its e-mail address, in any case.
        Email = "email",
        /// The customer's own id.
        Uid = "uid",
        /// Its user name.
        Username = "username",
    }
}

/// The referral with this value; blank values find nothing.
///
/// Evidence: published v2 referrals document; that e-mail addresses are compared without case is chosen.
pub fn find(state: &State, by: FindBy, value: &str) -> Option<ReferralId> {
    let (value, index) = (value.trim(), state.referrals.index());
    let has =
        |id: &ReferralId, is_it: &dyn Fn(&Referral) -> bool| state.referrals.get(*id).is_some_and(is_it);
    match by {
        FindBy::Email => {
            let sought = folded(value);
            let is_it = |row: &Referral| row.email.as_deref().is_some_and(|email| fold_alike(email, &sought));
            index.by_email.first(&sought, |id| has(id, &is_it))
        }
        FindBy::Uid => index.by_uid.first(value, |id| has(id, &|row| row.uid.as_deref() == Some(value))),
        FindBy::Username => index
            .by_username
            .first(value, |id| has(id, &|row| row.details.username.as_deref() == Some(value))),
    }
}

/// The referral with this uid, or else with this e-mail address.
///
/// Evidence: service behaviour notes (uid goes before e-mail).
pub fn by_uid_or_email(state: &State, uid: Option<&str>, email: Option<&str>) -> Option<ReferralId> {
    let by_uid = uid.and_then(|uid| find(state, FindBy::Uid, uid));
    by_uid.or_else(|| email.and_then(|email| find(state, FindBy::Email, email)))
}
