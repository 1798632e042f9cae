//! Joining a campaign.

use super::own_page::telling_problem;
use super::{Enrolment, EnrolmentState};
use crate::clock::timestamp::Timestamp;
use crate::domain::address::is_web_url;
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId};
use crate::domain::promoter::ProfileField;
use crate::domain::refusal::{Entity, FieldError, Refusal};
use crate::domain::state::State;

/// What is wanted of a new enrolment; whatever is left out is made or taken from the campaign.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The referral token; `None`: one is made.
    pub ref_token: Option<String>,
    /// The promo code that credits him.
    pub coupon: Option<String>,
    /// The code shown to him instead.
    pub display_coupon: Option<String>,
    /// The code offered to customers (v1).
    pub customer_promo_code: Option<String>,
    /// A landing page of his own.
    pub direct_url: Option<String>,
    /// Whether visits are told by that page alone (v1).
    pub url_tracking: bool,
    /// How it stands; `None`: accepted if the campaign accepts by itself, else pending.
    pub state: Option<EnrolmentState>,
}

/// Enrols a promoter in a campaign.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown promoter or campaign, [`Refusal::WrongState`] if he is in it already,
/// [`Refusal::Invalid`] for a token, coupon or URL that is malformed or taken.
///
/// Evidence: v1 reference (a token made of the first name, its alphabet); chosen (once for each campaign).
pub fn enrol(
    state: &mut State,
    now: Timestamp,
    promoter: PromoterId,
    campaign: CampaignId,
    wish: Wish,
) -> Result<EnrolmentId, Refusal> {
    if !state.promoters.contains(promoter) {
        return Err(Refusal::NotFound(Entity::Promoter));
    }
    let approves =
        state.campaigns.get(campaign).ok_or(Refusal::NotFound(Entity::Campaign))?.approves_promoters;
    if super::in_campaign(state, promoter, campaign).is_some() {
        let problem = "the promoter is in this campaign already";
        return Err(Refusal::wrong_state(Entity::PromoterCampaign, problem));
    }
    let mut errors = Vec::new();
    errors.extend(wish.ref_token.as_deref().and_then(|token| ref_token_problem(state, token, None)));
    errors.extend(wish.coupon.as_deref().and_then(|coupon| coupon_problem(state, coupon, None)));
    errors.extend(wish.direct_url.as_deref().and_then(direct_url_problem));
    let telling = wish.direct_url.as_deref().filter(|_| wish.url_tracking);
    errors.extend(telling.and_then(|url| telling_problem(state, url, None)));
    if !errors.is_empty() {
        return Err(Refusal::Invalid { entity: Entity::PromoterCampaign, errors });
    }
    let by_itself = if approves { EnrolmentState::Accepted } else { EnrolmentState::Pending };
    let ref_token = match wish.ref_token {
        Some(token) => token,
        None => free_ref_token(state, promoter),
    };
    let enrolment = Enrolment {
        id: state.ids.issue(),
        promoter_id: promoter,
        campaign_id: campaign,
        state: wish.state.unwrap_or(by_itself),
        ref_token,
        coupon: wish.coupon,
        display_coupon: wish.display_coupon,
        customer_promo_code: wish.customer_promo_code,
        direct_url: wish.direct_url,
        url_tracking: wish.url_tracking,
        rewards_for_promoters: None,
        rewards_for_referrals: None,
        target_reached_at: None,
        hidden: false,
        created_at: now,
    };
    Ok(state.enrolments.insert(enrolment).id)
}

/// What is wrong with a referral token for the enrolment `own` (`None`: for a new one).
///
/// Evidence: v1 reference (lower-case letters, digits, `-` and `_`); chosen (unique, at most 100).
pub(super) fn ref_token_problem(state: &State, token: &str, own: Option<EnrolmentId>) -> Option<FieldError> {
    let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if token.is_empty() || token.len() > 100 || !token.bytes().all(is_allowed) {
        return Some(FieldError::new("ref_token", "can have lower-case letters, digits, - and _ only"));
    }
    let holder = super::by_ref_token(state, token)?.id;
    (Some(holder) != own).then(|| FieldError::new("ref_token", "has already been taken"))
}

