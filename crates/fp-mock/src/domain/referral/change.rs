//! Changing what is known of a referral.

use std::sync::Arc;

use super::create::{Identity, identity_problems};
use super::fraud;
use super::record::{FraudCheck, Referral, ReferralState, SplitShare};
use super::{moving, split};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EnrolmentId, PlanId, ReferralId};
use crate::domain::refusal::{Entity, FieldError, Refusal};
use crate::domain::state::State;

/// What is to change; `None` stays, `Some(None)` is emptied.
#[derive(Clone, Debug, Default)]
pub struct ReferralChange {
    /// E-mail address.
    pub email: Option<Option<String>>,
    /// The customer's own id.
    pub uid: Option<Option<String>>,
    /// User name.
    pub username: Option<Option<String>>,
    /// Who referred it. Its commissions stay where they are: [`super::move_to_promoter`] can take them along.
    pub enrolment_id: Option<EnrolmentId>,
    /// All partners anew.
    pub split: Option<Vec<SplitShare>>,
    /// What looks wrong about it, by hand.
    pub fraud_check: Option<FraudCheck>,
    /// How it stands.
    pub state: Option<ReferralState>,
    /// When it became a customer.
    pub customer_since: Option<Timestamp>,
    /// Its plan.
    pub plan_id: Option<PlanId>,
}

/// Changes a referral.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown referral, enrolment or split partner; [`Refusal::Invalid`] for what
/// would make it invalid, and for a suspicion that it is under already.
///
/// Evidence: published v2 referrals document; chosen (what is not said there).
pub fn update(
    state: &mut State,
    now: Timestamp,
    id: ReferralId,
    change: ReferralChange,
) -> Result<(), Refusal> {
    let before = state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let mut after = before.clone();
    let replace = |field: &mut Option<Arc<str>>, with: Option<Option<String>>| {
        if let Some(value) = with {
            *field = value.map(Arc::from);
        }
    };
    replace(&mut after.email, change.email);
    replace(&mut after.uid, change.uid);
    replace(&mut after.details.username, change.username);
    if let Some(owner) = change.enrolment_id {
        moving::give_to(state, &mut after, owner)?;
    }
    if let Some(shares) = change.split {
        after.details.split = shares.into();
    }
    if let Some(standing) = change.state {
        stand(&mut after, now, standing);
    }
    after.customer_since = change.customer_since.or(after.customer_since);
    after.plan_id = change.plan_id.or(after.plan_id);
    let mut errors = identity_problems(state, Some(id), &Identity::of_record(&after));
    errors.extend(split::problems(state, after.enrolment_id, &after.details.split)?);
    errors.extend(judge(state, before, &mut after, change.fraud_check));
    if !errors.is_empty() {
        return Err(Refusal::Invalid { entity: Entity::Referral, errors });
    }
    state.referrals.update(id, |row| *row = after);
    Ok(())
}

/// Sets what looks wrong about a referral: as the company says, or else as the check finds anew.
///
/// Evidence: published v2 referrals document (clearing by hand ends the check; the same value is refused
/// unless the referral was cleared before).
fn judge(
    state: &State,
    before: &Referral,
    after: &mut Referral,
    by_hand: Option<FraudCheck>,
) -> Option<FieldError> {
    let Some(verdict) = by_hand else {
        after.fraud_check = fraud::recheck(state, before, after);
        return None;
    };
    if verdict == before.fraud_check && !before.is_cleared_by_hand {
        return Some(FieldError::new("fraud_check", format!("is {} already", verdict.name())));
    }
    after.fraud_check = verdict;
    after.is_cleared_by_hand = verdict == FraudCheck::NoSuspicion;
    None
}

/// Lets a referral stand otherwise, with the moments that go with it.
///
/// Evidence: chosen.
fn stand(referral: &mut Referral, now: Timestamp, standing: ReferralState) {
    if standing == referral.state {
        return;
    }
    referral.state_before_denied = (standing == ReferralState::Denied).then_some(referral.state);
    referral.cancelled_at = (standing == ReferralState::Cancelled).then_some(now);
    if standing == ReferralState::Active {
        referral.customer_since = referral.customer_since.or(Some(now));
    }
    referral.state = standing;
}

#[cfg(test)]
mod tests {
    use super::super::{EntrySource, NewReferral, create, samples};
    use super::*;

