//! The query of a control call.

use axum::http::Uri;

use super::reply::Problem;

/// Query parameters in their order, `account` left out: that names the account of every call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// What is asked at `uri`.
    pub fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self(pairs.filter(|(name, _)| name != "account").collect())
    }

    /// Makes sure that nothing else than `known` was sent.
    ///
    /// # Errors
    /// [`Problem`] naming what is not known.
    pub fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let Some((strange, _)) = self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) else {
            return Ok(());
        };
        let hint = match known {
            [] => "this call knows account alone".to_owned(),
            known => format!("this call knows {}", known.join(", ")),
        };
        Err(Problem::bad_request(format!("there is no parameter {strange:?}"), hint))
    }

    /// The first value of a parameter that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// A whole number from 0.
    ///
    /// # Errors
    /// [`Problem`] for anything else.
    pub fn whole(&self, name: &str) -> Result<Option<usize>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let problem =
            || Problem::bad_request(format!("{name}: expected a whole number, found {text:?}"), "send 20");
        text.parse().map(Some).map_err(|_| problem())
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// [`Problem`] for anything else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let problem =
            || Problem::bad_request(format!("{name}: expected true or false, found {text:?}"), "send true");
        text.parse().map(Some).map_err(|_| problem())
    }
}
