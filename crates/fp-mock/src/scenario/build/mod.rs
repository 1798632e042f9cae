//! From a scenario's document to the records of an account.

mod clockwork;
mod history;
mod people;

pub(super) use clockwork::Clockwork;

use super::demo;
use super::document::{CampaignEntry, CompanySettings, Document, PlanEntry, RewardEntry, RuleEntry};
use super::refused::Refused;
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::{Campaign, Plan, Threshold};
use crate::domain::company::Company;
use crate::domain::ids::{CampaignId, Ids, PlanId, RewardId};
use crate::domain::money::BasisPoints;
use crate::domain::reward::{ApplyOn, Basis, Recurrence, Reward, RewardRule, Value};
use crate::domain::state::State;

/// The state of the account named `account`; the document has been found free of problems.
///
/// # Errors
/// Whatever the business refuses first.
pub(super) fn state(
    document: &Document,
    seed: u64,
    account: &str,
    start: Timestamp,
) -> Result<State, Refused> {
    let mut state = bare(document, seed, account);
    people::promoters(&mut state, document, start)?;
    if let Some(lived_in) = document.lived_in {
        demo::live(&mut state, lived_in, start);
    }
    history::run(&mut state, document, start)?;
    history::past_sales(&mut state, document, start)?;
    Ok(state)
}

/// What the company has set up, without anybody in it.
fn bare(document: &Document, seed: u64, account: &str) -> State {
    let mut state = State::new(company(&document.company), Ids::new(seed, account));
    for entry in &document.plans {
        state.ids.reserve(PlanId::new(entry.id));
        state.plans.insert(plan(entry));
    }
    for entry in &document.rewards {
        state.ids.reserve(RewardId::new(entry.id));
        state.rewards.insert(reward(entry));
    }
    for entry in &document.campaigns {
        state.ids.reserve(CampaignId::new(entry.id));
        state.campaigns.insert(campaign(entry));
    }
    state
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
    if let Some(base) = &settings.currency {
        company.rates.base = base.0.clone();
    }
    let rates = settings.exchange_rates.iter();
    company.rates.rates = rates.map(|(code, rate)| (code.0.clone(), (rate * 1e6).round() as i64)).collect();
    company.payouts.net_payout_days = settings.net_payout_days.unwrap_or(company.payouts.net_payout_days);
    company.payouts.min_payment = settings.min_payment.unwrap_or(company.payouts.min_payment);
    company.payouts.cycle = settings.payout_cycle.map_or(company.payouts.cycle, |cycle| cycle.0);
    company.payouts.min_paying_customers = settings.min_paying_customers.unwrap_or(0);
    let tax_rates = settings.tax_rates.iter();
    company.payouts.tax_rates = tax_rates
        .map(|(country, percent)| (country.to_uppercase(), (percent * 100.0).round() as u32))
        .collect();
    company
}

fn plan(entry: &PlanEntry) -> Plan {
    Plan {
        id: PlanId::new(entry.id),
        ext_id: entry.ext_id.clone(),
        name: entry.name.clone(),
        billing: entry.billing.0,
    }
}

fn reward(entry: &RewardEntry) -> Reward {
    Reward {
        id: RewardId::new(entry.id),
        name: entry.name.clone(),
        unit: entry.unit.0,
        value: match (entry.percent, entry.amount) {
            (Some(percent), _) => Value::PercentOfSale(BasisPoints((percent * 100.0).round() as u32)),
            (None, amount) => Value::Fixed(amount.unwrap_or(0)),
        },
        basis: entry.basis.map_or(Basis::PerReferral, |basis| basis.0),
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
        id: CampaignId::new(entry.id),
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
            to_campaign: CampaignId::new(threshold.to_campaign),
            moves_referrals: threshold.moves_referrals,
        }),
    }
}

fn rule(entry: &RuleEntry) -> RewardRule {
    RewardRule {
        reward_id: RewardId::new(entry.reward),
        apply_on: entry.apply_on.map_or(ApplyOn::All, |apply_on| apply_on.0),
        plan_ids: entry.plans.iter().copied().map(PlanId::new).collect(),
    }
}
