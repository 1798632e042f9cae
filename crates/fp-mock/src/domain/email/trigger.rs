//! What makes an e-mail go out by itself.

use super::metric::Metric;
use super::round::Recurrence;
use crate::clock::timestamp::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp};
use crate::domain::named::named_values;

named_values! {
    /// The names of triggers. Lists are narrowed by any of them; only those of a [`Cause`] can be set.
    ///
    /// Evidence: published v2 emails document.
    TriggerName {
        /// None was chosen.
        NotSet = "not_set",
        /// Somebody left an address.
        LeadSubscribed = "lead_subscribed",
        /// A lead bought for the first time.
        LeadBecomesReferral = "lead_becomes_referral",
        /// A promoter signed up.
        PromoterSignsUp = "promoter_signs_up",
        /// A promoter waits to be accepted.
        PromoterPending = "promoter_pending",
        /// A promoter was accepted.
        PromoterAccepted = "promoter_accepted",
        /// A promoter was turned down.
        PromoterRejected = "promoter_rejected",
        /// A promoter was thrown out.
        PromoterBlocked = "promoter_blocked",
        /// A target was reached.
        PromotionReachedTarget = "promotion_reached_target",
        /// A promoter earned a commission.
        RewardCreated = "reward_created",
        /// A commission was approved.
        RewardApproved = "reward_approved",
        /// A commission was denied.
        RewardDenied = "reward_denied",
        /// A non-monetary commission waits to be handed over.
        FulfilmentPending = "fulfilment_pending",
        /// A non-monetary commission was handed over.
        FulfilmentCompleted = "fulfilment_completed",
        /// A referral signed up.
        LeadSignup = "lead_signup",
        /// A promoter was invited.
        PromoterInvited = "promoter_invited",
        /// A non-monetary commission is due.
        FulfilmentDue = "fulfilment_due",
        /// A referral waits to be approved.
        LeadPending = "lead_pending",
        /// A non-monetary commission is being handed over.
        FulfilmentProcessing = "fulfilment_processing",
        /// There is something to sign.
        NewContractDocument = "new_contract_document",
        /// Invoice details were turned down.
        InvalidInvoicingDetails = "invalid_invoicing_details",
        /// A referral cancelled.
        LeadCancelled = "lead_cancelled",
        /// A count was reached.
        CountReached = "count_reached",
        /// Nothing happened for a while.
        Inactivity = "inactivity",
        /// Somebody sends it by hand.
        Broadcast = "broadcast",
        /// The calendar.
        Recurring = "recurring",
    }
}

impl TriggerName {
    /// The triggers that can be set.
    ///
    /// Evidence: published v2 emails document.
    pub const SETTABLE: [Self; 9] = [
        Self::PromoterAccepted,
        Self::PromoterRejected,
        Self::RewardCreated,
        Self::FulfilmentCompleted,
        Self::CountReached,
        Self::LeadSignup,
        Self::Inactivity,
        Self::Broadcast,
        Self::Recurring,
    ];
}

/// What triggers an e-mail, with the settings that it needs.
///
/// Evidence: published v2 emails document (the triggers and what each needs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A promoter was accepted, some time ago.
    PromoterAccepted(Delay),
    /// A promoter was turned down.
    PromoterRejected,
    /// A promoter earned a commission.
    RewardCreated,
    /// A non-monetary commission was handed over.
    FulfilmentCompleted,
    /// A referral signed up.
    LeadSignup,
    /// A count of an enrolment was reached.
    CountReached {
        /// What is counted.
        metric: Metric,
        /// How many there must be.
        count: u32,
    },
    /// Nothing of a kind happened in an enrolment for a while.
    Inactivity {
        /// What did not happen.
        metric: Metric,
        /// For how many days.
        period_in_days: u32,
    },
    /// Somebody sends it by hand.
    Broadcast,
    /// The calendar.
    Recurring(Recurrence),
}

impl Cause {
    /// Its name.
    pub fn name(self) -> TriggerName {
        match self {
            Self::PromoterAccepted(_) => TriggerName::PromoterAccepted,
            Self::PromoterRejected => TriggerName::PromoterRejected,
            Self::RewardCreated => TriggerName::RewardCreated,
            Self::FulfilmentCompleted => TriggerName::FulfilmentCompleted,
            Self::LeadSignup => TriggerName::LeadSignup,
            Self::CountReached { .. } => TriggerName::CountReached,
            Self::Inactivity { .. } => TriggerName::Inactivity,
            Self::Broadcast => TriggerName::Broadcast,
            Self::Recurring(_) => TriggerName::Recurring,
        }
    }
}

named_values! {
    /// What delays are measured in.
    ///
    /// Evidence: published v2 emails document.
    DelayUnit {
        /// Seconds.
        Second = "second",
        /// Minutes.
        Minute = "minute",
        /// Hours.
        Hour = "hour",
        /// Days.
        Day = "day",
    }
}

/// How long after its cause an e-mail goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delay {
    /// What it is measured in.
    pub interval: DelayUnit,
    /// How many of them.
    pub value: u32,
}

impl Delay {
    /// The moment this long after `at`.
    pub fn after(self, at: Timestamp) -> Timestamp {
        let unit_ms = match self.interval {
            DelayUnit::Second => SECOND_MS,
            DelayUnit::Minute => MINUTE_MS,
            DelayUnit::Hour => HOUR_MS,
            DelayUnit::Day => DAY_MS,
        };
        at.plus_ms(i64::from(self.value).saturating_mul(unit_ms))
    }
}
