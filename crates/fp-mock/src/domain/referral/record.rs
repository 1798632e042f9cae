//! The record of a referral and what is kept beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use super::facts::{FactColumns, Facts};
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::by_text::ByText;
use crate::domain::commission::ASTRAY_MAX;
use crate::domain::facets::Facets;
use crate::domain::ids::{ClickId, EnrolmentId, PlanId, ReferralId};
use crate::domain::json::Attachment;
use crate::domain::lookup::{Many, folded};
use crate::domain::money::Amount;
use crate::domain::named::named_values;
use crate::domain::pairs::Pairs;
use crate::domain::rare::{Nothing, Rare};
use crate::domain::searched::Searched;
use crate::domain::table::{Index, Row};

/// A referral.
#[derive(Clone, Debug)]
pub struct Referral {
    /// Its id.
    pub id: ReferralId,
    /// E-mail; at least one of e-mail and uid is known for tracked referrals.
    pub email: Option<Arc<str>>,
    /// The customer's own id of the person.
    pub uid: Option<Arc<str>>,
    /// What is known of few.
    pub details: Rare<ReferralDetails>,
    /// How it stands.
    pub state: ReferralState,
    /// What it was before it was disabled, to return to.
    pub state_before_denied: Option<ReferralState>,
    /// Who referred it.
    pub enrolment_id: EnrolmentId,
    /// How it came in.
    pub entry_source: EntrySource,
    /// What looks wrong about it.
    pub fraud_check: FraudCheck,
    /// Whether the company cleared it of suspicion by hand: then it is not checked again by itself.
    pub is_cleared_by_hand: bool,
    /// The visit it came from.
    pub click_id: Option<ClickId>,
    /// The plan of its latest sale.
    pub plan_id: Option<PlanId>,
    /// Monthly recurring revenue in minor units.
    pub mrr: Amount,
    /// When it came in.
    pub created_at: Timestamp,
    /// When its signup was tracked.
    pub signed_up_at: Option<Timestamp>,
    /// When its first sale was tracked.
    pub customer_since: Option<Timestamp>,
    /// When it cancelled.
    pub cancelled_at: Option<Timestamp>,
}

/// What is known of few referrals.
#[derive(Clone, Debug, Default)]
pub struct ReferralDetails {
    /// User name.
    pub username: Option<Arc<str>>,
    /// First name.
    pub first_name: Option<Arc<str>>,
    /// Last name.
    pub last_name: Option<Arc<str>>,
    /// Website.
    pub website: Option<Arc<str>>,
    /// A comment.
    pub comment: Option<Arc<str>>,
    /// The promoter's own mark in the link it came by.
    pub sub_id: Option<Arc<str>>,
    /// Address at signup.
    pub ip: Option<Arc<str>>,
    /// Who made it by hand.
    pub created_by_user_email: Option<Arc<str>>,
    /// Partners who share its commissions.
    pub split: Box<[SplitShare]>,
    /// The customer's own data.
    pub metadata: Attachment,
    /// Values of the company's own fields.
    pub custom_fields: Attachment,
    /// When it last followed its promoter into another campaign because he had reached a threshold.
    pub moved_by_threshold_at: Option<Timestamp>,
}

impl Nothing for ReferralDetails {
    fn nothing() -> &'static Self {
        static NOTHING: LazyLock<ReferralDetails> = LazyLock::new(ReferralDetails::default);
        &NOTHING
    }
}

impl Referral {
    /// The name that it goes by in orders: its e-mail address, or uid without one.
    pub fn name(&self) -> Option<&str> {
        self.email.as_deref().or(self.uid.as_deref())
    }

    /// After which moment it did not buy while its visit was remembered; `None` once it bought.
    ///
    /// Evidence: chosen (the contract names the flag without its rule).
    pub fn expires_at(&self, cookie_days: u32) -> Option<Timestamp> {
        let is_customer = self.customer_since.is_some();
        (!is_customer).then(|| self.created_at.plus_ms(i64::from(cookie_days) * DAY_MS))
    }

