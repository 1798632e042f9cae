//! How batch processes go on, and steering one.

use serde::Deserialize;

use super::call::Call;
use super::reply::{Answer, Problem, ok, read};
use crate::domain::batch::{self, Progression};
use crate::domain::ids::BatchId;
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::v2::{error, view};
use crate::world::Failure;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    progression: String,
    seconds_per_item: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Steps {
    #[serde(default = "one")]
    items: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failing {
    ids: Vec<u64>,
    error: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn one() -> usize {
    1
}

/// `PUT /batches`: how they go on. Concerns the named account, else the default one.
pub fn set_progression(call: &Call) -> Answer {
    let hint = "send {\"progression\": \"time\", \"seconds_per_item\": 1}, \"immediate\" or \"manual\"";
    let setting: Setting = read(&call.body, hint)?;
    let progression = match (setting.progression.as_str(), setting.seconds_per_item) {
        ("time", seconds) => Progression::Time { seconds_per_item: seconds.unwrap_or(1) },
        ("immediate", None) => Progression::Immediate,
        ("manual", None) => Progression::Manual,
        (other, None) => {
            return Err(Problem::bad_request(format!("there is no progression {other:?}"), hint));
        }
        (_, Some(_)) => return Err(Problem::bad_request("seconds_per_item goes with time only", hint)),
    };
    call.account().lock().state.progression = progression;
    ok(
        &serde_json::json!({ "progression": setting.progression, "seconds_per_item": setting.seconds_per_item }),
    )
}

/// `POST /batches/{id}/step`, `/drain`, `/stop` and `/fail`: answer the batch as it then stands.
pub fn act(call: &Call) -> Answer {
    let id = call.path(0);
    let action = call.path(1);
    let no_batch = || {
        Problem::not_found(
            format!("there is no batch {id}"),
            "GET /api/v2/company/batch_processes lists them",
        )
    };
    let batch_id = BatchId::new(id.parse().map_err(|_| no_batch())?);
    let work = read_action(action, &call.body)?;
    let account = call.account();
    let outcome = account.lock().transact(|state, now| {
        if !state.batches.contains(batch_id) {
            return Err(Refusal::NotFound(Entity::BatchProcess));
        }
        match &work {
            Work::Step(items) => batch::step(state, now, batch_id, *items),
            Work::Drain => batch::drain(state, now, batch_id),
            Work::Stop => batch::stop(state, now, batch_id)?,
            Work::Fail(failing) => batch::inject(state, batch_id, &failing.ids, &failing.error)?,
        }
        Ok(state.batches.get(batch_id).map(view::batch::Batch::of))
    });
    call.world().plan(&account);
    match outcome {
        Ok(view) => ok(&view),
        Err(Failure::Refused(Refusal::NotFound(_))) => Err(no_batch()),
        Err(Failure::Refused(refusal)) => Err(Problem::refused(
            error::message(&refusal),
            "GET /api/v2/company/batch_processes/{id} shows it",
        )),
        Err(Failure::Bug(sentence)) => Err(Problem::refused(sentence, "this is a bug of fp-mock")),
    }
}

enum Work {
    Step(usize),
    Drain,
    Stop,
    Fail(Failing),
}

fn read_action(action: &str, body: &[u8]) -> Result<Work, Problem> {
    Ok(match action {
        "step" => Work::Step(read::<Steps>(body, "send {\"items\": 2}")?.items),
        "fail" => Work::Fail(read(body, "send {\"ids\": [3], \"error\": \"…\"}")?),
        "drain" | "stop" => {
            let Nothing {} = read(body, "send no body")?;
            if action == "drain" { Work::Drain } else { Work::Stop }
        }
        other => {
            let message = format!("a batch has no action {other:?}");
            return Err(Problem::not_found(message, "there are step, drain, stop and fail"));
        }
    })
}
