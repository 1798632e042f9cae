//! Settings of the company that owns the account.

use std::collections::BTreeMap;

use super::json::JsonObject;
use super::money::{Amount, Currency, RateTable};
use super::named::named_values;

/// The company behind an account. Changed only by scenarios and by the e-mail theme call.
#[derive(Clone, Debug)]
pub struct Company {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// E-mail of the user that the API key stands for; shown as the creator of records made by hand.
    pub user_email: String,
    /// Currency and exchange rates.
    pub rates: RateTable,
    /// Name of the referral link's query parameter.
    ///
    /// Evidence: service behaviour notes (`fpr` is one of the names in use).
    pub link_parameter: String,
    /// Base URL of the promoters' dashboard, for password set-up links.
    pub dashboard_url: String,
    /// Terms of payment.
    pub payouts: PayoutTerms,
    /// HTML around every e-mail, with `{{content}}` where the content goes; `None`: the built-in one.
    pub email_theme: Option<String>,
}

/// When and how promoters are paid.
#[derive(Clone, Debug)]
pub struct PayoutTerms {
    /// Days between the end of a period and the day on which its payouts are due.
    pub net_payout_days: i64,
    /// How long a period is.
    pub cycle: PayoutCycle,
    /// The least sum that is paid, in minor units.
    pub min_payment: Amount,
    /// How many paying customers a promoter needs before he is paid.
    pub min_paying_customers: u32,
    /// The terms in words.
    pub terms_description: String,
    /// Names of the methods that promoters may choose.
    pub methods: Vec<String>,
    /// Settings of each method.
    pub method_options: JsonObject,
    /// Whether the service pays on the company's behalf.
    pub managed: bool,
    /// Tax added to payouts, in hundredths of a per cent, by country code.
    pub tax_rates: BTreeMap<String, u32>,
}

named_values! {
    /// The length of a payout period.
    PayoutCycle {
        /// The calendar month.
        Monthly = "monthly",
        /// The week from Monday.
        Weekly = "weekly",
    }
}

impl Default for Company {
    fn default() -> Self {
        Self {
            id: 1,
            name: "Example Inc".into(),
            user_email: "admin@example.com".into(),
            rates: RateTable {
                base: Currency::new("USD").expect("USD is three letters"),
                rates: BTreeMap::new(),
            },
            link_parameter: "fpr".into(),
            dashboard_url: "https://example.firstpromoter.com".into(),
            payouts: PayoutTerms::default(),
            email_theme: None,
        }
    }
}

impl Default for PayoutTerms {
    fn default() -> Self {
        Self {
            net_payout_days: 15,
            cycle: PayoutCycle::Monthly,
            min_payment: 0,
            min_paying_customers: 0,
            terms_description: "Paid 15 days after the end of the month".into(),
            methods: ["paypal", "bank", "wise", "crypto", "custom", "dots"].map(String::from).to_vec(),
            method_options: JsonObject::new(),
            managed: false,
            tax_rates: BTreeMap::new(),
        }
    }
}
