//! Making, changing, copying and deleting e-mails, and the theme around them.

use super::trigger::Cause;
use super::{Email, round};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, EmailId};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// An e-mail as its author wrote it.
#[derive(Clone, Debug)]
pub struct EmailDraft {
    /// Its name.
    pub name: String,
    /// The subject.
    pub subject: String,
    /// The content in HTML.
    pub content: String,
    /// The campaigns whose promoters get it; empty: all.
    pub allowed_campaign_ids: Vec<CampaignId>,
    /// Whether the trigger works.
    pub is_enabled: bool,
    /// What triggers it.
    pub cause: Cause,
}

/// Makes an e-mail.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown campaign.
///
/// Evidence: published v2 emails document.
pub fn create(state: &mut State, now: Timestamp, draft: EmailDraft) -> Result<EmailId, Refusal> {
    require_campaigns(state, &draft)?;
    let id = state.ids.issue();
    state.emails.insert(Email {
        id,
        name: draft.name,
        subject: draft.subject,
        content: draft.content,
        allowed_campaign_ids: draft.allowed_campaign_ids,
        is_enabled: draft.is_enabled,
        cause: draft.cause,
        edition: 1,
        created_at: now,
        updated_at: now,
    });
    round::plan(state, now, id);
    Ok(id)
}

/// Writes an e-mail anew. What its trigger let be due before is still sent if the trigger is of the same kind,
/// with the new text; rounds begin anew.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown e-mail or campaign.
///
/// Evidence: published v2 emails document; chosen (what becomes of e-mails that are due).
pub fn update(state: &mut State, now: Timestamp, id: EmailId, draft: EmailDraft) -> Result<(), Refusal> {
    if !state.emails.contains(id) {
        return Err(Refusal::NotFound(Entity::Email));
    }
    require_campaigns(state, &draft)?;
    state.emails.update(id, |email| {
        email.name = draft.name;
        email.subject = draft.subject;
        email.content = draft.content;
        email.allowed_campaign_ids = draft.allowed_campaign_ids;
        email.is_enabled = draft.is_enabled;
        email.cause = draft.cause;
        email.edition += 1;
        email.updated_at = now;
    });
    round::plan(state, now, id);
    Ok(())
}

/// Makes another e-mail of the same text. Its trigger does not work, so that nobody gets both.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown e-mail.
///
/// Evidence: published v2 emails document; chosen (the name and the trigger of the copy).
pub fn copy(state: &mut State, now: Timestamp, id: EmailId) -> Result<EmailId, Refusal> {
    let original = state.emails.get(id).ok_or(Refusal::NotFound(Entity::Email))?.clone();
    let copy_id = state.ids.issue();
    state.emails.insert(Email {
        id: copy_id,
        name: format!("Copy of {}", original.name),
        is_enabled: false,
        edition: 1,
        created_at: now,
        updated_at: now,
        ..original
    });
    Ok(copy_id)
}

/// Deletes an e-mail; nothing more of it is sent, and copies that went out stay.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown e-mail.
///
/// Evidence: published v2 emails document; chosen (what stays).
pub fn delete(state: &mut State, id: EmailId) -> Result<(), Refusal> {
    state.emails.delete(id).map(|_| ()).ok_or(Refusal::NotFound(Entity::Email))
}

/// Puts other HTML around every e-mail.
///
/// Evidence: published v2 emails document.
pub fn change_theme(state: &mut State, html: String) {
    state.company_mut().email_theme = Some(html);
}

fn require_campaigns(state: &State, draft: &EmailDraft) -> Result<(), Refusal> {
    let all_exist = draft.allowed_campaign_ids.iter().all(|id| state.campaigns.contains(*id));
    if all_exist { Ok(()) } else { Err(Refusal::NotFound(Entity::Campaign)) }
}
