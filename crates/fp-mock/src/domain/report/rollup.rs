//! Daily counters that follow every committed transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::booking::{Books, Entry, Place, Way};
use super::counters::{Counters, Day, Series};
use crate::domain::campaign::Campaign;
use crate::domain::click::Click;
use crate::domain::commission::Commission;
use crate::domain::conversion::Conversion;
use crate::domain::id_set::IdSet;
use crate::domain::ids::{CampaignId, CommissionId, ConversionId, EnrolmentId, PayoutId, ReferralId};
use crate::domain::payout::Payout;
use crate::domain::referral::Referral;
use crate::domain::state::Changes;
use crate::domain::table::{Change, Table};

/// What visits without a known source are counted under.
///
/// Evidence: chosen.
pub const NO_SOURCE: &str = "direct";

/// Daily counters by campaign, enrolment, traffic source and URL.
///
/// It remembers which campaign, visit and day of payment it booked a record under, so that the record can be
/// taken out again from where it was put, whatever has changed or gone since.
#[derive(Clone, Debug, Default)]
pub struct Rollup {
    by_campaign: BTreeMap<CampaignId, Series>,
    by_enrolment: BTreeMap<EnrolmentId, Series>,
    by_source: BTreeMap<Arc<str>, Series>,
    by_url: BTreeMap<Arc<str>, Series>,
    campaign_of: BTreeMap<EnrolmentId, CampaignId>,
    origin_of: BTreeMap<ReferralId, Origin>,
    paid_on: BTreeMap<PayoutId, Day>,
}

/// Where a visit came from and where it led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    source: Arc<str>,
    url: Arc<str>,
}

/// The records that reports count, and those that tell under what.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) struct Records<'a> {
    pub campaigns: &'a Table<Campaign>,
    pub clicks: &'a Table<Click>,
    pub referrals: &'a Table<Referral>,
    pub conversions: &'a Table<Conversion>,
    pub commissions: &'a Table<Commission>,
    pub payouts: &'a Table<Payout>,
}

#[cfg(test)]
impl<'a> Records<'a> {
    pub(super) fn of(state: &'a crate::domain::state::State) -> Self {
        Self {
            campaigns: &state.campaigns,
            clicks: &state.clicks,
            referrals: &state.referrals,
            conversions: &state.conversions,
            commissions: &state.commissions,
            payouts: &state.payouts,
        }
    }
}

impl Rollup {
    /// The days of a campaign.
    pub fn campaign(&self, id: CampaignId) -> Option<&Series> {
        self.by_campaign.get(&id)
    }

    /// The days of an enrolment.
    pub fn enrolment(&self, id: EnrolmentId) -> Option<&Series> {
        self.by_enrolment.get(&id)
    }

    /// The days of every campaign.
    pub(super) fn campaigns(&self) -> impl Iterator<Item = &Series> {
        self.by_campaign.values()
    }

    /// Every traffic source with its days, by name.
    pub(super) fn sources(&self) -> impl Iterator<Item = (&str, &Series)> {
        self.by_source.iter().map(|(source, series)| (&**source, series))
    }

    /// Every URL with its days, by name.
    pub(super) fn urls(&self) -> impl Iterator<Item = (&str, &Series)> {
        self.by_url.iter().map(|(url, series)| (&**url, series))
    }

    /// Follows a transaction; `records` are as it left them.
    pub(in crate::domain) fn follow(&mut self, records: &Records<'_>, changes: &Changes) {
        if !is_counted(changes) {
            return;
        }
        let moved = Moved::by(self, records, changes);
        let staying = moved.unchanged_rows(records, changes);
        let is_plain = moved.is_nothing();
        Books::of(self, records, Way::Out).book_all(changes, &staying, is_plain);
        self.remember(records, changes, &moved);
        Books::of(self, records, Way::In).book_all(changes, &staying, is_plain);
    }

    /// Everything that is counted, by what it is counted under.
    #[cfg(test)]
    pub(super) fn series(&self) -> Vec<(String, &Series)> {
        fn named<K: std::fmt::Debug>(all: &BTreeMap<K, Series>) -> impl Iterator<Item = (String, &Series)> {
            all.iter().map(|(key, series)| (format!("{key:?}"), series))
        }
        named(&self.by_campaign)
            .chain(named(&self.by_enrolment))
            .chain(named(&self.by_source))
            .chain(named(&self.by_url))
            .collect()
    }

    /// Where a referral was booked to have come from.
    pub(super) fn origin_of(&self, id: ReferralId) -> Option<Origin> {
        self.origin_of.get(&id).cloned()
    }

    /// The day on which a payout was booked as paid.
    pub(super) fn paid_on(&self, id: PayoutId) -> Option<Day> {
        self.paid_on.get(&id).copied()
    }

    fn origin_now(&self, records: &Records<'_>, id: ReferralId) -> Option<Origin> {
        let click = records.referrals.get(id)?.click_id?;
        records.clicks.get(click).map(|click| self.origin(records, click))
    }

