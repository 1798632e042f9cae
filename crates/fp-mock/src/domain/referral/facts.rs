//! What lists of referrals are filtered by.

use std::borrow::Cow;

use super::record::{EntrySource, FraudCheck, Referral, ReferralState};
use super::selection::Selection;
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Block, Facets, Places, ShortIds, Spanned, columns, short};
use crate::domain::ids::ReferralId;

columns! {
    /// Facts of one referral.
    Facts,
    /// Facts of referrals.
    FactColumns {
        created_at: Timestamp => Spanned<Timestamp>,
        customer_since: Option<Timestamp>,
        cancelled_at: Option<Timestamp>,
        enrolment: u32,
        plan: u32,
        state: ReferralState,
        entry_source: EntrySource,
        fraud_check: FraudCheck,
        /// How many bytes of its text are its name, if it has one.
        name: u32,
        /// How many bytes of its text commissions are searched for by: its e-mail address and uid.
        head: u16,
    }
}

/// What stands for all heads that are as long or longer.
pub(super) const LONG: u16 = u16::MAX;
/// What stands for a referral without a name.
const NAMELESS: u32 = u32::MAX;

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
            head: u16::try_from(head(row)).unwrap_or(LONG),
            name: row.name().map_or(NAMELESS, |name| lower(name).len() as u32),
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

/// How many bytes of a row's text are its e-mail address and uid.
fn head(row: &Referral) -> usize {
    [&row.email, &row.uid].into_iter().flatten().map(|text| lower(text).len() + 1).sum()
}

/// A text as it is searched for and compared.
pub fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase())
}

/// The referrals that have names, in the order of their ids, and their names in lower case.
pub fn named(facets: &Facets<FactColumns>) -> impl Iterator<Item = (ReferralId, &str)> {
    facets.blocks().flat_map(|block| {
        let rows = block.ids().zip(block.texts()).zip(&block.facts.name);
        let named = rows.filter(|(_, length)| **length != NAMELESS);
        named.map(|((id, text), length)| (ReferralId(id), &text[..*length as usize]))
    })
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
        facts.created_at.keep_within(places, &wanted.created_at);
        places.keep_some_within(&facts.customer_since, &wanted.customer_since);
        places.keep_some_within(&facts.cancelled_at, &wanted.cancelled_at);
    }
}
