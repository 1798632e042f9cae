//! `fp-mock --replay FILE`: makes the calls of a recording again and compares every answer, to the byte.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Parser;
use fp_mock::api::auth::DEFAULT_ACCOUNT;
use fp_mock::api::dispatch::Incoming;
use fp_mock::clock::Mode;
use fp_mock::clock::timestamp::Timestamp;
use fp_mock::control::desk::Desk;
use fp_mock::control::journal::entry::Sent;
use fp_mock::control::recorder::Line;
use fp_mock::server::{Door, Server};
use serde_json::Value;

use super::arguments::Arguments;
use super::serve;

/// Differences that are named; the others are counted.
const NAMED: usize = 20;

/// 0 if every answer came again as it was recorded, 1 if not.
///
/// # Errors
/// If the file cannot be read or its server cannot be started again.
#[tokio::main]
pub async fn run(file: &Path) -> anyhow::Result<ExitCode> {
    let shown = file.display();
    let opened = File::open(file).with_context(|| format!("cannot read the recording {shown}"))?;
    let lines = BufReader::new(opened).lines().enumerate().map(|(at, line)| {
        let number = at + 1;
        let line = line.with_context(|| format!("{shown}:{number}"))?;
        let read = serde_json::from_str(&line);
        read.map(|line: Line| (number, line))
            .map_err(|error| anyhow!("{shown}:{number}: no line of a recording: {error}"))
    });
    let mut lines = lines.peekable();
    let first = match lines.peek() {
        None => bail!("{shown}: an empty recording"),
        Some(Ok((_, line))) => line.run.clone(),
        Some(Err(error)) => bail!("{error}"),
    };
    let run =
        first.with_context(|| format!("{shown}:1: expected run, which tells how the server was started"))?;
    let desk = start(&run).await?;
    let door = Door::new(desk.clone());
    let (mut calls, mut different) = (0, 0);
    for line in lines {
        let (number, line) = line?;
        calls += 1;
        let Some(difference) = again(&desk, &door, &line).await? else { continue };
        different += 1;
        if different <= NAMED {
            tracing::error!("{shown}:{number}: {} {}: {difference}", line.request.method, line.request.url);
        }
    }
    report(calls, different);
    Ok(if different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[expect(clippy::print_stdout, reason = "the verdict is what was asked for")]
fn report(calls: usize, different: usize) {
    match different {
        0 => println!("{calls} calls, every answer as recorded"),
        1 => println!("{calls} calls, one answer differs"),
        _ => println!("{calls} calls, {different} answers differ"),
    }
}

/// Starts the server of the recording again, on a clock that is moved by hand.
async fn start(run: &Value) -> anyhow::Result<Desk> {
    let texts = run["arguments"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut arguments = Arguments::try_parse_from(std::iter::once("fp-mock").chain(texts))
        .map_err(|error| anyhow!("the recorded server cannot be started again: {error}"))?;
    arguments.clock = Mode::Manual;
    if run["version"] != env!("CARGO_PKG_VERSION") {
        tracing::warn!("recorded by fp-mock {}, replayed by {}", run["version"], env!("CARGO_PKG_VERSION"));
    }
    let desk = serve::desk(&arguments)?;
    // Webhooks to inboxes go to the address of the recorded server.
    let address = run["address"].as_str().unwrap_or_default();
    let bound = match address.parse() {
        Ok(address) => Server::bind(address, desk.clone()).await,
        Err(_) => Err(std::io::Error::other("no address was recorded")),
    };
    match bound {
        Ok(server) => drop(tokio::spawn(server.serve(std::future::pending()))),
        Err(error) => tracing::warn!("webhooks to {address} will find nobody: {error}"),
    }
    Ok(desk)
}

/// Makes a call again; answers what differs.
async fn again(desk: &Desk, door: &Door, line: &Line) -> anyhow::Result<Option<String>> {
    if line.request.method == "PUT" && path(&line.request.url) == "/__admin/clock" {
        // Here the recorded moments move the clock.
        return Ok(None);
    }
    if let (Some(account), Some(at)) = (&line.account, line.at.as_deref().and_then(Timestamp::parse)) {
        let account = desk.world().account(account);
        desk.world().advance(&account, at).await;
    }
    if let Some(reached) = reached(line) {
        // A clock that went on by itself stood elsewhere when it was read: what it came to is what counts.
        let account = desk.world().account(line.account.as_deref().unwrap_or(DEFAULT_ACCOUNT));
        desk.world().advance(&account, reached).await;
        return Ok(None);
    }
    let request = &line.request;
    let incoming = Incoming {
        method: request.method.clone(),
        target: request.url.clone(),
        headers: request.headers.clone(),
        body: request.body.bytes().context("a recorded body that is no Base64")?,
    };
    let sent = door.call(incoming).await;
    Ok(match &line.response {
        None => None,
        Some(recorded) => {
            let body = recorded.body.bytes().context("a recorded body that is no Base64")?;
            difference(recorded.status, &recorded.headers, &body, &sent)
        }
    })
}

/// What the clock showed after an `advance` that was granted.
fn reached(line: &Line) -> Option<Timestamp> {
    let response = line.response.as_ref().filter(|response| response.status == 200)?;
    if path(&line.request.url) != "/__admin/clock/advance" {
        return None;
    }
    Timestamp::parse(json(&response.body.bytes()?)["now"].as_str()?)
}

fn path(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

fn difference(status: u16, headers: &[(String, String)], body: &[u8], sent: &Sent) -> Option<String> {
    if status != sent.status {
        let body = String::from_utf8_lossy(&sent.body);
        return Some(format!("the status {status} became {}: {body}", sent.status));
    }
    let (before, after) = (json(body), json(&sent.body));
    if body != &sent.body[..] && before == after {
        return Some("the same JSON came in other bytes".to_owned());
    }
    let unequal = first_difference(&before, &after, "");
    unequal.or_else(|| {
        // The length follows from the body.
        let shown = |headers: &[(String, String)]| {
            let others = headers.iter().filter(|(name, _)| name != "content-length");
            others.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
        };
        let (before, after) = (shown(headers), shown(&sent.headers));
        (before != after).then(|| format!("the headers {before:?} became {after:?}"))
    })
}

/// The body as JSON, or its text as a JSON text.
fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into())
}

/// Where two pieces of JSON begin to differ.
fn first_difference(before: &Value, after: &Value, pointer: &str) -> Option<String> {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            let missing = other.keys().find(|name| !one.contains_key(*name));
            let each = one.iter().find_map(|(name, value)| {
                let below = format!("{pointer}/{name}");
                match other.get(name) {
                    Some(now) => first_difference(value, now, &below),
                    None => Some(format!("{below} is gone")),
                }
            });
            each.or_else(|| missing.map(|name| format!("{pointer}/{name} is new")))
        }
        (Value::Array(one), Value::Array(other)) => {
            let mut pairs = one.iter().zip(other).enumerate();
            let each =
                pairs.find_map(|(at, (value, now))| first_difference(value, now, &format!("{pointer}/{at}")));
            let lengths = (one.len() != other.len())
                .then(|| format!("{pointer} had {} items and has {}", one.len(), other.len()));
            each.or(lengths)
        }
        _ if before == after => None,
        _ => Some(format!("{} became {after} at {}", before, if pointer.is_empty() { "/" } else { pointer })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_difference_is_named_with_its_place() {
        for (before, after, said) in [
            (json!({"a": [1, {"b": 2}]}), json!({"a": [1, {"b": 3}]}), Some("2 became 3 at /a/1/b")),
            (json!({"a": 1}), json!({}), Some("/a is gone")),
            (json!({}), json!({"a": 1}), Some("/a is new")),
            (json!([1]), json!([1, 2]), Some(" had 1 items and has 2")),
            (json!("x"), json!("x"), None),
        ] {
            assert_eq!(first_difference(&before, &after, "").as_deref(), said);
        }
    }
}
