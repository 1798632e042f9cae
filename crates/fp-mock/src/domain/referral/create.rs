//! A new referral.

use std::sync::Arc;

use super::find::{FindBy, find};
use super::fraud::{self, Traces};
use super::record::{EntrySource, Referral, ReferralDetails, ReferralState, SplitShare};
use super::split;
use crate::clock::timestamp::Timestamp;
use crate::domain::address::is_email;
use crate::domain::ids::{ClickId, EnrolmentId, PlanId, ReferralId};
use crate::domain::json::JsonObject;
use crate::domain::rare::Rare;
use crate::domain::refusal::{Entity, FieldError, Refusal};
use crate::domain::state::State;

/// What is known of a referral that comes in: `NewReferral { email, ..NewReferral::of(enrolment, source) }`.
/// Text is taken as it is; blank text must have become `None` before.
#[derive(Clone, Debug)]
pub struct NewReferral {
    /// E-mail address; this or `uid` must be there.
    pub email: Option<String>,
    /// The customer's own id of the person.
    pub uid: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// A comment.
    pub comment: Option<String>,
    /// Who referred it.
    pub enrolment_id: EnrolmentId,
    /// Partners who share its commissions.
    pub split: Vec<SplitShare>,
    /// How it comes in.
    pub entry_source: EntrySource,
    /// The visit it comes from.
    pub click_id: Option<ClickId>,
    /// The promoter's own mark in the link.
    pub sub_id: Option<String>,
    /// Address at signup.
    pub ip: Option<String>,
    /// How it stands; `None`: as the campaign decides.
    pub state: Option<ReferralState>,
    /// When it became a customer.
    pub customer_since: Option<Timestamp>,
    /// Its plan.
    pub plan_id: Option<PlanId>,
    /// The customer's own data.
    pub metadata: JsonObject,
    /// Values of the company's own fields.
    pub custom_fields: JsonObject,
    /// Who makes it by hand.
    pub created_by_user_email: Option<String>,
}

impl NewReferral {
    /// Takes out what is known of few.
    fn details(&mut self) -> Rare<ReferralDetails> {
        let texts = [
            &self.username,
            &self.first_name,
            &self.last_name,
            &self.website,
            &self.comment,
            &self.sub_id,
            &self.ip,
            &self.created_by_user_email,
        ];
        let has_objects = !self.metadata.is_empty() || !self.custom_fields.is_empty();
        if texts.iter().all(|text| text.is_none()) && self.split.is_empty() && !has_objects {
            return Rare::default();
        }
        let text = |text: &mut Option<String>| text.take().map(Arc::from);
        Rare::of(ReferralDetails {
            username: text(&mut self.username),
            first_name: text(&mut self.first_name),
            last_name: text(&mut self.last_name),
            website: text(&mut self.website),
            comment: text(&mut self.comment),
            sub_id: text(&mut self.sub_id),
            ip: text(&mut self.ip),
            created_by_user_email: text(&mut self.created_by_user_email),
            split: std::mem::take(&mut self.split).into(),
            metadata: std::mem::take(&mut self.metadata).into(),
            custom_fields: std::mem::take(&mut self.custom_fields).into(),
            moved_by_threshold_at: None,
        })
    }

    /// One of which nothing is known but who referred it and how it came in.
    pub fn of(enrolment_id: EnrolmentId, entry_source: EntrySource) -> Self {
        Self {
            email: None,
            uid: None,
            username: None,
            first_name: None,
            last_name: None,
            website: None,
            comment: None,
            enrolment_id,
            split: Vec::new(),
            entry_source,
            click_id: None,
            sub_id: None,
            ip: None,
            state: None,
            customer_since: None,
            plan_id: None,
            metadata: JsonObject::new(),
            custom_fields: JsonObject::new(),
            created_by_user_email: None,
        }
    }
}

