//! What lists of referrals are filtered by.

use super::record::{EntrySource, FraudCheck, Referral, ReferralState};
use super::selection::Selection;
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Block, Places, ShortIds, columns, short};

columns! {
    /// Facts of one referral.
    Facts,
    /// Facts of referrals.
    FactColumns {
        created_at: Timestamp,
        customer_since: Option<Timestamp>,
        cancelled_at: Option<Timestamp>,
        enrolment: u32,
        plan: u32,
        state: ReferralState,
        entry_source: EntrySource,
        fraud_check: FraudCheck,
    }
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
}

/// What facts are held against.
#[derive(Clone, Debug)]
pub struct Test<'a> {
    wanted: &'a Selection,
    plans: Option<ShortIds>,
    enrolments: Option<ShortIds>,
}

impl<'a> Test<'a> {
    /// The test for what is wanted, of referrals of these enrolments, as far as facts tell.
    pub fn of(wanted: &'a Selection, enrolments: Option<ShortIds>) -> Self {
        let plans = (!wanted.plans.is_empty()).then(|| ShortIds::of(wanted.plans.iter().map(|id| id.0)));
        Self { wanted, plans, enrolments }
    }

    /// Leaves of a block what is wanted.
    pub fn narrow(&self, block: &Block<'_, FactColumns>, places: &mut Places) {
        let (wanted, facts) = (self.wanted, block.facts);
        if !wanted.states.is_empty() {
            let mask = ReferralState::mask(&wanted.states);
            places.keep(&facts.state, |state| mask & state.bit() != 0);
        }
        if !wanted.entry_sources.is_empty() {
            let mask = EntrySource::mask(&wanted.entry_sources);
            places.keep(&facts.entry_source, |source| mask & source.bit() != 0);
        }
        if !wanted.fraud_checks.is_empty() {
            let mask = FraudCheck::mask(&wanted.fraud_checks);
            places.keep(&facts.fraud_check, |check| mask & check.bit() != 0);
        }
        if let Some(plans) = &self.plans {
            plans.keep(places, &facts.plan);
        }
        if let Some(enrolments) = &self.enrolments {
            enrolments.keep(places, &facts.enrolment);
        }
        if let Some(is_customer) = wanted.is_customer {
            places.keep(&facts.customer_since, |since| since.is_some() == is_customer);
        }
        places.keep_within(&facts.created_at, &wanted.created_at);
        places.keep_some_within(&facts.customer_since, &wanted.customer_since);
        places.keep_some_within(&facts.cancelled_at, &wanted.cancelled_at);
    }
}
