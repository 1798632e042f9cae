//! Signups and sales as v2 shows them. Refunds and cancellations have the older shape.

use serde::Serialize;

use super::commission::Tracked;
use super::reference;
use crate::clock::timestamp::Timestamp;
use crate::domain::conversion::{Conversion, ConversionKind};
use crate::domain::ids::ConversionId;
use crate::domain::money::Amount;
use crate::domain::state::State;

/// A signup or sale with its referral and the commissions it made.
#[derive(Debug, Serialize)]
pub struct Event<'a> {
    id: ConversionId,
    etype: &'static str,
    sale_amount: Option<Amount>,
    original_sale_amount: Option<Amount>,
    original_sale_currency: Option<&'a str>,
    event_id: Option<&'a str>,
    plan_id: Option<&'a str>,
    billing_period: Option<&'static str>,
    created_at: Timestamp,
    referral: Option<reference::Referral<'a>>,
    commissions: Vec<Tracked<'a>>,
}

impl<'a> Event<'a> {
    /// Shows a signup or sale. `plan_id` is the plan's id at the billing provider.
    ///
    /// Evidence: published v2 tracking document.
    pub fn of(state: &'a State, conversion: &'a Conversion) -> Self {
        let is_sale = conversion.kind == ConversionKind::Sale;
        let plan = conversion.plan_id.and_then(|id| state.plans.get(id));
        let made = state.commissions.index().by_conversion.of(&conversion.id);
        let made = made.filter_map(|id| state.commissions.get(id));
        Self {
            id: conversion.id,
            etype: conversion.kind.name(),
            sale_amount: is_sale.then_some(conversion.amount),
            original_sale_amount: is_sale.then_some(conversion.original_amount),
            original_sale_currency: conversion.original_currency.as_ref().map(|currency| currency.code()),
            event_id: conversion.event_id.as_deref(),
            plan_id: plan.map(|plan| plan.ext_id.as_str()),
            billing_period: conversion.billing.map(|billing| billing.name()),
            created_at: conversion.created_at,
            referral: state.referrals.get(conversion.referral_id).map(reference::Referral::of),
            commissions: made.map(|row| Tracked::of(state, row)).collect(),
        }
    }
}
