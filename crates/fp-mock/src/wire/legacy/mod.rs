//! Records in the older shape that three places share: the replies of v1, the legacy webhooks, and v2's replies
//! to refunds and cancellations. Key order is the documents'.
//!
//! Evidence: published v1 documents, legacy webhook documents, published v2 contract (tracking).

pub mod campaign;
pub mod event;
pub mod lead;
pub mod profile;
pub mod promoter;
pub mod promotion;
pub mod reward;
pub mod terms;

pub use campaign::Campaign;
pub use event::Event;
pub use lead::Lead;
pub use profile::Profile;
pub use promoter::Promoter;
pub use promotion::Promotion;
pub use reward::Reward;
pub use terms::{Offer, RewardTerms};
