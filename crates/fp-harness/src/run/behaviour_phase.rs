//! What HTTP and every list promise.

use super::session::{Session, Stop};
use crate::failure::Case;
use crate::property::behaviour::{BEHAVIOURS, set_the_stage};

/// It compares every list before and after: what others do would be taken for the call's doing.
const COMPARES_EVERYTHING: &str = "refused_write_changes_nothing";

/// Puts some of the properties to the test. Against a host that is not this machine nothing is changed, unless
/// writes are allowed.
pub(super) fn run(session: &mut Session<'_>, places: &[usize]) -> Result<(), Stop> {
    if let Some(first) = places.first().and_then(|at| BEHAVIOURS.get(*at)) {
        session.case = Case::Behaviour { code: first.code.to_owned() };
    }
    if session.may_write() {
        set_the_stage(session)?;
        session.only_own = true;
    }
    session.learn("/api/v2/company/promoters?per_page=100")?;
    for behaviour in places.iter().filter_map(|at| BEHAVIOURS.get(*at)) {
        if behaviour.writes && !session.may_write() {
            session
                .findings()
                .skip(behaviour.code, "it would change records of a host that is not this machine");
            continue;
        }
        if behaviour.code == COMPARES_EVERYTHING && session.client.line().guard().is_some() {
            session.findings().skip(behaviour.code, "at a real account others change records meanwhile");
            continue;
        }
        session.case = Case::Behaviour { code: behaviour.code.to_owned() };
        match (behaviour.run)(session) {
            Err(Stop::Guarded(reason)) => session.findings().skip(behaviour.code, reason),
            ended => ended?,
        }
    }
    Ok(())
}
