//! Parameters of payouts.

use crate::domain::ids::{CampaignId, PaymentsBatchId, PayoutId, PromoterId};
use crate::domain::payout::{DuePeriod, Filter, GroupFilter, Invoiceable, Order, PayoutStatus, SortKey};
use crate::domain::payout_method::Method;
use crate::domain::referral::FraudCheck;
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// What a list, its sums or its groups are about.
///
/// # Errors
/// [`Refusal::InvalidParam`].
pub fn filter(fields: &Fields<'_>) -> Result<Filter, Refusal> {
    let filters = fields.nested("filters")?;
    let ids = |name| Ok(filters.ids(name)?.unwrap_or_default());
    Ok(Filter {
        q: fields.text("q")?,
        ids: fields.ids("ids")?.unwrap_or_default().into_iter().map(PayoutId::new).collect(),
        status: filters.named("status", PayoutStatus::named, PayoutStatus::NAMES)?,
        campaigns: ids("campaign_id")?.into_iter().map(CampaignId::new).collect(),
        payments_batches: ids("payments_batch_id")?.into_iter().map(PaymentsBatchId::new).collect(),
        due_period: filters.named("due_period", DuePeriod::named, DuePeriod::NAMES)?,
        period_start: filters.days("period_start")?,
        period_end: filters.days("period_end")?,
        method: method(&filters)?,
        promoter: filters.id("promoter_id")?.map(PromoterId::new),
        only_payable: filters.flag("only_payable")?.unwrap_or(false),
        group_ref: filters.text("group_ref")?,
        suspicions: filters.named_list("fraud_suspicions", FraudCheck::named, FraudCheck::NAMES)?,
    })
}

/// `not_set` stands for payouts without a method.
///
/// Evidence: published v2 payouts document.
fn method(filters: &Fields<'_>) -> Result<Option<Option<Method>>, Refusal> {
    const NOT_SET: &str = "not_set";
    let read = |name: &str| if name == NOT_SET { Some(None) } else { Method::named(name).map(Some) };
    let names: Vec<&str> = Method::NAMES.iter().copied().chain([NOT_SET]).collect();
    filters.named("payout_method", read, &names)
}

/// In which order a list is wanted; of several keys the first counts.
///
/// # Errors
/// [`Refusal::InvalidParam`].
///
/// Evidence: published v2 contract (`sorting`); that one key counts is chosen.
pub fn order(fields: &Fields<'_>) -> Result<Option<Order>, Refusal> {
    let sorting = fields.nested("sorting")?;
    let directions = |text: &str| match text {
        "asc" => Some(false),
        "desc" => Some(true),
        _ => None,
    };
    for name in sorting.names() {
        let Some(key) = SortKey::named(name) else { continue };
        let is_descending = sorting.named(name, directions, &["asc", "desc"])?;
        return Ok(is_descending.map(|is_descending| Order { key, is_descending }));
    }
    Ok(None)
}

/// Which groups by promoter are wanted.
///
/// # Errors
/// [`Refusal::InvalidParam`].
pub fn group_filter(fields: &Fields<'_>) -> Result<GroupFilter, Refusal> {
    let filters = fields.nested("filters")?;
    Ok(GroupFilter {
        min_payment: filters.int("min_payment")?,
        invoiceable: filters.named("invoiceable", Invoiceable::named, Invoiceable::NAMES)?,
    })
}

/// The kinds of sums that `stats_by` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatsBy {
    /// By the period of paid payouts.
    pub paid_period: bool,
    /// By status.
    pub status: bool,
    /// By payout method.
    pub payout_method: bool,
}

/// Which sums are wanted.
///
/// # Errors
/// [`Refusal::InvalidParam`].
pub fn stats_by(fields: &Fields<'_>) -> Result<StatsBy, Refusal> {
    let wanted = fields.nested("stats_by")?;
    let flag = |name| Ok(wanted.flag(name)?.unwrap_or(false));
    Ok(StatsBy {
        paid_period: flag("paid_period")?,
        status: flag("status")?,
        payout_method: flag("payout_method")?,
    })
}

/// The method of a payments batch.
///
/// # Errors
/// [`Refusal::MissingParam`], [`Refusal::InvalidParam`].
///
/// Evidence: published v2 payouts document (every method but `custom`).
pub fn batch_method(fields: &Fields<'_>) -> Result<Method, Refusal> {
    let of_batches = |name: &str| Method::named(name).filter(|method| *method != Method::Custom);
    let names: Vec<&str> = Method::NAMES.iter().copied().filter(|name| of_batches(name).is_some()).collect();
    fields.named("method", of_batches, &names)?.ok_or(Refusal::MissingParam("method"))
}
