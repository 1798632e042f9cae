//! What HTTP and every list promise. Each property makes its own calls; those that change something work on
//! records that the run made.

mod batches;
mod changes;
mod counts;
mod deliveries;
mod doors;
mod filters;
mod isolation;
mod keys;
mod lifecycle;
mod methods;
mod pages;
mod payments;
mod sorting;
mod stage;
mod writes;

use crate::run::{Session, Stop};

/// A property that makes calls of its own.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// Its permanent code.
    pub code: &'static str,
    /// What it promises, in a line.
    pub promise: &'static str,
    /// Whether it changes anything at the target.
    pub writes: bool,
    /// Puts it to the test.
    pub run: fn(&mut Session<'_>) -> Result<(), Stop>,
}

/// Every such property, in the order they run.
pub const BEHAVIOURS: &[Behaviour] = &[
    keys::MISSING_REQUIRED_HEADER,
    keys::IGNORED_AUTH,
    methods::UNSUPPORTED_METHOD,
    pages::PAGES_PARTITION,
    filters::FILTERS_SOUND,
    filters::FILTERS_COMPLETE,
    sorting::SORTING_ORDERED,
    counts::COUNTS_AGREE,
    doors::BOTH_APIS_AGREE,
    lifecycle::ENSURE_RESOURCE_AVAILABILITY,
    lifecycle::USE_AFTER_FREE,
    writes::REFUSED_WRITE_CHANGES_NOTHING,
    writes::PUT_IS_IDEMPOTENT,
    changes::PUT_CHANGES_WHAT_IT_NAMES,
    batches::BATCHES_KEEP_COUNT,
    payments::PAYMENTS_BATCHES,
    deliveries::REACH_WHO_WANTS_THEM,
    deliveries::RETRIED_ON_SCHEDULE,
    isolation::CROSS_ACCOUNT_ISOLATION,
];

/// Records for the properties to work on: made once before they run, where writing is allowed.
///
/// # Errors
/// [`Stop`] when the run is over.
pub fn set_the_stage(session: &mut Session<'_>) -> Result<(), Stop> {
    stage::set(session)
}
