//! Promoters of a made-up past.

use fake::Fake;
use fake::faker::company::en::CompanyName;
use fake::faker::name::en::{FirstName, LastName};
use rand::RngExt;

use super::{Event, Past};
use crate::clock::timestamp::{DAY_MS, Timestamp};
use crate::domain::enrolment::{self, EnrolmentState, Wish};
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId, RewardId};
use crate::domain::json::{Json, JsonObject};
use crate::domain::payout_method::{self, Method, NewPayoutMethod};
use crate::domain::promo_code::{self, NewPromoCode};
use crate::domain::promoter::{self, ChangePromoter, CreatePromoter, InvoiceDetails, ProfileField};
use crate::domain::state::State;

/// A promoter and how busy he is.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Who.
    pub(super) id: PromoterId,
    /// His e-mail address.
    pub(super) email: String,
    /// His network address.
    pub(super) ip: String,
    /// The token in his link; it goes with him from campaign to campaign.
    pub(super) ref_token: String,
    /// A code that credits him.
    pub(super) code: Option<String>,
    /// Visitors that he brings in a month, about.
    pub(super) visits_a_month: i64,
}

const COUNTRIES: [&str; 10] = ["US", "US", "US", "GB", "GB", "DE", "FR", "CA", "AU", "NL"];
const TOPICS: [&str; 5] = ["blog", "newsletter", "podcast", "videos", "agency"];
const METHODS: [Method; 6] =
    [Method::Paypal, Method::Paypal, Method::Paypal, Method::Wise, Method::Bank, Method::Crypto];

impl Past {
    /// A promoter joins a campaign, and may join another, choose how he is paid, and get a code.
    pub(super) fn join(&mut self, state: &mut State, now: Timestamp) {
        let Some(campaign) = self.campaign(state) else { return };
        let new = self.new_promoter(state, campaign);
        let (email, ip) = (new.email.clone(), new.ip.clone().unwrap_or_default());
        let Ok(id) = promoter::create(state, now, new) else { return };
        let Some(enrolment) = enrolment::in_campaign(state, id, campaign) else { return };
        let (enrolment_id, ref_token) = (enrolment.id, enrolment.ref_token.clone());
        self.join_another(state, now, id);
        self.choose_method(state, now, id, &email);
        self.find_parent(state, now, id);
        let code = self.give_code(state, now, enrolment_id, &ref_token);
        let visits_a_month = match self.rng.random_range(0..10) {
            0..6 => self.rng.random_range(1..5),
            6..9 => self.rng.random_range(5..16),
            _ => self.rng.random_range(16..40),
        };
        self.members.push(Member { id, email, ip, ref_token, code, visits_a_month });
        self.plan_visit(now, self.members.len() - 1);
    }

    /// Mostly the default campaign, else any.
    fn campaign(&mut self, state: &State) -> Option<CampaignId> {
        let all: Vec<CampaignId> = state.campaigns.iter().map(|campaign| campaign.id).collect();
        let default = crate::domain::campaign::default_campaign(state)?.id;
        Some(if self.chance(650) { default } else { self.one_of(&all) })
    }

    fn new_promoter(&mut self, state: &State, campaign: CampaignId) -> CreatePromoter {
        let (first, last): (String, String) =
            (FirstName().fake_with_rng(&mut self.rng), LastName().fake_with_rng(&mut self.rng));
        let number = self.members.len() + 1;
        let host = format!("{}{number}.example", slug(&last));
        let mut profile = vec![
            (ProfileField::FirstName, Some(first.clone())),
            (ProfileField::LastName, Some(last.clone())),
            (ProfileField::Country, Some(self.one_of(&COUNTRIES).to_owned())),
            (ProfileField::Website, Some(format!("https://{host}"))),
        ];
        if self.chance(300) {
            profile.push((ProfileField::CompanyName, Some(CompanyName().fake_with_rng(&mut self.rng))));
        }
        if self.chance(250) {
            profile.push((ProfileField::W8Form, Some(format!("https://files.{host}/w8.pdf"))));
        }
        let approves = state.campaigns.get(campaign).is_some_and(|campaign| campaign.approves_promoters);
        let mut custom_fields = JsonObject::new();
        custom_fields.insert("audience".into(), Json::from(self.one_of(&TOPICS)));
        CreatePromoter {
            email: format!("{}@{host}", slug(&first)),
            cust_id: self.chance(200).then(|| format!("partner_{number}")),
            profile,
            custom_fields,
            campaign: Some(campaign),
            wish: Wish { state: (!approves).then_some(EnrolmentState::Pending), ..Wish::default() },
            ip: Some(self.ip()),
            is_confirmed: self.chance(900),
            ..CreatePromoter::default()
        }
    }

