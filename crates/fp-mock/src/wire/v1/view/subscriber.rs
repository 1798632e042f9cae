//! The event of somebody who left an address, shorter than the other events.

use serde::Serialize;

use crate::domain::conversion::Conversion;
use crate::domain::ids::ConversionId;
use crate::domain::state::State;
use crate::wire::legacy::{Lead, Promoter};

/// A subscription with its lead and its promoter.
#[derive(Debug, Serialize)]
pub struct Subscriber<'a> {
    id: ConversionId,
    #[serde(rename = "type")]
    kind: &'static str,
    lead: Option<Lead<'a>>,
    promoter: Option<Promoter<'a>>,
}

impl<'a> Subscriber<'a> {
    /// Shows a subscription.
    ///
    /// Evidence: published v1 tracking document.
    pub fn of(state: &'a State, conversion: &Conversion) -> Self {
        let referral = state.referrals.get(conversion.referral_id);
        let enrolment = state.enrolments.get(conversion.enrolment_id);
        let promoter = enrolment.and_then(|enrolment| state.promoters.get(enrolment.promoter_id));
        Self {
            id: conversion.id,
            kind: conversion.kind.name(),
            lead: referral.map(|referral| Lead::summary(state, referral)),
            promoter: promoter.map(|promoter| Promoter::summary(state, promoter)),
        }
    }
}
