//! Bytes in, bytes out: the HTTP server around the two front doors and the control API.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use tokio::net::TcpListener;

use crate::api::dispatch::{Incoming, Visit};
use crate::api::front::Front;
use crate::control::{self, Desk};
use crate::domain::refusal::Refusal;
use crate::wire;
use crate::wire::reply::Reply;

/// The largest body the service takes.
///
/// Evidence: chosen.
pub const BODY_LIMIT_BYTES: usize = 5 * 1024 * 1024;

/// A server that accepts connections.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    front: Arc<Front>,
}

impl Server {
    /// Takes hold of `address`; port 0 takes any that is free.
    ///
    /// # Errors
    /// What the system says, for instance that the port is in use.
    pub async fn bind(address: SocketAddr, front: Arc<Front>) -> std::io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await?, front })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `shutdown` is ready, then finishes what is in flight.
    ///
    /// # Errors
    /// What the system says.
    pub async fn serve(self, shutdown: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let driver = tokio::spawn(Arc::clone(self.front.world()).drive());
        let app = router(self.front);
        let served = axum::serve(self.listener, app).with_graceful_shutdown(shutdown).await;
        driver.abort();
        served
    }
}

fn router(front: Arc<Front>) -> Router {
    let desk = Desk { world: Arc::clone(front.world()), front };
    Router::new().nest("/__admin", control::router()).fallback(call).with_state(desk)
}

async fn call(State(front): State<Arc<Front>>, request: Request<Body>) -> Response<Body> {
    let reply = match incoming(request).await {
        Ok(incoming) => Visit::recognise(&front, &incoming).answer(&front, &incoming).await,
        Err(refusal) => wire::v2::error::reply(&refusal),
    };
    respond(reply)
}

/// Reads a request to its end.
async fn incoming(request: Request<Body>) -> Result<Incoming, Refusal> {
    let (parts, body) = request.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let too_large = Refusal::BodyTooLarge { limit_bytes: BODY_LIMIT_BYTES };
    let body = to_bytes(body, BODY_LIMIT_BYTES).await.map_err(|_| too_large)?;
    Ok(Incoming { method: parts.method.as_str().to_owned(), target, headers, body: body.into() })
}

fn respond(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(content_type) = reply.content_type {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
