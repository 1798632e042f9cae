//! Referrals as v2 shows them.

use serde::Serialize;

use super::reference::{self, Partners};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EnrolmentId, PromoterId, ReferralId};
use crate::domain::json::JsonObject;
use crate::domain::referral;
use crate::domain::state::State;
use crate::domain::written::{Written, has_turned};
use crate::wire::json;

/// Bytes that a referral is expected to take.
const ROOM: usize = 1_024;

/// A referral.
#[derive(Debug, Serialize)]
pub struct Referral<'a> {
    id: ReferralId,
    email: Option<&'a str>,
    uid: Option<&'a str>,
    state: &'static str,
    metadata: &'a JsonObject,
    entry_source: &'static str,
    created_at: Timestamp,
    customer_since: Option<Timestamp>,
    promoter_campaign: Option<reference::PromoterCampaign<'a>>,
    fraud_check: &'static str,
    created_by_user_email: Option<&'a str>,
    username: Option<&'a str>,
    split_details: Option<Vec<Share>>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    website: Option<&'a str>,
    comment: Option<&'a str>,
    is_expired: bool,
    custom_status: Option<CustomStatus>,
}

#[derive(Debug, Serialize)]
struct Share {
    promoter_campaign_id: EnrolmentId,
    promoter_id: Option<PromoterId>,
    percentage: u32,
}

/// A label of the account's own. No operation makes or sets one, so there is none.
///
/// Evidence: published v2 contract (that it may be null).
#[derive(Debug, Serialize)]
enum CustomStatus {}

impl<'a> Referral<'a> {
    /// Shows a referral as it stands at `now`.
    pub fn of(state: &'a State, row: &'a referral::Referral, now: Timestamp) -> Self {
        let partners = Partners::of(state);
        Self::among(partners, row, has_turned(expires_at(partners, row), now))
    }

    /// Shows a referral. A page keeps what is written here: whatever else should be looked into must be among what
    /// [`page`] rests on.
    fn among(partners: Partners<'a>, row: &'a referral::Referral, is_expired: bool) -> Self {
        let enrolment = partners.enrolments.get(row.enrolment_id);
        Self {
            id: row.id,
            email: row.email.as_deref(),
            uid: row.uid.as_deref(),
            state: row.state.name(),
            metadata: &row.details.metadata,
            entry_source: row.entry_source.name(),
            created_at: row.created_at,
            customer_since: row.customer_since,
            promoter_campaign: enrolment
                .map(|enrolment| reference::PromoterCampaign::of(partners, enrolment)),
            fraud_check: row.fraud_check.name(),
            created_by_user_email: row.details.created_by_user_email.as_deref(),
            username: row.details.username.as_deref(),
            split_details: shares(partners, row),
            first_name: row.details.first_name.as_deref(),
            last_name: row.details.last_name.as_deref(),
            website: row.details.website.as_deref(),
            comment: row.details.comment.as_deref(),
            is_expired,
            custom_status: None,
        }
    }
}

fn shares(partners: Partners<'_>, row: &referral::Referral) -> Option<Vec<Share>> {
    let share = |share: &referral::SplitShare| Share {
        promoter_campaign_id: share.enrolment_id,
        promoter_id: partners.enrolments.get(share.enrolment_id).map(|enrolment| enrolment.promoter_id),
        percentage: share.percentage,
    };
    (!row.details.split.is_empty()).then(|| row.details.split.iter().map(share).collect())
}

/// The moment after which a referral is shown as expired.
fn expires_at(partners: Partners<'_>, row: &referral::Referral) -> Option<Timestamp> {
    let enrolment = partners.enrolments.get(row.enrolment_id)?;
    row.expires_at(partners.campaigns.get(enrolment.campaign_id)?.cookie_days)
}

/// A list of referrals as they stand at `now`, as JSON. What `written` has of them and is still true is taken from
/// there, the others are written and kept: a text rests on the row, the tables of [`Partners`] and the moment it
/// expires, and `Referral::among` is given nothing else.
pub fn page<'a>(
    state: &'a State,
    rows: impl Iterator<Item = &'a referral::Referral>,
    now: Timestamp,
    written: &mut Written<referral::Referral>,
) -> Vec<u8> {
    let partners = Partners::of(state);
    written.rest_on(partners.basis());
    let mut found = Vec::with_capacity(rows.size_hint().1.unwrap_or(0));
    found.extend(rows);
    let rows = found;
    let mut page = Vec::with_capacity(2 + rows.len() * ROOM);
    page.push(b'[');
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            page.push(b',');
        }
        if let Some(text) = written.text(row, now) {
            page.extend_from_slice(text);
            continue;
        }
        let turns_at = expires_at(partners, row);
        let view = Referral::among(partners, row, has_turned(turns_at, now));
        let text = json::written(&view, ROOM).expect("views are made of what JSON can show");
        page.extend_from_slice(&text);
        if let Some(row) = state.referrals.shared(row.id) {
            written.keep(row, turns_at, now, &text);
        }
    }
    page.push(b']');
    debug_assert_eq!(page, anew(state, &rows, now), "what was kept is what would be written now");
    page
}

