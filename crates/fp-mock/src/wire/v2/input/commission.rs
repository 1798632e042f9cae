//! What calls on commissions say.

use crate::domain::campaign::Billing;
use crate::domain::commission::{
    ByHand, CommissionKind, CommissionStatus, CustomCommission, NotesUpdate, Selection, SortBy, Sorting,
};
use crate::domain::conversion::SaleByHand;
use crate::domain::ids::{EnrolmentId, PlanId, ReferralId};
use crate::domain::ids::{Id, PromoterId};
use crate::domain::lookup::folded;
use crate::domain::money::Unit;
use crate::domain::payout::DuePeriod;
use crate::domain::referral::FraudCheck;
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// The two forms of a new commission.
#[derive(Clone, Debug)]
pub enum Creation {
    /// For a sale that is entered by hand.
    Sale(SaleByHand),
    /// Without a sale.
    Custom(CustomCommission),
}

/// A new commission, and whether its promoter is told.
#[derive(Clone, Debug)]
pub struct NewCommission {
    /// What is made.
    pub creation: Creation,
    /// Whether the promoter gets an e-mail.
    pub notifies: bool,
}

/// Reads `POST /company/commissions`; `user_email` is who calls.
///
/// # Errors
/// [`Refusal::MissingParam`], [`Refusal::InvalidParam`].
///
/// Evidence: published v2 commissions document; chosen (cash unless said, and that custom ones are approved as
/// the company makes them itself, as v1 documents).
pub fn create(fields: &Fields<'_>, user_email: &str) -> Result<NewCommission, Refusal> {
    let kinds: Vec<&str> = CommissionKind::ALL.iter().map(|kind| kind.name()).collect();
    let kind = fields.named("commission_type", CommissionKind::named, &kinds)?;
    let kind = kind.ok_or(Refusal::MissingParam("commission_type"))?;
    let billings: Vec<&str> = Billing::ALL.iter().map(|billing| billing.name()).collect();
    let billing = fields.named("billing_period", Billing::named, &billings)?;
    let unit = fields.named("unit", Unit::named, &Unit::ALL.map(Unit::name))?;
    let (internal_note, external_note) = (fields.text("internal_note")?, fields.text("external_note")?);
    let (event_id, happened_at) = (fields.text("event_id")?, fields.moment("event_date")?);
    let user_email = user_email.to_owned();
    let creation = match kind {
        CommissionKind::Sale => Creation::Sale(SaleByHand {
            referral_id: ReferralId::new(fields.required_id("referral_id")?),
            amount: fields.required_int("sale_amount")?,
            plan_id: fields.id("plan_id")?.map(PlanId::new),
            billing,
            event_id,
            happened_at,
            by_hand: ByHand { unit, internal_note, external_note, user_email },
        }),
        CommissionKind::Custom => Creation::Custom(CustomCommission {
            enrolment_id: EnrolmentId::new(fields.required_id("promoter_campaign_id")?),
            referral_id: None,
            amount: fields.required_int("amount")?,
            unit: unit.unwrap_or(Unit::Cash),
            status: CommissionStatus::Approved,
            event_id,
            happened_at,
            billing,
            internal_note,
            external_note,
            user_email,
        }),
    };
    Ok(NewCommission { creation, notifies: fields.flag("notify_promoter")?.unwrap_or(false) })
}

/// Reads `PUT /company/commissions/{id}`.
///
/// # Errors
/// [`Refusal::InvalidParam`].
pub fn notes(fields: &Fields<'_>) -> Result<NotesUpdate, Refusal> {
    let note = |name| if fields.has(name) { fields.text(name).map(Some) } else { Ok(None) };
    Ok(NotesUpdate { internal: note("internal_note")?, external: note("external_note")? })
}

/// Reads the filters of `GET /company/commissions`.
///
/// # Errors
/// [`Refusal::InvalidParam`].
pub fn selection(fields: &Fields<'_>) -> Result<Selection, Refusal> {
    let filters = fields.nested("filters")?;
    let statuses: Vec<&str> = CommissionStatus::ALL.iter().map(|status| status.name()).collect();
    let checks: Vec<&str> = FraudCheck::ALL.iter().map(|check| check.name()).collect();
    let periods: Vec<&str> = DuePeriod::ALL.iter().map(|period| period.name()).collect();
    Ok(Selection {
        q: fields.text("q")?.map(|q| folded(&q)),
        ids: fields.ids("ids")?.map(|ids| typed(&ids)),
        statuses: filters.named_list("status", CommissionStatus::named, &statuses)?,
        is_paid: filters.flag("paid")?,
        is_fulfilled: filters.flag("fulfilled")?,
        sale_amount: filters.numbers("sale_amount")?,
        amount: filters.numbers("amount")?,
        created_at: filters.days("created_at")?,
        campaigns: typed(&filters.ids("campaign_id")?.unwrap_or_default()),
        payouts: typed(&filters.ids("payout_id")?.unwrap_or_default()),
        due_periods: filters.named_list("due_period", DuePeriod::named, &periods)?,
        promoter: filters.id("promoter_id")?.map(PromoterId::new),
        enrolment: None,
        is_first: filters.flag("first_commission")?,
        is_refunded: filters.flag("refunded")?,
        fraud_checks: filters.named_list("fraud_check", FraudCheck::named, &checks)?,
        plans: typed(&filters.ids("plan_id")?.unwrap_or_default()),
    })
}

/// Reads `sorting`: its criteria in the order sent.
///
/// # Errors
/// [`Refusal::InvalidParam`] for an unknown direction.
pub fn sorting(fields: &Fields<'_>) -> Result<Vec<Sorting>, Refusal> {
    let level = fields.nested("sorting")?;
    let mut sorting = Vec::new();
    for name in level.names() {
        let Some(by) = SortBy::named(name) else { continue };
        let direction = |text: &str| match text.to_ascii_lowercase().as_str() {
            "asc" => Some(false),
            "desc" => Some(true),
            _ => None,
        };
        if let Some(is_descending) = level.named(name, direction, &["asc", "desc"])? {
            sorting.push(Sorting { by, is_descending });
        }
    }
    Ok(sorting)
}

fn typed<I: Id>(ids: &[u64]) -> Vec<I> {
    ids.iter().copied().map(I::from_number).collect()
}
