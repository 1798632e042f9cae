//! Parameters of v1 calls as inputs of the business, one file a resource.

pub mod lead;
pub mod payout;
pub mod promoter;
pub mod report;
pub mod reward;
pub mod tracking;
