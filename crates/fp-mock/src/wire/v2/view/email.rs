//! E-mails as v2 shows them.

use serde::Serialize;

use crate::clock::timestamp::Timestamp;
use crate::domain::email::{self, Cause, Rhythm};
use crate::domain::ids::{CampaignId, EmailId};
use crate::domain::state::State;

/// An e-mail.
///
/// Evidence: corrected contract (the published one declares no reply).
#[derive(Debug, Serialize)]
pub struct Email<'a> {
    id: EmailId,
    name: &'a str,
    subject: &'a str,
    content: &'a str,
    allowed_campaign_ids: &'a [CampaignId],
    trigger: Trigger,
    sent_count: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct Trigger {
    enabled: bool,
    trigger_on: &'static str,
    settings: Settings,
}

/// Only what the trigger needs.
#[derive(Debug, Default, Serialize)]
struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_interval: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_value: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period_in_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frequency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hour: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minute: Option<i8>,
}

impl<'a> Email<'a> {
    /// Shows an e-mail.
    pub fn of(state: &State, row: &'a email::Email) -> Self {
        Self {
            id: row.id,
            name: &row.name,
            subject: &row.subject,
            content: &row.content,
            allowed_campaign_ids: &row.allowed_campaign_ids,
            trigger: Trigger {
                enabled: row.is_enabled,
                trigger_on: row.cause.name().name(),
                settings: settings(row.cause),
            },
            sent_count: state.sent_emails.index().sent_count(row.id),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn settings(cause: Cause) -> Settings {
    let none = Settings::default();
    match cause {
        Cause::PromoterAccepted(delay) => {
            Settings { delay_interval: Some(delay.interval.name()), delay_value: Some(delay.value), ..none }
        }
        Cause::CountReached { metric, count } => {
            Settings { metric: Some(metric.name()), count: Some(count), ..none }
        }
        Cause::Inactivity { metric, period_in_days } => {
            Settings { metric: Some(metric.name()), period_in_days: Some(period_in_days), ..none }
        }
        Cause::Recurring(recurrence) => {
            let (frequency, day) = match recurrence.rhythm {
                Rhythm::Weekly { day } => ("weekly", day),
                Rhythm::Monthly { day } => ("monthly", day),
            };
            Settings {
                frequency: Some(frequency),
                day: Some(day),
                hour: Some(recurrence.hour),
                minute: Some(recurrence.minute),
                ..none
            }
        }
        Cause::PromoterRejected
        | Cause::RewardCreated
        | Cause::FulfilmentCompleted
        | Cause::LeadSignup
        | Cause::Broadcast => none,
    }
}

/// The HTML around every e-mail.
#[derive(Debug, Serialize)]
pub struct Theme<'a> {
    html: &'a str,
}

impl<'a> Theme<'a> {
    /// Shows a theme.
    pub fn of(html: &'a str) -> Self {
        Self { html }
    }
}

/// What was done, for people.
#[derive(Debug, Serialize)]
pub struct Done {
    message: String,
}

impl Done {
    /// Says what was done.
    pub fn new(message: String) -> Self {
        Self { message }
    }
}
