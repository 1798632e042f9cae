//! Referrals: the people who were referred. v1 says lead.

mod create;
mod find;
mod fraud;
mod record;
#[cfg(test)]
mod samples;
mod split;
mod stubs;

pub use create::{NewReferral, create};
pub use find::{FindBy, by_uid_or_email, find};
pub use record::{
    EntrySource, FraudCheck, Referral, ReferralCounts, ReferralIndex, ReferralState, SplitShare,
};
pub use stubs::{approve, delete, disable, enable, import_events, move_to_promoter};
