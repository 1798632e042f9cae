//! `max_response_time`.

use std::time::Duration;

use super::{Broken, Check, Finding};
use crate::exchange::Exchange;

/// What a caller can be asked to wait for one answer.
const MOST: Duration = Duration::from_secs(10);

pub(super) const CHECK: Check =
    Check { code: "max_response_time", promise: "every call is answered within ten seconds", check };

fn check(exchange: &Exchange) -> Finding {
    if exchange.took <= MOST {
        return Finding::Kept;
    }
    let message = format!("expected an answer within {MOST:?}, found one after {:?}", exchange.took);
    Finding::Broken(vec![Broken::new("too slow", message)])
}