    fn lead(state: &mut State, enrolment: EnrolmentId, email: &str) -> ReferralId {
        let new = NewReferral { email: Some(email.into()), ..NewReferral::of(enrolment, EntrySource::Api) };
        create(state, samples::NOW, new).expect("a referral")
    }

    fn change(state: &mut State, id: ReferralId, change: ReferralChange) -> Result<FraudCheck, Refusal> {
        update(state, samples::NOW, id, change)?;
        Ok(state.referrals.get(id).expect("the row").fraud_check)
    }

    fn email(text: &str) -> ReferralChange {
        ReferralChange { email: Some(Some(text.into())), ..ReferralChange::default() }
    }

    fn verdict(by_hand: FraudCheck) -> ReferralChange {
        ReferralChange { fraud_check: Some(by_hand), ..ReferralChange::default() }
    }

    #[test]
    fn a_new_email_is_checked_anew_until_the_company_cleared_the_referral() {
        let (mut state, [jane, _]) = samples::two_campaigns();
        let id = lead(&mut state, jane, "lead@example.com");
        assert_eq!(change(&mut state, id, email("jane@example.com")), Ok(FraudCheck::SamePromoterEmail));
        assert_eq!(change(&mut state, id, email("lead@example.com")), Ok(FraudCheck::NoSuspicion));
        assert_eq!(change(&mut state, id, verdict(FraudCheck::AdSource)), Ok(FraudCheck::AdSource));
        assert_eq!(change(&mut state, id, verdict(FraudCheck::NoSuspicion)), Ok(FraudCheck::NoSuspicion));
        assert_eq!(change(&mut state, id, email("jane@example.com")), Ok(FraudCheck::NoSuspicion));
    }

    #[test]
    fn a_suspicion_set_by_hand_survives_a_new_email() {
        let (mut state, [jane, _]) = samples::two_campaigns();
        let id = lead(&mut state, jane, "lead@example.com");
        assert_eq!(change(&mut state, id, verdict(FraudCheck::SameIp)), Ok(FraudCheck::SameIp));
        assert_eq!(change(&mut state, id, email("other@example.com")), Ok(FraudCheck::SameIp));
    }

    #[test]
    fn the_same_suspicion_again_is_refused_unless_the_referral_was_cleared() {
        let (mut state, [jane, _]) = samples::two_campaigns();
        let id = lead(&mut state, jane, "jane@example.com");
        let again = change(&mut state, id, verdict(FraudCheck::SamePromoterEmail));
        let problem = "is same_promoter_email already";
        assert_eq!(again, Err(Refusal::invalid(Entity::Referral, "fraud_check", problem)));
        for _ in 0..2 {
            assert!(change(&mut state, id, verdict(FraudCheck::NoSuspicion)).is_ok());
        }
    }

    #[test]
    fn a_partner_who_becomes_the_owner_leaves_the_split() {
        let (mut state, [jane, bob]) = samples::two_campaigns();
        let id = lead(&mut state, jane, "lead@example.com");
        let split = vec![SplitShare { enrolment_id: bob, percentage: 40 }];
        let shared = ReferralChange { split: Some(split.clone()), ..ReferralChange::default() };
        assert!(change(&mut state, id, shared).is_ok());
        let moved = ReferralChange { enrolment_id: Some(bob), ..ReferralChange::default() };
        assert!(change(&mut state, id, moved.clone()).is_ok());
        assert_eq!(
            state.referrals.get(id).map(|row| (row.enrolment_id, row.details.split.len())),
            Some((bob, 0))
        );
        let both = ReferralChange { split: Some(split), ..moved };
        assert!(change(&mut state, id, both).is_err());
    }

    #[test]
    fn a_state_set_by_hand_brings_its_moments() {
        let (mut state, [jane, _]) = samples::two_campaigns();
        let id = lead(&mut state, jane, "lead@example.com");
        let mut stand = |standing| {
            let change = ReferralChange { state: Some(standing), ..ReferralChange::default() };
            update(&mut state, samples::NOW, id, change).expect("a change");
            let row = state.referrals.get(id).expect("the row");
            (row.customer_since, row.cancelled_at, row.state_before_denied)
        };
        assert_eq!(stand(ReferralState::Active), (Some(samples::NOW), None, None));
        assert_eq!(stand(ReferralState::Cancelled), (Some(samples::NOW), Some(samples::NOW), None));
        let denied = (Some(samples::NOW), None, Some(ReferralState::Cancelled));
        assert_eq!(stand(ReferralState::Denied), denied);
    }
}
