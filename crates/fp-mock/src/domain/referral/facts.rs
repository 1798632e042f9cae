//! What lists of referrals are filtered by.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::record::{EntrySource, FraudCheck, Referral, ReferralState};
use super::selection::Selection;
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Block, Facets, Places, ShortIds, Sometimes, Spanned, Text, columns, short};
use crate::domain::ids::ReferralId;

columns! {
    /// Facts of one referral.
    Facts,
    /// Facts of referrals.
    FactColumns {
        created_at: Timestamp => Spanned<Timestamp>,
        customer_since: Option<Timestamp> => Sometimes<Timestamp>,
        cancelled_at: Option<Timestamp> => Sometimes<Timestamp>,
        enrolment: u32,
        plan: u32,
        state: ReferralState,
        entry_source: EntrySource,
        fraud_check: FraudCheck,
        /// How many bytes its name has in lower case, if it has one.
        name: u32,
    }
}

/// What stands for a referral without a name.
const NAMELESS: u32 = u32::MAX;

impl Facts {
    /// Those of a row.
    pub fn of(row: &Referral) -> Self {
        Self {
            created_at: row.created_at,
            customer_since: row.customer_since,
            cancelled_at: row.cancelled_at,
            enrolment: short(row.enrolment_id.number()),
            plan: row.plan_id.map_or(0, |id| short(id.number())),
            state: row.state,
            entry_source: row.entry_source,
            fraud_check: row.fraud_check,
            name: row.name().map_or(NAMELESS, |name| lower(name).len() as u32),
        }
    }

    /// What a row is searched for by: commissions by its e-mail address and uid, referrals by all of it.
    pub fn text(row: &Referral) -> Text<'_> {
        let (mut text, mut lines) = (Text::default(), String::new());
        if let Some(email) = &row.email {
            let email = lower(email);
            let (address, domain) = parted(&email);
            lines.extend([address, "\n"]);
            text.domain = match email {
                Cow::Borrowed(email) => Cow::Borrowed(parted(email).1),
                Cow::Owned(_) => Cow::Owned(domain.to_owned()),
            };
        }
        lines.extend(row.uid.iter().flat_map(|uid| [lower(uid), "\n".into()]));
        text.lines = lines.into();
        let details = [&row.details.username, &row.details.website].into_iter().flatten();
        text.details = details.flat_map(|detail| [lower(detail), "\n".into()]).collect::<String>().into();
        text
    }
}

/// An address, up to its last @, and its domain, which is empty if that is not the one line that has it.
fn parted(email: &str) -> (&str, &str) {
    match email.rfind('@') {
        Some(at) if !email.contains('\n') => email.split_at(at + 1),
        _ => (email, ""),
    }
}

/// A text as it is searched for and compared.
pub fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase())
}

/// A name in lower case, in the order of its bytes. The domain of an e-mail address lies apart.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    begin: &'a str,
    domain: &'a str,
}

impl Name<'_> {
    /// Its bytes.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.begin.bytes().chain(self.domain.bytes())
    }
}

impl Ord for Name<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Mostly the begins differ.
        let both = self.begin.len().min(other.begin.len());
        let (ours, theirs) = (&self.begin.as_bytes()[..both], &other.begin.as_bytes()[..both]);
        ours.cmp(theirs).then_with(|| self.bytes().skip(both).cmp(other.bytes().skip(both)))
    }
}

impl PartialOrd for Name<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Name<'_> {}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

/// The referrals that have names, in the order of their ids, and their names.
pub fn named(facets: &Facets<FactColumns>) -> impl Iterator<Item = (ReferralId, Name<'_>)> {
    facets.blocks().flat_map(|block| {
        let rows = block.ids().zip(block.texts()).zip(&block.facts.name);
        let named = rows.filter(|(_, length)| **length != NAMELESS);
        named.map(|((id, (lines, domain)), length)| {
            let begin = &lines[..*length as usize - domain.len()];
            (ReferralId::new(id), Name { begin, domain })
        })
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
        let plans =
            (!wanted.plans.is_empty()).then(|| ShortIds::of(wanted.plans.iter().map(|id| id.number())));
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
            facts.customer_since.keep_present(places, is_customer);
        }
        facts.created_at.keep_within(places, &wanted.created_at);
        facts.customer_since.keep_within(places, &wanted.customer_since);
        facts.cancelled_at.keep_within(places, &wanted.cancelled_at);
    }
}
