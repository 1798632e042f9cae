//! Payments batches: payouts of one method that are paid together.

mod record;
mod run;

pub use record::{PaymentsBatch, PaymentsBatchIndex, PaymentsBatchStatus};
pub use run::{
    COMPLETED_AFTER_MS, CONFIRMED_AFTER_MS, Created, PROCESSED_AFTER_MS, create, delete, fail, step,
    step_by_itself,
};
