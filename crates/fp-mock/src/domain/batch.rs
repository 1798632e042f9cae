//! Batch processes: one action on many records, at once for a few, in the background for more.

use super::agenda::Task;
use super::ids::{BatchId, CampaignId, CommissionId, EnrolmentId, Id, PayoutId, PromoterId, ReferralId};
use super::lookup::Many;
use super::named::named_values;
use super::refusal::{Entity, Refusal};
use super::state::State;
use super::table::{Index, Row};
use super::{commission, payout, promoter, referral};
use crate::clock::timestamp::{SECOND_MS, Timestamp};

/// Up to so many ids an action works at once.
///
/// Evidence: published v2 contract.
pub const IMMEDIATE_UP_TO: usize = 5;

named_values! {
    /// How a batch process stands.
    ///
    /// Evidence: published v2 contract (`BatchProcess.status`).
    BatchStatus {
        /// Not begun.
        Pending = "pending",
        /// Begun.
        InProgress = "in_progress",
        /// Every id was tried and at least one succeeded.
        Completed = "completed",
        /// Every id failed.
        Failed = "failed",
        /// Stopped before its end.
        Stopped = "stopped",
    }
}

/// What is done to each id.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Accepts promoters in a campaign.
    AcceptPromoters(CampaignId),
    /// Rejects promoters in a campaign.
    RejectPromoters(CampaignId),
    /// Blocks promoters in a campaign.
    BlockPromoters(CampaignId),
    /// Archives promoters.
    ArchivePromoters,
    /// Restores archived promoters.
    RestorePromoters,
    /// Moves promoters from one campaign to another.
    MovePromoters(promoter::MoveToCampaign),
    /// Adds promoters to a campaign.
    AddPromoters(promoter::AddToCampaign),
    /// Gives promoters a parent.
    AssignParent(PromoterId),
    /// Approves referrals.
    ApproveReferrals,
    /// Disables referrals.
    DisableReferrals,
    /// Enables disabled referrals.
    EnableReferrals,
    /// Deletes referrals.
    DeleteReferrals,
    /// Moves referrals to another promoter.
    MoveReferrals {
        /// The promoter's enrolment.
        to: EnrolmentId,
        /// Whether their commissions move too.
        with_commissions: bool,
    },
    /// Imports past sales of referrals.
    ImportEvents,
    /// Approves commissions.
    ApproveCommissions,
    /// Denies commissions.
    DenyCommissions,
    /// Marks non-monetary commissions as handed over.
    FulfilCommissions,
    /// Takes that mark back.
    UnfulfilCommissions,
    /// Deletes commissions.
    DeleteCommissions,
    /// Puts commissions into payouts.
    GeneratePayouts,
    /// Marks payouts as paid.
    MarkPaid,
    /// Marks payouts as unpaid.
    MarkUnpaid,
    /// Deletes payouts.
    DeletePayouts,
}

impl Action {
    /// `<entity>/<action>` as `action_label` shows it.
    ///
    /// Evidence: service behaviour notes (`referral/delete`); the other labels follow its form.
    pub fn label(&self) -> &'static str {
        match self {
            Self::AcceptPromoters(_) => "promoter/accept",
            Self::RejectPromoters(_) => "promoter/reject",
            Self::BlockPromoters(_) => "promoter/block",
            Self::ArchivePromoters => "promoter/archive",
            Self::RestorePromoters => "promoter/restore",
            Self::MovePromoters(_) => "promoter/move_to_campaign",
            Self::AddPromoters(_) => "promoter/add_to_campaign",
            Self::AssignParent(_) => "promoter/assign_parent",
            Self::ApproveReferrals => "referral/approve",
            Self::DisableReferrals => "referral/disable",
            Self::EnableReferrals => "referral/enable",
            Self::DeleteReferrals => "referral/delete",
            Self::MoveReferrals { .. } => "referral/move_to_promoter",
            Self::ImportEvents => "referral/import_events",
            Self::ApproveCommissions => "commission/approve",
            Self::DenyCommissions => "commission/deny",
            Self::FulfilCommissions => "commission/mark_fulfilled",
            Self::UnfulfilCommissions => "commission/mark_unfulfilled",
            Self::DeleteCommissions => "commission/delete",
            Self::GeneratePayouts => "commission/generate_payouts",
            Self::MarkPaid => "payout/mark_as_paid",
            Self::MarkUnpaid => "payout/mark_as_unpaid",
            Self::DeletePayouts => "payout/delete",
        }
    }

    fn apply(&self, state: &mut State, now: Timestamp, id: u64) -> Result<(), Refusal> {
        match self {
            Self::AcceptPromoters(campaign) => promoter::accept(state, now, PromoterId::new(id), *campaign),
            Self::RejectPromoters(campaign) => promoter::reject(state, now, PromoterId::new(id), *campaign),
            Self::BlockPromoters(campaign) => promoter::block(state, now, PromoterId::new(id), *campaign),
            Self::ArchivePromoters => promoter::archive(state, now, PromoterId::new(id)),
            Self::RestorePromoters => promoter::restore(state, now, PromoterId::new(id)),
            Self::MovePromoters(to) => promoter::move_to_campaign(state, now, PromoterId::new(id), to),
            Self::AddPromoters(to) => promoter::add_to_campaign(state, now, PromoterId::new(id), to),
            Self::AssignParent(parent) => promoter::assign_parent(state, now, PromoterId::new(id), *parent),
            Self::ApproveReferrals => referral::approve(state, now, ReferralId::new(id)),
            Self::DisableReferrals => referral::disable(state, now, ReferralId::new(id)),
            Self::EnableReferrals => referral::enable(state, now, ReferralId::new(id)),
            Self::DeleteReferrals => referral::delete(state, now, ReferralId::new(id)),
            Self::MoveReferrals { to, with_commissions } => {
                referral::move_to_promoter(state, now, ReferralId::new(id), *to, *with_commissions)
            }
            Self::ImportEvents => referral::import_events(state, now, ReferralId::new(id)),
            Self::ApproveCommissions => commission::approve(state, now, CommissionId::new(id)),
            Self::DenyCommissions => commission::deny(state, now, CommissionId::new(id)),
            Self::FulfilCommissions => commission::mark_fulfilled(state, now, CommissionId::new(id)),
            Self::UnfulfilCommissions => commission::mark_unfulfilled(state, now, CommissionId::new(id)),
            Self::DeleteCommissions => commission::delete(state, now, CommissionId::new(id)),
            Self::GeneratePayouts => payout::generate(state, now, CommissionId::new(id)),
            Self::MarkPaid => payout::mark_as_paid(state, now, PayoutId::new(id)),
            Self::MarkUnpaid => payout::mark_as_unpaid(state, now, PayoutId::new(id)),
            Self::DeletePayouts => payout::delete(state, now, PayoutId::new(id)),
        }
    }
}

