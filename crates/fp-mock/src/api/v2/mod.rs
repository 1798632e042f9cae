//! The front door of v2, one file a resource.

mod batch_processes;
mod batch_reply;
mod commissions;
mod emails;
mod payouts;
mod promo_codes;
mod promoter_campaigns;
mod promoters;
mod referrals;
mod reports;
mod track;
mod webhook_deliveries;
mod webhooks;

use super::operation::Route;

/// The tables of every resource.
pub const OPERATIONS: &[&[Route]] = &[
    batch_processes::OPERATIONS,
    emails::OPERATIONS,
    commissions::OPERATIONS,
    payouts::OPERATIONS,
    promo_codes::OPERATIONS,
    promoter_campaigns::OPERATIONS,
    promoters::OPERATIONS,
    referrals::OPERATIONS,
    reports::OPERATIONS,
    track::OPERATIONS,
    webhook_deliveries::OPERATIONS,
    webhooks::OPERATIONS,
];
