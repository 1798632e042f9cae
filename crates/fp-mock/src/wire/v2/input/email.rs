//! Parameters of e-mails.

use crate::domain::email::{
    Cause, Delay, DelayUnit, EmailDraft, Metric, Recurrence, Rhythm, Selection, SortKey, Sorting, TriggerName,
};
use crate::domain::ids::CampaignId;
use crate::domain::lookup::folded;
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::fields::Fields;

/// Longest delay, inactivity and count, so that no moment leaves the calendar.
///
/// Evidence: chosen.
const LARGEST: i64 = 1_000_000;

/// An e-mail as its author wrote it.
///
/// # Errors
/// [`Refusal::MissingParam`], [`Refusal::InvalidParam`].
///
/// Evidence: published v2 emails document (what is required).
pub fn draft(fields: &Fields<'_>) -> Result<EmailDraft, Refusal> {
    let (name, subject) = (fields.required_text("name")?, fields.required_text("subject")?);
    let content = fields.required_text("content")?;
    let campaigns =
        fields.ids("allowed_campaign_ids")?.ok_or(Refusal::MissingParam("allowed_campaign_ids"))?;
    let trigger = required_level(fields, "trigger")?;
    let is_enabled = trigger.flag("enabled")?.ok_or(Refusal::MissingParam("enabled"))?;
    let trigger_name = trigger_on(&trigger)?;
    let settings = required_level(&trigger, "settings")?;
    Ok(EmailDraft {
        name,
        subject,
        content,
        allowed_campaign_ids: campaigns.into_iter().map(CampaignId::new).collect(),
        is_enabled,
        cause: cause(trigger_name, &settings)?,
    })
}

fn required_level<'a>(fields: &Fields<'a>, name: &'static str) -> Result<Fields<'a>, Refusal> {
    if fields.has(name) && !fields.is_cleared(name) {
        fields.nested(name)
    } else {
        Err(Refusal::MissingParam(name))
    }
}

fn trigger_on(trigger: &Fields<'_>) -> Result<TriggerName, Refusal> {
    let names = TriggerName::SETTABLE.map(TriggerName::name);
    let settable =
        |name: &str| TriggerName::named(name).filter(|named| TriggerName::SETTABLE.contains(named));
    trigger.named("trigger_on", settable, &names)?.ok_or(Refusal::MissingParam("trigger_on"))
}

/// The trigger with the settings that it needs; others are dropped.
///
/// Evidence: published v2 emails document (which are needed); chosen (that others are dropped).
fn cause(trigger: TriggerName, settings: &Fields<'_>) -> Result<Cause, Refusal> {
    Ok(match trigger {
        TriggerName::PromoterAccepted => Cause::PromoterAccepted(Delay {
            interval: choice(settings, "delay_interval", DelayUnit::named, DelayUnit::NAMES)?,
            value: number(settings, "delay_value", 0, LARGEST)?,
        }),
        TriggerName::PromoterRejected => Cause::PromoterRejected,
        TriggerName::RewardCreated => Cause::RewardCreated,
        TriggerName::FulfilmentCompleted => Cause::FulfilmentCompleted,
        TriggerName::LeadSignup => Cause::LeadSignup,
        TriggerName::CountReached => {
            Cause::CountReached { metric: metric(settings)?, count: number(settings, "count", 1, LARGEST)? }
        }
        TriggerName::Inactivity => Cause::Inactivity {
            metric: metric(settings)?,
            period_in_days: number(settings, "period_in_days", 1, LARGEST)?,
        },
        TriggerName::Recurring => Cause::Recurring(recurrence(settings)?),
        // The others were turned away with the trigger's name.
        _ => Cause::Broadcast,
    })
}

fn metric(settings: &Fields<'_>) -> Result<Metric, Refusal> {
    choice(settings, "metric", Metric::named, Metric::NAMES)
}

fn recurrence(settings: &Fields<'_>) -> Result<Recurrence, Refusal> {
    let is_known = |name: &str| matches!(name, "weekly" | "monthly").then(|| name == "weekly");
    let is_weekly = choice(settings, "frequency", is_known, &["weekly", "monthly"])?;
    let rhythm = if is_weekly {
        Rhythm::Weekly { day: number(settings, "day", 0, 6)? }
    } else {
        Rhythm::Monthly { day: number(settings, "day", 1, 31)? }
    };
    Ok(Recurrence {
        rhythm,
        hour: number(settings, "hour", 0, 23)?,
        minute: number(settings, "minute", 0, 59)?,
    })
}

fn choice<T>(
    fields: &Fields<'_>,
    name: &'static str,
    parse: impl Fn(&str) -> Option<T>,
    names: &[&str],
) -> Result<T, Refusal> {
    fields.named(name, parse, names)?.ok_or_else(|| unset(name))
}

/// What a setting lacks depends on the trigger beside it: the e-mail as a whole is not valid.
///
/// Evidence: chosen.
fn unset(name: &'static str) -> Refusal {
    Refusal::invalid(Entity::Email, name, "can't be blank")
}

fn number<N: TryFrom<i64>>(
    fields: &Fields<'_>,
    name: &'static str,
    least: i64,
    most: i64,
) -> Result<N, Refusal> {
    let number = fields.int(name)?.ok_or_else(|| unset(name))?;
    let beyond = || Refusal::invalid(Entity::Email, name, format!("must be from {least} to {most}"));
    if !(least..=most).contains(&number) {
        return Err(beyond());
    }
    N::try_from(number).map_err(|_| beyond())
}

/// What a list is about.
///
/// # Errors
/// [`Refusal::InvalidParam`].
pub fn select(fields: &Fields<'_>) -> Result<Selection, Refusal> {
    let filters = fields.nested("filters")?;
    Ok(Selection {
        q: fields.text("q")?.map(|part| folded(&part)),
        is_enabled: filters.flag("trigger_enabled")?,
        triggers: filters.named_list("trigger_on", TriggerName::named, TriggerName::NAMES)?,
        sent_count: filters.numbers("sent_count")?,
        campaigns: filters.ids("campaign_id")?.unwrap_or_default().into_iter().map(CampaignId::new).collect(),
    })
}

/// By what a list is sorted, in the order sent; other names are ignored.
///
/// # Errors
/// [`Refusal::InvalidParam`] for a direction other than `asc` and `desc`.
pub fn sorting(fields: &Fields<'_>) -> Result<Vec<Sorting>, Refusal> {
    let level = fields.nested("sorting")?;
    let is_descending = |name: &str| matches!(name, "asc" | "desc").then(|| name == "desc");
    let mut criteria = Vec::new();
    for name in level.names() {
        let Some(key) = SortKey::named(name) else { continue };
        if let Some(is_descending) = level.named(name, is_descending, &["asc", "desc"])? {
            criteria.push(Sorting { key, is_descending });
        }
    }
    Ok(criteria)
}
