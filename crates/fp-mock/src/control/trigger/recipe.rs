//! What each event needs, and what makes it happen.

use super::Kind;
use super::stage::{Done, Stage};
use crate::domain::campaign::Threshold;
use crate::domain::commission::{self, CommissionStatus};
use crate::domain::contract_document;
use crate::domain::conversion::{self, Cancellation};
use crate::domain::enrolment::{self, ChangeEnrolment, EnrolmentState};
use crate::domain::ids::CampaignId;
use crate::domain::json::JsonObject;
use crate::domain::payments_batch;
use crate::domain::payout;
use crate::domain::payout_method::{self, ChangePayoutMethod};
use crate::domain::promoter::{self, ChangePromoter, ProfileField};
use crate::domain::referral;
use crate::domain::refusal::{Entity, Refusal};
use crate::webhooks::delivery::LegacyType as Legacy;
use crate::webhooks::event_type::EventType as Current;

/// Makes what the event needs, in a transaction of its own.
pub(super) fn prepare(stage: &mut Stage<'_>) -> Done<()> {
    match stage.kind {
        Kind::Current(kind) => match kind {
            Current::PromoterCreated | Current::PromoterCampaignCreated => Ok(()),
            Current::PromoterUpdated
            | Current::PromoterProfileUpdated
            | Current::PromoterDeleted
            | Current::PromoterCampaignUpdated
            | Current::PromoterCampaignDeleted
            | Current::ReferralCreated => stage.enrolment().map(drop),
            Current::PromoterBalanceUpdated
            | Current::ReferralUpdated
            | Current::ReferralDeleted
            | Current::ReferralMoved
            | Current::CommissionCreated => stage.referral().map(drop),
            Current::CommissionUpdated | Current::CommissionDeleted => stage.commission().map(drop),
            Current::PayoutCreated | Current::PayoutCommissionsCreated => stage.payable().map(drop),
            Current::PayoutUpdated
            | Current::PayoutDeleted
            | Current::PayoutCommissionsUpdated
            | Current::PayoutCommissionsDeleted => stage.payout().map(drop),
            Current::PayoutMethodCreated => stage.promoter().map(drop),
            Current::PayoutMethodUpdated | Current::PayoutMethodDeleted => stage.payout_method().map(drop),
            Current::PaymentsBatchCreated => {
                stage.payout_method()?;
                stage.payout().map(drop)
            }
            Current::PaymentsBatchUpdated | Current::PaymentsBatchDeleted => stage.payments_batch().map(drop),
            Current::ContractDocumentSigned => stage.contract_document().map(drop),
        },
        Kind::Legacy(kind) => match kind {
            Legacy::PromoterSignedUp => Ok(()),
            Legacy::PromoterAccepted => stage.new_promoter(Some(EnrolmentState::Pending)).map(drop),
            Legacy::LeadSignup | Legacy::FulfilmentPending => stage.enrolment().map(drop),
            Legacy::LeadBecomesReferral | Legacy::NewCustomer | Legacy::RewardCreated => {
                stage.referral().map(drop)
            }
            Legacy::LeadCancelled => stage.sale(),
        },
    }
}

/// Lets the event happen.
pub(super) fn act(stage: &mut Stage<'_>) -> Done<()> {
    match stage.kind {
        Kind::Current(kind) => act_current(stage, kind),
        Kind::Legacy(kind) => match kind {
            Legacy::PromoterSignedUp => stage.new_promoter(None).map(drop),
            Legacy::PromoterAccepted => {
                let (promoter, campaign) = (stage.promoter()?, stage.campaign()?);
                promoter::accept(stage.state, stage.now, promoter, campaign)
            }
            Legacy::LeadSignup => stage.referral().map(drop),
            Legacy::LeadBecomesReferral | Legacy::NewCustomer | Legacy::RewardCreated => stage.sale(),
            Legacy::LeadCancelled => cancel(stage),
            Legacy::FulfilmentPending => stage.custom(),
        },
    }
}

