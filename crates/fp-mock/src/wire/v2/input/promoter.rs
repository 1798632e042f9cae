//! What v2 calls say about promoters.

use serde_json::Value;

use crate::domain::enrolment::{EnrolmentState, Wish};
use crate::domain::ids::{CampaignId, PromoterId};
use crate::domain::json::JsonObject;
use crate::domain::promoter::{
    ChangePromoter, CreatePromoter, CustomFieldTest, Direction, FindBy, Idle, IdleMetric, InvoiceDetails,
    ProfileField, ProfileValues, Selection, SortKey, Standing,
};
use crate::domain::referral::FraudCheck;
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// A promoter to be made.
///
/// # Errors
/// [`Refusal::MissingParam`] without an e-mail address, [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: published v2 promoters document.
pub fn create(fields: &Fields<'_>) -> Result<CreatePromoter, Refusal> {
    let is_approved = fields.flag("always_approve")?.unwrap_or(true);
    let state = if is_approved { EnrolmentState::Accepted } else { EnrolmentState::Pending };
    Ok(CreatePromoter {
        email: fields.required_text("email")?,
        cust_id: fields.text("cust_id")?,
        profile: profile(&fields.nested("profile")?)?,
        custom_fields: custom_fields(fields)?,
        campaign: fields.id("initial_campaign_id")?.map(CampaignId::new),
        wish: Wish { state: Some(state), ..Wish::default() },
        drip_emails: fields.flag("drip_emails")?.unwrap_or(false),
        ..CreatePromoter::default()
    })
}

/// Changes of a promoter.
///
/// # Errors
/// [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: published v2 contract (`PromoterUpdate`).
pub fn change(fields: &Fields<'_>) -> Result<ChangePromoter, Refusal> {
    let level = fields.nested("profile")?;
    let given = |name: &str| fields.has(name);
    Ok(ChangePromoter {
        email: given("email").then(|| fields.text("email")).transpose()?.map(Option::unwrap_or_default),
        cust_id: given("cust_id").then(|| fields.text("cust_id")).transpose()?,
        profile: profile(&level)?,
        validates_invoice_details: level.flag("should_validate_invoice_details")?,
        custom_fields: custom_fields(fields)?,
        ..ChangePromoter::default()
    })
}

/// By which attribute the promoter is named, if not by his id.
///
/// # Errors
/// [`Refusal::InvalidParam`] naming the attributes there are.
pub fn find_by(fields: &Fields<'_>) -> Result<Option<FindBy>, Refusal> {
    fields.named("find_by", FindBy::named, FindBy::NAMES)
}

fn profile(level: &Fields<'_>) -> Result<ProfileValues, Refusal> {
    let mut values = ProfileValues::new();
    let of_v2 = |field: &&ProfileField| **field != ProfileField::PaypalEmail;
    for field in ProfileField::ALL.iter().filter(of_v2).filter(|field| level.has(field.name())) {
        values.push((*field, level.text(field.name())?));
    }
    for (switch, form) in
        [("_destroy_w8form", ProfileField::W8Form), ("_destroy_w9form", ProfileField::W9Form)]
    {
        if level.flag(switch)? == Some(true) {
            values.push((form, None));
        }
    }
    Ok(values)
}

/// Custom fields: texts or lists of texts by key; what is null or blank drops the field.
fn custom_fields(fields: &Fields<'_>) -> Result<JsonObject, Refusal> {
    let level = fields.nested("custom_fields")?;
    let mut values = JsonObject::new();
    for key in level.names() {
        let value = match level.raw(key) {
            Some(Value::Array(_)) => Value::from(level.texts(key)?),
            Some(Value::Object(_)) => return Err(level.invalid(key, "text or a list of texts")),
            _ => level.text(key)?.map_or(Value::Null, Value::String),
        };
        values.insert(key.clone(), value);
    }
    Ok(values)
}