/// How batch processes go on in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progression {
    /// One item after another on the account's clock.
    Time {
        /// Seconds that one item takes.
        seconds_per_item: u32,
    },
    /// All items at the moment the batch is made.
    Immediate,
    /// Only when the test says so.
    Manual,
}

impl Default for Progression {
    /// One item a second.
    ///
    /// Evidence: chosen.
    fn default() -> Self {
        Self::Time { seconds_per_item: 1 }
    }
}

/// One id that could not be processed.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemFailure {
    /// The id.
    pub id: u64,
    /// Why.
    pub why: ItemProblem,
}

/// Why an id could not be processed.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemProblem {
    /// The business refused.
    Refused(Refusal),
    /// The test wanted it to fail.
    Injected(String),
}

/// A batch process.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// What it does.
    pub action: Action,
    /// The ids, in the order given, doubles left out.
    pub ids: Vec<u64>,
    /// How many of them were tried.
    pub tried: usize,
    /// How many ids the call named.
    pub selected_total: usize,
    /// Those that failed.
    pub failures: Vec<ItemFailure>,
    /// Ids that are to fail when their turn comes, because the test wants it.
    pub injected: Vec<(u64, String)>,
    /// Whether it goes on by itself, as those with more than [`IMMEDIATE_UP_TO`] ids do.
    pub in_background: bool,
    /// How it stands.
    pub status: BatchStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last went on.
    pub updated_at: Timestamp,
}

impl Batch {
    /// How far it is, 0 to 100.
    pub fn progress_percent(&self) -> u64 {
        if self.ids.is_empty() { 100 } else { (self.tried * 100 / self.ids.len()) as u64 }
    }

    /// Whether it will go on.
    pub fn is_running(&self) -> bool {
        matches!(self.status, BatchStatus::Pending | BatchStatus::InProgress)
    }
}

/// Finds batches by status.
#[derive(Clone, Debug, Default)]
pub struct BatchIndex {
    /// By status.
    pub by_status: Many<BatchStatus, BatchId>,
}

impl Index<Batch> for BatchIndex {
    fn add(&mut self, row: &Batch) {
        self.by_status.add(row.status, row.id);
    }
    fn remove(&mut self, row: &Batch) {
        self.by_status.remove(&row.status, row.id);
    }
}

impl Row for Batch {
    type Id = BatchId;
    type Index = BatchIndex;
    fn id(&self) -> BatchId {
        self.id
    }
}

/// Starts `action` on `ids`: finished when this answers for up to [`IMMEDIATE_UP_TO`] ids, else left to go on
/// by itself.
///
/// Evidence: published v2 contract (the limit, the two replies); doubled ids count once is chosen.
pub fn start(state: &mut State, now: Timestamp, action: Action, ids: &[u64]) -> BatchId {
    let in_background = ids.len() > IMMEDIATE_UP_TO;
    begin(state, now, action, ids, in_background)
}

