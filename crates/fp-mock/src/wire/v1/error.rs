//! Refusals as v1 answers them.

use serde_json::json;

use crate::domain::refusal::Refusal;
use crate::wire::reply::Reply;

/// The status and body of a refusal.
///
/// Evidence: published v1 documents and service behaviour notes.
pub fn reply(refusal: &Refusal) -> Reply {
    match refusal {
        Refusal::Unauthorized => Reply::json(401, &json!("Bad credentials")),
        Refusal::NoReferral | Refusal::ReferralNotFoundOrPromoterBlocked => Reply::empty(204),
        other => Reply::json(422, &json!({ "error": format!("{other:?}") })),
    }
}
