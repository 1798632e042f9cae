//! What is derived of a promoter: suspicions, activity, balances.

use std::collections::BTreeSet;

use super::{IdleMetric, Promoter};
use crate::clock::timestamp::Timestamp;
use crate::domain::conversion::ConversionKind;
use crate::domain::enrolment;
use crate::domain::ids::{EnrolmentId, PromoterId};
use crate::domain::referral::FraudCheck;
use crate::domain::state::State;

/// What looks wrong about any of his referrals; empty if nothing does.
///
/// Evidence: published v2 promoters document (a list of flags); that they come from referrals is chosen.
pub fn fraud_suspicions(state: &State, promoter: PromoterId) -> BTreeSet<FraudCheck> {
    let suspicious = &state.referrals.index().suspicious;
    let flags = FraudCheck::ALL.iter().copied();
    let enrolments: Vec<EnrolmentId> = enrolments(state, promoter).collect();
    flags.filter(|flag| enrolments.iter().any(|id| suspicious.count(&(*id, *flag)) > 0)).collect()
}

/// His first visit or referral.
///
/// Evidence: published v2 promoters document (`first_event_at`); what counts is chosen.
pub fn first_event_at(state: &State, promoter: PromoterId) -> Option<Timestamp> {
    let (clicks, referrals) = (&state.clicks.index().by_enrolment, &state.referrals.index().by_enrolment);
    let of = |id: EnrolmentId| {
        let click = clicks.first(&id).and_then(|id| state.clicks.get(id)).map(|row| row.created_at);
        let referral = referrals.first(&id).and_then(|id| state.referrals.get(id)).map(|row| row.created_at);
        click.into_iter().chain(referral).min()
    };
    enrolments(state, promoter).filter_map(of).min()
}

/// When something last happened to him; `None`: never.
pub(super) fn last_time(state: &State, promoter: PromoterId, what: IdleMetric) -> Option<Timestamp> {
    let of = |id: EnrolmentId| match what {
        IdleMetric::Click => {
            let last = state.clicks.index().by_enrolment.of(&id).next_back()?;
            state.clicks.get(last).map(|row| row.created_at)
        }
        IdleMetric::Referral => referrals(state, id).map(|row| row.created_at).max(),
        IdleMetric::Customer => referrals(state, id).filter_map(|row| row.customer_since).max(),
        IdleMetric::Sale => {
            let all = state.conversions.index().by_enrolment.of(&id).rev();
            let rows = all.filter_map(|id| state.conversions.get(id));
            rows.filter(|row| row.kind == ConversionKind::Sale).map(|row| row.created_at).max()
        }
    };
    enrolments(state, promoter).filter_map(of).max()
}

/// Whether he has rewards of his own in some campaign.
///
/// Evidence: published v2 promoters document (`is_customized`); what it means is chosen.
pub fn is_customized(state: &State, promoter: PromoterId) -> bool {
    enrolment::of_promoter(state, promoter).any(enrolment::Enrolment::is_customized)
}

/// Where he sets a password for his first login; `None` once he has confirmed his account or has one.
///
/// Evidence: published v2 promoters document (`password_setup_url`); its form is chosen.
pub fn password_setup_url(state: &State, promoter: &Promoter) -> Option<String> {
    let needs_one = !promoter.is_confirmed && promoter.temp_password.is_none();
    needs_one.then(|| format!("{}/password/new?token={}", state.company.dashboard_url, promoter.auth_token))
}

fn enrolments(state: &State, promoter: PromoterId) -> impl Iterator<Item = EnrolmentId> {
    state.enrolments.index().by_promoter.of(&promoter)
}

fn referrals(state: &State, id: EnrolmentId) -> impl Iterator<Item = &crate::domain::referral::Referral> {
    state.referrals.index().by_enrolment.of(&id).filter_map(|id| state.referrals.get(id))
}
