//! The business: records, rules and arithmetic. Pure and synchronous; it knows nothing of HTTP, JSON bodies,
//! webhooks or the machine's clock. Every rule is a function of the state, the moment and an input, and
//! answers an outcome or a refusal.

pub mod address;
pub mod agenda;
pub mod batch;
pub mod by_text;
pub mod calendar;
pub mod campaign;
pub mod chart;
pub mod click;
pub mod commission;
pub mod company;
pub mod contract_document;
pub mod conversion;
pub mod email;
pub mod enrolment;
pub mod facets;
pub mod fulfilment;
pub mod id_set;
pub mod ids;
pub mod json;
pub mod lookup;
pub mod members;
pub mod money;
pub(crate) mod named;
pub mod numbered;
pub mod order;
pub mod ordered;
pub mod pairs;
pub mod past_sale;
pub mod payments_batch;
pub mod payout;
pub mod payout_method;
pub mod promo_code;
pub mod promoter;
pub mod radix;
pub mod rare;
pub mod referral;
pub mod refusal;
pub mod report;
pub mod reward;
pub mod searched;
mod shelf;
pub mod span;
pub mod state;
pub mod table;
pub mod written;
