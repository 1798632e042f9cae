//! Deleting promoters.

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{ContractDocumentId, ConversionId, EnrolmentId, PromoterId, ReferralId};
use crate::domain::referral;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Deletes a promoter and everything that is his: enrolments with their referrals, visits and promo codes,
/// commissions, payouts, payout methods and contract documents. Whom he recruited stays without a parent; who
/// shared a referral with him gets the whole.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown promoter.
///
/// Evidence: v1 reference (that he can be deleted); chosen (what goes with him).
pub fn delete(state: &mut State, now: Timestamp, id: PromoterId) -> Result<(), Refusal> {
    if !state.promoters.contains(id) {
        return Err(Refusal::NotFound(Entity::Promoter));
    }
    delete_money(state, id);
    let enrolments: Vec<EnrolmentId> = state.enrolments.index().by_promoter.of(&id).collect();
    for enrolment in enrolments {
        delete_enrolment(state, now, enrolment)?;
    }
    let methods: Vec<_> = state.payout_methods.index().by_promoter.of(&id).collect();
    for method in methods {
        state.payout_methods.delete(method);
    }
    // Few accounts have many of these, and no other question about them needs an index.
    let documents = state.contract_documents.iter().filter(|document| document.promoter_id == id);
    let documents: Vec<ContractDocumentId> = documents.map(|document| document.id).collect();
    for document in documents {
        state.contract_documents.delete(document);
    }
    let recruited: Vec<PromoterId> = state.promoters.index().by_parent.of(&id).collect();
    for child in recruited {
        state.promoters.update(child, |promoter| promoter.parent = None);
    }
    state.promoters.delete(id);
    Ok(())
}

/// Commissions go whether they were paid or not, and the payouts with them.
fn delete_money(state: &mut State, id: PromoterId) {
    let commissions: Vec<_> = state.commissions.index().by_promoter.of(&id).collect();
    for commission in commissions {
        state.commissions.delete(commission);
    }
    let payouts: Vec<_> = state.payouts.index().by_promoter.of(&id).collect();
    for payout in payouts {
        state.payouts.delete(payout);
    }
}

fn delete_enrolment(state: &mut State, now: Timestamp, id: EnrolmentId) -> Result<(), Refusal> {
    let referrals: Vec<ReferralId> = state.referrals.index().by_enrolment.of(&id).collect();
    for referral in referrals {
        referral::delete(state, now, referral)?;
    }
    let shared: Vec<ReferralId> = state.referrals.index().by_partner.of(&id).collect();
    for referral in shared {
        state.referrals.update(referral, |row| row.share_no_more_with(id));
    }
    forget_events(state, id);
    let clicks: Vec<_> = state.clicks.index().by_enrolment.of(&id).collect();
    for click in clicks {
        let visitors: Vec<ReferralId> = state.referrals.index().by_click.of(&click).collect();
        for visitor in visitors {
            state.referrals.update(visitor, |row| row.click_id = None);
        }
        state.clicks.delete(click);
    }
    let codes: Vec<_> = state.promo_codes.index().by_enrolment.of(&id).collect();
    for code in codes {
        state.promo_codes.delete(code);
    }
    state.enrolments.delete(id);
    Ok(())
}

/// Events of referrals that went to another promoter and left their past here.
fn forget_events(state: &mut State, id: EnrolmentId) {
    let events: Vec<ConversionId> = state.conversions.index().by_enrolment.of(&id).collect();
    for event in events {
        let earned: Vec<_> = state.commissions.index().by_conversion.of(&event).collect();
        for commission in earned {
            state.commissions.update(commission, |row| row.conversion_id = None);
        }
        state.conversions.delete(event);
    }
}
