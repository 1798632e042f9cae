//! From a scenario's document to the records of an account.

use super::document::{
    CampaignEntry, CompanySettings, Document, EnrolmentEntry, PastSaleEntry, PlanEntry, PromoterEntry,
    RewardEntry, RuleEntry,
};
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::{Billing, Campaign, Plan, Threshold};
use crate::domain::company::{Company, PayoutCycle};
use crate::domain::enrolment::{self, EnrolmentState, Wish};
use crate::domain::ids::{CampaignId, Ids, PlanId, RewardId};
use crate::domain::json::JsonObject;
use crate::domain::money::{BasisPoints, Currency, Unit};
use crate::domain::past_sale::{self, BilledSale};
use crate::domain::payout_method::{self, Method, NewPayoutMethod};
use crate::domain::promoter::{self, CreatePromoter, ProfileField};
use crate::domain::refusal::Refusal;
use crate::domain::reward::{ApplyOn, Basis, Recurrence, Reward, RewardRule, Value};
use crate::domain::state::State;

/// The state of the account named `account`; the document has been found free of problems.
///
/// # Errors
/// Whichever record the business refuses first, named, with its reason.
pub(super) fn state(
    document: &Document,
    seed: u64,
    account: &str,
    start: Timestamp,
) -> Result<State, (String, Refusal)> {
    let mut state = State::new(company(&document.company), Ids::new(seed, account));
    for entry in &document.plans {
        state.ids.reserve(PlanId(entry.id));
        state.plans.insert(plan(entry));
    }
    for entry in &document.rewards {
        state.ids.reserve(RewardId(entry.id));
        state.rewards.insert(reward(entry));
    }
    for entry in &document.campaigns {
        state.ids.reserve(CampaignId(entry.id));
        state.campaigns.insert(campaign(entry));
    }
    for entry in &document.promoters {
        promoter(&mut state, start, entry).map_err(|why| (format!("promoter {}", entry.email), why))?;
    }
    for entry in &document.past_sales {
        let who = entry.email.as_deref().or(entry.uid.as_deref()).unwrap_or_default();
        past_sale(&mut state, entry).map_err(|why| (format!("past sale to {who}"), why))?;
    }
    Ok(state)
}

fn past_sale(state: &mut State, entry: &PastSaleEntry) -> Result<(), Refusal> {
    let happened_at = Timestamp::parse(&entry.happened_at).ok_or_else(|| Refusal::InvalidParam {
        name: "happened_at".into(),
        expected: "a date or a moment".into(),
        found: entry.happened_at.clone(),
    })?;
    let sale = BilledSale {
        email: entry.email.clone(),
        uid: entry.uid.clone(),
        amount: entry.amount,
        currency: entry.currency.clone(),
        plan: entry.plan.clone(),
        happened_at,
    };
    past_sale::bill(state, sale, entry.event_id.clone())?;
    Ok(())
}

fn promoter(state: &mut State, now: Timestamp, entry: &PromoterEntry) -> Result<(), Refusal> {
    let names = [
        (ProfileField::FirstName, &entry.first_name),
        (ProfileField::LastName, &entry.last_name),
        (ProfileField::Country, &entry.country),
    ];
    let mut enrolments = entry.campaigns.iter();
    let first = enrolments.next();
    let id = promoter::create(
        state,
        now,
        CreatePromoter {
            email: entry.email.clone(),
            cust_id: entry.cust_id.clone(),
            profile: names.into_iter().map(|(field, value)| (field, value.clone())).collect(),
            campaign: first.map(|first| CampaignId(first.campaign)),
            wish: first.map(wish).unwrap_or_default(),
            is_confirmed: true,
            ..CreatePromoter::default()
        },
    )?;
    for entry in enrolments {
        enrolment::enrol(state, now, id, CampaignId(entry.campaign), wish(entry))?;
    }
    if let Some(method) = entry.payout_method.as_deref().and_then(Method::named) {
        let new = NewPayoutMethod { promoter_id: id, method, details: JsonObject::new(), is_selected: true };
        payout_method::add(state, now, new)?;
    }
    Ok(())
}