    /// Lets a partner have no share any more.
    pub fn share_no_more_with(&mut self, partner: EnrolmentId) {
        self.details.split =
            self.details.split.iter().filter(|share| share.enrolment_id != partner).copied().collect();
    }
}

/// A partner's share of a referral's commissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitShare {
    /// The partner.
    pub enrolment_id: EnrolmentId,
    /// His share in per cent.
    pub percentage: u32,
}

named_values! {
    /// How a referral stands.
    ///
    /// Evidence: published v2 contract (`Referral.state`).
    ReferralState {
        /// Left an address, did not sign up.
        Subscribed = "subscribed",
        /// Signed up.
        Signup = "signup",
        /// Paying customer.
        Active = "active",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Got everything back.
        Refunded = "refunded",
        /// Disabled.
        Denied = "denied",
        /// Waits for approval.
        Pending = "pending",
        /// Went to another promoter.
        Moved = "moved",
    }
}

named_values! {
    /// How a referral came in.
    ///
    /// Evidence: published v2 contract (`Referral.entry_source`).
    EntrySource {
        /// By referral token over the API.
        Api = "api",
        /// By promo code.
        Coupon = "coupon",
        /// By tracking id.
        Cookie = "cookie",
        /// Made by hand by the company.
        ManualAdmin = "manual_admin",
        /// Made by hand by the promoter.
        ManualAffiliate = "manual_affiliate",
    }
}

named_values! {
    /// What looks wrong about a referral.
    ///
    /// Evidence: published v2 contract (`Referral.fraud_check`).
    FraudCheck {
        /// Nothing.
        NoSuspicion = "no_suspicion",
        /// It has its promoter's address.
        SameIp = "same_ip_suspicion",
        /// It has its promoter's e-mail.
        SamePromoterEmail = "same_promoter_email",
        /// It came from an ad.
        AdSource = "ad_source",
    }
}

/// Finds and counts referrals.
#[derive(Clone, Debug, Default)]
pub struct ReferralIndex {
    /// By e-mail in lower case.
    pub by_email: ByText<ReferralId>,
    /// By uid.
    pub by_uid: ByText<ReferralId>,
    /// By user name.
    pub by_username: ByText<ReferralId>,
    /// By the enrolment that referred them.
    pub by_enrolment: Many<EnrolmentId, ReferralId>,
    /// By the enrolments that share their commissions.
    pub by_partner: Many<EnrolmentId, ReferralId>,
    /// By state.
    pub by_state: Many<ReferralState, ReferralId>,
    /// By the visit they came from.
    pub by_click: Pairs<ClickId, ReferralId>,
    /// Those about which something looks wrong, by enrolment and what it is.
    pub suspicious: Many<(EnrolmentId, FraudCheck), ReferralId>,
    /// What lists are filtered by.
    pub facets: Facets<FactColumns>,
    /// Those whose names may have changed, if somebody wants to know; see
    /// [`arrange`](crate::domain::commission::arrange).
    pub renamed: Option<BTreeSet<ReferralId>>,
    /// What lists searched for last.
    pub searched: Searched,
    /// Counts by enrolment.
    pub counts: BTreeMap<EnrolmentId, ReferralCounts>,
}

/// How many referrals of an enrolment are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReferralCounts {
    /// All of them.
    pub referrals: u64,
    /// Those that ever bought.
    pub customers: u64,
    /// Those that are paying customers now.
    pub active_customers: u64,
    /// Those that cancelled.
    pub cancelled: u64,
    /// After this moment none came in: that of the last one, or later if that one went away.
    pub none_after: Option<Timestamp>,
    /// The same of those that bought, and of when they first did.
    pub no_customer_after: Option<Timestamp>,
}

impl ReferralCounts {
    fn count_in(&mut self, row: &Referral) {
        self.apply(row, |n| *n += 1);
        self.none_after = self.none_after.max(Some(row.created_at));
        self.no_customer_after = self.no_customer_after.max(row.customer_since);
    }

