//! What the business refuses of a scenario, in words.

use std::fmt;

use crate::domain::refusal::{Entity, Refusal};

/// What the business refused of a scenario.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    /// The record or happening, as the scenario names it.
    pub(super) what: String,
    /// Why.
    pub(super) why: Refusal,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, sentence(&self.why))
    }
}

fn sentence(why: &Refusal) -> String {
    match why {
        Refusal::Invalid { errors, .. } => {
            let errors: Vec<_> = errors.iter().map(|error| format!("{} {}", error.field, error.problem)).collect();
            errors.join(", ")
        }
        Refusal::WrongState { problem, .. } => problem.clone(),
        Refusal::NotFound(entity) => format!("there is no such {}", noun(*entity)),
        Refusal::InvalidParam { name, expected, found } => format!("{name}: expected {expected}, found {found}"),
        Refusal::EmailAndUidBlank => "expected email, uid or both".into(),
        Refusal::AmountInvalid => "expected an amount above 0".into(),
        Refusal::AmountOutOfRange { amount } => format!("the amount {amount} is out of range"),
        Refusal::VisitorInvalid => {
            "expected a visit or ref_token that leads to a promoter who takes part".into()
        }
        Refusal::AlreadySignedUp => "he has signed up before".into(),
        Refusal::DuplicateEvent { kind, event_id } => format!("there is a {kind} {event_id:?} before it"),
        Refusal::ReferralNotFoundOrPromoterBlocked => {
            "expected somebody who signed up before, or a visit, ref_token or promo_code that leads to a promoter \
             who takes part"
                .into()
        }
        Refusal::NoReferral => "expected somebody who signed up before".into(),
        other => format!("{other:?}"),
    }
}

fn noun(entity: Entity) -> &'static str {
    match entity {
        Entity::Campaign => "campaign",
        Entity::Promoter => "promoter",
        Entity::PromoterCampaign => "ref_token",
        _ => "record",
    }
}
