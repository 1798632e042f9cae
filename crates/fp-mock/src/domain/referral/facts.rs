//! What lists of referrals are filtered by.

use super::record::{EntrySource, FraudCheck, Referral, ReferralState};
use super::selection::Selection;
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Members, short};

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
        let texts = [&row.email, &row.uid, &row.username, &row.website];
        let mut lines = String::new();
        for text in texts.into_iter().flatten() {
            lines.push_str(&text.to_lowercase());
            lines.push('\n');
        }
        lines
    }

    /// Whether they are what is wanted, as far as they tell.
    pub fn fit(&self, wanted: &Selection, enrolments: Option<&Members>) -> bool {
        fn any<T: PartialEq>(wanted: &[T], value: &T) -> bool {
            wanted.is_empty() || wanted.contains(value)
        }
        any(&wanted.states, &self.state)
            && any(&wanted.entry_sources, &self.entry_source)
            && any(&wanted.fraud_checks, &self.fraud_check)
            && (wanted.plans.is_empty() || wanted.plans.iter().any(|id| short(id.0) == self.plan))
            && enrolments.is_none_or(|enrolments| enrolments.has(self.enrolment))
            && wanted.is_customer.is_none_or(|is_customer| self.customer_since.is_some() == is_customer)
            && wanted.created_at.holds(&self.created_at)
            && wanted.customer_since.holds_some(self.customer_since.as_ref())
            && wanted.cancelled_at.holds_some(self.cancelled_at.as_ref())
    }
}
