//! What the model knows: made from the steps that the target accepted.

use std::collections::BTreeMap;

use super::Handle;
use super::terms::Program;

/// Everything that was made, by the step that made it.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Promoters.
    pub promoters: BTreeMap<Handle, Promoter>,
    /// Referrals.
    pub referrals: BTreeMap<Handle, Referral>,
    /// Sales.
    pub sales: BTreeMap<Handle, Sale>,
    /// Refunds.
    pub refunds: BTreeMap<Handle, Refund>,
    /// Commissions, in the order made.
    pub commissions: Vec<Commission>,
    /// The status of each payout, by the target's id of it.
    pub payouts: BTreeMap<u64, (Handle, String)>,
}

/// A promoter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promoter {
    /// His campaign.
    pub program: Program,
    /// Who recruited him.
    pub parent: Option<Handle>,
    /// Whether he was blocked.
    pub blocked: bool,
    /// The target's id of him.
    pub id: u64,
    /// The target's id of his enrolment.
    pub enrolment_id: u64,
    /// His referral token.
    pub ref_token: String,
}

/// A referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Whose.
    pub promoter: Handle,
    /// A partner and his share in per cent.
    pub split: Option<(Handle, i64)>,
    /// Its state as the service names it; `None`: the documents do not say.
    pub state: Option<&'static str>,
    /// How many sales it has.
    pub sales: u32,
    /// The target's id of it.
    pub id: u64,
    /// Its e-mail.
    pub email: String,
}

/// A sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// Whose.
    pub referral: Handle,
    /// Minor units.
    pub amount: i64,
    /// What was refunded of it.
    pub refunded: i64,
    /// Its event id.
    pub event_id: String,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Of this sale.
    pub sale: Handle,
    /// Minor units.
    pub amount: i64,
    /// Its event id.
    pub event_id: String,
}

/// Whether the company agrees to a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Not decided.
    Pending,
    /// Agreed.
    Approved,
    /// Refused.
    Denied,
}

impl Standing {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
        }
    }
}

/// How far a commission is on its way to the promoter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// In no payout.
    Open,
    /// In a payout that is to be paid.
    Due,
    /// Paid.
    Paid,
}

/// A commission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commission {
    /// The sale, refund or commission step it comes from.
    pub from: Handle,
    /// Who earns it.
    pub promoter: Handle,
    /// 1 for the promoter, 2 for his parent.
    pub tier: u8,
    /// What it is paid in.
    pub unit: &'static str,
    /// How much.
    pub amount: i64,
    /// Whether the company agrees.
    pub standing: Standing,
    /// How far it is.
    pub settlement: Settlement,
    /// The target's id of it.
    pub id: u64,
}

/// Sums of one promoter in one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Approved commissions.
    pub earned: i64,
    /// Those that were paid.
    pub paid: i64,
    /// Those in payouts that are to be paid.
    pub due: i64,
}

impl Book {
    /// The commissions that a step made.
    pub fn of_step(&self, step: Handle) -> impl Iterator<Item = &Commission> {
        self.commissions.iter().filter(move |commission| commission.from == step)
    }

    /// The same, to be changed.
    pub fn of_steps_mut<'a>(&'a mut self, steps: &'a [Handle]) -> impl Iterator<Item = &'a mut Commission> {
        self.commissions.iter_mut().filter(move |commission| steps.contains(&commission.from))
    }

    /// A promoter's sums by unit; units in which nothing approved is booked are left out.
    pub fn sums(&self, promoter: Handle) -> BTreeMap<&'static str, Sums> {
        let mut sums: BTreeMap<&'static str, Sums> = BTreeMap::new();
        let own = self.commissions.iter().filter(|commission| commission.promoter == promoter);
        for commission in own.filter(|commission| commission.standing == Standing::Approved) {
            let sum = sums.entry(commission.unit).or_default();
            sum.earned += commission.amount;
            match commission.settlement {
                Settlement::Open => {}
                Settlement::Due => sum.due += commission.amount,
                Settlement::Paid => sum.paid += commission.amount,
            }
        }
        sums
    }
}