/// The same, with nothing kept.
fn anew(state: &State, rows: &[&referral::Referral], now: Timestamp) -> Vec<u8> {
    let views: Vec<_> = rows.iter().map(|row| Referral::of(state, row, now)).collect();
    serde_json::to_vec(&views).expect("views are made of what JSON can show")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::timestamp::DAY_MS;
    use crate::domain::ids::CampaignId;
    use crate::domain::promoter::ProfileField;
    use crate::domain::referral::{EntrySource, NewReferral, SplitShare, samples};
    use proptest::prelude::*;

    /// An account, how it was kept before, and what time it is.
    struct Scene {
        state: State,
        kept: State,
        enrolments: [EnrolmentId; 2],
        now: Timestamp,
    }

    impl Scene {
        fn new() -> Self {
            let (mut state, enrolments) = samples::two_campaigns();
            state.commit();
            Self { kept: state.clone(), state, enrolments, now: samples::NOW }
        }

        /// Something that changes what is shown, or might.
        fn go(&mut self, what: u8, number: u64) {
            let (enrolment, other) =
                (self.enrolments[number as usize % 2], self.enrolments[(number as usize + 1) % 2]);
            let side = 1 + number % 2;
            let one = self.state.referrals.iter().nth(number as usize % 5).map(|row| row.id);
            let one = one.unwrap_or(ReferralId::new(0));
            let (state, now, days) = (&mut self.state, self.now, (number % 50) as i64 * DAY_MS);
            let referrals = &mut state.referrals;
            match what {
                0..=3 => {
                    let email = Some(format!("lead{number}-{}@example.com", referrals.len()));
                    let new = NewReferral { email, ..NewReferral::of(enrolment, EntrySource::Api) };
                    let _ = referral::create(state, now, new);
                }
                4 => {
                    _ = referrals
                        .update(one, |row| row.details.first_name = Some(format!("Name \"{number}\"").into()))
                }
                5 => _ = referrals.update(one, |row| row.customer_since = (side == 1).then_some(now)),
                6 => _ = referrals.update(one, |row| row.enrolment_id = enrolment),
                7 => {
                    let split =
                        Box::new([SplitShare { enrolment_id: other, percentage: (number % 100) as u32 }]);
                    referrals.update(one, |row| row.details.split = split);
                }
                8 => _ = referrals.delete(one),
                9 => {
                    let name = format!("Jane {number}");
                    let rename = |row: &mut crate::domain::promoter::Promoter| {
                        row.profile.fill(ProfileField::FirstName, Some(&name));
                    };
                    state.promoters.update(PromoterId::new(side), rename);
                }
                10 => {
                    let days = (number % 90) as u32;
                    state.campaigns.update(CampaignId::new(1000 + side), |row| row.cookie_days = days);
                }
                11 => _ = state.enrolments.update(enrolment, |row| row.promoter_id = PromoterId::new(side)),
                12 => self.now = now.plus_ms(days),
                13 => self.now = now.plus_ms(-days),
                14 => state.commit(),
                15 => self.kept = state.clone(),
                16 => *state = self.kept.clone(),
                _ => {}
            }
        }

        /// Lists two times, so that the second time nothing need be written, and anew.
        fn lists(&mut self) -> [Vec<u8>; 3] {
            let mut written = std::mem::take(&mut self.state.written_referrals);
            let rows = || self.state.referrals.iter().rev();
            let mut list = || page(&self.state, rows(), self.now, &mut written);
            let lists = [list(), list(), anew(&self.state, &rows().collect::<Vec<_>>(), self.now)];
            self.state.written_referrals = written;
            lists
        }

        /// Lists how things were before the last commit, with what was written since.
        fn list_of_before(&mut self) -> [Vec<u8>; 2] {
            let (now, changes) = (self.now, self.state.changes());
            let mut written = std::mem::take(&mut self.state.written_referrals);
            let lists = self.state.before(&changes, |state| {
                let rows = || state.referrals.iter().rev();
                [page(state, rows(), now, &mut written), anew(state, &rows().collect::<Vec<_>>(), now)]
            });
            self.state.written_referrals = written;
            lists
        }
    }

    proptest! {
        #[test]
        fn what_was_kept_is_always_what_would_be_written_now(
            steps in proptest::collection::vec((0u8..20, any::<u32>()), 1..60),
        ) {
            let mut scene = Scene::new();
            for (what, number) in steps {
                let number = u64::from(number);
                match what {
                    17 => {
                        let point = scene.state.savepoint();
                        (0..4).for_each(|step| scene.go((number >> (step * 8)) as u8 % 12, number >> step));
                        let [first, second, anew] = scene.lists();
                        prop_assert!(first == anew && second == anew);
                        scene.state.rollback(point);
                    }
                    18 => {
                        let [before, anew] = scene.list_of_before();
                        prop_assert_eq!(before, anew);
                    }
                    _ => scene.go(what, number),
                }
                let [first, second, anew] = scene.lists();
                prop_assert!(first == anew && second == anew);
            }
        }
    }

    #[test]
    fn a_referral_that_did_not_change_is_written_once() {
        let mut scene = Scene::new();
        (0..3).for_each(|number| scene.go(0, number));
        scene.lists();
        let kept = |scene: &Scene| {
            let (written, now) = (&scene.state.written_referrals, scene.now);
            scene.state.referrals.iter().map(|row| written.text(row, now).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(kept(&scene), [true; 3]);
        scene.go(4, 1);
        assert_eq!(kept(&scene), [true, false, true]);
        scene.lists();
        scene.now = scene.now.plus_ms(61 * DAY_MS);
        assert_eq!(kept(&scene), [false; 3]);
        scene.lists();
        assert_eq!(kept(&scene), [true; 3]);
        scene.state = scene.state.clone();
        assert_eq!(kept(&scene), [false; 3]);
    }
}
