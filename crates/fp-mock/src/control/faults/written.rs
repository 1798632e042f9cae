//! Rules as they are asked for.

use std::collections::BTreeMap;

use fp_contract::Contract;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Cut, Effect};
use crate::control::journal::pattern;
use crate::control::reply::Problem;

/// Longest delay, in milliseconds.
const DELAY_MAX_MS: u64 = 10 * 60 * 1_000;

/// What every refused rule is told.
pub(super) const HINT: &str = "send {\"operation\": \"POST /api/v2/track/sale\", \"times\": 3, \"probability\": 1.0, \
                               \"delay_ms\": 250, \"error\": {\"status\": 503, \"body\": {}}}, or \"fault\" or \
                               \"rate_limit\" in place of \"error\"";

/// A rule as it stands in a body.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Written {
    pub(super) operation: Option<String>,
    pub(super) probability: Option<f64>,
    pub(super) times: Option<u32>,
    pub(super) delay_ms: Option<u64>,
    error: Option<WrittenError>,
    fault: Option<String>,
    rate_limit: Option<u32>,
    pub(super) processed: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct WrittenError {
    status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<Value>,
}

impl Written {
    /// Makes sure that the rule makes sense and answers what it does.
    ///
    /// # Errors
    /// A problem says what does not.
    pub fn read(&self, contract: &Contract) -> Result<Effect, Problem> {
        if let Some(key) = &self.operation {
            pattern::known(contract, key)?;
        }
        self.effect().map_err(|problem| Problem::bad_request(problem, HINT))
    }

    pub(super) fn effect(&self) -> Result<Effect, String> {
        if let Some(probability) = self.probability.filter(|p| !(0.0..=1.0).contains(p)) {
            return Err(format!("probability lies between 0 and 1, found {probability}"));
        }
        if self.times == Some(0) {
            return Err("times is at least 1".into());
        }
        if self.delay_ms.is_some_and(|delay_ms| delay_ms > DELAY_MAX_MS) {
            return Err(format!("delay_ms is at most {DELAY_MAX_MS}"));
        }
        match (&self.error, &self.fault, self.rate_limit) {
            (None, None, None) if self.delay_ms.is_some() => Ok(Effect::Late),
            (None, None, None) => Err("give an error, a fault, a rate_limit or a delay_ms".into()),
            (Some(error), None, None) => error.effect(),
            (None, Some(name), None) => Cut::named(name).map(Effect::Cut).ok_or_else(|| {
                let known = Cut::ALL.iter().map(|cut| cut.name()).collect::<Vec<_>>().join(", ");
                format!("there is no fault {name:?}, only {known}")
            }),
            (None, None, Some(limit)) => Ok(Effect::Limit(limit)),
            _ => Err("give one of error, fault and rate_limit".into()),
        }
    }
}

impl WrittenError {
    fn effect(&self) -> Result<Effect, String> {
        let status = self.status;
        if !(200..=599).contains(&status) {
            return Err(format!("error.status lies between 200 and 599, found {status}"));
        }
        let mut headers = Vec::new();
        for (name, value) in &self.headers {
            let name_fits = axum::http::HeaderName::from_bytes(name.as_bytes()).is_ok();
            if !name_fits || axum::http::HeaderValue::from_str(value).is_err() {
                return Err(format!("error.headers: {name:?} with {value:?} is no header"));
            }
            headers.push((name.to_ascii_lowercase(), value.clone()));
        }
        let (content_type, body) = match &self.body {
            None => {
                ("application/json", json!({ "message": format!("injected fault: {status}") }).to_string())
            }
            Some(Value::String(text)) => ("text/plain; charset=utf-8", text.clone()),
            Some(value) => ("application/json", value.to_string()),
        };
        let body = if matches!(status, 204 | 304) { Vec::new() } else { body.into_bytes() };
        Ok(Effect::Error { status, headers, content_type, body })
    }
}
