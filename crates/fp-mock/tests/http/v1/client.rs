//! Calls of v1 in every way in which clients send parameters.

use fp_mock::Mock;
use serde_json::{Map, Value};

use crate::kit::{Api, Seen};

/// Where the parameters of a call stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// In the URL.
    Query,
    /// In a form body, as `curl -d` sends it.
    Form,
    /// In a form body that does not say what it is.
    BareForm,
    /// In a JSON body, whole numbers and true and false as themselves.
    Json,
}

pub const ENCODINGS: [Encoding; 4] = [Encoding::Query, Encoding::Form, Encoding::BareForm, Encoding::Json];

/// The v1 side of a mock, on the account that [`Api`] uses for v2.
pub struct V1 {
    pub api: Api,
}

/// Names and values of parameters.
pub type Pairs<'a> = &'a [(&'a str, &'a str)];

impl V1 {
    /// The starter scenario: campaigns 13202 (20%), 17476 (free months), 5399 (30%); Jane is promoter 500001 with
    /// promotion 600001 and referral id `jane89` in 13202.
    pub fn start() -> Self {
        Self { api: Api::start() }
    }

    /// Another scenario from a file below `tests/http/v1`.
    pub fn scenario(name: &str) -> Self {
        let file = format!("{}/tests/http/v1/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        Self { api: Api::with(Mock::builder().scenario(&file).expect("a scenario")) }
    }

    /// A call with parameters in one of the encodings.
    #[track_caller]
    pub fn call_as(&self, encoding: Encoding, method: &str, path: &str, pairs: Pairs<'_>) -> Seen {
        let mut headers = vec![("x-api-key".to_owned(), "1".to_owned())];
        let mut target = format!("/api/v1{path}");
        let mut body = Vec::new();
        match encoding {
            Encoding::Query if pairs.is_empty() => {}
            Encoding::Query => target = format!("{target}?{}", form(pairs)),
            Encoding::Form => {
                headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
                body = form(pairs).into_bytes();
            }
            Encoding::BareForm => body = form(pairs).into_bytes(),
            Encoding::Json => {
                headers.push(("content-type".into(), "application/json".into()));
                body = object(pairs).to_string().into_bytes();
            }
        }
        self.api.send(method, &target, &headers, &body)
    }

    /// GET with a query.
    #[track_caller]
    pub fn get(&self, path: &str, pairs: Pairs<'_>) -> Seen {
        self.call_as(Encoding::Query, "GET", path, pairs)
    }

    /// POST of a form.
    #[track_caller]
    pub fn post(&self, path: &str, pairs: Pairs<'_>) -> Seen {
        self.call_as(Encoding::Form, "POST", path, pairs)
    }

    /// PUT of a form.
    #[track_caller]
    pub fn put(&self, path: &str, pairs: Pairs<'_>) -> Seen {
        self.call_as(Encoding::Form, "PUT", path, pairs)
    }

    /// DELETE with a form.
    #[track_caller]
    pub fn delete(&self, path: &str, pairs: Pairs<'_>) -> Seen {
        self.call_as(Encoding::Form, "DELETE", path, pairs)
    }

    /// A tracked signup of Jane's.
    #[track_caller]
    pub fn signup(&self, email: &str, uid: &str) -> Value {
        self.post("/track/signup", &[("email", email), ("uid", uid), ("ref_id", "jane89")]).expect(200)
    }

    /// A tracked sale.
    #[track_caller]
    pub fn sale(&self, email: &str, event_id: &str, amount: &str) -> Value {
        let pairs = [("email", email), ("event_id", event_id), ("amount", amount)];
        self.post("/track/sale", &pairs).expect(200)
    }
}

fn form(pairs: Pairs<'_>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn object(pairs: Pairs<'_>) -> Value {
    let mut map = Map::new();
    for (name, value) in pairs {
        match name.strip_suffix("[]") {
            None => {
                map.insert((*name).to_owned(), typed(value));
            }
            Some(name) => {
                let list = map.entry(name).or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut().expect("a list").push(typed(value));
            }
        }
    }
    Value::Object(map)
}

fn typed(text: &str) -> Value {
    match text.parse() {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => text.into(),
    }
}

/// The id of a record.
#[track_caller]
pub fn id(record: &Value) -> String {
    record["id"].as_u64().expect("an id").to_string()
}
