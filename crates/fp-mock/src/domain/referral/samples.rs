//! Records that the tests of referrals start from.

use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::Campaign;
use crate::domain::click::Click;
use crate::domain::company::Company;
use crate::domain::enrolment::{Enrolment, EnrolmentState};
use crate::domain::ids::{CampaignId, ClickId, EnrolmentId, Ids, ProfileId, PromoterId};
use crate::domain::json::JsonObject;
use crate::domain::promoter::{InvoiceDetails, Profile, Promoter};
use crate::domain::state::State;

/// The moment of the tests.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_736_937_000_000);
/// Jane's network address.
pub(in crate::domain) const PROMOTER_IP: &str = "198.51.100.7";

/// Jane, promoter 1, in a campaign that approves leads by itself, and Bob, promoter 2, in one that does not.
pub(crate) fn two_campaigns() -> (State, [EnrolmentId; 2]) {
    let mut state = State::new(Company::default(), Ids::new(0, "1"));
    let enrolments = [(1, "jane", true), (2, "bob", false)].map(|(number, name, approves_leads)| {
        state.campaigns.insert(campaign(CampaignId::new(1000 + number), approves_leads));
        state.promoters.insert(promoter(PromoterId::new(number), name));
        let enrolment = enrolment(EnrolmentId::new(100 + number), number, name);
        state.enrolments.insert(enrolment).id
    });
    (state, enrolments)
}

/// A visit through the link of an enrolment.
pub(in crate::domain) fn click(
    state: &mut State,
    enrolment_id: EnrolmentId,
    ip: &str,
    is_ad: bool,
) -> ClickId {
    let (id, tid) = (state.ids.issue(), state.ids.token(20));
    let ip = Some(ip.to_owned());
    let row =
        Click { id, tid, enrolment_id, ip, url: None, source: None, is_ad, sub_id: None, created_at: NOW };
    state.clicks.insert(row).id
}

fn campaign(id: CampaignId, approves_leads: bool) -> Campaign {
    Campaign {
        id,
        name: format!("Campaign {id}"),
        color: "#42a5f5".into(),
        landing_url: "https://www.example.com".into(),
        description: String::new(),
        is_default: false,
        is_private: false,
        approves_promoters: true,
        approves_leads,
        approves_rewards: true,
        cookie_days: 60,
        rewards_for_promoters: Vec::new(),
        rewards_for_referrals: Vec::new(),
        default_webhook_url: None,
        fulfilment_url: None,
        threshold: None,
    }
}

fn promoter(id: PromoterId, name: &str) -> Promoter {
    Promoter {
        id,
        email: format!("{name}@example.com"),
        cust_id: None,
        auth_token: format!("token-{name}"),
        pref: name.into(),
        temp_password: None,
        note: None,
        parent: None,
        profile: Profile::empty(ProfileId::new(id.number())),
        is_confirmed: true,
        invoice_details: InvoiceDetails::NotSubmitted,
        custom_fields: JsonObject::new(),
        drip_emails: true,
        subscribed_to_email: true,
        track_ad_traffic: None,
        ip: Some(PROMOTER_IP.into()),
        joined_at: NOW,
        last_login_at: None,
        archived_at: None,
    }
}

fn enrolment(id: EnrolmentId, number: u64, ref_token: &str) -> Enrolment {
    Enrolment {
        id,
        promoter_id: PromoterId::new(number),
        campaign_id: CampaignId::new(1000 + number),
        state: EnrolmentState::Accepted,
        ref_token: ref_token.into(),
        coupon: None,
        display_coupon: None,
        customer_promo_code: None,
        direct_url: None,
        url_tracking: false,
        rewards_for_promoters: None,
        rewards_for_referrals: None,
        target_reached_at: None,
        hidden: false,
        created_at: NOW,
    }
}