    fn count_out(&mut self, row: &Referral) {
        self.apply(row, |n| *n -= 1);
    }

    fn apply(&mut self, row: &Referral, by: fn(&mut u64)) {
        by(&mut self.referrals);
        if row.customer_since.is_some() {
            by(&mut self.customers);
        }
        if row.state == ReferralState::Active {
            by(&mut self.active_customers);
        }
        if row.cancelled_at.is_some() {
            by(&mut self.cancelled);
        }
    }
}

impl Index<Referral> for ReferralIndex {
    fn add(&mut self, row: &Referral) {
        if let Some(email) = &row.email {
            self.by_email.add(&folded(email), row.id);
        }
        if let Some(uid) = &row.uid {
            self.by_uid.add(uid, row.id);
        }
        if let Some(username) = &row.details.username {
            self.by_username.add(username, row.id);
        }
        if let Some(click) = row.click_id {
            self.by_click.add(click, row.id);
        }
        for share in &row.details.split {
            self.by_partner.add(share.enrolment_id, row.id);
        }
        self.by_enrolment.add(row.enrolment_id, row.id);
        if row.fraud_check != FraudCheck::NoSuspicion {
            self.suspicious.add((row.enrolment_id, row.fraud_check), row.id);
        }
        self.by_state.add(row.state, row.id);
        self.facets.put(row.id.number(), Facts::of(row), &Facts::text(row));
        self.rename(row.id);
        self.counts.entry(row.enrolment_id).or_default().count_in(row);
    }

    fn remove(&mut self, row: &Referral) {
        if let Some(email) = &row.email {
            self.by_email.remove(&folded(email), row.id);
        }
        if let Some(uid) = &row.uid {
            self.by_uid.remove(uid, row.id);
        }
        if let Some(username) = &row.details.username {
            self.by_username.remove(username, row.id);
        }
        if let Some(click) = row.click_id {
            self.by_click.remove(&click, row.id);
        }
        for share in &row.details.split {
            self.by_partner.remove(&share.enrolment_id, row.id);
        }
        self.by_enrolment.remove(&row.enrolment_id, row.id);
        if row.fraud_check != FraudCheck::NoSuspicion {
            self.suspicious.remove(&(row.enrolment_id, row.fraud_check), row.id);
        }
        self.by_state.remove(&row.state, row.id);
        self.facets.remove(row.id.number());
        self.rename(row.id);
        self.counts.entry(row.enrolment_id).or_default().count_out(row);
    }

    fn change(&mut self, before: &Referral, after: &Referral) {
        if !Self::is_found_alike(before, after) {
            self.remove(before);
            self.add(after);
            return;
        }
        if before.state != after.state {
            self.by_state.remove(&before.state, before.id);
            self.by_state.add(after.state, after.id);
        }
        self.facets.change(after.id.number(), Facts::of(after));
        let counts = self.counts.entry(after.enrolment_id).or_default();
        counts.count_out(before);
        counts.count_in(after);
    }
}

impl ReferralIndex {
    /// Takes note of one whose name may change. If many do, nobody wants to know any more.
    fn rename(&mut self, id: ReferralId) {
        if let Some(renamed) = &mut self.renamed {
            renamed.insert(id);
            if renamed.len() > ASTRAY_MAX {
                self.renamed = None;
            }
        }
    }

    /// Whether two versions of a row are found by the same keys.
    fn is_found_alike(one: &Referral, other: &Referral) -> bool {
        one.email == other.email
            && one.uid == other.uid
            && one.details.username == other.details.username
            && one.details.website == other.details.website
            && one.click_id == other.click_id
            && one.details.split == other.details.split
            && one.enrolment_id == other.enrolment_id
            && one.fraud_check == other.fraud_check
    }
}

impl Row for Referral {
    type Id = ReferralId;
    type Index = ReferralIndex;
    fn id(&self) -> ReferralId {
        self.id
    }
}
