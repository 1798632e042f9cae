//! What happened before the account's start.

use serde::Deserialize;

use super::value::Moment;

/// One thing that happened: a moment, and exactly one of the others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryEntry {
    /// When.
    pub at: Moment,
    /// Somebody came through a referral link.
    pub click: Option<ClickEntry>,
    /// Somebody signed up.
    pub signup: Option<SignupEntry>,
    /// Somebody bought.
    pub sale: Option<SaleEntry>,
    /// Somebody got money back.
    pub refund: Option<RefundEntry>,
    /// Somebody cancelled.
    pub cancellation: Option<PersonEntry>,
    /// The company approved pending commissions.
    pub approve_commissions: Option<OfPromoter>,
    /// The company denied pending commissions.
    pub deny_commissions: Option<OfPromoter>,
    /// The company put approved commissions into payouts.
    pub generate_payouts: Option<OfPromoter>,
    /// The company paid.
    pub pay: Option<OfPromoter>,
}

/// A visit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClickEntry {
    /// Whose link.
    pub ref_token: String,
    /// A name by which `visit` of a signup or sale refers to it.
    #[serde(default, rename = "as")]
    pub name: Option<String>,
    /// The visitor's network address.
    #[serde(default)]
    pub ip: Option<String>,
    /// The page.
    #[serde(default)]
    pub url: Option<String>,
    /// Where the visitor came from.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether from an ad.
    #[serde(default)]
    pub ad: bool,
    /// The promoter's own mark in the link.
    #[serde(default)]
    pub sub_id: Option<String>,
}

/// A signup.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignupEntry {
    /// E-mail address; this or `uid`.
    #[serde(default)]
    pub email: Option<String>,
    /// The customer's own id of the person.
    #[serde(default)]
    pub uid: Option<String>,
    /// The visit he came from, by its name.
    #[serde(default)]
    pub visit: Option<String>,
    /// The referral token he came with.
    #[serde(default)]
    pub ref_token: Option<String>,
    /// First name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// His network address.
    #[serde(default)]
    pub ip: Option<String>,
}

/// A sale.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaleEntry {
    /// E-mail address; this or `uid`.
    #[serde(default)]
    pub email: Option<String>,
    /// The customer's own id of the person.
    #[serde(default)]
    pub uid: Option<String>,
    /// For somebody new: the visit he came from, by its name.
    #[serde(default)]
    pub visit: Option<String>,
    /// For somebody new: the referral token he came with.
    #[serde(default)]
    pub ref_token: Option<String>,
    /// For somebody new: the promo code he used.
    #[serde(default)]
    pub promo_code: Option<String>,
    /// The amount in minor units.
    pub amount: i64,
    /// Its currency; the company's if absent.
    #[serde(default)]
    pub currency: Option<String>,
    /// The customer's own id of the sale; one is made if absent.
    #[serde(default)]
    pub event_id: Option<String>,
    /// The plan's id at the billing provider.
    #[serde(default)]
    pub plan: Option<String>,
    /// How many items.
    #[serde(default = "one")]
    pub quantity: i64,
    /// What the customer pays each month from now on, minor units.
    #[serde(default)]
    pub mrr: Option<i64>,
}

/// A refund.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundEntry {
    /// E-mail address; this or `uid`.
    #[serde(default)]
    pub email: Option<String>,
    /// The customer's own id of the person.
    #[serde(default)]
    pub uid: Option<String>,
    /// The amount in minor units.
    pub amount: i64,
    /// Its currency; the company's if absent.
    #[serde(default)]
    pub currency: Option<String>,
    /// The customer's own id of the refund; one is made if absent.
    #[serde(default)]
    pub event_id: Option<String>,
    /// The sale it is for; the latest if absent.
    #[serde(default)]
    pub sale_event_id: Option<String>,
}

/// Somebody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonEntry {
    /// E-mail address; this or `uid`.
    #[serde(default)]
    pub email: Option<String>,
    /// The customer's own id of the person.
    #[serde(default)]
    pub uid: Option<String>,
}

/// A sale that the billing provider knows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastSaleEntry {
    /// Who bought; this or `uid`.
    #[serde(default)]
    pub email: Option<String>,
    /// The customer's own id of who bought.
    #[serde(default)]
    pub uid: Option<String>,
    /// The provider's id of the sale; one is made if absent.
    #[serde(default)]
    pub event_id: Option<String>,
    /// How much, in minor units of `currency`.
    pub amount: i64,
    /// The currency; the account's if absent.
    #[serde(default)]
    pub currency: Option<String>,
    /// The plan's id at the billing provider.
    #[serde(default)]
    pub plan: Option<String>,
    /// When.
    pub happened_at: Moment,
}

/// Of one promoter, or of all.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfPromoter {
    /// His e-mail address; all of them if absent.
    #[serde(default)]
    pub promoter: Option<String>,
}

fn one() -> i64 {
    1
}

impl HistoryEntry {
    /// What happened, as the scenario names it; `None` unless it is exactly one thing.
    pub fn kind(&self) -> Option<&'static str> {
        let kinds = [
            ("click", self.click.is_some()),
            ("signup", self.signup.is_some()),
            ("sale", self.sale.is_some()),
            ("refund", self.refund.is_some()),
            ("cancellation", self.cancellation.is_some()),
            ("approve_commissions", self.approve_commissions.is_some()),
            ("deny_commissions", self.deny_commissions.is_some()),
            ("generate_payouts", self.generate_payouts.is_some()),
            ("pay", self.pay.is_some()),
        ];
        let mut given = kinds.into_iter().filter(|(_, is_given)| *is_given);
        given.next().filter(|_| given.next().is_none()).map(|(kind, _)| kind)
    }
}
