//! The same seed and the same requests give the same bytes, webhooks included.

use fp_mock::Mock;
use fp_mock::webhooks::inbox::Received;
use serde_json::Value;

use super::script::Script;

/// Headers and body.
type Webhook = (Vec<(String, String)>, Vec<u8>);

/// Everything that can be seen of a run.
#[derive(PartialEq)]
struct Seen {
    answers: Vec<(u16, Vec<u8>)>,
    /// What arrived, in order.
    webhooks: Vec<Webhook>,
    /// Deliveries as the control API shows them.
    deliveries: String,
}

fn run(seed: u64, script: u64, calls: usize, receiver: &Mock) -> Seen {
    let mock = Mock::builder().seed(seed).start();
    let inbox = receiver.inbox("all");
    inbox.clear();
    inbox.answer(&[200, 503, 200, 200, 404, 200]);
    let types = mock.get("/api/v2/company/webhooks/event_types")["data"].clone();
    let types: Vec<&str> = types.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(types.len(), 28);
    mock.given().subscription(&inbox.url(), &types);
    let (mut script, mut answers) = (Script::new(script), Vec::new());
    for _ in 0..calls {
        let call = script.next();
        let answer = mock.call(call.method, &call.target, call.body);
        assert_ne!(answer.status, 500, "{} {}: {:?}", call.method, call.target, answer.json());
        answers.push((answer.status, answer.body));
        if let Some(by) = script.pause() {
            mock.clock().advance(by);
        }
    }
    mock.clock().advance("1d");
    let sent = |received: Received| (received.headers, received.body);
    let webhooks = inbox.received().into_iter().map(sent).collect();
    let mut deliveries = mock.control("GET", "/deliveries?limit=100000", Value::Null);
    without_machine_time(&mut deliveries);
    Seen { answers, webhooks, deliveries: deliveries.to_string() }
}

/// How long a receiver took is the one thing that a clock of our own cannot decide.
fn without_machine_time(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.shift_remove("duration_ms");
            map.shift_remove("took_ms");
            map.values_mut().for_each(without_machine_time);
        }
        Value::Array(items) => items.iter_mut().for_each(without_machine_time),
        _ => {}
    }
}

fn assert_same(one: &Seen, other: &Seen) {
    for (at, pair) in one.answers.iter().zip(&other.answers).enumerate() {
        let shown = |(status, body): &(u16, Vec<u8>)| format!("{status} {}", String::from_utf8_lossy(body));
        assert_eq!(shown(pair.0), shown(pair.1), "answer {at}");
    }
    assert_eq!(one.webhooks.len(), other.webhooks.len());
    for (at, pair) in one.webhooks.iter().zip(&other.webhooks).enumerate() {
        assert_eq!(pair.0.0, pair.1.0, "headers of webhook {at}");
        assert_eq!(
            String::from_utf8_lossy(&pair.0.1),
            String::from_utf8_lossy(&pair.1.1),
            "body of webhook {at}"
        );
    }
    assert!(one.deliveries == other.deliveries, "the deliveries differ");
}

#[test]
fn ten_thousand_random_calls_give_the_same_bytes_twice() {
    let receiver = Mock::start();
    let (one, other) = (run(7, 1, 10_000, &receiver), run(7, 1, 10_000, &receiver));
    assert_same(&one, &other);
    let successes = one.answers.iter().filter(|(status, _)| *status < 300).count();
    assert!(successes > 4_000, "only {successes} calls did anything");
    assert!(one.webhooks.len() > 1_000, "only {} webhooks arrived", one.webhooks.len());
}

#[test]
fn another_seed_gives_other_tokens() {
    let receiver = Mock::start();
    let (one, other) = (run(7, 1, 60, &receiver), run(8, 1, 60, &receiver));
    assert!(one.answers != other.answers);
}

#[test]
fn a_reset_account_answers_the_same_bytes_again() {
    let mock = Mock::builder().seed(3).start();
    let account = mock.default_account();
    let go = || {
        let mut script = Script::new(2);
        let call = |_| {
            let call = script.next();
            let answer = mock.call(call.method, &call.target, call.body);
            if let Some(by) = script.pause() {
                mock.clock().advance(by);
            }
            (answer.status, answer.body)
        };
        (0..400).map(call).collect::<Vec<_>>()
    };
    let first = go();
    account.reset();
    assert!(first == go(), "a reset account answers otherwise");
}
