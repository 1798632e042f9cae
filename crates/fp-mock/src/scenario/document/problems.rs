//! What does not fit together in a scenario that reads well.

use std::collections::BTreeSet;

use super::{CampaignEntry, Document, HistoryEntry, LivedIn, Moment, Named, RewardEntry};
use crate::domain::address::is_web_url;
use crate::domain::money::LARGEST;
use crate::domain::reward::ApplyOn;

/// Months that a made-up past lasts at most: every account makes its own when it is first used.
const LIVED_IN_MONTHS_MAX: u32 = 36;
/// Promoters that a made-up past has at most.
const LIVED_IN_PROMOTERS_MAX: u32 = 3_000;

impl Document {
    /// Everything in it that does not fit together.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        self.check_company(&mut problems);
        self.check_rewards(&mut problems);
        for campaign in &self.campaigns {
            self.check_campaign(campaign, &mut problems);
        }
        if self.campaigns.iter().filter(|c| c.default).count() > 1 {
            problems.push("more than one campaign is the default".into());
        }
        self.check_people(&mut problems);
        self.check_history(&mut problems);
        problems
    }

    fn check_company(&self, problems: &mut Vec<String>) {
        for (country, rate) in &self.company.tax_rates {
            if !(0.0..=100.0).contains(rate) {
                problems.push(format!("company: the tax rate of {country} is 0 to 100 per cent, not {rate}"));
            }
        }
        for (currency, rate) in &self.company.exchange_rates {
            if !(0.000_001..=1_000_000.0).contains(rate) {
                let code = currency.0.code();
                problems.push(format!("company: the rate of {code} is 0.000001 to 1000000, not {rate}"));
            }
        }
        doubles("plan", self.plans.iter().map(|plan| plan.id), problems);
        doubles("plan", self.plans.iter().map(|plan| &plan.ext_id), problems);
        doubles("reward", self.rewards.iter().map(|reward| reward.id), problems);
        doubles("campaign", self.campaigns.iter().map(|campaign| campaign.id), problems);
    }

    fn check_rewards(&self, problems: &mut Vec<String>) {
        for reward in &self.rewards {
            let RewardEntry { id, percent, amount, tier, .. } = reward;
            if percent.is_some() == amount.is_some() {
                problems.push(format!("reward {id}: expected either percent or amount"));
            }
            if percent.is_some_and(|percent| !(0.0..=1000.0).contains(&percent)) {
                problems.push(format!("reward {id}: percent is 0 to 1000"));
            }
            if amount.is_some_and(|amount| !(0..=LARGEST).contains(&amount)) {
                problems.push(format!("reward {id}: amount is 0 to {LARGEST}"));
            }
            if *tier == 0 {
                problems.push(format!("reward {id}: tiers begin with 1, the promoter himself"));
            }
        }
    }

    fn check_campaign(&self, campaign: &CampaignEntry, problems: &mut Vec<String>) {
        let id = campaign.id;
        if id <= 1000 {
            problems.push(format!("campaign {id}: ids start above 1000, because 1 means all campaigns"));
        }
        if !is_web_url(&campaign.landing_url) {
            problems.push(format!("campaign {id}: {:?} is no web address", campaign.landing_url));
        }
        for rule in campaign.rewards_for_promoters.iter().chain(&campaign.rewards_for_referrals) {
            if !self.rewards.iter().any(|reward| reward.id == rule.reward) {
                problems.push(format!("campaign {id}: there is no reward {}", rule.reward));
            }
            for plan in rule.plans.iter().filter(|id| !self.plans.iter().any(|plan| plan.id == **id)) {
                problems.push(format!("campaign {id}: there is no plan {plan}"));
            }
            if rule.apply_on == Some(Named(ApplyOn::Specific)) && rule.plans.is_empty() {
                problems.push(format!("campaign {id}: a specific reward names its plans"));
            }
        }
        let target = campaign.threshold.as_ref().map(|threshold| threshold.to_campaign);
        if let Some(to) = target.filter(|to| *to == id || !self.campaigns.iter().any(|c| c.id == *to)) {
            problems.push(format!("campaign {id}: its threshold leads to {to}, which is no other campaign"));
        }
    }

    fn check_people(&self, problems: &mut Vec<String>) {
        for promoter in &self.promoters {
            let known =
                |email: &str| self.promoters.iter().any(|other| other.email.eq_ignore_ascii_case(email));
            if let Some(parent) = promoter.parent.as_deref().filter(|parent| !known(parent)) {
                problems.push(format!("promoter {}: there is no promoter {parent}", promoter.email));
            }
        }
        if let Some(LivedIn { months, promoters }) = self.lived_in {
            if self.campaigns.is_empty() {
                problems.push("lived_in: expected at least one campaign".into());
            }
            if months > LIVED_IN_MONTHS_MAX || promoters > LIVED_IN_PROMOTERS_MAX {
                problems.push(format!(
                    "lived_in: expected up to {LIVED_IN_MONTHS_MAX} months and {LIVED_IN_PROMOTERS_MAX} promoters, \
                     found {months} and {promoters}"
                ));
            }
        }
    }

    fn check_history(&self, problems: &mut Vec<String>) {
        for (at, entry) in self.history.iter().enumerate() {
            if entry.kind().is_none() {
                problems.push(format!("history[{at}]: expected exactly one thing that happened"));
            }
        }
        let is_relative = |entry: &HistoryEntry| matches!(entry.at, Moment::Before(_));
        if self.history.iter().any(is_relative) && !self.history.iter().all(is_relative) {
            let problem = "history: expected moments of one kind, either all before the start (-40d) or all dates, \
                           found both: their order would change with the start";
            problems.push(problem.into());
        }
    }
}

fn doubles<K: Ord + std::fmt::Display>(
    what: &str,
    keys: impl Iterator<Item = K>,
    problems: &mut Vec<String>,
) {
    let mut seen = BTreeSet::new();
    for key in keys {
        if let Some(key) = seen.replace(key) {
            problems.push(format!("{what} {key} stands twice"));
        }
    }
}
