//! The record of a payout and how payouts are found.

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, PaymentsBatchId, PayoutId, PayoutMethodId, PromoterId};
use crate::domain::lookup::Many;
use crate::domain::money::{BasisPoints, Unit};
use crate::domain::named::named_values;
use crate::domain::table::{Index, Row};

named_values! {
    /// How a payout stands.
    ///
    /// Evidence: published v2 contract (`Payout.status`).
    PayoutStatus {
        /// To be paid.
        Pending = "pending",
        /// Paid.
        Completed = "completed",
        /// Could not be paid.
        Failed = "failed",
        /// Being paid.
        Processing = "processing",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// What decides the period of a payout.
///
/// Evidence: service help pages (payouts come by calendar period; one made by hand reaches to its own day).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// The company's payout cycle.
    Cycle,
    /// Whoever made it: everything unpaid until that moment.
    Custom,
}

/// A payout. Its amount is the sum of its commissions (`CommissionIndex::payout_amounts`).
#[derive(Clone, Debug)]
pub struct Payout {
    /// Its id.
    pub id: PayoutId,
    /// How it stands.
    pub status: PayoutStatus,
    /// Who is paid.
    pub promoter_id: PromoterId,
    /// For which campaign.
    pub campaign_id: CampaignId,
    /// In what.
    pub unit: Unit,
    /// What decided its period.
    pub schedule: Schedule,
    /// Begin of the period.
    pub period_start: Timestamp,
    /// End of the period.
    pub period_end: Timestamp,
    /// What it was paid with; `None` until paying begins.
    pub paid_with: Option<PaidWith>,
    /// The payments batch it is in.
    pub payments_batch_id: Option<PaymentsBatchId>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// When paying began.
    pub processing_started_at: Option<Timestamp>,
    /// When paying failed.
    pub failed_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The terms that stay with a payout once paying begins, whatever the promoter changes later.
///
/// Evidence: chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaidWith {
    /// The payout method; `None`: paid outside, none was selected.
    pub method: Option<PayoutMethodId>,
    /// The tax rate; `None`: no tax.
    pub tax_rate: Option<BasisPoints>,
}

impl PayoutStatus {
    fn is_unpaid(self) -> bool {
        !matches!(self, Self::Completed | Self::Cancelled)
    }
}

impl Payout {
    /// Whether it is still to be paid: neither paid nor called off.
    pub fn is_unpaid(&self) -> bool {
        self.status.is_unpaid()
    }

    /// Whether further commissions of its period join it: pending, by the cycle, and in no payments batch.
    ///
    /// Evidence: chosen.
    pub fn is_open(&self) -> bool {
        self.status == PayoutStatus::Pending
            && self.schedule == Schedule::Cycle
            && self.payments_batch_id.is_none()
    }
}

/// What commissions must share to be in the same payout: promoter, campaign, unit and begin of the period.
///
/// Evidence: service behaviour notes.
pub(super) type OpenKey = (PromoterId, CampaignId, Unit, Timestamp);

/// Finds payouts.
#[derive(Clone, Debug, Default)]
pub struct PayoutIndex {
    /// By promoter.
    pub by_promoter: Many<PromoterId, PayoutId>,
    /// By campaign.
    pub by_campaign: Many<CampaignId, PayoutId>,
    /// By status.
    pub by_status: Many<PayoutStatus, PayoutId>,
    /// By payments batch.
    pub by_payments_batch: Many<PaymentsBatchId, PayoutId>,
    /// Those that further commissions join.
    pub(super) open: Many<OpenKey, PayoutId>,
    /// Unpaid ones of the cycle by the end of their period, and so by the day they are due.
    pub(super) unpaid_by_period_end: Many<Timestamp, PayoutId>,
}

impl PayoutIndex {
    /// Those that are unpaid, in no order that means anything.
    pub fn unpaid(&self) -> impl Iterator<Item = PayoutId> + '_ {
        let statuses = PayoutStatus::ALL.iter().filter(|status| status.is_unpaid());
        statuses.flat_map(|status| self.by_status.of(status))
    }
}

impl Index<Payout> for PayoutIndex {
    fn add(&mut self, row: &Payout) {
        self.by_promoter.add(row.promoter_id, row.id);
        self.by_campaign.add(row.campaign_id, row.id);
        self.by_status.add(row.status, row.id);
        if let Some(batch) = row.payments_batch_id {
            self.by_payments_batch.add(batch, row.id);
        }
        if row.is_open() {
            self.open.add(open_key(row), row.id);
        }
        if row.is_unpaid() && row.schedule == Schedule::Cycle {
            self.unpaid_by_period_end.add(row.period_end, row.id);
        }
    }

    fn remove(&mut self, row: &Payout) {
        self.by_promoter.remove(&row.promoter_id, row.id);
        self.by_campaign.remove(&row.campaign_id, row.id);
        self.by_status.remove(&row.status, row.id);
        if let Some(batch) = row.payments_batch_id {
            self.by_payments_batch.remove(&batch, row.id);
        }
        if row.is_open() {
            self.open.remove(&open_key(row), row.id);
        }
        if row.is_unpaid() && row.schedule == Schedule::Cycle {
            self.unpaid_by_period_end.remove(&row.period_end, row.id);
        }
    }
}

fn open_key(row: &Payout) -> OpenKey {
    (row.promoter_id, row.campaign_id, row.unit, row.period_start)
}

impl Row for Payout {
    type Id = PayoutId;
    type Index = PayoutIndex;
    fn id(&self) -> PayoutId {
        self.id
    }
}
