//! `not_a_server_error`.

use super::{Broken, Check, Finding};
use crate::exchange::Exchange;

pub(super) const CHECK: Check =
    Check { code: "not_a_server_error", promise: "no call is answered with a status of 500 or more", check };

fn check(exchange: &Exchange) -> Finding {
    if exchange.status < 500 {
        return Finding::Kept;
    }
    let body = String::from_utf8_lossy(&exchange.body);
    let start: String = body.chars().take(200).collect();
    Finding::Broken(vec![Broken::new(
        format!("status {}", exchange.status),
        format!("expected a status below 500, found {}: {start}", exchange.status),
    )])
}
