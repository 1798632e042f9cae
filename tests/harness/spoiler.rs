//! A mock behind a proxy that spoils some of its replies: a service with a bug.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use fp_mock::Mock;
use tokio::runtime::Runtime;

/// What is done to a reply: method and target of the call, then status and body.
pub type Spoil = fn(&str, &str, &mut StatusCode, &mut Vec<u8>);

/// A mock whose replies are spoilt.
pub struct Spoilt {
    /// Where it listens.
    pub url: String,
    calls: Arc<Calls>,
    mock: Mock,
    _runtime: Runtime,
}

#[derive(Clone)]
struct Passing {
    upstream: String,
    http: reqwest::Client,
    spoil: Spoil,
    calls: Arc<Calls>,
}

/// How many calls came, to be waited for.
#[derive(Default)]
struct Calls {
    count: Mutex<u64>,
    more: Condvar,
}

impl Calls {
    fn count(&self) -> u64 {
        *self.count.lock().expect("nobody panics with it")
    }
}

impl Spoilt {
    /// Starts one.
    pub fn start(mock: Mock, spoil: Spoil) -> Self {
        let calls = Arc::new(Calls::default());
        let passing = Passing {
            upstream: mock.url().to_owned(),
            http: reqwest::Client::new(),
            spoil,
            calls: Arc::clone(&calls),
        };
        let runtime = Runtime::new().expect("a runtime");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = runtime.block_on(tokio::net::TcpListener::bind(address)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let app = Router::new().fallback(pass).with_state(passing);
        runtime.spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { url, calls, mock, _runtime: runtime }
    }

    /// How many calls came.
    pub fn calls(&self) -> u64 {
        self.calls.count()
    }

    /// Waits until so many calls came.
    pub fn wait_for(&self, calls: u64) {
        let count = self.calls.count.lock().expect("nobody panics with it");
        drop(self.calls.more.wait_while(count, |count| *count < calls).expect("nobody panics with it"));
    }

    /// The mock behind it.
    pub fn mock(&self) -> &Mock {
        &self.mock
    }
}

async fn pass(State(passing): State<Passing>, request: Request) -> Response<Body> {
    *passing.calls.count.lock().expect("nobody panics with it") += 1;
    passing.calls.more.notify_all();
    let (parts, body) = request.into_parts();
    let sent: Bytes = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let target = parts.uri.to_string();
    let mut headers = parts.headers;
    headers.remove("host");
    let call = passing.http.request(parts.method.clone(), format!("{}{target}", passing.upstream));
    let reply = call.headers(headers).body(sent).send().await.expect("an answer");
    let mut status = reply.status();
    let kind = reply.headers().get("content-type").cloned();
    let mut body = reply.bytes().await.expect("a body").to_vec();
    (passing.spoil)(parts.method.as_str(), &target, &mut status, &mut body);
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    let headers: &mut HeaderMap = answer.headers_mut();
    headers.extend(kind.map(|kind| (axum::http::header::CONTENT_TYPE, kind)));
    answer
}
