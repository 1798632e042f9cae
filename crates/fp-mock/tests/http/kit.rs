//! A client for tests: it talks to a mock of its own and has every exchange judged by the contract.

use fp_contract::{Contract, Exchange, Request, Response, Side, Violation};
use fp_mock::{Builder, Mock};
use serde_json::{Value, json};

/// A mock and an account on it.
pub struct Api {
    mock: Mock,
    account: String,
    http: reqwest::blocking::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
}

impl Seen {
    /// The body as JSON; null if there is none.
    pub fn json(&self) -> Value {
        if self.bytes.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.bytes).expect("a JSON body")
    }

    /// The body, if the status is the expected one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "unexpected status; body: {text}");
        if self.headers.iter().any(|(name, value)| name == "content-type" && value.contains("csv")) {
            return Value::String(text.into_owned());
        }
        self.json()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Api {
    /// The starter scenario under a manual clock, account 1.
    pub fn start() -> Self {
        Self::with(Mock::builder())
    }

    /// A mock started another way.
    pub fn with(builder: Builder) -> Self {
        Self { mock: builder.start(), account: "1".into(), http: reqwest::blocking::Client::new() }
    }

    /// The mock itself.
    pub fn mock(&self) -> &Mock {
        &self.mock
    }

    /// The key headers of v2.
    fn keys(&self, path: &str) -> Vec<(String, String)> {
        if path.starts_with("/api/v1") {
            return vec![("x-api-key".into(), self.account.clone())];
        }
        vec![("authorization".into(), "Bearer test-key".into()), ("account-id".into(), self.account.clone())]
    }

    /// Sends anything and judges the exchange: a reply must always keep to the contract, a request must if
    /// it was accepted.
    #[track_caller]
    pub fn send(&self, method: &str, target: &str, headers: &[(String, String)], body: &[u8]) -> Seen {
        let method_name: reqwest::Method = method.parse().expect("a method");
        let mut request = self.http.request(method_name, format!("{}{target}", self.mock.url()));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.body(body.to_vec()).send().expect("an answer");
        let status = response.status().as_u16();
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let seen_headers = response.headers().iter().map(|(n, v)| (n.as_str().to_owned(), text(v))).collect();
        let seen =
            Seen { status, headers: seen_headers, bytes: response.bytes().expect("a whole body").to_vec() };
        judge(&Request { method, target, headers, body }, &seen);
        seen
    }

    /// Sends anything and leaves the exchange unjudged: for answers that are made to go wrong.
    ///
    /// # Errors
    /// What the client says of a connection that went wrong.
    pub fn unjudged(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Seen, reqwest::Error> {
        let method: reqwest::Method = method.parse().expect("a method");
        let mut request = self.http.request(method, format!("{}{target}", self.mock.url()));
        for (name, value) in self.keys(target) {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(body.to_vec()).send()?;
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(n, v)| (n.as_str().to_owned(), text(v))).collect();
        Ok(Seen { status: response.status().as_u16(), headers, bytes: response.bytes()?.to_vec() })
    }

    /// The same server as another account sees it.
    pub fn as_account(&self, account: &str) -> Account<'_> {
        Account { api: self, account: account.to_owned() }
    }

    /// A call of v1 or v2 with keys and, unless null, a JSON body.
    #[track_caller]
    pub fn call(&self, method: &str, target: &str, body: &Value) -> Seen {
        let mut headers = self.keys(target);
        if body.is_null() {
            return self.send(method, target, &headers, b"");
        }
        headers.push(("content-type".into(), "application/json".into()));
        self.send(method, target, &headers, body.to_string().as_bytes())
    }

    /// GET of `path` under `/api/v2`, answering the body of a 200.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.call("GET", &format!("/api/v2{path}"), &Value::Null).expect(200)
    }

    /// GET of `path` under `/api/v2`, whatever comes.
    #[track_caller]
    pub fn try_get(&self, path: &str) -> Seen {
        self.call("GET", &format!("/api/v2{path}"), &Value::Null)
    }

    /// POST of a JSON body to `path` under `/api/v2`.
    #[track_caller]
    pub fn post(&self, path: &str, body: Value) -> Seen {
        self.call("POST", &format!("/api/v2{path}"), &body)
    }

    /// PUT of a JSON body to `path` under `/api/v2`.
    #[track_caller]
    pub fn put(&self, path: &str, body: Value) -> Seen {
        self.call("PUT", &format!("/api/v2{path}"), &body)
    }

    /// PATCH of a JSON body to `path` under `/api/v2`.
    #[track_caller]
    pub fn patch(&self, path: &str, body: Value) -> Seen {
        self.call("PATCH", &format!("/api/v2{path}"), &body)
    }

    /// DELETE of `path` under `/api/v2`, with a JSON body unless null.
    #[track_caller]
    pub fn delete(&self, path: &str, body: Value) -> Seen {
        self.call("DELETE", &format!("/api/v2{path}"), &body)
    }

    /// A control call for the account.
    #[track_caller]
    pub fn admin(&self, method: &str, path: &str, body: Value) -> Seen {
        let headers = vec![("account-id".to_owned(), self.account.clone())];
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(method, &format!("/__admin{path}"), &headers, &bytes)
    }

    /// Begins the account anew from a scenario in YAML.
    #[track_caller]
    pub fn load(&self, scenario: &str) {
        self.load_bytes(scenario.as_bytes()).expect(200);
    }

    /// Sends a scenario, whatever comes of it.
    #[track_caller]
    pub fn load_bytes(&self, scenario: &[u8]) -> Seen {
        let headers = vec![("account-id".to_owned(), self.account.clone())];
        self.send("PUT", "/__admin/scenario", &headers, scenario)
    }

    /// Moves the clock on by `20m`, `2d`, `0s`, answering what ran.
    #[track_caller]
    pub fn advance(&self, by: &str) -> Value {
        self.admin("POST", "/clock/advance", json!({ "by": by })).expect(200)["ran"].clone()
    }
}