/// Makes a referral: `signup`, or `pending` if the campaign does not approve leads by itself, unless its state
/// is given. `signed_up_at` stays empty until a signup is tracked.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown enrolment or split partner, [`Refusal::Invalid`] without e-mail and uid,
/// for a malformed e-mail address, for a taken e-mail address, uid or user name, and for shares above 100.
///
/// Evidence: service behaviour notes (the states); published v2 referrals document (what is unique and the
/// shares); chosen (an active one is a customer since now, a cancelled one is stamped with the present moment).
pub fn create(state: &mut State, now: Timestamp, mut new: NewReferral) -> Result<ReferralId, Refusal> {
    let enrolment =
        state.enrolments.get(new.enrolment_id).ok_or(Refusal::NotFound(Entity::PromoterCampaign))?;
    let approves_leads =
        state.campaigns.get(enrolment.campaign_id).is_none_or(|campaign| campaign.approves_leads);
    let mut errors = identity_problems(state, None, &Identity::of(&new));
    errors.extend(split::problems(state, new.enrolment_id, &new.split)?);
    if !errors.is_empty() {
        return Err(Refusal::Invalid { entity: Entity::Referral, errors });
    }
    let traces = Traces {
        enrolment_id: new.enrolment_id,
        email: new.email.as_deref(),
        ip: new.ip.as_deref(),
        click_id: new.click_id,
    };
    let fraud_check = fraud::check(state, traces);
    let by_campaign = if approves_leads { ReferralState::Signup } else { ReferralState::Pending };
    let standing = new.state.unwrap_or(by_campaign);
    let id = state.ids.issue();
    let details = new.details();
    state.referrals.insert(Referral {
        id,
        email: new.email.map(Arc::from),
        uid: new.uid.map(Arc::from),
        details,
        state: standing,
        state_before_denied: None,
        enrolment_id: new.enrolment_id,
        entry_source: new.entry_source,
        fraud_check,
        is_cleared_by_hand: false,
        click_id: new.click_id,
        plan_id: new.plan_id,
        mrr: 0,
        created_at: now,
        signed_up_at: None,
        customer_since: new.customer_since.or((standing == ReferralState::Active).then_some(now)),
        cancelled_at: (standing == ReferralState::Cancelled).then_some(now),
    });
    Ok(id)
}

/// What tells referrals apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity<'a> {
    pub email: Option<&'a str>,
    pub uid: Option<&'a str>,
    pub username: Option<&'a str>,
}

impl<'a> Identity<'a> {
    fn of(new: &'a NewReferral) -> Self {
        Self { email: new.email.as_deref(), uid: new.uid.as_deref(), username: new.username.as_deref() }
    }

    pub(super) fn of_record(row: &'a Referral) -> Self {
        Self {
            email: row.email.as_deref(),
            uid: row.uid.as_deref(),
            username: row.details.username.as_deref(),
        }
    }
}

/// What is wrong with the identity that a referral has or would have; `own` is its id if it exists.
///
/// Evidence: service behaviour notes (the wording); published v2 referrals document (e-mail or uid is needed).
pub(super) fn identity_problems(
    state: &State,
    own: Option<ReferralId>,
    identity: &Identity<'_>,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if identity.email.is_none() && identity.uid.is_none() {
        errors.push(FieldError::new("email", "can't be blank without a uid"));
        errors.push(FieldError::new("uid", "can't be blank without an email"));
    }
    if identity.email.is_some_and(|email| !is_email(email)) {
        errors.push(FieldError::new("email", "is invalid"));
    }
    let mut unique = |field, by, value: Option<&str>| {
        let holder = value.and_then(|value| find(state, by, value));
        if holder.is_some() && holder != own {
            errors.push(FieldError::new(field, "has already been taken"));
        }
    };
    unique("email", FindBy::Email, identity.email);
    unique("uid", FindBy::Uid, identity.uid);
    unique("username", FindBy::Username, identity.username);
    errors
}

#[cfg(test)]
mod tests {
    use super::super::record::FraudCheck;
    use super::super::{by_uid_or_email, samples};
    use super::*;
    use crate::domain::ids::PromoterId;

    fn new(enrolment: EnrolmentId, email: &str) -> NewReferral {
        NewReferral { email: Some(email.into()), ..NewReferral::of(enrolment, EntrySource::Api) }
    }

