//! Sending e-mails: copies are kept, none leaves the machine.

use super::occasion::Dispatch;
use super::render::{Values, theme};
use super::trigger::TriggerName;
use super::{Email, SentEmail, audience};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EmailId, EnrolmentId, PromoterId, SentEmailId};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Sends an e-mail to every accepted promoter of its campaigns who wants e-mails, whether its trigger works or
/// not, and answers to how many.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown e-mail.
///
/// Evidence: published v2 emails document (that it is sent); chosen (to whom).
pub fn send_now(state: &mut State, now: Timestamp, id: EmailId) -> Result<usize, Refusal> {
    let email = state.emails.get(id).ok_or(Refusal::NotFound(Entity::Email))?;
    let audience = audience::all(state, email);
    let copies: Vec<Copy> = audience
        .into_iter()
        .filter_map(|(promoter, enrolment)| Copy::plain(state, email, promoter, enrolment))
        .collect();
    let count = copies.len();
    for copy in copies {
        copy.keep(state, now);
    }
    Ok(count)
}

/// Sends an e-mail with sample values to the company's user, and answers his address.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown e-mail.
///
/// Evidence: published v2 emails document; chosen (sample values).
pub fn send_test(state: &mut State, now: Timestamp, id: EmailId) -> Result<String, Refusal> {
    let email = state.emails.get(id).ok_or(Refusal::NotFound(Entity::Email))?;
    let values = Values::sample(&state.company);
    let copy = Copy {
        email_id: Some(id),
        subject: values.fill(&email.subject),
        html: values.page(theme(&state.company), &email.content),
        ..Copy::test(state)
    };
    Ok(copy.keep_and_name(state, now))
}

/// Sends the theme with a sample content to the company's user, and answers his address.
///
/// Evidence: published v2 emails document; chosen (the content).
pub fn send_theme_test(state: &mut State, now: Timestamp) -> String {
    let values = Values::sample(&state.company);
    let content = "<p>This is how your emails look, {{first_name}}.</p>";
    let copy = Copy {
        subject: values.fill("Test of the email theme of {{company_name}}"),
        html: values.page(theme(&state.company), content),
        ..Copy::test(state)
    };
    copy.keep_and_name(state, now)
}

/// Sends an e-mail that a trigger let be due, if its trigger still works and the promoter may get it. The
/// e-mail about a count goes to an enrolment once.
///
/// Evidence: chosen.
pub fn dispatch(state: &mut State, now: Timestamp, due: &Dispatch) {
    let Some(email) = state.emails.get(due.email_id) else { return };
    if !email.is_enabled || email.cause.name() != due.trigger {
        return;
    }
    let sent = &state.sent_emails.index().by_enrolment;
    if due.trigger == TriggerName::CountReached && sent.count(&(due.email_id, due.enrolment_id)) > 0 {
        return;
    }
    if let Some(copy) = Copy::of(state, email, due) {
        copy.keep(state, now);
    }
}

/// A copy that is about to be kept.
struct Copy {
    email_id: Option<EmailId>,
    addressee: Option<(PromoterId, EnrolmentId)>,
    to: String,
    subject: String,
    html: String,
}

impl Copy {
    fn test(state: &State) -> Self {
        let to = state.company.user_email.clone();
        Self { email_id: None, addressee: None, to, subject: String::new(), html: String::new() }
    }

    fn of(state: &State, email: &Email, due: &Dispatch) -> Option<Self> {
        let enrolment = state.enrolments.get(due.enrolment_id)?;
        let promoter = audience::one(state, enrolment, due.trigger)?;
        let mut values = Values::of(state, promoter, enrolment);
        if let Some(referral) = due.referral_id.and_then(|id| state.referrals.get(id)) {
            values = values.with_referral(referral);
        }
        if let Some(commission) = due.commission_id.and_then(|id| state.commissions.get(id)) {
            values = values.with_commission(commission, &state.company.rates.base);
        }
        Some(Self::filled(state, email, (promoter.id, enrolment.id), &promoter.email, &values))
    }

    fn plain(state: &State, email: &Email, promoter: PromoterId, enrolment: EnrolmentId) -> Option<Self> {
        let (promoter, enrolment) = (state.promoters.get(promoter)?, state.enrolments.get(enrolment)?);
        let values = Values::of(state, promoter, enrolment);
        Some(Self::filled(state, email, (promoter.id, enrolment.id), &promoter.email, &values))
    }

    fn filled(
        state: &State,
        email: &Email,
        addressee: (PromoterId, EnrolmentId),
        to: &str,
        values: &Values,
    ) -> Self {
        Self {
            email_id: Some(email.id),
            addressee: Some(addressee),
            to: to.to_owned(),
            subject: values.fill(&email.subject),
            html: values.page(theme(&state.company), &email.content),
        }
    }

    fn keep(self, state: &mut State, now: Timestamp) -> SentEmailId {
        let row = SentEmail {
            id: state.ids.issue(),
            email_id: self.email_id,
            promoter_id: self.addressee.map(|(promoter, _)| promoter),
            enrolment_id: self.addressee.map(|(_, enrolment)| enrolment),
            to: self.to,
            subject: self.subject,
            html: self.html,
            is_test: self.addressee.is_none(),
            sent_at: now,
        };
        state.sent_emails.insert(row).id
    }

    fn keep_and_name(self, state: &mut State, now: Timestamp) -> String {
        let to = self.to.clone();
        self.keep(state, now);
        to
    }
}
