//! Promoters in the older shape.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{Profile, Promotion};
use crate::clock::timestamp::Timestamp;
use crate::domain::commission::Balance;
use crate::domain::enrolment::{self, EnrolmentState};
use crate::domain::ids::{EnrolmentId, PromoterId};
use crate::domain::money::{Amount, Unit};
use crate::domain::promoter::{self, ProfileField};
use crate::domain::state::State;

/// A promoter, alone or with profile and promotions.
#[derive(Debug, Serialize)]
pub struct Promoter<'a> {
    id: PromoterId,
    status: &'static str,
    cust_id: Option<&'a str>,
    email: &'a str,
    created_at: Timestamp,
    temp_password: Option<&'a str>,
    default_promotion_id: Option<EnrolmentId>,
    pref: &'a str,
    default_ref_id: Option<&'a str>,
    note: Option<&'a str>,
    w8_form_url: Option<&'a str>,
    w9_form_url: Option<&'a str>,
    parent_promoter_id: Option<PromoterId>,
    earnings_balance: Amounts,
    current_balance: Amounts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_balance: Option<Amounts>,
    paid_balance: Amounts,
    auth_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Profile<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promotions: Option<Vec<Promotion<'a>>>,
}

/// Amounts by unit, units at zero left out; null if nothing is left.
///
/// Evidence: published v1 documents (every example).
#[derive(Debug)]
struct Amounts(Vec<(Unit, Amount)>);

impl Amounts {
    fn of(state: &State, promoter: PromoterId, part: impl Fn(Balance) -> Amount) -> Self {
        let balances = &state.commissions.index().balances;
        let amount = |unit| balances.get(&(promoter, unit)).map_or(0, |(balance, _)| part(*balance));
        let amounts = Unit::ALL.into_iter().map(|unit| (unit, amount(unit)));
        Self(amounts.filter(|(_, amount)| *amount != 0).collect())
    }
}

impl Serialize for Amounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() {
            return serializer.serialize_none();
        }
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (unit, amount) in &self.0 {
            map.serialize_entry(unit.name(), amount)?;
        }
        map.end()
    }
}

impl<'a> Promoter<'a> {
    /// Shows a promoter inside another record.
    pub fn summary(state: &'a State, promoter: &'a promoter::Promoter) -> Self {
        let default = enrolment::default_of(state, promoter.id);
        let amounts = |part: fn(Balance) -> Amount| Amounts::of(state, promoter.id, part);
        Self {
            id: promoter.id,
            status: status(state, promoter),
            cust_id: promoter.cust_id.as_deref(),
            email: &promoter.email,
            created_at: promoter.joined_at,
            temp_password: promoter.temp_password.as_deref(),
            default_promotion_id: default.map(|enrolment| enrolment.id),
            pref: &promoter.pref,
            default_ref_id: default.map(|enrolment| enrolment.ref_token.as_str()),
            note: promoter.note.as_deref(),
            w8_form_url: promoter.profile.value(ProfileField::W8Form),
            w9_form_url: promoter.profile.value(ProfileField::W9Form),
            parent_promoter_id: promoter.parent,
            earnings_balance: amounts(|balance| balance.earnings),
            current_balance: amounts(Balance::current),
            pending_balance: None,
            paid_balance: amounts(|balance| balance.paid),
            auth_token: &promoter.auth_token,
            profile: None,
            promotions: None,
        }
    }

    /// Shows a promoter inside a payout: what is on its way to him is shown too, if there is anything.
    ///
    /// Evidence: v1 reference (payouts).
    pub fn payee(state: &'a State, promoter: &'a promoter::Promoter) -> Self {
        let pending = Amounts::of(state, promoter.id, |balance| balance.pending);
        let pending_balance = (!pending.0.is_empty()).then_some(pending);
        Self { pending_balance, ..Self::summary(state, promoter) }
    }

    /// Shows a promoter with profile and promotions, the newest promotion first.
    ///
    /// Evidence: published v1 promoters document (the order).
    pub fn whole(state: &'a State, promoter: &'a promoter::Promoter) -> Self {
        let enrolments = enrolment::of_promoter(state, promoter.id).rev();
        let promotions = Some(enrolments.map(|enrolment| Promotion::of(state, enrolment)).collect());
        let profile = Some(Profile::of(&promoter.profile));
        Self { profile, promotions, ..Self::summary(state, promoter) }
    }

    /// Shows a promoter as legacy webhooks do: with profile, and an empty list of promotions.
    ///
    /// Evidence: legacy webhook documents.
    pub fn notified(state: &'a State, promoter: &'a promoter::Promoter) -> Self {
        let profile = Some(Profile::of(&promoter.profile));
        Self { profile, promotions: Some(Vec::new()), ..Self::summary(state, promoter) }
    }
}

/// Active with an accepted promotion, else pending with one that waits, else denied; active without any.
///
/// Evidence: published v1 documents (`active` in every example, the others in the enumeration); which is which
/// is chosen.
fn status(state: &State, promoter: &promoter::Promoter) -> &'static str {
    let enrolments = enrolment::of_promoter(state, promoter.id);
    let states: Vec<_> = enrolments.map(|enrolment| enrolment.state).collect();
    if states.is_empty() || states.contains(&EnrolmentState::Accepted) {
        "active"
    } else if states.contains(&EnrolmentState::Pending) {
        "pending"
    } else {
        "denied"
    }
}