    fn fields(outcome: Result<ReferralId, Refusal>) -> Vec<&'static str> {
        match outcome {
            Err(Refusal::Invalid { errors, .. }) => errors.iter().map(|error| error.field).collect(),
            other => panic!("an invalid record was meant: {other:?}"),
        }
    }

    #[test]
    fn a_campaign_that_does_not_approve_leads_makes_them_wait() {
        let (mut state, [open, strict]) = samples::two_campaigns();
        let states = [(open, ReferralState::Signup), (strict, ReferralState::Pending)];
        for (at, (enrolment, expected)) in states.into_iter().enumerate() {
            let id = create(&mut state, samples::NOW, new(enrolment, &format!("lead{at}@example.com")));
            let referral = state.referrals.get(id.expect("a referral")).expect("the row");
            assert_eq!(referral.state, expected);
        }
    }

    #[test]
    fn an_email_is_taken_whatever_its_case_and_found_again() {
        let (mut state, [enrolment, _]) = samples::two_campaigns();
        let id = create(&mut state, samples::NOW, new(enrolment, "lead@example.com")).expect("a referral");
        assert_eq!(fields(create(&mut state, samples::NOW, new(enrolment, "LEAD@Example.com"))), ["email"]);
        assert_eq!(by_uid_or_email(&state, Some("none"), Some("Lead@example.com")), Some(id));
        assert_eq!(by_uid_or_email(&state, Some(""), None), None);
    }

    #[test]
    fn neither_email_nor_uid_or_a_malformed_email_is_invalid() {
        let (mut state, [enrolment, _]) = samples::two_campaigns();
        let nobody = NewReferral::of(enrolment, EntrySource::Api);
        assert_eq!(fields(create(&mut state, samples::NOW, nobody)), ["email", "uid"]);
        assert_eq!(fields(create(&mut state, samples::NOW, new(enrolment, "lead"))), ["email"]);
        assert!(state.referrals.is_empty());
    }

    #[test]
    fn shares_above_100_per_cent_of_the_owner_or_of_strangers_are_refused() {
        let (mut state, [owner, partner]) = samples::two_campaigns();
        let mut with = |split: &[(EnrolmentId, u32)]| {
            let share = |&(enrolment_id, percentage): &_| SplitShare { enrolment_id, percentage };
            let split = split.iter().map(share).collect();
            create(&mut state, samples::NOW, NewReferral { split, ..new(owner, "lead@example.com") })
        };
        assert_eq!(fields(with(&[(partner, 60), (partner, 60)])), ["split_details", "split_details"]);
        assert_eq!(fields(with(&[(partner, 101)])), ["split_details", "split_details"]);
        assert_eq!(fields(with(&[(owner, 10)])), ["split_details"]);
        let stranger = EnrolmentId::new(1);
        assert_eq!(with(&[(stranger, 10)]), Err(Refusal::NotFound(Entity::PromoterCampaign)));
        assert!(with(&[(partner, 100)]).is_ok());
    }

    #[test]
    fn the_promoters_own_email_weighs_more_than_his_address_and_that_more_than_an_ad() {
        let (mut state, [enrolment, _]) = samples::two_campaigns();
        let visit = samples::click(&mut state, enrolment, "203.0.113.9", true);
        let home = samples::click(&mut state, enrolment, samples::PROMOTER_IP, true);
        let mut check = |email: &str, ip: Option<&str>, click_id| {
            let wish = NewReferral { ip: ip.map(str::to_owned), click_id, ..new(enrolment, email) };
            let id = create(&mut state, samples::NOW, wish).expect("a referral");
            state.referrals.get(id).expect("the row").fraud_check
        };
        let own_ip = Some(samples::PROMOTER_IP);
        assert_eq!(check("JANE@example.com", own_ip, Some(visit)), FraudCheck::SamePromoterEmail);
        assert_eq!(check("a@example.com", own_ip, Some(visit)), FraudCheck::SameIp);
        assert_eq!(check("b@example.com", None, Some(home)), FraudCheck::SameIp);
        assert_eq!(check("c@example.com", None, Some(visit)), FraudCheck::AdSource);
        assert_eq!(check("d@example.com", Some("203.0.113.9"), None), FraudCheck::NoSuspicion);
        state.promoters.update(PromoterId::new(1), |promoter| promoter.track_ad_traffic = Some(true));
        let wish = NewReferral { click_id: Some(visit), ..new(enrolment, "e@example.com") };
        let id = create(&mut state, samples::NOW, wish).expect("a referral");
        assert_eq!(state.referrals.get(id).map(|row| row.fraud_check), Some(FraudCheck::NoSuspicion));
    }
}
