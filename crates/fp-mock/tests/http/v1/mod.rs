//! `/api/v1`.

mod both_doors;
mod client;
mod leads;
mod parameters;
mod payouts;
mod promoters;
mod reports;
mod rewards;
mod track;