fn wish(entry: &EnrolmentEntry) -> Wish {
    Wish {
        ref_token: entry.ref_token.clone(),
        coupon: entry.coupon.clone(),
        state: entry.state.as_deref().and_then(EnrolmentState::named),
        ..Wish::default()
    }
}

fn company(settings: &CompanySettings) -> Company {
    let mut company = Company::default();
    let text = |value: &Option<String>, target: &mut String| {
        if let Some(value) = value {
            target.clone_from(value);
        }
    };
    text(&settings.name, &mut company.name);
    text(&settings.user_email, &mut company.user_email);
    text(&settings.link_parameter, &mut company.link_parameter);
    if let Some(base) = settings.currency.as_deref().and_then(Currency::new) {
        company.rates.base = base;
    }
    let rates = settings.exchange_rates.iter();
    company.rates.rates =
        rates.filter_map(|(code, rate)| Some((Currency::new(code)?, (rate * 1e6).round() as i64))).collect();
    company.payouts.net_payout_days = settings.net_payout_days.unwrap_or(company.payouts.net_payout_days);
    company.payouts.min_payment = settings.min_payment.unwrap_or(company.payouts.min_payment);
    let cycle = settings.payout_cycle.as_deref().and_then(PayoutCycle::named);
    company.payouts.cycle = cycle.unwrap_or(company.payouts.cycle);
    company.payouts.min_paying_customers = settings.min_paying_customers.unwrap_or(0);
    let tax_rates = settings.tax_rates.iter();
    company.payouts.tax_rates = tax_rates
        .map(|(country, percent)| (country.to_uppercase(), (percent * 100.0).round() as u32))
        .collect();
    company
}

fn plan(entry: &PlanEntry) -> Plan {
    Plan {
        id: PlanId(entry.id),
        ext_id: entry.ext_id.clone(),
        name: entry.name.clone(),
        billing: Billing::named(&entry.billing).unwrap_or(Billing::Monthly),
    }
}

fn reward(entry: &RewardEntry) -> Reward {
    Reward {
        id: RewardId(entry.id),
        name: entry.name.clone(),
        unit: Unit::named(&entry.unit).unwrap_or(Unit::Cash),
        value: match (entry.percent, entry.amount) {
            (Some(percent), _) => Value::PercentOfSale(BasisPoints((percent * 100.0).round() as u32)),
            (None, amount) => Value::Fixed(amount.unwrap_or(0)),
        },
        basis: entry.basis.as_deref().and_then(Basis::named).unwrap_or(Basis::PerReferral),
        recurrence: if entry.first_sale_only {
            Recurrence::FirstSaleOnly
        } else {
            Recurrence::Recurring { limit: entry.limit }
        },
        tier: entry.tier,
        coupon: entry.coupon.clone(),
        hidden: entry.hidden,
    }
}

fn campaign(entry: &CampaignEntry) -> Campaign {
    Campaign {
        id: CampaignId(entry.id),
        name: entry.name.clone(),
        color: entry.color.clone(),
        landing_url: entry.landing_url.clone(),
        description: entry.description.clone(),
        is_default: entry.default,
        is_private: entry.private,
        approves_promoters: entry.approves_promoters,
        approves_leads: entry.approves_leads,
        approves_rewards: entry.approves_rewards,
        cookie_days: entry.cookie_days,
        rewards_for_promoters: entry.rewards_for_promoters.iter().map(rule).collect(),
        rewards_for_referrals: entry.rewards_for_referrals.iter().map(rule).collect(),
        default_webhook_url: entry.default_webhook_url.clone(),
        fulfilment_url: entry.fulfilment_url.clone(),
        threshold: entry.threshold.as_ref().map(|threshold| Threshold {
            customers: threshold.customers,
            to_campaign: CampaignId(threshold.to_campaign),
            moves_referrals: threshold.moves_referrals,
        }),
    }
}

fn rule(entry: &RuleEntry) -> RewardRule {
    RewardRule {
        reward_id: RewardId(entry.reward),
        apply_on: entry.apply_on.as_deref().and_then(ApplyOn::named).unwrap_or(ApplyOn::All),
        plan_ids: entry.plans.iter().copied().map(PlanId).collect(),
    }
}
