//! The columns of reports: what each says, and how it follows from the counters.

use std::cmp::Ordering;

use super::figures::Figures;
use crate::domain::money::{Amount, ratio};
use crate::domain::named::named_values;

named_values! {
    /// A column of a report. Every column of a period is about that period alone, unless it says otherwise.
    ///
    /// Evidence: published v2 reports document and v1 reference (the names).
    Column {
        /// Customers that are active at the end of the period.
        ///
        /// Evidence: chosen (the moment).
        ActiveCustomers = "active_customers",
        /// Customers that cancelled, in per cent of those there were (active at the begin of the period, or
        /// gained in it), for each calendar month that the period touches.
        ///
        /// Evidence: chosen.
        MonthlyChurn = "monthly_churn",
        /// Visits through referral links.
        Clicks = "clicks_count",
        /// Revenue without what promoters earned.
        ///
        /// Evidence: service help pages.
        NetRevenue = "net_revenue_amount",
        /// What referrals bought, without what they got back in the same period.
        ///
        /// Evidence: service help pages.
        Revenue = "revenue_amount",
        /// Referrals that came in, whatever their state.
        ///
        /// Evidence: service help pages.
        Referrals = "referrals_count",
        /// Referrals that became customers.
        ///
        /// Evidence: service help pages.
        Customers = "customers_count",
        /// Sales.
        Sales = "sales_count",
        /// Refunds.
        Refunds = "refunds_count",
        /// Customers that cancelled; of those that did so more than once the last time counts.
        ///
        /// Evidence: service help pages.
        CancelledCustomers = "cancelled_customers_count",
        /// Approved monetary commissions made in the period, less what refunds took back.
        ///
        /// Evidence: service help pages; that others do not count is chosen.
        Earnings = "promoter_earnings_amount",
        /// Referrals that became customers and did not come by a link.
        ///
        /// Evidence: chosen (by promo code, or made by hand).
        NonLinkCustomers = "non_link_customers",
        /// Customers in per cent of referrals.
        ///
        /// Evidence: chosen (what came in and what converted in the same period).
        ReferralsToCustomers = "referrals_to_customers_cr",
        /// What promoters earned for each visit, in the three months up to the end of the period.
        ///
        /// Evidence: chosen.
        Epc3Months = "3m_epc",
        /// The same for six months.
        ///
        /// Evidence: chosen.
        Epc6Months = "6m_epc",
        /// Customers in per cent of visits.
        ///
        /// Evidence: chosen (all customers, also those without a link).
        ClicksToCustomers = "clicks_to_customers_cr",
        /// Referrals in per cent of visits.
        ///
        /// Evidence: chosen.
        ClicksToReferrals = "clicks_to_referrals_cr",
        /// Monetary commissions whose payout was completed in the period.
        ///
        /// Evidence: chosen (the day of payment).
        Paid = "promoter_paid_amount",
        /// Referrals whose signup was tracked.
        ///
        /// Evidence: chosen.
        Signups = "signups_count",
    }
}

/// What the figures of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number of things.
    Count,
    /// Minor units of the account's currency; earnings per click have two decimals of them.
    Money,
    /// Per cent with two decimals.
    Percent,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// A count, or an amount in minor units.
    Whole(i64),
    /// Hundredths of the unit.
    Hundredths(i64),
}

impl Figure {
    /// `part` in hundredths of `whole` times `scale`; zero where there is nothing to divide by.
    fn share(part: Amount, scale: i64, whole: i64) -> Self {
        Self::Hundredths(ratio(part, scale * 100, whole))
    }

    /// For sorting: hundredths, whatever it is.
    fn hundredths(self) -> i128 {
        match self {
            Self::Whole(number) => i128::from(number) * 100,
            Self::Hundredths(number) => i128::from(number),
        }
    }

    /// Which of two figures of a column is the larger.
    pub fn compare(self, other: Self) -> Ordering {
        self.hundredths().cmp(&other.hundredths())
    }
}

impl Column {
    /// The columns that reports by traffic source and by URL have.
    ///
    /// Evidence: published v2 reports document.
    pub const OF_TRAFFIC: [Self; 11] = [
        Self::Clicks,
        Self::Revenue,
        Self::Earnings,
        Self::Referrals,
        Self::Customers,
        Self::Sales,
        Self::Refunds,
        Self::CancelledCustomers,
        Self::ReferralsToCustomers,
        Self::ClicksToCustomers,
        Self::ClicksToReferrals,
    ];

