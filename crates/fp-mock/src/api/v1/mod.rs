//! The front door of v1, one file a resource.

mod identify;
mod leads;
mod payouts;
mod promoters;
mod reports;
mod rewards;
mod track;

use super::operation::{Call, Route};
use crate::wire::v1::links::ListUrl;

/// The tables of every resource.
pub const OPERATIONS: &[&[Route]] = &[
    track::OPERATIONS,
    promoters::OPERATIONS,
    leads::OPERATIONS,
    rewards::OPERATIONS,
    payouts::OPERATIONS,
    reports::OPERATIONS,
];

impl<'a> Call<'a> {
    /// The URL of the list that is asked for, for the links to its other pages.
    fn list_url(&self) -> ListUrl<'a> {
        ListUrl { host: self.host, target: self.target }
    }
}
