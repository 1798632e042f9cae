//! The account's clock.

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::reply::{Answer, Problem, ok, read};
use crate::clock::timestamp::Timestamp;
use crate::clock::{Clock, Mode, duration};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    mode: String,
    speed: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    by: Option<String>,
    to: Option<String>,
}

/// `GET /clock`.
pub fn show(call: &Call) -> Answer {
    let account = call.account();
    let shown = shown(&account.lock().clock);
    ok(&shown)
}

/// `PUT /clock`: how it goes from now on.
pub fn set(call: &Call) -> Answer {
    let hint = "send {\"mode\": \"manual\"}, {\"mode\": \"real\"} or {\"mode\": \"fast\", \"speed\": 60}";
    let setting: Setting = read(&call.body, hint)?;
    let mode = match (setting.mode.as_str(), setting.speed) {
        ("manual", None) => Mode::Manual,
        ("real", None) => Mode::Real,
        ("fast", Some(speed)) if speed > 0.0 && speed.is_finite() => Mode::Fast { speed },
        ("fast", _) => return Err(Problem::bad_request("fast needs a speed above 0", hint)),
        ("manual" | "real", Some(_)) => return Err(Problem::bad_request("speed goes with fast only", hint)),
        (other, _) => return Err(Problem::bad_request(format!("there is no mode {other:?}"), hint)),
    };
    let account = call.account();
    let shown = {
        let mut ledger = account.lock();
        ledger.clock.set_mode(mode);
        shown(&ledger.clock)
    };
    call.world().plan(&account);
    ok(&shown)
}

/// `POST /clock/advance`: forward, answering when all that is due by then has happened.
pub async fn advance(call: Call) -> Answer {
    let hint = "send {\"by\": \"20m\"} (units ms, s, m, h, d) or {\"to\": \"2025-02-01T00:00:00Z\"}";
    let asked: Advance = read(&call.body, hint)?;
    let account = call.account();
    let now = account.lock().clock.now();
    let to = match (asked.by.as_deref(), asked.to.as_deref()) {
        (Some(by), None) => duration::parse_ms(by).map(|ms| now.plus_ms(ms)),
        (None, Some(to)) => Timestamp::parse(to),
        _ => return Err(Problem::bad_request("give either by or to", hint)),
    };
    let last = Timestamp::parse("9998-12-31").unwrap_or(Timestamp::EPOCH);
    let to = to.filter(|to| *to <= last);
    let to = to.ok_or_else(|| Problem::bad_request("the time cannot be read or lies too far ahead", hint))?;
    if to < now {
        let message = format!("the clock shows {now} and goes forward only, {to} is past");
        return Err(Problem::refused(message, "reset the account to begin anew"));
    }
    let ran = call.world().advance(&account, to).await;
    let now = account.lock().clock.now();
    ok(&json!({ "now": now, "ran": ran }))
}

fn shown(clock: &Clock) -> Value {
    let (mode, speed) = match clock.mode() {
        Mode::Real => ("real", 1.0),
        Mode::Fast { speed } => ("fast", speed),
        Mode::Manual => ("manual", 0.0),
    };
    let speed = if speed.fract() == 0.0 { json!(speed as i64) } else { json!(speed) };
    json!({ "now": clock.now(), "mode": mode, "speed": speed })
}
