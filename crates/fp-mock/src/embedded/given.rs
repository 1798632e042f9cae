//! Records that a test needs before it begins.

use std::fmt;
use std::ops::Index;

use serde_json::{Value, json};

use super::Account;
use crate::domain::enrolment;

/// Makes records of an account through its own front door: what is made is valid, and its webhooks go out; but
/// the journal does not show it, and no fault touches it.
///
/// The JSON is what the operation takes.
///
/// ```
/// use fp_mock::Mock;
/// use serde_json::json;
///
/// let mock = Mock::start();
/// let amy = mock.given().promoter(json!({ "email": "amy@example.com" }));
/// let bob = mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
/// let sale = mock.given().sale(json!({ "email": "bob@example.com", "event_id": "e1", "amount": 5000 }));
/// assert_eq!(amy["email"], "amy@example.com");
/// assert!(mock.requests().is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Given<'m> {
    account: Account<'m>,
}

/// A record as the API answered it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record(Value);

impl Record {
    /// Its id.
    ///
    /// # Panics
    /// If the record has none.
    #[track_caller]
    pub fn id(&self) -> u64 {
        self.0["id"].as_u64().expect("a record with an id")
    }

    /// All of it.
    pub fn json(&self) -> &Value {
        &self.0
    }
}

impl Index<&str> for Record {
    type Output = Value;

    fn index(&self, field: &str) -> &Value {
        &self.0[field]
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'m> Given<'m> {
    pub(super) fn new(account: Account<'m>) -> Self {
        Self { account }
    }

    /// A promoter: `POST /company/promoters`.
    #[track_caller]
    pub fn promoter(&self, fields: Value) -> Record {
        self.record("/company/promoters", fields)
    }

    /// A referral: `POST /company/referrals`.
    #[track_caller]
    pub fn referral(&self, fields: Value) -> Record {
        self.record("/company/referrals", fields)
    }

    /// A referral of the promoter campaign with this referral token, `jane89` in the starter scenario.
    ///
    /// # Panics
    /// If no promoter campaign has it.
    #[track_caller]
    pub fn referral_of(&self, ref_token: &str, mut fields: Value) -> Record {
        let account = self.account.state();
        let enrolment = enrolment::by_ref_token(&account.lock().state, ref_token).map(|found| found.id);
        let Some(id) = enrolment else { panic!("no promoter campaign has the referral token {ref_token:?}") };
        fields["promoter_campaign_id"] = id.number().into();
        self.referral(fields)
    }

    /// A tracked signup: `POST /track/signup`.
    #[track_caller]
    pub fn signup(&self, fields: Value) -> Record {
        self.record("/track/signup", fields)
    }

    /// A tracked sale: `POST /track/sale`.
    #[track_caller]
    pub fn sale(&self, fields: Value) -> Record {
        self.record("/track/sale", fields)
    }

    /// A tracked refund: `POST /track/refund`.
    #[track_caller]
    pub fn refund(&self, fields: Value) -> Record {
        self.record("/track/refund", fields)
    }

    /// A tracked cancellation: `POST /track/cancellation`.
    #[track_caller]
    pub fn cancellation(&self, fields: Value) -> Record {
        self.record("/track/cancellation", fields)
    }

    /// A promo code: `POST /company/promo_codes`.
    #[track_caller]
    pub fn promo_code(&self, fields: Value) -> Record {
        self.record("/company/promo_codes", fields)
    }

    /// A webhook subscription to `url` for these event types; the record has the `secret_key`.
    #[track_caller]
    pub fn subscription(&self, url: &str, event_types: &[&str]) -> Record {
        self.record("/company/webhooks", json!({ "url": url, "event_types": event_types }))
    }

    /// A visit through the link of this referral token; the record has the `tid` of the visitor's cookie.
    #[track_caller]
    pub fn click(&self, ref_token: &str) -> Record {
        Record(self.account.control("POST", "/clicks", json!({ "ref_token": ref_token })))
    }

    /// Anything that a POST to `path` under `/api/v2` makes.
    ///
    /// # Panics
    /// If the call is refused, with what the API says.
    #[track_caller]
    pub fn record(&self, path: &str, fields: Value) -> Record {
        let answer = self.account.perform("POST", &format!("/api/v2{path}"), &fields);
        let text = String::from_utf8_lossy(&answer.body);
        assert!(answer.status < 300, "POST {path} with {fields} answered {}: {text}", answer.status);
        let answered = answer.json();
        // Some operations wrap what they made.
        let wrapped = answered.get("data").filter(|data| answered.get("id").is_none() && data.is_object());
        Record(wrapped.cloned().unwrap_or(answered))
    }
}
