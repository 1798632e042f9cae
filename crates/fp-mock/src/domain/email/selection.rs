//! Which e-mails a list is about.

use std::cmp::Ordering;

use super::Email;
use super::trigger::TriggerName;
use crate::domain::ids::CampaignId;
use crate::domain::lookup::{folded, holds};
use crate::domain::named::named_values;
use crate::domain::span::Span;
use crate::domain::state::State;

/// What e-mails must be to be listed; what is empty or open asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// In lower case: part of the name or subject.
    pub q: Option<String>,
    /// Whether the trigger works.
    pub is_enabled: Option<bool>,
    /// What triggers it.
    pub triggers: Vec<TriggerName>,
    /// How many copies went out.
    pub sent_count: Span<i64>,
    /// Whose promoters get it: those of one of these campaigns.
    pub campaigns: Vec<CampaignId>,
}

named_values! {
    /// What e-mails are sorted by.
    ///
    /// Evidence: published v2 emails document.
    SortKey {
        /// How many copies went out.
        SentCount = "sent_count",
        /// The subject.
        Subject = "subject",
    }
}

/// By what, and whether the largest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// By what.
    pub key: SortKey,
    /// Whether the largest comes first.
    pub is_descending: bool,
}

/// The e-mails that fit, by the criteria in their order, the newest first among equals.
///
/// Evidence: published v2 emails document (filters, what `q` searches, sorting); chosen (the newest first, and
/// that an e-mail to all campaigns is one to each).
pub fn select<'a>(state: &'a State, wanted: &Selection, sorting: &[Sorting]) -> Vec<&'a Email> {
    let mut rows: Vec<&Email> = state.emails.iter().rev().filter(|row| fits(state, wanted, row)).collect();
    rows.sort_by(|a, b| {
        let by_criteria = sorting.iter().map(|criterion| compare(state, *criterion, a, b));
        by_criteria.fold(Ordering::Equal, Ordering::then)
    });
    rows
}

fn sent_count(state: &State, email: &Email) -> i64 {
    state.sent_emails.index().sent_count(email.id) as i64
}

fn fits(state: &State, wanted: &Selection, row: &Email) -> bool {
    wanted.is_enabled.is_none_or(|is_enabled| row.is_enabled == is_enabled)
        && (wanted.triggers.is_empty() || wanted.triggers.contains(&row.cause.name()))
        && wanted.sent_count.holds(&sent_count(state, row))
        && (wanted.campaigns.is_empty() || wanted.campaigns.iter().any(|campaign| row.reaches(*campaign)))
        && wanted.q.as_deref().is_none_or(|part| holds(&row.name, part) || holds(&row.subject, part))
}

fn compare(state: &State, sorting: Sorting, a: &Email, b: &Email) -> Ordering {
    let ascending = match sorting.key {
        SortKey::SentCount => sent_count(state, a).cmp(&sent_count(state, b)),
        SortKey::Subject => folded(&a.subject).cmp(&folded(&b.subject)),
    };
    if sorting.is_descending { ascending.reverse() } else { ascending }
}
