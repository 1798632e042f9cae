//! `/company/commissions`.

mod actions;
mod create;
mod list;
mod settled;
