//! The records that events are about, made through the business as they are needed.

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::default_campaign;
use crate::domain::commission::{self, CommissionStatus, CustomCommission};
use crate::domain::contract_document;
use crate::domain::conversion::{self, Person, Sale, Signup, Trail};
use crate::domain::enrolment::{self, EnrolmentState, Wish};
use crate::domain::ids::{
    CampaignId, CommissionId, ContractDocumentId, EnrolmentId, PaymentsBatchId, PayoutId, PayoutMethodId,
    PromoterId, ReferralId,
};
use crate::domain::json::JsonObject;
use crate::domain::money::{Amount, Unit};
use crate::domain::payments_batch;
use crate::domain::payout;
use crate::domain::payout_method::{self, Method, NewPayoutMethod};
use crate::domain::promoter::{self, CreatePromoter, FindBy};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;
use crate::webhooks::delivery::LegacyType;

/// Minor units of a sale unless asked otherwise.
const SALE: Amount = 10_000;

/// What a test wants to be different about the records.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Override {
    /// A promoter there is, instead of a new one.
    pub promoter_id: Option<u64>,
    /// A promoter there is, or the address of a new one.
    pub promoter_email: Option<String>,
    /// The campaign.
    pub campaign_id: Option<u64>,
    /// The referral's address.
    pub email: Option<String>,
    /// The referral's uid.
    pub uid: Option<String>,
    /// Of the sale, or of a commission made by hand.
    pub amount: Option<Amount>,
    /// Of the sale.
    pub event_id: Option<String>,
    /// Of a commission made by hand.
    pub unit: Option<String>,
    /// How the promoter is paid.
    pub method: Option<String>,
}

/// What was made or used.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Records {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoter: Option<PromoterId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoter_campaign: Option<EnrolmentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<ReferralId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission: Option<CommissionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout: Option<PayoutId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_method: Option<PayoutMethodId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payments_batch: Option<PaymentsBatchId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_document: Option<ContractDocumentId>,
}

/// The kind of record that an event is about.
pub(super) fn entity(kind: Kind) -> Entity {
    match kind {
        Kind::Current(kind) => match kind.entity() {
            "promoter" => Entity::Promoter,
            "promoter_campaign" => Entity::PromoterCampaign,
            "referral" => Entity::Referral,
            "commission" => Entity::Commission,
            "payout_method" => Entity::PayoutMethod,
            "contract_document" => Entity::ContractDocument,
            _ => Entity::Payout,
        },
        Kind::Legacy(_) => Entity::Referral,
    }
}

/// One transaction of a trigger: whatever it needs is made when it is first asked for.
pub(super) struct Stage<'a> {
    pub state: &'a mut State,
    pub now: Timestamp,
    pub kind: Kind,
    pub wish: &'a Override,
    pub records: &'a mut Records,
}

/// What a step of a recipe answers.
pub(super) type Done<T> = Result<T, Refusal>;

