//! Judgements in a Rust test.

use std::fmt;

use crate::check::{Judgement, Outcome};

/// Fails the test, with every violation told, unless an exchange keeps to the corrected contract.
///
/// The exchange is an [`Exchange`](crate::Exchange); [`Rules`](crate::Rules) may follow. An exchange without a reply
/// is judged by its request. What lies outside the contract fails too: a test that asserts about it is mistaken.
///
/// ```
/// use fp_contract::{Exchange, Request, Response, assert_conforms};
///
/// let headers = [("Authorization".to_owned(), "Bearer key".to_owned()), ("Account-ID".to_owned(), "1".to_owned())];
/// let request = Request { method: "GET", target: "/api/v2/company/batch_processes/progress", headers: &headers, body: b"" };
/// let json = [("Content-Type".to_owned(), "application/json".to_owned())];
/// let response = Some(Response { status: 200, headers: &json, body: br#"{"32": 50}"# });
/// assert_conforms!(Exchange { request, response });
/// ```
///
/// ```should_panic
/// use fp_contract::{Exchange, Request, Rules, assert_conforms};
///
/// let request = Request { method: "GET", target: "/api/v2/company/promoters?pgae=1", headers: &[], body: b"" };
/// assert_conforms!(Exchange { request, response: None }, Rules::strict());
/// ```
#[macro_export]
macro_rules! assert_conforms {
    ($exchange:expr $(,)?) => {
        $crate::assert_conforms!($exchange, $crate::Rules::default())
    };
    ($exchange:expr, $rules:expr $(,)?) => {
        match $crate::Contract::corrected().judge(&$exchange, &$rules).complaint() {
            ::core::option::Option::None => {}
            ::core::option::Option::Some(complaint) => ::core::panic!("{complaint}"),
        }
    };
}

impl Judgement {
    /// What is wrong, for a test's message; `None` when nothing is. A missing reply is no complaint.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        let unjudged = self.not_judged.iter().any(|part| part.reason != "no-reply");
        match self.outcome() {
            Outcome::Conforms => None,
            Outcome::NotJudged if !unjudged => None,
            _ => Some(self.to_string()),
        }
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation.as_deref().unwrap_or("the exchange");
        match self.outcome() {
            Outcome::Conforms => return write!(f, "{operation} keeps to the contract"),
            Outcome::Violates => write!(f, "{operation} does not keep to the contract")?,
            Outcome::NotJudged => write!(f, "{operation} was not judged in full")?,
        }
        for violation in &self.violations {
            write!(f, "\n- {violation}")?;
        }
        for part in &self.not_judged {
            write!(f, "\n- not judged ({}): {}", part.reason, part.message)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Contract, Exchange, Request, Rules};

    fn complaint(target: &str) -> Option<String> {
        let headers =
            [("Authorization".to_owned(), "Bearer k".to_owned()), ("Account-ID".to_owned(), "1".to_owned())];
        let request = Request { method: "GET", target, headers: &headers, body: b"" };
        Contract::corrected().judge(&Exchange { request, response: None }, &Rules::default()).complaint()
    }

    #[test]
    fn a_complaint_lists_what_is_wrong_and_what_was_not_judged() {
        assert_eq!(complaint("/api/v2/company/promoters?page=1"), None);
        let text = complaint("/api/v2/company/promoters?page=0").expect("a complaint");
        assert!(
            text.starts_with("GET /api/v2/company/promoters does not keep to the contract\n- out-of-range: "),
            "{text}"
        );
        let text = complaint("/elsewhere").expect("a complaint");
        assert!(text.contains("- not judged (foreign-path): "), "{text}");
    }
}