    fn join_another(&mut self, state: &mut State, now: Timestamp, id: PromoterId) {
        if self.chance(120)
            && let Some(other) = self.campaign(state)
        {
            // He may be in it already; then nothing happens.
            let _ = state.attempt(|state| enrolment::enrol(state, now, id, other, Wish::default()));
        }
    }

    fn choose_method(&mut self, state: &mut State, now: Timestamp, id: PromoterId, email: &str) {
        if self.chance(780) {
            let mut details = JsonObject::new();
            details.insert("email".into(), Json::from(email));
            let method = self.one_of(&METHODS);
            let new = NewPayoutMethod { promoter_id: id, method, details, is_selected: true };
            let _ = state.attempt(|state| payout_method::add(state, now, new));
        }
    }

    /// Some were recruited by one who was there before.
    fn find_parent(&mut self, state: &mut State, now: Timestamp, id: PromoterId) {
        if !self.members.is_empty() && self.chance(150) {
            let parent = self.rng.random_range(0..self.members.len());
            let parent = self.members[parent].id;
            let _ = state.attempt(|state| promoter::assign_parent(state, now, id, parent));
        }
    }

    /// Some have a coupon, some a promo code.
    fn give_code(
        &mut self,
        state: &mut State,
        now: Timestamp,
        enrolment_id: EnrolmentId,
        ref_token: &str,
    ) -> Option<String> {
        let code = format!("{}-OFF", ref_token.to_uppercase());
        if self.chance(150) {
            let coupon =
                enrolment::ChangeEnrolment { coupon: Some(Some(code.clone())), ..Default::default() };
            return state
                .attempt(|state| enrolment::change(state, enrolment_id, coupon))
                .is_ok()
                .then_some(code);
        }
        let reward_id = offer(state, enrolment_id)?;
        if !self.chance(150) {
            return None;
        }
        let new = NewPromoCode {
            code: code.clone(),
            reward_id,
            enrolment_id,
            description: None,
            metadata: JsonObject::new(),
            details: JsonObject::new(),
        };
        state.attempt(|state| promo_code::create(state, now, new)).is_ok().then_some(code)
    }

    /// What people did in the dashboard by the end: they logged in, sent their invoice details, or are gone.
    pub(super) fn look_back(&mut self, state: &mut State, begin: Timestamp, start: Timestamp) {
        for member in self.members.clone() {
            if self.chance(800) {
                let joined = state.promoters.get(member.id).map_or(begin, |promoter| promoter.joined_at);
                let since = (start.millis() - joined.millis()).max(1);
                let last_login = joined.plus_ms(self.rng.random_range(0..since));
                state.promoters.update(member.id, |promoter| promoter.last_login_at = Some(last_login));
            }
            if self.chance(200) {
                self.send_invoice_details(state, start, member.id);
            }
            if self.chance(20) {
                let gone = start.plus_ms(-self.rng.random_range(0..30 * DAY_MS));
                let _ = state.attempt(|state| promoter::archive(state, gone, member.id));
            }
        }
    }

    fn send_invoice_details(&mut self, state: &mut State, now: Timestamp, id: PromoterId) {
        let details = ChangePromoter {
            profile: vec![
                (ProfileField::CompanyName, Some(CompanyName().fake_with_rng(&mut self.rng))),
                (ProfileField::Address, Some(format!("{} Main Street", self.rng.random_range(1..200)))),
            ],
            validates_invoice_details: Some(true),
            ..ChangePromoter::default()
        };
        let _ = state.attempt(|state| promoter::change(state, now, id, &details));
        if self.chance(600) {
            state.promoters.update(id, |promoter| promoter.invoice_details = InvoiceDetails::Approved);
        }
    }

    pub(super) fn plan_visit(&mut self, now: Timestamp, member: usize) {
        let mean_ms = 30 * DAY_MS / self.members[member].visits_a_month.max(1);
        let at = now.plus_ms(self.rng.random_range(1..=2 * mean_ms));
        self.add(at, Event::Visit(member));
    }
}

/// The first offer to referrals of an enrolment's campaign.
fn offer(state: &State, id: EnrolmentId) -> Option<RewardId> {
    let enrolment = state.enrolments.get(id)?;
    enrolment::rewards_for_referrals(state, enrolment).first().map(|rule| rule.reward_id)
}

/// The letters of a name, in lower case.
pub(super) fn slug(name: &str) -> String {
    name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}