    /// What its figures are.
    pub fn kind(self) -> Kind {
        match self {
            Self::ActiveCustomers
            | Self::Clicks
            | Self::Referrals
            | Self::Customers
            | Self::Sales
            | Self::Refunds
            | Self::CancelledCustomers
            | Self::NonLinkCustomers
            | Self::Signups => Kind::Count,
            Self::NetRevenue
            | Self::Revenue
            | Self::Earnings
            | Self::Epc3Months
            | Self::Epc6Months
            | Self::Paid => Kind::Money,
            Self::MonthlyChurn
            | Self::ReferralsToCustomers
            | Self::ClicksToCustomers
            | Self::ClicksToReferrals => Kind::Percent,
        }
    }

    /// Whether its figures need the months before the period.
    pub(super) fn looks_back(self) -> bool {
        matches!(self, Self::Epc3Months | Self::Epc6Months)
    }

    /// What stands in it.
    pub(super) fn figure(self, of: &Figures) -> Figure {
        let count = |number: i32| Figure::Whole(i64::from(number));
        let percent = |part: i32, whole: i32| Figure::share(i64::from(part), 100, i64::from(whole));
        let within = &of.within;
        match self {
            Self::ActiveCustomers => {
                let gained = within.activated - within.deactivated;
                count(of.before.activated - of.before.deactivated + gained)
            }
            Self::MonthlyChurn => {
                let there_were = of.before.activated - of.before.deactivated + within.customers;
                Figure::share(i64::from(within.cancelled), 100, i64::from(there_were) * of.months)
            }
            Self::Clicks => count(within.clicks),
            Self::NetRevenue => Figure::Whole(within.sold - within.refunded - within.earned),
            Self::Revenue => Figure::Whole(within.sold - within.refunded),
            Self::Referrals => count(within.referrals),
            Self::Customers => count(within.customers),
            Self::Sales => count(within.sales),
            Self::Refunds => count(within.refunds),
            Self::CancelledCustomers => count(within.cancelled),
            Self::Earnings => Figure::Whole(within.earned),
            Self::NonLinkCustomers => count(within.non_link_customers),
            Self::ReferralsToCustomers => percent(within.customers, within.referrals),
            Self::Epc3Months => Figure::share(of.three_months.earned, 1, i64::from(of.three_months.clicks)),
            Self::Epc6Months => Figure::share(of.six_months.earned, 1, i64::from(of.six_months.clicks)),
            Self::ClicksToCustomers => percent(within.customers, within.clicks),
            Self::ClicksToReferrals => percent(within.referrals, within.clicks),
            Self::Paid => Figure::Whole(within.paid),
            Self::Signups => count(within.signups),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::report::Counters;

    fn figures() -> Figures {
        let within = Counters {
            clicks: 300,
            referrals: 30,
            customers: 7,
            cancelled: 2,
            activated: 6,
            deactivated: 2,
            sold: 10_000,
            refunded: 1_500,
            earned: 1_701,
            ..Counters::default()
        };
        let before = Counters { activated: 15, deactivated: 5, ..Counters::default() };
        let three_months = Counters { clicks: 700, earned: 5_000, ..Counters::default() };
        Figures { within, before, three_months, six_months: Counters::default(), months: 2 }
    }

    #[test]
    fn columns_follow_from_the_counters() {
        let figures = figures();
        for (column, expected) in [
            (Column::ActiveCustomers, Figure::Whole(14)),
            // 2 of 10 + 7, in two months.
            (Column::MonthlyChurn, Figure::Hundredths(588)),
            (Column::Revenue, Figure::Whole(8_500)),
            (Column::NetRevenue, Figure::Whole(6_799)),
            (Column::ReferralsToCustomers, Figure::Hundredths(2_333)),
            (Column::ClicksToCustomers, Figure::Hundredths(233)),
            (Column::ClicksToReferrals, Figure::Hundredths(1_000)),
            (Column::Epc3Months, Figure::Hundredths(714)),
            (Column::Epc6Months, Figure::Hundredths(0)),
        ] {
            assert_eq!(column.figure(&figures), expected, "{}", column.name());
        }
    }
}
