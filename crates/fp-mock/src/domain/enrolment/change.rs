//! Changes of an enrolment by the company.

use super::enrol::{coupon_problem, direct_url_problem, ref_token_problem};
use super::own_page::telling_problem;
use super::{Enrolment, EnrolmentState};
use crate::domain::ids::EnrolmentId;
use crate::domain::refusal::{Entity, FieldError, Refusal};
use crate::domain::reward::{ApplyOn, RewardRule};
use crate::domain::state::State;

/// What is to change; what is `None` stays, an inner `None` empties.
#[derive(Clone, Debug, Default)]
pub struct ChangeEnrolment {
    /// The referral token.
    pub ref_token: Option<String>,
    /// How it stands.
    pub state: Option<EnrolmentState>,
    /// The promo code that credits the promoter.
    pub coupon: Option<Option<String>>,
    /// The code shown to him instead.
    pub display_coupon: Option<Option<String>>,
    /// The code offered to customers (v1).
    pub customer_promo_code: Option<Option<String>>,
    /// A landing page of his own.
    pub direct_url: Option<Option<String>>,
    /// Whether visits are told by that page alone (v1).
    pub url_tracking: Option<bool>,
    /// What he earns.
    pub for_promoters: Customisation,
    /// What his referrals are offered.
    pub for_referrals: Customisation,
}

/// A change between the campaign's rewards and an enrolment's own.
#[derive(Clone, Debug, Default)]
pub struct Customisation {
    /// Rewards of its own.
    pub rules: Option<Vec<RewardRule>>,
    /// Whether it has some: no goes back to the campaign's; yes without any begins with a copy of those.
    pub is_customized: Option<bool>,
}

/// Changes an enrolment.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown enrolment, reward or plan; [`Refusal::Invalid`] for a token, coupon or
/// URL that is malformed or taken, and for a rule for specific plans that names none.
///
/// Evidence: published v2 promoter campaigns document; chosen (how the switches and the rewards go together).
pub fn change(state: &mut State, id: EnrolmentId, input: ChangeEnrolment) -> Result<(), Refusal> {
    let before = state.enrolments.get(id).ok_or(Refusal::NotFound(Entity::PromoterCampaign))?;
    let errors = problems(state, before, &input);
    if !errors.is_empty() {
        return Err(Refusal::Invalid { entity: Entity::PromoterCampaign, errors });
    }
    for rule in
        [&input.for_promoters, &input.for_referrals].into_iter().filter_map(|c| c.rules.as_ref()).flatten()
    {
        check(state, rule)?;
    }
    let campaign = state.campaigns.get(before.campaign_id);
    let campaigns = |pick: fn(&crate::domain::campaign::Campaign) -> &Vec<RewardRule>| {
        campaign.map(|campaign| pick(campaign).clone()).unwrap_or_default()
    };
    let for_promoters = input
        .for_promoters
        .applied(before.rewards_for_promoters.as_ref(), || campaigns(|c| &c.rewards_for_promoters));
    let for_referrals = input
        .for_referrals
        .applied(before.rewards_for_referrals.as_ref(), || campaigns(|c| &c.rewards_for_referrals));
    state.enrolments.update(id, |row| {
        row.state = input.state.unwrap_or(row.state);
        row.url_tracking = input.url_tracking.unwrap_or(row.url_tracking);
        if let Some(token) = input.ref_token {
            row.ref_token = token;
        }
        for (value, target) in [
            (input.coupon, &mut row.coupon),
            (input.display_coupon, &mut row.display_coupon),
            (input.customer_promo_code, &mut row.customer_promo_code),
            (input.direct_url, &mut row.direct_url),
        ] {
            if let Some(value) = value {
                *target = value;
            }
        }
        row.rewards_for_promoters = for_promoters;
        row.rewards_for_referrals = for_referrals;
    });
    Ok(())
}

fn problems(state: &State, before: &Enrolment, input: &ChangeEnrolment) -> Vec<FieldError> {
    let own = Some(before.id);
    let token = input.ref_token.as_deref().and_then(|token| ref_token_problem(state, token, own));
    let coupon = input.coupon.iter().flatten().find_map(|coupon| coupon_problem(state, coupon, own));
    let direct_url = input.direct_url.iter().flatten().find_map(|url| direct_url_problem(url));
    let page = input.direct_url.as_ref().unwrap_or(&before.direct_url).as_deref();
    let telling = page.filter(|_| input.url_tracking.unwrap_or(before.url_tracking));
    let telling = telling.and_then(|url| telling_problem(state, url, own));
    token.into_iter().chain(coupon).chain(direct_url).chain(telling).collect()
}

fn check(state: &State, rule: &RewardRule) -> Result<(), Refusal> {
    if !state.rewards.contains(rule.reward_id) {
        return Err(Refusal::NotFound(Entity::Reward));
    }
    if rule.plan_ids.iter().any(|id| !state.plans.contains(*id)) {
        return Err(Refusal::NotFound(Entity::Plan));
    }
    if rule.apply_on == ApplyOn::Specific && rule.plan_ids.is_empty() {
        return Err(Refusal::invalid(Entity::PromoterCampaign, "product_ids", "can't be blank"));
    }
    Ok(())
}

impl Customisation {
    fn applied(
        self,
        own: Option<&Vec<RewardRule>>,
        campaigns: impl Fn() -> Vec<RewardRule>,
    ) -> Option<Vec<RewardRule>> {
        match (self.rules, self.is_customized) {
            (_, Some(false)) => None,
            (Some(rules), _) => Some(rules),
            (None, Some(true)) => Some(own.cloned().unwrap_or_else(campaigns)),
            (None, None) => own.cloned(),
        }
    }
}
