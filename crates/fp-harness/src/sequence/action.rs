//! What a step does. It names what it works on by the step that made it.

use serde::{Deserialize, Serialize};

use crate::model::{Handle, Program};

/// Which API a step goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// The older one.
    V1,
    /// The current one.
    V2,
}

/// One step of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its name: stays the same when others are taken out.
    pub handle: Handle,
    /// What it does.
    pub action: Action,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Makes a promoter, accepted.
    Promoter {
        /// In this campaign.
        program: Program,
        /// Recruited by him.
        parent: Option<Handle>,
    },
    /// Signs a referral up by the promoter's token.
    Signup {
        /// Whose.
        promoter: Handle,
        /// Through this API.
        door: Door,
    },
    /// Makes a referral that two promoters share.
    SplitReferral {
        /// The owner.
        promoter: Handle,
        /// The partner.
        partner: Handle,
        /// The partner's share in per cent.
        percentage: i64,
    },
    /// Tracks a sale.
    Sale {
        /// Of this referral.
        referral: Handle,
        /// Minor units.
        amount: i64,
        /// Through this API.
        door: Door,
    },
    /// Sends a sale's event a second time.
    RepeatSale {
        /// The sale.
        sale: Handle,
        /// Through this API.
        door: Door,
    },
    /// Gives money back.
    Refund {
        /// Of this sale.
        sale: Handle,
        /// Minor units.
        amount: i64,
        /// Through this API.
        door: Door,
    },
    /// Sends a refund's event a second time.
    RepeatRefund {
        /// The refund.
        refund: Handle,
        /// Through this API.
        door: Door,
    },
    /// Cancels a referral.
    Cancel {
        /// This one.
        referral: Handle,
        /// Through this API.
        door: Door,
    },
    /// Makes a commission by hand.
    Custom {
        /// For this promoter.
        promoter: Handle,
        /// Minor units.
        amount: i64,
    },
    /// Approves the commissions of some steps.
    Approve {
        /// The steps.
        of: Vec<Handle>,
    },
    /// Denies the commissions of some steps.
    Deny {
        /// The steps.
        of: Vec<Handle>,
    },
    /// Puts the commissions of some steps into payouts.
    Payouts {
        /// The steps.
        of: Vec<Handle>,
    },
    /// Marks every pending payout of a promoter as paid.
    Pay {
        /// The promoter.
        promoter: Handle,
    },
    /// Pays all payouts that can be paid by a payments batch, after a promoter chose to be paid that way.
    PayTogether {
        /// The promoter.
        promoter: Handle,
    },
    /// Marks every completed payout of a promoter as unpaid.
    Unpay {
        /// The promoter.
        promoter: Handle,
    },
    /// Deletes every pending payout of a promoter.
    Release {
        /// The promoter.
        promoter: Handle,
    },
    /// Blocks a promoter.
    Block {
        /// This one.
        promoter: Handle,
    },
}

impl Action {
    /// The steps that must have happened for this one to mean anything.
    pub fn needs(&self) -> Vec<Handle> {
        match self {
            Self::Promoter { parent, .. } => parent.iter().copied().collect(),
            Self::Signup { promoter, .. }
            | Self::Custom { promoter, .. }
            | Self::Pay { promoter }
            | Self::PayTogether { promoter }
            | Self::Unpay { promoter }
            | Self::Release { promoter }
            | Self::Block { promoter } => vec![*promoter],
            Self::SplitReferral { promoter, partner, .. } => vec![*promoter, *partner],
            Self::Sale { referral, .. } | Self::Cancel { referral, .. } => vec![*referral],
            Self::RepeatSale { sale, .. } | Self::Refund { sale, .. } => vec![*sale],
            Self::RepeatRefund { refund, .. } => vec![*refund],
            Self::Approve { .. } | Self::Deny { .. } | Self::Payouts { .. } => Vec::new(),
        }
    }

    /// The steps whose commissions it works on; it still means something without some of them.
    pub fn works_on(&mut self) -> Option<&mut Vec<Handle>> {
        match self {
            Self::Approve { of } | Self::Deny { of } | Self::Payouts { of } => Some(of),
            _ => None,
        }
    }

    /// Its name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Promoter { .. } => "make a promoter",
            Self::Signup { .. } => "sign up",
            Self::SplitReferral { .. } => "make a shared referral",
            Self::Sale { .. } => "track a sale",
            Self::RepeatSale { .. } => "track the same sale again",
            Self::Refund { .. } => "refund",
            Self::RepeatRefund { .. } => "send the same refund again",
            Self::Cancel { .. } => "cancel",
            Self::Custom { .. } => "make a commission by hand",
            Self::Approve { .. } => "approve",
            Self::Deny { .. } => "deny",
            Self::Payouts { .. } => "generate payouts",
            Self::Pay { .. } => "mark as paid",
            Self::PayTogether { .. } => "pay by a payments batch",
            Self::Unpay { .. } => "mark as unpaid",
            Self::Release { .. } => "delete payouts",
            Self::Block { .. } => "block",
        }
    }
}