/// The reply must keep to the contract; the request must too if it was accepted.
/// Another account of the same server.
pub struct Account<'a> {
    api: &'a Api,
    account: String,
}

impl Account<'_> {
    /// A call of v2 with keys and, unless null, a JSON body.
    #[track_caller]
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Seen {
        self.send(method, &format!("/api/v2{path}"), body)
    }

    /// A control call for the account.
    #[track_caller]
    pub fn admin(&self, method: &str, path: &str, body: &Value) -> Seen {
        self.send(method, &format!("/__admin{path}"), body)
    }

    #[track_caller]
    fn send(&self, method: &str, target: &str, body: &Value) -> Seen {
        let mut headers = vec![("account-id".to_owned(), self.account.clone())];
        headers.push(("authorization".to_owned(), "Bearer test-key".to_owned()));
        if body.is_null() {
            return self.api.send(method, target, &headers, b"");
        }
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        self.api.send(method, target, &headers, body.to_string().as_bytes())
    }
}

#[track_caller]
fn judge(request: &Request<'_>, seen: &Seen) {
    if request.target.starts_with("/__admin") {
        return;
    }
    let response = Response { status: seen.status, headers: &seen.headers, body: &seen.bytes };
    let violations = Contract::corrected().check(&Exchange { request: *request, response: Some(response) });
    let counts = |violation: &&Violation| violation.side == Side::Response || seen.status < 400;
    let breaches: Vec<String> = violations.iter().filter(counts).map(ToString::to_string).collect();
    let body = String::from_utf8_lossy(&seen.bytes);
    assert!(
        breaches.is_empty(),
        "{} {} answered {} against the contract:\n{}\nbody: {body}",
        request.method,
        request.target,
        seen.status,
        breaches.join("\n")
    );
}
