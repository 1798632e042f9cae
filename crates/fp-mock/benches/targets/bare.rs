//! The server that the mock is held against: axum as it comes, which parses the body and answers a constant.

use std::future::Future;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde_json::Value;

/// Paths of the bare server.
pub const GET: &str = "/get";
pub const POST: &str = "/post";

/// Serves until it is killed; `sizes` are how many bytes GET and POST answer.
pub fn serve(sizes: &[&str]) {
    let [get_size, post_size] = sizes else { panic!("expected two sizes, found {sizes:?}") };
    let (get_size, post_size) = (constant(get_size), constant(post_size));
    let app = Router::new()
        .route(GET, get(move || reply(get_size.clone())))
        .route(POST, post(move |body: axum::Json<Value>| parsed(body, post_size.clone())));
    // As the mock does it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        println!("bare server on http://{}", listener.local_addr().expect("an address"));
        let listener = axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true)));
        axum::serve(listener, app).await.expect("it serves");
    });
}

fn constant(size: &str) -> Bytes {
    let size: usize = size.parse().expect("a size");
    Bytes::from(format!("\"{}\"", "x".repeat(size.saturating_sub(2))))
}

fn reply(body: Bytes) -> impl Future<Output = impl IntoResponse> {
    std::future::ready(([(header::CONTENT_TYPE, "application/json")], body))
}

async fn parsed(axum::Json(body): axum::Json<Value>, answer: Bytes) -> impl IntoResponse {
    assert!(body.is_object(), "requests have an object as their body");
    reply(answer).await
}
