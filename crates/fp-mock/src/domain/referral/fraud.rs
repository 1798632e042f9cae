//! Whether a referral is what it seems.

use super::record::{FraudCheck, Referral};
use crate::domain::ids::{ClickId, EnrolmentId};
use crate::domain::lookup::folded;
use crate::domain::state::State;

/// What the check looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traces<'a> {
    /// Who is said to have referred it.
    pub enrolment_id: EnrolmentId,
    /// Its e-mail address.
    pub email: Option<&'a str>,
    /// Its address at signup.
    pub ip: Option<&'a str>,
    /// The visit it came from.
    pub click_id: Option<ClickId>,
}

impl<'a> Traces<'a> {
    pub(super) fn of(referral: &'a Referral) -> Self {
        Self {
            enrolment_id: referral.enrolment_id,
            email: referral.email.as_deref(),
            ip: referral.details.ip.as_deref(),
            click_id: referral.click_id,
        }
    }
}

/// The first suspicion that holds, in this order: the promoter's own e-mail address; the promoter's own network
/// address, at signup or at the visit; a visit from an ad, unless the promoter may bring ad traffic.
///
/// Evidence: published v2 contract (the names); the rules and their order are chosen.
pub(super) fn check(state: &State, traces: Traces<'_>) -> FraudCheck {
    let enrolment = state.enrolments.get(traces.enrolment_id);
    let promoter = enrolment.and_then(|enrolment| state.promoters.get(enrolment.promoter_id));
    let click = traces.click_id.and_then(|id| state.clicks.get(id));
    if let Some(promoter) = promoter {
        if traces.email.is_some_and(|email| folded(email) == folded(&promoter.email)) {
            return FraudCheck::SamePromoterEmail;
        }
        let addresses = [traces.ip, click.and_then(|click| click.ip.as_deref())];
        if promoter.ip.is_some() && addresses.contains(&promoter.ip.as_deref()) {
            return FraudCheck::SameIp;
        }
    }
    let ads_count = promoter.and_then(|promoter| promoter.track_ad_traffic) == Some(true);
    if click.is_some_and(|click| click.is_ad) && !ads_count {
        return FraudCheck::AdSource;
    }
    FraudCheck::NoSuspicion
}

/// What the flag of a referral becomes when what the check looks at has changed. Flags set by hand stay: only
/// what the check itself had found is found anew.
///
/// Evidence: published v2 referrals document (a referral cleared by hand is not flagged again); chosen (the rest).
pub(super) fn recheck(state: &State, before: &Referral, after: &Referral) -> FraudCheck {
    let found_by_itself = check(state, Traces::of(before)) == before.fraud_check;
    if before.is_cleared_by_hand || !found_by_itself {
        before.fraud_check
    } else {
        check(state, Traces::of(after))
    }
}
