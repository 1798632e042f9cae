//! Bytes in, bytes out: the HTTP server around the two front doors and the control API.

mod asked;
mod calls;
mod cors;
mod gathering;
mod lane;
mod latest;
mod line;
mod plain;
mod verdict;

use std::future::{IntoFuture, poll_fn};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::State;
use axum::extract::connect_info::ConnectInfo;
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use axum::middleware;
use axum::routing::any;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tower_service::Service;

use crate::api::dispatch::{Dialect, Incoming};
use crate::control;
use crate::control::desk::Desk;
use crate::control::journal::entry::Sent;
use crate::domain::refusal::Refusal;
use asked::Asked;
use calls::Ending;
use line::{Lines, Scissors};

/// The largest body the service takes.
///
/// Evidence: chosen.
pub const BODY_LIMIT_BYTES: usize = 5 * 1024 * 1024;

/// How much of a body that is too large is read before the connection is given up.
const DRAIN_LIMIT_BYTES: usize = 16 * BODY_LIMIT_BYTES;

/// The status of an answer that nobody gets, because its connection goes wrong.
const CUT: u16 = 599;

/// A server that accepts connections.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    desk: Desk,
}

/// A server's answers without its sockets.
#[derive(Clone, Debug)]
pub struct Door(Router);

impl Door {
    /// The door of a server that works on `desk`.
    pub fn new(desk: Desk) -> Self {
        Self(router(desk))
    }

    /// Answers a call as the server would. A connection that would go wrong answers 599 without a body.
    pub async fn call(&self, incoming: Incoming) -> Sent {
        let mut request = Request::new(Body::from(incoming.body));
        *request.method_mut() = incoming.method.parse().unwrap_or_default();
        *request.uri_mut() = incoming.target.parse().unwrap_or_default();
        for (name, value) in incoming.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) {
                request.headers_mut().append(name, value);
            }
        }
        let Ok(response) = self.0.clone().call(request).await;
        let (parts, body) = response.into_parts();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Sent { status: parts.status.as_u16(), headers: headers.collect(), body }
    }
}

impl Server {
    /// Takes hold of `address`; port 0 takes any that is free.
    ///
    /// # Errors
    /// What the system says, for instance that the port is in use.
    pub async fn bind(address: SocketAddr, desk: Desk) -> std::io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await?, desk })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The same answers without sockets.
    pub fn door(&self) -> Door {
        Door::new(self.desk.clone())
    }

    /// Serves until `shutdown` is ready or the control API says so, then finishes what is in flight.
    ///
    /// # Errors
    /// What the system says.
    pub async fn serve(self, shutdown: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let driver = tokio::spawn(Arc::clone(self.desk.world()).drive());
        let desk = self.desk.clone();
        let (over, handed) = mpsc::unbounded_channel();
        let (close, closing) = watch::channel(false);
        let ending = async move {
            tokio::select! {
                () = shutdown => desk.close(),
                () = desk.closed() => {}
            }
            close.send_replace(true);
        };
        let lines = Lines { handed, address: self.listener.local_addr()? };
        let lane = lane::run(self.listener, self.desk.clone(), over, closing);
        let app = router(self.desk).into_make_service_with_connect_info::<Scissors>();
        let complete = axum::serve(lines, app).with_graceful_shutdown(ending).into_future();
        let (served, ()) = tokio::join!(complete, lane);
        driver.abort();
        served
    }
}

fn router(desk: Desk) -> Router {
    let shared = desk.front().policy().cors;
    let router = Router::new()
        .nest("/__admin", control::router(&desk))
        .route("/__admin/", any(control::unknown))
        .fallback(call)
        .with_state(desk);
    if shared { router.layer(middleware::from_fn(cors::share)) } else { router }
}

async fn call(State(desk): State<Desk>, request: Request<Body>) -> Response<Body> {
    let scissors = request.extensions().get::<ConnectInfo<Scissors>>().map(|info| info.0.clone());
    let dialect = Dialect::of(request.uri().path());
    let sent = match incoming(request).await {
        Ok(incoming) => {
            let ending = calls::serve(&desk, &mut Asked { incoming, recognised: None }).await;
            desk.terms().call_log.flush();
            match ending {
                Ending::Answer(sent) => sent,
                Ending::Cut(cut) => {
                    scissors.unwrap_or_default().cut(cut);
                    Sent { status: CUT, headers: Vec::new(), body: Bytes::new() }
                }
            }
        }
        Err(refusal) => {
            let reply = dialect.refuse(&refusal);
            let content_type = reply.content_type.map(|value| ("content-type".to_owned(), value.to_owned()));
            Sent { status: reply.status, headers: content_type.into_iter().collect(), body: reply.body }
        }
    };
    respond(sent)
}

/// Reads a request to its end.
async fn incoming(request: Request<Body>) -> Result<Incoming, Refusal> {
    let (parts, body) = request.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let body = whole(body).await?;
    Ok(Incoming { method: parts.method.as_str().to_owned(), target, headers, body })
}

/// Reads a body to its end. Of one that is too large the rest is read too, up to a point, and dropped: a client
/// that is still writing would otherwise see a broken connection instead of the refusal.
async fn whole(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let (mut kept, mut read_bytes) = (Vec::new(), 0);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| Refusal::Unreadable { problem: error.to_string() })?;
        let Ok(data) = frame.into_data() else { continue };
        read_bytes += data.len();
        if read_bytes <= BODY_LIMIT_BYTES {
            kept.extend_from_slice(&data);
        } else if read_bytes > DRAIN_LIMIT_BYTES {
            break;
        }
    }
    if read_bytes > BODY_LIMIT_BYTES {
        return Err(Refusal::BodyTooLarge { limit_bytes: BODY_LIMIT_BYTES });
    }
    Ok(kept)
}

fn respond(sent: Sent) -> Response<Body> {
    let mut response = Response::new(Body::from(sent.body));
    *response.status_mut() = StatusCode::from_u16(sent.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in sent.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
