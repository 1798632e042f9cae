//! Visits that are told by a page of the promoter's own, without a token in the link.

use super::Enrolment;
use crate::domain::ids::EnrolmentId;
use crate::domain::refusal::FieldError;
use crate::domain::state::State;

/// The part of a URL that tells a page from others: no query, no fragment, no slash at its end.
///
/// Evidence: chosen.
fn page_of(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/')
}

impl Enrolment {
    /// The page that tells this enrolment's visits, if one does.
    pub(super) fn telling_page(&self) -> Option<&str> {
        self.direct_url.as_deref().filter(|_| self.url_tracking).map(page_of)
    }
}

/// The enrolment whose visits this page tells.
///
/// Evidence: v1 reference (`url_tracking`).
pub fn by_own_page<'a>(state: &'a State, url: &str) -> Option<&'a Enrolment> {
    let id = state.enrolments.index().by_own_page.first(page_of(url))?;
    state.enrolments.get(id)
}

/// What is wrong with telling visits by `url` for the enrolment `own` (`None`: for a new one): it tells another's.
///
/// Evidence: v1 reference (unique for each promoter).
pub(super) fn telling_problem(state: &State, url: &str, own: Option<EnrolmentId>) -> Option<FieldError> {
    let holder = by_own_page(state, url)?.id;
    (Some(holder) != own).then(|| FieldError::new("direct_url", "has already been taken"))
}
