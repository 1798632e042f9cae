//! Reports: what happened, counted by day and summed by period.
//!
//! Nothing is scanned when a report is asked for. Each committed transaction adds what its rows contribute to
//! daily counters ([`Rollup`]): by campaign, by enrolment, by traffic source and by URL. A report is sums over
//! those series.

mod booking;
mod column;
mod counters;
mod figures;
mod ranking;
mod rollup;
mod share;
mod table;
#[cfg(test)]
mod tests;

pub use column::{Column, Figure, Kind};
pub use counters::{Counters, Day, Series};
pub use figures::Window;
pub use ranking::{by_total_revenue, head};
pub(in crate::domain) use rollup::Records;
pub use rollup::Rollup;
pub use table::{
    Line, OrderBy, OrderKey, Promoters, Query, Report, campaigns, overview, promoters, traffic_sources, urls,
};