/// Which promoters are asked for, and in which order.
///
/// # Errors
/// [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: published v2 contract (`PromoterFilters`, `sorting`).
pub fn selection(fields: &Fields<'_>) -> Result<Selection, Refusal> {
    let filters = fields.nested("filters")?;
    Ok(Selection {
        q: fields.text("q")?,
        ids: fields.ids("ids")?.map(|ids| ids.into_iter().map(PromoterId::new).collect()),
        revenue: filters.numbers("revenue_amount")?,
        customers: filters.numbers("customers_count")?,
        referrals: filters.numbers("referrals_count")?,
        clicks: filters.numbers("clicks_count")?,
        joined_at: filters.days("joined_at")?,
        last_login_at: filters.days("last_login_at")?,
        campaigns: filters.ids("campaign_id")?.unwrap_or_default().into_iter().map(CampaignId::new).collect(),
        standing: standing(&filters)?,
        has_tax_form: filters.flag("has_wform")?,
        parent: filters.id("parent_promoter_id")?.map(PromoterId::new),
        is_archived: filters.flag("archived")?,
        subscribed_to_email: filters.flag("subscribed_to_email")?,
        custom_fields: custom_field_tests(&filters)?,
        suspicions: filters.named_list("fraud_suspicions", FraudCheck::named, FraudCheck::NAMES)?,
        idle: idle(&filters)?,
        invoice_details: invoice_details(&filters)?,
        order: order(&fields.nested("sorting")?)?,
    })
}

fn standing(filters: &Fields<'_>) -> Result<Option<Standing>, Refusal> {
    let parse = |name: &str| match name {
        "not_set" => Some(Standing::NotSet),
        other => EnrolmentState::named(other).map(Standing::Enrolled),
    };
    filters.named("state", parse, &["pending", "accepted", "rejected", "blocked", "inactive", "not_set"])
}

fn invoice_details(filters: &Fields<'_>) -> Result<Option<InvoiceDetails>, Refusal> {
    let parse = |name: &str| match name {
        "rejected" => Some(InvoiceDetails::Denied),
        other => InvoiceDetails::named(other),
    };
    filters.named("invoice_details_status", parse, &["approved", "pending", "rejected", "not_submitted"])
}

fn custom_field_tests(filters: &Fields<'_>) -> Result<Vec<CustomFieldTest>, Refusal> {
    let mut tests = Vec::new();
    for name in ["custom_field1", "custom_field2"] {
        if !filters.has(name) {
            continue;
        }
        let test = filters.nested(name)?;
        let partial = |operator: &str| match operator {
            "exact" => Some(false),
            "partial" => Some(true),
            _ => None,
        };
        let values = test.texts("value")?;
        if values.is_empty() {
            return Err(test.invalid("value", "a text or a list of texts"));
        }
        tests.push(CustomFieldTest {
            key: test.text("key")?.ok_or_else(|| test.invalid("key", "the key of a custom field"))?,
            is_partial: test
                .named("operator", partial, &["exact", "partial"])?
                .ok_or_else(|| test.invalid("operator", "exact or partial"))?,
            values,
        });
    }
    Ok(tests)
}

fn idle(filters: &Fields<'_>) -> Result<Option<Idle>, Refusal> {
    let level = filters.nested("inactivity")?;
    let metric = level.named("metric", IdleMetric::named, IdleMetric::NAMES)?;
    let days = level.int("days")?;
    if metric.is_none() && days.is_none() {
        return Ok(None);
    }
    let metric =
        metric.ok_or_else(|| level.invalid("metric", format!("one of {}", IdleMetric::NAMES.join(", "))))?;
    let days = days.and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0);
    let days = days.ok_or_else(|| level.invalid("days", "a whole number from 1"))?;
    Ok(Some(Idle { metric, days }))
}

/// One order; of several the first in the contract's order.
///
/// Evidence: chosen.
fn order(sorting: &Fields<'_>) -> Result<Option<(SortKey, Direction)>, Refusal> {
    for key in SortKey::ALL {
        if let Some(direction) = sorting.named(key.name(), Direction::named, Direction::NAMES)? {
            return Ok(Some((*key, direction)));
        }
    }
    Ok(None)
}
