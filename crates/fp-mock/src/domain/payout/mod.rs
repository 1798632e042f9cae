//! Payouts: the sum of a promoter's commissions of one campaign, unit and period.

mod due;
mod generate;
mod lifecycle;
mod payable;
mod record;
mod search;
mod sums;
#[cfg(test)]
mod tests;

pub use due::{DueCalendar, DuePeriod, due_date, period_around};
pub use generate::{generate, generate_for_everything_unpaid};
pub(in crate::domain) use lifecycle::return_to_pending;
pub use lifecycle::{begin_paying, delete, fail, mark_as_paid, mark_as_unpaid, move_to};
pub use payable::{Obstacle, amount, method_of, obstacle, tax_rate_of, total_incl_tax};
pub use record::{PaidWith, Payout, PayoutIndex, PayoutStatus, Schedule};
pub use search::{Filter, Order, SortKey, search, sorted};
pub use sums::{Group, GroupFilter, Invoiceable, Pile, Sum, group_by_promoters, piles, sums_by};
