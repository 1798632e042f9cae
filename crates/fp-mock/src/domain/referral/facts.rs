//! What lists of referrals are filtered by.

use super::record::{EntrySource, FraudCheck, Referral, ReferralState};
use super::selection::Selection;
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Block, Places, short};
use crate::domain::members::Members;

/// Facts of one referral.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    created_at: Timestamp,
    customer_since: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    enrolment: u32,
    plan: u32,
    state: ReferralState,
    entry_source: EntrySource,
    fraud_check: FraudCheck,
}

impl Facts {
    /// Those of a row.
    pub fn of(row: &Referral) -> Self {
        Self {
            created_at: row.created_at,
            customer_since: row.customer_since,
            cancelled_at: row.cancelled_at,
            enrolment: short(row.enrolment_id.0),
            plan: row.plan_id.map_or(0, |id| short(id.0)),
            state: row.state,
            entry_source: row.entry_source,
            fraud_check: row.fraud_check,
        }
    }

    /// What a row is searched for by: lines in lower case.
    pub fn text(row: &Referral) -> String {
        let texts = [&row.email, &row.uid, &row.details.username, &row.details.website];
        let mut lines = String::new();
        for text in texts.into_iter().flatten() {
            lines.push_str(&text.to_lowercase());
            lines.push('\n');
        }
        lines
    }

    /// Leaves of a block what is wanted, as far as facts tell.
    pub fn narrow(
        wanted: &Selection,
        enrolments: Option<&Members>,
        block: &Block<'_, Self>,
        places: &mut Places,
    ) {
        if !wanted.states.is_empty() {
            let mask = ReferralState::mask(&wanted.states);
            block.keep(places, |facts| mask & facts.state.bit() != 0);
        }
        if !wanted.entry_sources.is_empty() {
            let mask = EntrySource::mask(&wanted.entry_sources);
            block.keep(places, |facts| mask & facts.entry_source.bit() != 0);
        }
        if !wanted.fraud_checks.is_empty() {
            let mask = FraudCheck::mask(&wanted.fraud_checks);
            block.keep(places, |facts| mask & facts.fraud_check.bit() != 0);
        }
        if !wanted.plans.is_empty() {
            block.keep(places, |facts| wanted.plans.iter().any(|id| short(id.0) == facts.plan));
        }
        if let Some(enrolments) = enrolments {
            block.keep(places, |facts| enrolments.has(facts.enrolment.into()));
        }
        if let Some(is_customer) = wanted.is_customer {
            block.keep(places, |facts| facts.customer_since.is_some() == is_customer);
        }
        if !wanted.created_at.is_open() {
            block.keep(places, |facts| wanted.created_at.holds(&facts.created_at));
        }
        if !wanted.customer_since.is_open() {
            block.keep(places, |facts| wanted.customer_since.holds_some(facts.customer_since.as_ref()));
        }
        if !wanted.cancelled_at.is_open() {
            block.keep(places, |facts| wanted.cancelled_at.holds_some(facts.cancelled_at.as_ref()));
        }
    }
}
