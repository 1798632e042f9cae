//! What v2 calls say about promoter campaigns.

use crate::domain::enrolment::{ChangeEnrolment, Customisation, EnrolmentState};
use crate::domain::ids::{PlanId, RewardId};
use crate::domain::refusal::Refusal;
use crate::domain::reward::{ApplyOn, RewardRule};
use crate::wire::fields::Fields;

/// Changes of a promoter campaign.
///
/// # Errors
/// [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: published v2 contract.
pub fn change(fields: &Fields<'_>) -> Result<ChangeEnrolment, Refusal> {
    let given = |name: &str| fields.has(name).then(|| fields.text(name)).transpose();
    Ok(ChangeEnrolment {
        ref_token: given("ref_token")?.map(Option::unwrap_or_default),
        state: fields.named("state", EnrolmentState::named, EnrolmentState::NAMES)?,
        coupon: given("coupon")?,
        display_coupon: given("display_coupon")?,
        direct_url: given("direct_url")?,
        for_promoters: Customisation {
            rules: rules(fields, "rewards_for_promoters")?,
            is_customized: fields.flag("promoter_rewards_customized")?,
        },
        for_referrals: Customisation {
            rules: rules(fields, "rewards_for_referrals")?,
            is_customized: fields.flag("referral_rewards_customized")?,
        },
        ..ChangeEnrolment::default()
    })
}

/// An empty list is a list: no reward at all.
///
/// Evidence: published v2 contract (`RewardConfig`); chosen (the empty list).
fn rules(fields: &Fields<'_>, name: &str) -> Result<Option<Vec<RewardRule>>, Refusal> {
    if !fields.has(name) || fields.is_cleared(name) {
        return Ok(None);
    }
    fields.each(name)?.iter().map(rule).collect::<Result<_, _>>().map(Some)
}

fn rule(fields: &Fields<'_>) -> Result<RewardRule, Refusal> {
    let apply_on = fields.named("apply_on", ApplyOn::named, ApplyOn::NAMES)?;
    let plans = fields.ids("product_ids")?.unwrap_or_default();
    Ok(RewardRule {
        reward_id: fields
            .id("reward_id")?
            .map(RewardId::new)
            .ok_or_else(|| fields.invalid("reward_id", "an id"))?,
        apply_on: apply_on
            .ok_or_else(|| fields.invalid("apply_on", format!("one of {}", ApplyOn::NAMES.join(", "))))?,
        plan_ids: plans.into_iter().map(PlanId::new).collect(),
    })
}