impl Stage<'_> {
    /// The campaign: the one that was asked for, else for legacy events the first with a fitting URL, else the
    /// default one.
    pub fn campaign(&self) -> Done<CampaignId> {
        if let Some(id) = self.wish.campaign_id {
            let found =
                self.state.campaigns.get(CampaignId::new(id)).ok_or(Refusal::NotFound(Entity::Campaign))?;
            return Ok(found.id);
        }
        let telling = self.state.campaigns.iter().find(|campaign| match self.kind {
            Kind::Current(_) => false,
            Kind::Legacy(LegacyType::FulfilmentPending) => campaign.fulfilment_url.is_some(),
            Kind::Legacy(_) => campaign.default_webhook_url.is_some(),
        });
        let campaign = telling.or_else(|| default_campaign(self.state));
        campaign.map(|campaign| campaign.id).ok_or(Refusal::NotFound(Entity::Campaign))
    }

    /// The promoter that was asked for, else a new one.
    pub fn promoter(&mut self) -> Done<PromoterId> {
        if let Some(id) = self.records.promoter {
            return Ok(id);
        }
        let known = match (&self.wish.promoter_id, &self.wish.promoter_email) {
            (Some(id), _) => {
                let id = PromoterId::new(*id);
                Some(self.state.promoters.get(id).ok_or(Refusal::NotFound(Entity::Promoter))?.id)
            }
            (None, Some(email)) => promoter::find(self.state, FindBy::Email, email),
            (None, None) => None,
        };
        let id = match known {
            Some(id) => id,
            None => self.new_promoter(None)?,
        };
        self.records.promoter = Some(id);
        Ok(id)
    }

    /// A new promoter, in a given state if it matters.
    pub fn new_promoter(&mut self, standing: Option<EnrolmentState>) -> Done<PromoterId> {
        let email = self.wish.promoter_email.clone();
        let input = CreatePromoter {
            email: email.unwrap_or_else(|| self.address("promoter")),
            campaign: Some(self.campaign()?),
            wish: Wish { state: standing, ..Wish::default() },
            ..CreatePromoter::default()
        };
        let id = promoter::create(self.state, self.now, input)?;
        self.records.promoter = Some(id);
        self.records.promoter_campaign = enrolment::default_of(self.state, id).map(|enrolment| enrolment.id);
        Ok(id)
    }

    /// The promoter's enrolment in the campaign, accepted.
    pub fn enrolment(&mut self) -> Done<EnrolmentId> {
        let (promoter, campaign) = (self.promoter()?, self.campaign()?);
        let known = enrolment::in_campaign(self.state, promoter, campaign).map(|enrolment| enrolment.id);
        let id = match known {
            Some(id) => id,
            None => enrolment::enrol(self.state, self.now, promoter, campaign, Wish::default())?,
        };
        if self.state.enrolments.get(id).is_some_and(|row| row.state != EnrolmentState::Accepted) {
            promoter::accept(self.state, self.now, promoter, campaign)?;
        }
        self.records.promoter_campaign = Some(id);
        Ok(id)
    }

    /// A referral that signed up.
    pub fn referral(&mut self) -> Done<ReferralId> {
        if let Some(id) = self.records.referral {
            return Ok(id);
        }
        let enrolment = self.enrolment()?;
        let token = self.state.enrolments.get(enrolment).map(|enrolment| enrolment.ref_token.clone());
        let email = match (&self.wish.email, &self.wish.uid) {
            (None, None) => Some(self.address("lead")),
            (email, _) => email.clone(),
        };
        let person = Person::new(email, self.wish.uid.clone())?;
        let trail = Trail { ref_id: token, ..Trail::default() };
        let event = conversion::signup(self.state, self.now, Signup::of(person, trail))?;
        let id = self.state.conversions.get(event).map(|event| event.referral_id);
        self.records.referral = id;
        id.ok_or(Refusal::NotFound(Entity::Referral))
    }

    /// Who the referral is, as tracking names him.
    pub fn person(&mut self) -> Done<Person> {
        let id = self.referral()?;
        let row = self.state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
        Person::of(row)
    }

    /// A sale of the referral, and its first commission if it makes one.
    pub fn sale(&mut self) -> Done<()> {
        let person = self.person()?;
        let event_id = self.wish.event_id.clone();
        let sale = Sale {
            person,
            trail: Trail::default(),
            event_id: event_id.unwrap_or_else(|| format!("evt_{}", self.state.ids.slug(12))),
            amount: self.wish.amount.unwrap_or(SALE),
            quantity: 1,
            plan: None,
            currency: None,
            mrr: None,
            billing: None,
            subscription_id: None,
            created_at: None,
            notifies: true,
        };
        let event = conversion::sale(self.state, self.now, sale)?;
        self.records.commission = self.state.commissions.index().by_conversion.first(&event);
        Ok(())
    }

    /// A commission of a sale.
    pub fn commission(&mut self) -> Done<CommissionId> {
        if self.records.commission.is_none() {
            self.sale()?;
        }
        let problem = "the campaign gives nothing for a sale";
        self.records.commission.ok_or_else(|| Refusal::wrong_state(Entity::Commission, problem))
    }

    /// A commission that can be paid out, in a payout.
    pub fn payout(&mut self) -> Done<PayoutId> {
        if let Some(id) = self.records.payout {
            return Ok(id);
        }
        let commission = self.payable()?;
        payout::generate(self.state, self.now, commission)?;
        let row = self.state.commissions.get(commission);
        self.records.payout = row.and_then(|row| row.settlement.payout_id());
        self.records.payout.ok_or(Refusal::NotFound(Entity::Payout))
    }

    /// A commission of a sale, approved.
    pub fn payable(&mut self) -> Done<CommissionId> {
        let id = self.commission()?;
        if self.state.commissions.get(id).is_some_and(|row| row.status != CommissionStatus::Approved) {
            commission::approve(self.state, self.now, id)?;
        }
        Ok(id)
    }

    /// A commission made by hand that is not money.
    pub fn custom(&mut self) -> Done<()> {
        let unit = match self.wish.unit.as_deref() {
            None => Unit::Credits,
            Some(name) => Unit::named(name).ok_or_else(|| unusable("unit", "a unit", name))?,
        };
        let commission = CustomCommission {
            enrolment_id: self.enrolment()?,
            referral_id: None,
            amount: self.wish.amount.unwrap_or(1),
            unit,
            status: CommissionStatus::Approved,
            event_id: self.wish.event_id.clone(),
            happened_at: None,
            billing: None,
            internal_note: None,
            external_note: None,
            user_email: self.state.company.user_email.clone(),
        };
        self.records.commission = Some(commission::create_custom(self.state, self.now, commission)?);
        Ok(())
    }

    /// A payout method of the promoter, the one in use.
    pub fn payout_method(&mut self) -> Done<PayoutMethodId> {
        if let Some(id) = self.records.payout_method {
            return Ok(id);
        }
        let new = NewPayoutMethod {
            promoter_id: self.promoter()?,
            method: self.method()?,
            details: JsonObject::new(),
            is_selected: true,
        };
        let id = payout_method::add(self.state, self.now, new)?;
        self.records.payout_method = Some(id);
        Ok(id)
    }

    /// The way of paying.
    pub fn method(&self) -> Done<Method> {
        let name = self.wish.method.as_deref().unwrap_or("paypal");
        Method::named(name).ok_or_else(|| unusable("method", "a payout method", name))
    }

    /// A payments batch with the payout in it.
    pub fn payments_batch(&mut self) -> Done<PaymentsBatchId> {
        if let Some(id) = self.records.payments_batch {
            return Ok(id);
        }
        self.payout_method()?;
        self.payout()?;
        let id = payments_batch::create(self.state, self.now, self.method()?)?.id;
        self.records.payments_batch = Some(id);
        Ok(id)
    }

    /// A contract document to sign.
    pub fn contract_document(&mut self) -> Done<ContractDocumentId> {
        if let Some(id) = self.records.contract_document {
            return Ok(id);
        }
        let promoter = self.promoter()?;
        let id = contract_document::create(self.state, self.now, promoter, "Terms")?;
        self.records.contract_document = Some(id);
        Ok(id)
    }

    /// An address that nobody has.
    fn address(&mut self, who: &str) -> String {
        format!("{who}-{}@example.com", self.state.ids.slug(8))
    }
}

fn unusable(name: &str, expected: &str, found: &str) -> Refusal {
    Refusal::InvalidParam { name: name.into(), expected: expected.into(), found: format!("{found:?}") }
}