/// Starts `action` on `ids` in the background whatever their number.
pub fn start_in_background(state: &mut State, now: Timestamp, action: Action, ids: &[u64]) -> BatchId {
    begin(state, now, action, ids, true)
}

fn begin(state: &mut State, now: Timestamp, action: Action, ids: &[u64], in_background: bool) -> BatchId {
    let mut seen = std::collections::BTreeSet::new();
    let distinct: Vec<u64> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
    let batch = Batch {
        id: state.ids.issue(),
        action,
        selected_total: distinct.len(),
        ids: distinct,
        tried: 0,
        failures: Vec::new(),
        injected: Vec::new(),
        in_background,
        status: BatchStatus::Pending,
        created_at: now,
        updated_at: now,
    };
    let id = batch.id;
    state.batches.insert(batch);
    if !in_background {
        drain(state, now, id);
        return id;
    }
    match state.progression {
        Progression::Time { seconds_per_item } => {
            state.agenda.add(now.plus_ms(i64::from(seconds_per_item) * SECOND_MS), Task::BatchStep(id));
        }
        Progression::Immediate => state.agenda.add(now, Task::BatchStep(id)),
        Progression::Manual => {}
    }
    id
}

/// One step of a batch that goes on by itself: one item, or all with [`Progression::Immediate`]. Puts the
/// next step on the agenda.
pub fn step_by_itself(state: &mut State, now: Timestamp, id: BatchId) {
    match state.progression {
        Progression::Time { seconds_per_item } => {
            step(state, now, id, 1);
            if state.batches.get(id).is_some_and(Batch::is_running) {
                state.agenda.add(now.plus_ms(i64::from(seconds_per_item) * SECOND_MS), Task::BatchStep(id));
            }
        }
        Progression::Immediate => drain(state, now, id),
        Progression::Manual => {}
    }
}

/// Tries the next `items` ids of a batch. Nothing happens to one that is over.
pub fn step(state: &mut State, now: Timestamp, id: BatchId, items: usize) {
    for _ in 0..items {
        let Some(batch) = state.batches.get(id).filter(|batch| batch.is_running()) else { return };
        let Some(&item) = batch.ids.get(batch.tried) else { return finish(state, now, id) };
        let action = batch.action.clone();
        let injected = batch.injected.iter().find(|(failing, _)| *failing == item).cloned();
        let outcome = match injected {
            Some((_, error)) => Err(ItemProblem::Injected(error)),
            None => state.attempt(|state| action.apply(state, now, item)).map_err(ItemProblem::Refused),
        };
        let over = state.batches.update(id, |batch| {
            batch.tried += 1;
            batch.status = BatchStatus::InProgress;
            batch.updated_at = now;
            if let Err(why) = outcome {
                batch.failures.push(ItemFailure { id: item, why });
            }
            batch.tried == batch.ids.len()
        });
        if over == Some(true) {
            finish(state, now, id);
        }
    }
}

/// Tries all ids that are left.
pub fn drain(state: &mut State, now: Timestamp, id: BatchId) {
    let left = state.batches.get(id).map_or(0, |batch| batch.ids.len() - batch.tried);
    step(state, now, id, left.max(1));
}

/// Stops a batch that is still going on.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown id, [`Refusal::WrongState`] for one that is over.
pub fn stop(state: &mut State, now: Timestamp, id: BatchId) -> Result<(), Refusal> {
    let batch = state.batches.get(id).ok_or(Refusal::NotFound(Entity::BatchProcess))?;
    if !batch.is_running() {
        let problem = format!("the batch is {} and cannot be stopped", batch.status.name());
        return Err(Refusal::wrong_state(Entity::BatchProcess, problem));
    }
    state.batches.update(id, |batch| {
        batch.status = BatchStatus::Stopped;
        batch.updated_at = now;
    });
    Ok(())
}

/// Makes `ids` of a batch fail with `error` when their turn comes.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown batch.
pub fn inject(state: &mut State, id: BatchId, ids: &[u64], error: &str) -> Result<(), Refusal> {
    let inject = |batch: &mut Batch| batch.injected.extend(ids.iter().map(|id| (*id, error.to_owned())));
    state.batches.update(id, inject).ok_or(Refusal::NotFound(Entity::BatchProcess))
}

/// Evidence: published v2 contract (what is done at once answers `completed`); chosen (a batch in the
/// background in which every id failed ends `failed`).
fn finish(state: &mut State, now: Timestamp, id: BatchId) {
    state.batches.update(id, |batch| {
        let all_failed = !batch.ids.is_empty() && batch.failures.len() == batch.ids.len();
        batch.status =
            if batch.in_background && all_failed { BatchStatus::Failed } else { BatchStatus::Completed };
        batch.updated_at = now;
    });
}

/// The numbers of typed ids, as batches keep them.
pub fn numbers<I: Id>(ids: &[I]) -> Vec<u64> {
    ids.iter().map(|id| id.number()).collect()
}