/// What is wrong with a coupon for the enrolment `own` (`None`: for a new one): another enrolment or promo
/// code has it.
///
/// Evidence: chosen.
pub(super) fn coupon_problem(state: &State, coupon: &str, own: Option<EnrolmentId>) -> Option<FieldError> {
    let holder = super::by_coupon(state, coupon)?.id;
    (Some(holder) != own).then(|| FieldError::new("coupon", "has already been taken"))
}

/// What is wrong with a landing page of the promoter's own.
///
/// Evidence: chosen.
pub(super) fn direct_url_problem(url: &str) -> Option<FieldError> {
    (!is_web_url(url)).then(|| FieldError::new("direct_url", "is not a valid URL"))
}

/// A token that is free: the first name and two digits, `jane89`; without a usable name eight letters and
/// digits.
///
/// Evidence: v1 reference (made of the first name); chosen (the digits).
pub(super) fn free_ref_token(state: &mut State, promoter: PromoterId) -> String {
    let name = state.promoters.get(promoter).and_then(|p| p.profile.value(ProfileField::FirstName));
    let name: String = name.unwrap_or_default().to_lowercase();
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    for digits in 2.. {
        let token = if name.is_empty() {
            state.ids.slug(6 + digits)
        } else {
            format!("{name}{}", state.ids.digits(digits))
        };
        if super::by_ref_token(state, &token).is_none() {
            return token;
        }
    }
    unreachable!("some number of digits is free")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::company::Company;
    use crate::domain::ids::Ids;
    use crate::domain::promoter::{self, CreatePromoter};
    use proptest::prelude::*;

    fn named(first_name: &str, state: &mut State, number: usize) -> PromoterId {
        let new = CreatePromoter {
            email: format!("p{number}@example.com"),
            profile: vec![(ProfileField::FirstName, Some(first_name.to_owned()))],
            ..CreatePromoter::default()
        };
        promoter::create(state, Timestamp::EPOCH, new).expect("a promoter without a campaign")
    }

    #[test]
    fn more_promoters_of_one_name_than_two_digits_can_tell_apart_get_tokens_of_their_own() {
        let mut state = State::new(Company::default(), Ids::new(0, "1"));
        let mut tokens = std::collections::BTreeSet::new();
        for number in 0..150 {
            let id = named("Ann", &mut state, number);
            let ref_token = free_ref_token(&mut state, id);
            assert!(ref_token.starts_with("ann"), "{ref_token}");
            let wish = Wish { ref_token: Some(ref_token.clone()), ..Wish::default() };
            let row = wished(&mut state, id, wish);
            state.enrolments.insert(row);
            assert!(tokens.insert(ref_token));
        }
    }

    fn wished(state: &mut State, promoter_id: PromoterId, wish: Wish) -> Enrolment {
        Enrolment {
            id: state.ids.issue(),
            promoter_id,
            campaign_id: CampaignId::new(2001),
            state: EnrolmentState::Accepted,
            ref_token: wish.ref_token.unwrap_or_default(),
            coupon: None,
            display_coupon: None,
            customer_promo_code: None,
            direct_url: None,
            url_tracking: false,
            rewards_for_promoters: None,
            rewards_for_referrals: None,
            target_reached_at: None,
            hidden: false,
            created_at: Timestamp::EPOCH,
        }
    }

    proptest! {
        #[test]
        fn whatever_the_name_the_token_made_of_it_may_stand_in_a_link(name in "\\PC{0,40}") {
            let mut state = State::new(Company::default(), Ids::new(0, "1"));
            let id = named(&name, &mut state, 0);
            let token = free_ref_token(&mut state, id);
            prop_assert_eq!(ref_token_problem(&state, &token, None), None);
        }
    }
}
