//! Tracked events in the older shape.

use serde::Serialize;

use super::{Lead, Promoter, Reward};
use crate::domain::commission::Commission;
use crate::domain::conversion::{Conversion, ConversionKind};
use crate::domain::ids::ConversionId;
use crate::domain::money::Amount;
use crate::domain::state::State;

/// A tracked event with the reward it made, its lead and its promoter.
#[derive(Debug, Serialize)]
pub struct Event<'a> {
    id: ConversionId,
    #[serde(rename = "type")]
    kind: &'static str,
    amount_cents: Option<Amount>,
    reward: Option<Reward<'a>>,
    lead: Option<Lead<'a>>,
    promoter: Option<Promoter<'a>>,
}

impl<'a> Event<'a> {
    /// Shows an event. Of several rewards the promoter's own is shown.
    ///
    /// Evidence: published v1 tracking document, published v2 tracking document (refund and cancellation); which
    /// reward is shown is chosen.
    pub fn of(state: &'a State, conversion: &'a Conversion) -> Self {
        let has_amount = matches!(conversion.kind, ConversionKind::Sale | ConversionKind::Refund);
        let referral = state.referrals.get(conversion.referral_id);
        let enrolment = state.enrolments.get(conversion.enrolment_id);
        let promoter = enrolment.and_then(|enrolment| state.promoters.get(enrolment.promoter_id));
        Self {
            id: conversion.id,
            kind: conversion.kind.name(),
            amount_cents: has_amount.then_some(conversion.amount),
            reward: own_commission(state, conversion).map(|row| Reward::of_event(state, row)),
            lead: referral.map(|referral| Lead::summary(state, referral)),
            promoter: promoter.map(|promoter| Promoter::summary(state, promoter)),
        }
    }
}

fn own_commission<'a>(state: &'a State, conversion: &Conversion) -> Option<&'a Commission> {
    let ids = state.commissions.index().by_conversion.of(&conversion.id);
    let mut made = ids.filter_map(|id| state.commissions.get(id));
    made.find(|row| row.tier == 1 && row.enrolment_id == conversion.enrolment_id)
}