fn act_current(stage: &mut Stage<'_>, kind: Current) -> Done<()> {
    match kind {
        Current::PromoterCreated | Current::PromoterCampaignCreated => stage.new_promoter(None).map(drop),
        Current::PromoterUpdated => {
            let cust_id = Some(Some(format!("cus_{}", stage.state.ids.slug(8))));
            change_promoter(stage, ChangePromoter { cust_id, ..ChangePromoter::default() })
        }
        Current::PromoterProfileUpdated => {
            let website = format!("https://{}.example.com", stage.state.ids.slug(8));
            let profile = [(ProfileField::Website, Some(website))].into();
            change_promoter(stage, ChangePromoter { profile, ..ChangePromoter::default() })
        }
        Current::PromoterDeleted | Current::PromoterCampaignDeleted => {
            let id = stage.promoter()?;
            promoter::delete(stage.state, stage.now, id)
        }
        Current::PromoterCampaignUpdated => {
            let (id, token) = (stage.enrolment()?, stage.state.ids.slug(8));
            let change = ChangeEnrolment { ref_token: Some(token), ..ChangeEnrolment::default() };
            enrolment::change(stage.state, id, change)
        }
        Current::ReferralCreated => stage.referral().map(drop),
        Current::ReferralUpdated | Current::CommissionCreated => stage.sale(),
        Current::PromoterBalanceUpdated => stage.payable().map(drop),
        Current::ReferralDeleted => {
            let id = stage.referral()?;
            referral::delete(stage.state, stage.now, id)
        }
        Current::ReferralMoved => cross_threshold(stage),
        Current::CommissionUpdated => {
            let id = stage.commission()?;
            let approved = stage.state.commissions.get(id).map(|row| row.status);
            let decide = match approved {
                Some(CommissionStatus::Approved) => commission::deny,
                _ => commission::approve,
            };
            decide(stage.state, stage.now, id)
        }
        Current::CommissionDeleted => {
            let id = stage.commission()?;
            commission::delete(stage.state, stage.now, id)
        }
        Current::PayoutCreated | Current::PayoutCommissionsCreated => stage.payout().map(drop),
        Current::PayoutUpdated | Current::PayoutCommissionsUpdated => {
            let id = stage.payout()?;
            payout::mark_as_paid(stage.state, stage.now, id)
        }
        Current::PayoutDeleted | Current::PayoutCommissionsDeleted => {
            let id = stage.payout()?;
            payout::delete(stage.state, stage.now, id)
        }
        Current::PayoutMethodCreated => stage.payout_method().map(drop),
        Current::PayoutMethodUpdated => {
            let id = stage.payout_method()?;
            let details = JsonObject::from_iter([("account".to_owned(), stage.state.ids.slug(8).into())]);
            let change = ChangePayoutMethod { details: Some(details), ..ChangePayoutMethod::default() };
            payout_method::change(stage.state, id, change)
        }
        Current::PayoutMethodDeleted => {
            let id = stage.payout_method()?;
            payout_method::remove(stage.state, id)
        }
        Current::PaymentsBatchCreated => stage.payments_batch().map(drop),
        Current::PaymentsBatchUpdated => {
            let id = stage.payments_batch()?;
            payments_batch::step(stage.state, stage.now, id)
        }
        Current::PaymentsBatchDeleted => {
            let id = stage.payments_batch()?;
            payments_batch::delete(stage.state, id)
        }
        Current::ContractDocumentSigned => {
            let id = stage.contract_document()?;
            contract_document::sign(stage.state, stage.now, id)
        }
    }
}

fn change_promoter(stage: &mut Stage<'_>, change: ChangePromoter) -> Done<()> {
    let id = stage.promoter()?;
    promoter::change(stage.state, stage.now, id, &change)
}

fn cancel(stage: &mut Stage<'_>) -> Done<()> {
    let person = stage.person()?;
    let cancellation = Cancellation { person, event_id: None, created_at: None, notifies: true };
    conversion::cancellation(stage.state, stage.now, cancellation).map(drop)
}

/// A sale that takes the promoter over a threshold, which the campaign has for that moment only.
fn cross_threshold(stage: &mut Stage<'_>) -> Done<()> {
    let (campaign, promoter) = (stage.campaign()?, stage.promoter()?);
    let before = stage.state.campaigns.get(campaign).and_then(|campaign| campaign.threshold.clone());
    let to = before.as_ref().map(|threshold| threshold.to_campaign);
    let free = |id: &CampaignId| enrolment::in_campaign(stage.state, promoter, *id).is_none();
    let others = || stage.state.campaigns.iter().map(|row| row.id).filter(|id| *id != campaign);
    let to_campaign = to.filter(free).or_else(|| others().find(free));
    let problem = "there is no other campaign that the promoter could move to";
    let to_campaign = to_campaign.ok_or_else(|| Refusal::wrong_state(Entity::Campaign, problem))?;
    let threshold = Some(Threshold { customers: 1, to_campaign, moves_referrals: true });
    stage.state.campaigns.update(campaign, |row| row.threshold = threshold);
    stage.sale()?;
    stage.state.campaigns.update(campaign, |row| row.threshold = before);
    Ok(())
}
