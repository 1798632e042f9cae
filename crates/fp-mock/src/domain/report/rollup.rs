//! Daily counters that follow every committed transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::counters::{Counters, Day, Series};
use super::share;
use crate::domain::click::Click;
use crate::domain::commission::{Commission, Settlement};
use crate::domain::conversion::Conversion;
use crate::domain::ids::{CampaignId, CommissionId, ConversionId, EnrolmentId, PayoutId, ReferralId};
use crate::domain::referral::Referral;
use crate::domain::state::{Changes, State};
use crate::domain::table::{Change, Row};

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
struct Origin {
    source: Arc<str>,
    url: Arc<str>,
}

#[derive(Clone, Copy)]
enum Entry<'a> {
    Click(&'a Click),
    Referral(&'a Referral),
    Conversion(&'a Conversion),
    Commission(&'a Commission),
}

/// Whether an entry comes in or goes out.
#[derive(Clone, Copy)]
enum Way {
    In,
    Out,
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

    /// Follows a transaction; `state` is how it left the records.
    pub(in crate::domain) fn follow(&mut self, state: &State, changes: &Changes) {
        let moved = Moved::by(self, state, changes);
        let staying = moved.unchanged_rows(state, changes);
        let is_plain = moved.is_nothing();
        for entry in entries(changes, Way::Out, is_plain).chain(staying.iter().copied()) {
            self.book(state, entry, Way::Out);
        }
        self.remember(state, changes, &moved);
        for entry in entries(changes, Way::In, is_plain).chain(staying) {
            self.book(state, entry, Way::In);
        }
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

    fn book(&mut self, state: &State, entry: Entry<'_>, way: Way) {
        match entry {
            Entry::Click(row) => {
                let origin = self.origin(state, row);
                self.put(row.enrolment_id, Some(&origin), row.created_at.into(), share::OF_CLICK, way);
            }
            Entry::Referral(row) => {
                let origin = self.origin_of.get(&row.id).cloned();
                share::of_referral(row, &mut |day, counters| {
                    self.put(row.enrolment_id, origin.as_ref(), day, counters, way);
                });
            }
            Entry::Conversion(row) => {
                let origin = self.origin_of.get(&row.referral_id).cloned();
                share::of_conversion(row, &mut |day, counters| {
                    self.put(row.enrolment_id, origin.as_ref(), day, counters, way);
                });
            }
            Entry::Commission(row) => {
                let origin = row.referral_id.and_then(|id| self.origin_of.get(&id)).cloned();
                let paid_on = paid_by(row).and_then(|id| self.paid_on.get(&id)).copied();
                share::of_commission(row, paid_on, &mut |day, counters| {
                    self.put(row.enrolment_id, origin.as_ref(), day, counters, way);
                });
            }
        }
    }

    fn origin_now(&self, state: &State, id: ReferralId) -> Option<Origin> {
        let click = state.referrals.get(id)?.click_id?;
        state.clicks.get(click).map(|click| self.origin(state, click))
    }

    /// A visit whose page is not known is taken to have led to the campaign's landing page.
    ///
    /// Evidence: chosen.
    fn origin(&self, state: &State, click: &Click) -> Origin {
        let landing_page = || {
            let campaign = self.campaign_of.get(&click.enrolment_id).and_then(|id| state.campaigns.get(*id));
            campaign.map_or("", |campaign| campaign.landing_url.as_str())
        };
        Origin {
            source: Arc::from(click.source.as_deref().unwrap_or(NO_SOURCE)),
            url: Arc::from(click.url.as_deref().unwrap_or_else(landing_page)),
        }
    }

    fn put(
        &mut self,
        enrolment: EnrolmentId,
        origin: Option<&Origin>,
        day: Day,
        counters: Counters,
        way: Way,
    ) {
        put(&mut self.by_enrolment, &enrolment, day, counters, way);
        if let Some(campaign) = self.campaign_of.get(&enrolment) {
            put(&mut self.by_campaign, campaign, day, counters, way);
        }
        if let Some(origin) = origin {
            put(&mut self.by_source, &origin.source, day, counters, way);
            put(&mut self.by_url, &origin.url, day, counters, way);
        }
    }

    /// Takes note of where records are booked from now on. An enrolment that changes its campaign takes along
    /// what is booked under it; what is gone stays booked where it was.
    fn remember(&mut self, state: &State, changes: &Changes, moved: &Moved) {
        for row in changes.enrolments.iter().filter_map(|change| change.after.as_deref()) {
            let old = self.campaign_of.insert(row.id, row.campaign_id);
            let Some(old) = old.filter(|old| *old != row.campaign_id) else { continue };
            for (day, counters) in self.by_enrolment.get(&row.id).iter().flat_map(|series| series.days()) {
                put(&mut self.by_campaign, &old, day, counters, Way::Out);
                put(&mut self.by_campaign, &row.campaign_id, day, counters, Way::In);
            }
        }
        for &id in &moved.referrals {
            match self.origin_now(state, id) {
                Some(origin) => self.origin_of.insert(id, origin),
                None => self.origin_of.remove(&id),
            };
        }
        for &id in &moved.payouts {
            match paid_now(state, id) {
                Some(day) => self.paid_on.insert(id, day),
                None => self.paid_on.remove(&id),
            };
        }
    }
}

fn put<K: Ord + Clone>(all: &mut BTreeMap<K, Series>, key: &K, day: Day, counters: Counters, way: Way) {
    if !all.contains_key(key) {
        all.insert(key.clone(), Series::default());
    }
    let Some(series) = all.get_mut(key) else { return };
    match way {
        Way::In => series.add(day, counters),
        Way::Out => series.subtract(day, counters),
    }
    if series.is_empty() {
        all.remove(key);
    }
}

/// Referrals that now come from another visit, and payouts that were now paid on another day: what depends on
/// them is booked anew though its own row stays.
struct Moved {
    referrals: BTreeSet<ReferralId>,
    payouts: BTreeSet<PayoutId>,
}

impl Moved {
    fn by(rollup: &Rollup, state: &State, changes: &Changes) -> Self {
        let has_moved = |change: &&Change<Referral>| {
            let now = rollup.origin_now(state, change.id);
            // One that is gone stays booked where it was.
            change.after.is_some() && rollup.origin_of.get(&change.id) != now.as_ref()
        };
        let payouts = changes.payouts.iter().map(|change| change.id);
        Self {
            referrals: changes.referrals.iter().filter(has_moved).map(|change| change.id).collect(),
            payouts: payouts.filter(|id| rollup.paid_on.get(id).copied() != paid_now(state, *id)).collect(),
        }
    }

    fn is_nothing(&self) -> bool {
        self.referrals.is_empty() && self.payouts.is_empty()
    }

    /// The rows that depend on what moved and did not change themselves.
    fn unchanged_rows<'a>(&self, state: &'a State, changes: &Changes) -> Vec<Entry<'a>> {
        if self.is_nothing() {
            return Vec::new();
        }
        let changed: BTreeSet<ConversionId> = changes.conversions.iter().map(|change| change.id).collect();
        let conversions = self.referrals.iter().flat_map(|id| state.conversions.index().by_referral.of(id));
        let conversions = conversions.filter(|id| !changed.contains(id));
        let conversions = conversions.filter_map(|id| state.conversions.get(id)).map(Entry::Conversion);

        let changed: BTreeSet<CommissionId> = changes.commissions.iter().map(|change| change.id).collect();
        let index = state.commissions.index();
        let of_referrals = self.referrals.iter().flat_map(|id| index.by_referral.of(id));
        let of_payouts = self.payouts.iter().flat_map(|id| index.by_payout.of(id));
        let commissions: BTreeSet<CommissionId> = of_referrals.chain(of_payouts).collect();
        let commissions = commissions.into_iter().filter(|id| !changed.contains(id));
        let commissions = commissions.filter_map(|id| state.commissions.get(id)).map(Entry::Commission);
        conversions.chain(commissions).collect()
    }
}

/// The rows of a transaction that reports count: as they were, to go out, or as they are, to come in.
/// If nothing moved, `is_plain`, those are left out that count the same before and after.
fn entries(changes: &Changes, way: Way, is_plain: bool) -> impl Iterator<Item = Entry<'_>> {
    type IsSame<R> = fn(&R, &R) -> bool;
    fn side<'a, R: Row>(
        changes: &'a [Change<R>],
        (way, is_same): (Way, Option<IsSame<R>>),
        entry: fn(&'a R) -> Entry<'a>,
    ) -> impl Iterator<Item = Entry<'a>> {
        let counts = move |change: &&Change<R>| match (&change.before, &change.after, is_same) {
            (Some(before), Some(after), Some(is_same)) => !is_same(before, after),
            _ => true,
        };
        let rows = changes.iter().filter(counts).filter_map(move |change| match way {
            Way::Out => change.before.as_deref(),
            Way::In => change.after.as_deref(),
        });
        rows.map(entry)
    }
    let referrals = is_plain.then_some(share::is_same_referral as IsSame<Referral>);
    let commissions = is_plain.then_some(share::is_same_commission as IsSame<Commission>);
    side(&changes.clicks, (way, None), Entry::Click)
        .chain(side(&changes.referrals, (way, referrals), Entry::Referral))
        .chain(side(&changes.conversions, (way, None), Entry::Conversion))
        .chain(side(&changes.commissions, (way, commissions), Entry::Commission))
}

fn paid_by(row: &Commission) -> Option<PayoutId> {
    match row.settlement {
        Settlement::Paid(id) => Some(id),
        Settlement::Open | Settlement::Due(_) | Settlement::Stuck(_) => None,
    }
}

fn paid_now(state: &State, id: PayoutId) -> Option<Day> {
    state.payouts.get(id).and_then(|row| row.paid_at).map(Day::from)
}
