//! What the campaigns of the starter scenario promise.

use serde::{Deserialize, Serialize};

/// A campaign of the starter scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Program {
    /// 20% of each sale, approved at once.
    Main,
    /// Three free months for each new customer, approved at once.
    Customers,
    /// 30% of each sale and 5% for the parent, nothing approved by itself.
    Partners,
}

/// What a sale earns someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// 1 for the promoter himself, 2 for his parent.
    pub tier: u8,
    /// What it is paid in.
    pub unit: &'static str,
    /// How much.
    pub amount: i64,
}

impl Program {
    /// Every campaign.
    pub const ALL: [Self; 3] = [Self::Main, Self::Customers, Self::Partners];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Customers => "customers",
            Self::Partners => "partners",
        }
    }

    /// Its id in the starter scenario.
    pub fn campaign_id(self) -> u64 {
        match self {
            Self::Main => 13202,
            Self::Customers => 17476,
            Self::Partners => 5399,
        }
    }

    /// Whether it approves promoters and commissions by itself.
    pub fn approves(self) -> bool {
        self != Self::Partners
    }

    /// What a sale of `amount` earns; `first` tells whether it is the referral's first.
    pub fn shares(self, amount: i64, first: bool, has_parent: bool) -> Vec<Share> {
        let cash =
            |tier, percent| Share { tier, unit: "cash", amount: round_half_away(amount * percent, 100) };
        match self {
            Self::Main => vec![cash(1, 20)],
            Self::Customers if first => vec![Share { tier: 1, unit: "free_months", amount: 3 }],
            Self::Customers => Vec::new(),
            Self::Partners if has_parent => vec![cash(1, 30), cash(2, 5)],
            Self::Partners => vec![cash(1, 30)],
        }
    }
}

/// `numerator ÷ denominator`, halves away from zero.
pub fn round_half_away(numerator: i64, denominator: i64) -> i64 {
    let rounded = (numerator.abs() * 2 + denominator) / (denominator * 2);
    rounded * numerator.signum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(round_half_away(150, 100), 2);
        assert_eq!(round_half_away(-150, 100), -2);
        assert_eq!(round_half_away(149, 100), 1);
    }

    #[test]
    fn a_partners_sale_earns_his_parent_too() {
        let amounts = |shares: Vec<Share>| shares.iter().map(|share| share.amount).collect::<Vec<_>>();
        assert_eq!(amounts(Program::Partners.shares(999, true, true)), [300, 50]);
        assert_eq!(amounts(Program::Partners.shares(999, true, false)), [300]);
        assert!(Program::Customers.shares(999, false, false).is_empty());
    }
}
