//! What HTTP and every list promise.

use super::session::{Session, Stop};
use crate::property::behaviour::{BEHAVIOURS, set_the_stage};

/// Runs the phase. Against a host that is not this machine nothing is changed, unless writes are allowed.
pub(super) fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    if session.may_write() {
        set_the_stage(session)?;
    }
    session.learn("/api/v2/company/promoters?per_page=100")?;
    for behaviour in BEHAVIOURS.iter().filter(|behaviour| session.config.wants_property(behaviour.code)) {
        if behaviour.writes && !session.may_write() {
            session
                .findings()
                .skip(behaviour.code, "it would change records of a host that is not this machine");
            continue;
        }
        (behaviour.run)(session)?;
    }
    Ok(())
}
