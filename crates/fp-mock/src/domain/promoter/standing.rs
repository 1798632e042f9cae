//! What is derived of a promoter: suspicions, activity, balances.

use super::{IdleMetric, Promoter};
use crate::clock::timestamp::Timestamp;
use crate::domain::conversion::ConversionKind;
use crate::domain::enrolment;
use crate::domain::ids::{EnrolmentId, PromoterId};
use crate::domain::referral::{FraudCheck, Referral, ReferralCounts};
use crate::domain::state::State;

/// What looks wrong about any of his referrals; empty if nothing does.
///
/// Evidence: published v2 promoters document (a list of flags); that they come from referrals is chosen.
pub fn fraud_suspicions(state: &State, promoter: PromoterId) -> Vec<FraudCheck> {
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

/// Whether something happened to him at this moment or later. The newest rows are looked at first, so that who is
/// active is soon found to be; of who is not the counts know most of the time.
pub(super) fn happened_since(
    state: &State,
    promoter: PromoterId,
    what: IdleMetric,
    since: Timestamp,
) -> bool {
    let is_since = |at: Timestamp| at >= since;
    let in_enrolment = |id: EnrolmentId| match what {
        IdleMetric::Click => {
            let last = state.clicks.index().by_enrolment.of(&id).next_back();
            last.and_then(|id| state.clicks.get(id)).is_some_and(|row| is_since(row.created_at))
        }
        IdleMetric::Referral => {
            counts(state, id).none_after.is_some_and(is_since)
                && newest_referrals(state, id).any(|row| is_since(row.created_at))
        }
        IdleMetric::Customer => {
            counts(state, id).no_customer_after.is_some_and(is_since)
                && newest_referrals(state, id).any(|row| row.customer_since.is_some_and(is_since))
        }
        IdleMetric::Sale => {
            let totals = state.conversions.index().totals.get(&id);
            let is_possible = totals.and_then(|totals| totals.no_sale_after).is_some_and(is_since);
            let newest = state.conversions.index().by_enrolment.of(&id).rev();
            let mut rows = newest.filter_map(|id| state.conversions.get(id));
            is_possible && rows.any(|row| row.kind == ConversionKind::Sale && is_since(row.created_at))
        }
    };
    enrolments(state, promoter).any(in_enrolment)
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

fn counts(state: &State, id: EnrolmentId) -> ReferralCounts {
    state.referrals.index().counts.get(&id).copied().unwrap_or_default()
}

fn newest_referrals(state: &State, id: EnrolmentId) -> impl Iterator<Item = &Referral> {
    state.referrals.index().by_enrolment.of(&id).rev().filter_map(|id| state.referrals.get(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::timestamp::DAY_MS;
    use crate::domain::conversion::Conversion;
    use crate::domain::ids::ReferralId;
    use crate::domain::referral::{EntrySource, NewReferral, create, samples};
    use proptest::prelude::*;

    fn day(number: i64) -> Timestamp {
        samples::NOW.plus_ms(number * DAY_MS)
    }

    proptest! {
        #[test]
        fn what_happened_is_known_as_if_each_referral_was_looked_at(
            steps in proptest::collection::vec((0u8..4, any::<prop::sample::Index>(), 0i64..9), 0..40),
        ) {
            let (mut state, enrolments) = samples::two_campaigns();
            for (what, at, on) in steps {
                let ids: Vec<_> = state.referrals.iter().map(|row| row.id).collect();
                if what == 0 || ids.is_empty() {
                    let uid = Some(format!("u{}", state.ids.token(9)));
                    let new = NewReferral { uid, ..NewReferral::of(enrolments[at.index(2)], EntrySource::Api) };
                    create(&mut state, day(on), new).expect("a referral");
                } else if what == 1 {
                    state.referrals.update(*at.get(&ids), |row| row.customer_since = Some(day(on)));
                } else if what == 2 {
                    state.referrals.update(*at.get(&ids), |row| row.created_at = day(on));
                } else {
                    state.referrals.delete(*at.get(&ids));
                }
            }
            for (promoter, enrolment) in [1, 2].map(PromoterId::new).into_iter().zip(enrolments) {
                let of = |row: &&Referral| row.enrolment_id == enrolment;
                let created = state.referrals.iter().filter(of).map(|row| row.created_at).max();
                let bought = state.referrals.iter().filter(of).filter_map(|row| row.customer_since).max();
                for since in (0..10).map(day) {
                    let happened = |what| happened_since(&state, promoter, what, since);
                    prop_assert_eq!(happened(IdleMetric::Referral), created.is_some_and(|at| at >= since));
                    prop_assert_eq!(happened(IdleMetric::Customer), bought.is_some_and(|at| at >= since));
                }
            }
        }

        #[test]
        fn sales_are_known_as_if_each_conversion_was_looked_at(
            steps in proptest::collection::vec((0u8..4, any::<prop::sample::Index>(), 0i64..9), 0..40),
        ) {
            let (mut state, enrolments) = samples::two_campaigns();
            for (what, at, on) in steps {
                let ids: Vec<_> = state.conversions.iter().map(|row| row.id).collect();
                if what < 2 || ids.is_empty() {
                    let kind = if what == 0 { ConversionKind::Sale } else { ConversionKind::Signup };
                    let row = happened(&mut state, kind, enrolments[at.index(2)], day(on));
                    state.conversions.insert(row);
                } else if what == 2 {
                    state.conversions.update(*at.get(&ids), |row| row.created_at = day(on));
                } else {
                    state.conversions.delete(*at.get(&ids));
                }
            }
            for (promoter, enrolment) in [1, 2].map(PromoterId::new).into_iter().zip(enrolments) {
                let sales = state.conversions.iter().filter(|row| row.kind == ConversionKind::Sale);
                let last = sales.filter(|row| row.enrolment_id == enrolment).map(|row| row.created_at).max();
                for since in (0..10).map(day) {
                    let sold = happened_since(&state, promoter, IdleMetric::Sale, since);
                    prop_assert_eq!(sold, last.is_some_and(|at| at >= since));
                }
            }
        }
    }

    fn happened(
        state: &mut State,
        kind: ConversionKind,
        enrolment_id: EnrolmentId,
        at: Timestamp,
    ) -> Conversion {
        Conversion::without_money(state.ids.issue(), kind, (ReferralId::new(7), enrolment_id), at)
    }
}
