//! Records of the business as v2 shows them, one file a record. Views borrow and are written straight to bytes.

pub mod balance;
pub mod batch;
pub mod chart;
pub mod commission;
pub mod conversion;
pub mod email;
pub mod payments_batch;
pub mod payout;
pub mod payout_stats;
pub mod profile;
pub mod promo_code;
pub mod promoter;
pub mod promoter_campaign;
pub mod reference;
pub mod referral;
pub mod report;
pub mod report_file;
pub mod reward;