    /// A visit whose page is not known is taken to have led to the campaign's landing page.
    ///
    /// Evidence: chosen.
    pub(super) fn origin(&self, records: &Records<'_>, click: &Click) -> Origin {
        let landing_page = || {
            let campaign =
                self.campaign_of.get(&click.enrolment_id).and_then(|id| records.campaigns.get(*id));
            campaign.map_or("", |campaign| campaign.landing_url.as_str())
        };
        Origin {
            source: Arc::from(click.source.as_deref().unwrap_or(NO_SOURCE)),
            url: Arc::from(click.url.as_deref().unwrap_or_else(landing_page)),
        }
    }

    /// Counts something under its place.
    pub(super) fn put(&mut self, place: &Place, counters: Counters) {
        let Place { enrolment, origin, day } = place;
        put(&mut self.by_enrolment, enrolment, *day, counters);
        if let Some(campaign) = self.campaign_of.get(enrolment) {
            put(&mut self.by_campaign, campaign, *day, counters);
        }
        if let Some(origin) = origin {
            put(&mut self.by_source, &origin.source, *day, counters);
            put(&mut self.by_url, &origin.url, *day, counters);
        }
    }

    /// Takes note of where records are booked from now on. An enrolment that changes its campaign takes along
    /// what is booked under it; what is gone stays booked where it was.
    fn remember(&mut self, records: &Records<'_>, changes: &Changes, moved: &Moved) {
        for row in changes.enrolments.iter().filter_map(|change| change.after.as_deref()) {
            let old = self.campaign_of.insert(row.id, row.campaign_id);
            let Some(old) = old.filter(|old| *old != row.campaign_id) else { continue };
            for (day, counters) in self.by_enrolment.get(&row.id).iter().flat_map(|series| series.days()) {
                put(&mut self.by_campaign, &old, day, -counters);
                put(&mut self.by_campaign, &row.campaign_id, day, counters);
            }
        }
        for &id in &moved.referrals {
            match self.origin_now(records, id) {
                Some(origin) => self.origin_of.insert(id, origin),
                None => self.origin_of.remove(&id),
            };
        }
        for &id in &moved.payouts {
            match paid_now(records, id) {
                Some(day) => self.paid_on.insert(id, day),
                None => self.paid_on.remove(&id),
            };
        }
    }
}

fn put<K: Ord + Clone>(all: &mut BTreeMap<K, Series>, key: &K, day: Day, counters: Counters) {
    let Some(series) = all.get_mut(key) else {
        let mut series = Series::default();
        series.add(day, counters);
        if !series.is_empty() {
            all.insert(key.clone(), series);
        }
        return;
    };
    series.add(day, counters);
    if series.is_empty() {
        all.remove(key);
    }
}

/// Referrals that now come from another visit, and payouts that were now paid on another day: what depends on
/// them is booked anew though its own row stays.
struct Moved {
    referrals: Vec<ReferralId>,
    payouts: Vec<PayoutId>,
}

impl Moved {
    fn by(rollup: &Rollup, records: &Records<'_>, changes: &Changes) -> Self {
        let has_moved = |change: &&Change<Referral>| {
            let now = rollup.origin_now(records, change.id);
            // One that is gone stays booked where it was.
            change.after.is_some() && rollup.origin_of.get(&change.id) != now.as_ref()
        };
        let payouts = changes.payouts.iter().map(|change| change.id);
        Self {
            referrals: changes.referrals.iter().filter(has_moved).map(|change| change.id).collect(),
            payouts: payouts.filter(|id| rollup.paid_on.get(id).copied() != paid_now(records, *id)).collect(),
        }
    }

    fn is_nothing(&self) -> bool {
        self.referrals.is_empty() && self.payouts.is_empty()
    }

    /// The rows that depend on what moved and did not change themselves.
    fn unchanged_rows<'a>(&self, records: &Records<'a>, changes: &Changes) -> Vec<Entry<'a>> {
        if self.is_nothing() {
            return Vec::new();
        }
        let changed: IdSet<ConversionId> = changes.conversions.iter().map(|change| change.id).collect();
        let conversions = self.referrals.iter().flat_map(|id| records.conversions.index().by_referral.of(id));
        let conversions = conversions.filter(|id| !changed.contains(*id));
        let conversions = conversions.filter_map(|id| records.conversions.get(id)).map(Entry::Conversion);

        let changed: IdSet<CommissionId> = changes.commissions.iter().map(|change| change.id).collect();
        let index = records.commissions.index();
        let of_referrals = self.referrals.iter().flat_map(|id| index.by_referral.of(id));
        let of_payouts = self.payouts.iter().flat_map(|id| index.by_payout.of(id));
        let commissions: IdSet<CommissionId> = of_referrals.chain(of_payouts).collect();
        let commissions = commissions.into_iter().filter(|id| !changed.contains(*id));
        let commissions = commissions.filter_map(|id| records.commissions.get(id)).map(Entry::Commission);
        conversions.chain(commissions).collect()
    }
}

/// Whether a transaction touched anything that reports count, or what tells under what.
fn is_counted(changes: &Changes) -> bool {
    !(changes.clicks.is_empty()
        && changes.referrals.is_empty()
        && changes.conversions.is_empty()
        && changes.commissions.is_empty()
        && changes.enrolments.is_empty()
        && changes.payouts.is_empty())
}

fn paid_now(records: &Records<'_>, id: PayoutId) -> Option<Day> {
    records.payouts.get(id).and_then(|row| row.paid_at).map(Day::from)
}
