//! Leads: the people who were referred.

use serde::Serialize;

use super::{Promoter, Promotion};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EnrolmentId, ReferralId};
use crate::domain::json::JsonObject;
use crate::domain::referral::Referral;
use crate::domain::state::State;

/// A lead, alone or with the promotion and promoter that it belongs to.
#[derive(Debug, Serialize)]
pub struct Lead<'a> {
    id: ReferralId,
    state: &'static str,
    email: Option<&'a str>,
    uid: Option<&'a str>,
    customer_since: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    plan_name: Option<&'a str>,
    suspicion: &'static str,
    username: Option<&'a str>,
    website: Option<&'a str>,
    created_at: Timestamp,
    split_promotion_id: Option<EnrolmentId>,
    custom_fields: Option<&'a JsonObject>,
    split_percentage_value: Option<u32>,
    visitor_sub_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promotion: Option<Promotion<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promoter: Option<Promoter<'a>>,
}

impl<'a> Lead<'a> {
    /// Shows a referral inside another record. Of several partners who share it the first is shown.
    ///
    /// Evidence: published v1 tracking document; `plan_name` is the plan's id at the billing provider by the v1
    /// reference; the first partner is chosen.
    pub fn summary(state: &'a State, referral: &'a Referral) -> Self {
        let plan = referral.plan_id.and_then(|id| state.plans.get(id));
        let partner = referral.details.split.first();
        Self {
            id: referral.id,
            state: referral.state.name(),
            email: referral.email.as_deref(),
            uid: referral.uid.as_deref(),
            customer_since: referral.customer_since,
            cancelled_at: referral.cancelled_at,
            plan_name: plan.map(|plan| plan.ext_id.as_str()),
            suspicion: referral.fraud_check.name(),
            username: referral.details.username.as_deref(),
            website: referral.details.website.as_deref(),
            created_at: referral.created_at,
            split_promotion_id: partner.map(|share| share.enrolment_id),
            custom_fields: Some(&*referral.details.custom_fields).filter(|fields| !fields.is_empty()),
            split_percentage_value: partner.map(|share| share.percentage),
            visitor_sub_id: referral.details.sub_id.as_deref(),
            promotion: None,
            promoter: None,
        }
    }

    /// Shows a referral with its promotion and promoter, as v1 does.
    ///
    /// Evidence: v1 reference.
    pub fn whole(state: &'a State, referral: &'a Referral) -> Self {
        Self::with(state, referral, Promoter::summary)
    }

    /// Shows a referral with its promotion and promoter, as legacy webhooks do: the promoter has a profile.
    ///
    /// Evidence: legacy webhook documents.
    pub fn notified(state: &'a State, referral: &'a Referral) -> Self {
        Self::with(state, referral, Promoter::notified)
    }

    fn with(
        state: &'a State,
        referral: &'a Referral,
        shown: fn(&'a State, &'a crate::domain::promoter::Promoter) -> Promoter<'a>,
    ) -> Self {
        let enrolment = state.enrolments.get(referral.enrolment_id);
        let promoter = enrolment.and_then(|enrolment| state.promoters.get(enrolment.promoter_id));
        Self {
            promotion: enrolment.map(|enrolment| Promotion::of(state, enrolment)),
            promoter: promoter.map(|promoter| shown(state, promoter)),
            ..Self::summary(state, referral)
        }
    }
}
