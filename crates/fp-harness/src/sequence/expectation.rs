//! What the answer to a step must be. Where the documents leave it open, either answer is right.

use super::action::{Action, Door};
use crate::model::Book;

/// What the answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It is done.
    Accepted,
    /// It is refused with one of these statuses.
    Refused(&'static [u16]),
    /// The documents leave it open.
    Either,
}

impl Expected {
    /// Whether a status is right.
    pub fn allows(self, status: u16) -> bool {
        match self {
            Self::Accepted => (200..300).contains(&status) && status != 204,
            Self::Refused(statuses) => statuses.contains(&status),
            Self::Either => status < 500,
        }
    }
}

/// What must come back for `action` in the state of `book`.
pub fn expected(book: &Book, action: &Action) -> Expected {
    let is_blocked = |referral: &crate::model::Handle| {
        let owner = book.referrals.get(referral).map(|referral| referral.promoter);
        owner.and_then(|owner| book.promoters.get(&owner)).is_some_and(|promoter| promoter.blocked)
    };
    match action {
        Action::Signup { promoter, .. }
            if book.promoters.get(promoter).is_some_and(|promoter| promoter.blocked) =>
        {
            Expected::Either
        }
        Action::SplitReferral { promoter, partner, .. }
            if [promoter, partner]
                .iter()
                .any(|who| book.promoters.get(who).is_some_and(|who| who.blocked)) =>
        {
            Expected::Either
        }
        Action::Sale { referral, door: Door::V2, .. } if is_blocked(referral) => Expected::Refused(&[404]),
        Action::Sale { referral, .. } | Action::Cancel { referral, .. } if is_blocked(referral) => {
            Expected::Either
        }
        Action::RepeatSale { sale, .. } => {
            let referral = book.sales.get(sale).map(|sale| sale.referral);
            if referral.is_some_and(|referral| is_blocked(&referral)) {
                Expected::Either
            } else {
                Expected::Refused(&[409])
            }
        }
        Action::RepeatRefund { refund, .. } => {
            let sale = book.refunds.get(refund).and_then(|refund| book.sales.get(&refund.sale));
            match sale {
                Some(sale) if !is_blocked(&sale.referral) => Expected::Refused(&[409]),
                _ => Expected::Either,
            }
        }
        Action::Refund { sale, amount, .. } => match book.sales.get(sale) {
            Some(sold) if sold.refunded + amount <= sold.amount && !is_blocked(&sold.referral) => {
                Expected::Accepted
            }
            _ => Expected::Either,
        },
        Action::Custom { promoter, .. }
            if book.promoters.get(promoter).is_some_and(|promoter| promoter.blocked) =>
        {
            Expected::Either
        }
        Action::Approve { of } | Action::Deny { of } | Action::Payouts { of } if of.is_empty() => {
            Expected::Refused(&[422])
        }
        _ => Expected::Accepted,
    }
}
