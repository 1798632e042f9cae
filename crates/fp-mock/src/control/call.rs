//! What a control call comes with, and the one shape of all that answer one: each handler as axum takes it would bring
//! code of its own for reading a call.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, OptionalFromRequestParts, Path, Request};
use axum::handler::Handler;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};

use super::desk::Desk;
use super::query::Query;
use super::reply::{Answer, Named};
use crate::world::{Account, World};

/// A control call.
#[derive(Clone, Debug)]
pub struct Call {
    /// What it works on.
    pub desk: Desk,
    /// The account that it names.
    pub named: Named,
    /// Its query.
    pub query: Query,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; empty where none is read: of GET and HEAD.
    pub body: Bytes,
    path: Vec<String>,
}

impl Call {
    /// The accounts.
    pub fn world(&self) -> &Arc<World> {
        self.desk.world()
    }

    /// The named account, else the default one.
    pub fn account(&self) -> Arc<Account> {
        self.named.account(self.world())
    }

    /// The part of the path that stands for the parameter at `index`, counted from 0.
    ///
    /// # Panics
    /// If the route has no such parameter.
    pub fn path(&self, index: usize) -> &str {
        &self.path[index]
    }

    /// Reads a call to its end, or answers what is wrong with it.
    async fn read(request: Request, desk: Desk) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let named = Named::of(&parts);
        let query = Query::of(&parts.uri);
        let path =
            <Path<Vec<String>> as OptionalFromRequestParts<Desk>>::from_request_parts(&mut parts, &desk);
        let path = path.await.map_err(IntoResponse::into_response)?.map_or_else(Vec::new, |Path(path)| path);
        let headers = parts.headers.clone();
        let body = match parts.method {
            Method::GET | Method::HEAD => Bytes::new(),
            _ => Bytes::from_request(Request::from_parts(parts, body), &desk)
                .await
                .map_err(IntoResponse::into_response)?,
        };
        Ok(Self { desk, named, query, headers, body, path })
    }
}

/// An answer that comes in time.
pub type Later = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Who answers a control call.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// At once.
    Now(fn(&Call) -> Answer),
    /// When something has happened.
    Later(fn(Call) -> Later),
}

/// A handler that answers at once.
pub fn now(work: fn(&Call) -> Answer) -> Work {
    Work::Now(work)
}

/// A handler that answers when something has happened.
pub fn later(work: fn(Call) -> Later) -> Work {
    Work::Later(work)
}

impl Handler<(), Desk> for Work {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, desk: Desk) -> Self::Future {
        Box::pin(async move {
            let call = match Call::read(request, desk).await {
                Ok(call) => call,
                Err(response) => return response,
            };
            let answer = match self {
                Self::Now(work) => work(&call),
                Self::Later(work) => work(call).await,
            };
            answer.into_response()
        })
    }
}
