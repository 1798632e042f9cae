//! `unsupported_method`: a path answers only the methods it has.

use fp_contract::{Method, Resolution};

use super::{Behaviour, keys};
use crate::run::{Session, Stop};

pub(super) const UNSUPPORTED_METHOD: Behaviour = Behaviour {
    code: "unsupported_method",
    promise: "a method that a path does not have is refused with 405 or 404",
    writes: false,
    run,
};

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    for blueprint in session.wanted_blueprints() {
        let mut call = keys::bare(session, &blueprint);
        let path = call.path().to_owned();
        let has = |method: &Method| {
            matches!(session.client.contract().resolve(method.as_str(), &path), Resolution::Found(_))
        };
        let Some(other) = Method::ALL.iter().find(|method| !has(method)) else { continue };
        call.method = other.as_str().to_owned();
        if !session.client.may_send(&call) {
            session.findings().skip(
                UNSUPPORTED_METHOD.code,
                "only reads are sent at a real account without a record of the run's own",
            );
            continue;
        }
        let exchange = session.send_checked(call, session.config.seed)?;
        let refused = matches!(exchange.status, 404 | 405);
        let message = format!("expected 405 for {other}, found {}", exchange.status);
        session.verify(
            UNSUPPORTED_METHOD.code,
            refused,
            &format!("{} for {other}", exchange.status),
            &message,
            &[&exchange],
        );
    }
    Ok(())
}
