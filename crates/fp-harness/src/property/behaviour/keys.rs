//! `missing_required_header`, `ignored_auth`: no operation answers a caller it does not know.

use fp_contract::Version;
use serde_json::Value;

use super::Behaviour;
use crate::exchange::Call;
use crate::generate::Blueprint;
use crate::run::{Session, Stop};

pub(super) const MISSING_REQUIRED_HEADER: Behaviour = Behaviour {
    code: "missing_required_header",
    promise: "a call without a header that the operation requires is refused",
    writes: false,
    run: missing_header,
};

pub(super) const IGNORED_AUTH: Behaviour = Behaviour {
    code: "ignored_auth",
    promise: "a call without a key is refused with 401",
    writes: false,
    run: without_key,
};

fn missing_header(session: &mut Session<'_>) -> Result<(), Stop> {
    each_without(session, MISSING_REQUIRED_HEADER.code, |version| match version {
        Version::V1 => None,
        Version::V2 => Some("account-id"),
    })
}

fn without_key(session: &mut Session<'_>) -> Result<(), Stop> {
    each_without(session, IGNORED_AUTH.code, |version| match version {
        Version::V1 => Some("x-api-key"),
        Version::V2 => Some("authorization"),
    })
}

/// Calls every wanted operation without one header. Nothing can be changed: who is not known is refused before
/// anything is looked at, and if he is not, the path leads to no record and the body is empty.
fn each_without(
    session: &mut Session<'_>,
    code: &'static str,
    header: fn(Version) -> Option<&'static str>,
) -> Result<(), Stop> {
    for blueprint in session.wanted_blueprints() {
        let Some(header) = header(blueprint.operation.version) else { continue };
        let mut call = bare(session, &blueprint);
        call.headers.retain(|(name, _)| name != header);
        if !session.client.may_send(&call) {
            session
                .findings()
                .skip(code, "only reads are sent at a real account without a record of the run's own");
            continue;
        }
        let exchange = session.send_checked(call, session.config.seed)?;
        let refused = exchange.status == 401;
        let message = format!("expected 401 without {header}, found {}", exchange.status);
        session.verify(
            code,
            refused,
            &format!("{} without {header}", exchange.status),
            &message,
            &[&exchange],
        );
    }
    Ok(())
}

/// A call of an operation that names no record and asks for nothing.
pub(super) fn bare(session: &Session<'_>, blueprint: &Blueprint) -> Call {
    let mut path = format!("{}{}", blueprint.operation.base, blueprint.operation.path);
    for name in &blueprint.operation.path_params {
        path = path.replace(&format!("{{{name}}}"), "0");
    }
    session.client.call(blueprint.operation.method.as_str(), &path, &Value::Null)
}
