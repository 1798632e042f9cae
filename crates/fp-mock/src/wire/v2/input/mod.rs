//! Parameters of v2 to inputs of the business, one file a resource.

pub mod chart;
pub mod commission;
pub mod email;
pub mod payout;
pub mod promo_code;
pub mod promoter;
pub mod promoter_campaign;
pub mod referral;
pub mod report;
