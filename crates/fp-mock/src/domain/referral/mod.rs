//! Referrals: the people who were referred. v1 says lead.

mod approval;
mod change;
mod create;
mod facts;
mod find;
mod fraud;
mod import;
mod mentions;
mod moving;
mod record;
mod removal;
#[cfg(test)]
pub(crate) mod samples;
mod selection;
mod split;

pub use approval::{approve, disable, enable};
pub use change::{ReferralChange, update};
pub use create::{NewReferral, create};
pub use facts::{FactColumns, Facts, Name, lower, named};
pub use find::{FindBy, by_uid_or_email, find};
pub use import::import_events;
pub use mentions::Mentions;
pub use moving::move_to_promoter;
pub use record::{
    EntrySource, FraudCheck, Referral, ReferralCounts, ReferralDetails, ReferralIndex, ReferralState,
    SplitShare,
};
pub use removal::delete;
pub use selection::{Selection, arrange, newest, select};
