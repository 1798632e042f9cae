//! Accounts of one server do not see each other, however hard they are used at once.

use std::sync::Barrier;

use serde_json::{Value, json};

use super::script::Script;
use crate::command::{Running, client};

const ACCOUNTS: usize = 100;
const CALLS: usize = 24;

/// What one account saw: statuses and bodies of all its calls.
type Seen = Vec<(u16, String)>;

struct Account<'s> {
    server: &'s Running,
    http: reqwest::blocking::Client,
    name: String,
}

impl Account<'_> {
    fn call(&self, method: &str, target: &str, body: &Value) -> (u16, String) {
        let method = method.parse().expect("a method");
        let call = self.http.request(method, format!("{}{target}", self.server.url)).bearer_auth("key");
        // The older API has no Account-ID: the key names the account.
        let call = call.header("account-id", &self.name).header("x-api-key", &self.name);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = call.header("content-type", "application/json").body(body).send().expect("an answer");
        (answer.status().as_u16(), answer.text().expect("text"))
    }

    /// Calls, resets and moves of the clock, all of this account alone.
    fn live(&self, seed: u64) -> Seen {
        let (mut script, mut seen) = (Script::new(seed), Vec::new());
        let own = format!("own-{}@example.com", self.name);
        for at in 0..CALLS {
            let call = script.next();
            seen.push(self.call(call.method, &call.target, &call.body));
            if at % 8 == 5 {
                self.call("POST", "/__admin/clock/advance", &json!({ "by": "1h" }));
            }
            if at == CALLS / 2 {
                assert_eq!(self.call("POST", "/__admin/reset", &Value::Null).0, 200);
                script = Script::new(seed);
                let signup = json!({ "email": own, "ref_id": "jane89" });
                seen.push(self.call("POST", "/api/v2/track/signup", &signup));
            }
        }
        let (_, referrals) = self.call("GET", "/api/v2/company/referrals?per_page=100", &Value::Null);
        assert!(referrals.contains(&own), "{} lost its referral: {referrals}", self.name);
        assert_eq!(referrals.matches("own-").count(), referrals.matches(&own).count(), "{referrals}");
        let (_, journal) = self.call("GET", "/__admin/requests", &Value::Null);
        let journal: Value = serde_json::from_str(&journal).expect("JSON");
        let accounts = journal["requests"].as_array().expect("a list").iter().map(|entry| &entry["account"]);
        assert!(accounts.clone().all(|account| *account == self.name), "{journal}");
        assert_eq!(accounts.count(), CALLS - CALLS / 2 + 1, "the journal begins at the reset");
        seen.push((200, referrals));
        seen
    }
}

fn server() -> Running {
    Running::start(&["--clock", "manual", "--seed", "5", "--log-format", "json"])
}

#[test]
fn a_hundred_accounts_at_once_see_what_each_would_see_alone() {
    let (crowd, alone) = (server(), server());
    let http = client();
    let account = |server, at: usize| Account { server, http: http.clone(), name: format!("acc{at}") };
    let barrier = Barrier::new(ACCOUNTS);
    let together: Vec<Seen> = std::thread::scope(|scope| {
        let go = |at: usize| {
            let (account, barrier) = (account(&crowd, at), &barrier);
            scope.spawn(move || {
                barrier.wait();
                account.live(at as u64)
            })
        };
        let threads: Vec<_> = (0..ACCOUNTS).map(go).collect();
        threads.into_iter().map(|thread| thread.join().expect("no account fails")).collect()
    });
    for (at, seen) in together.iter().enumerate() {
        let by_itself = account(&alone, at).live(at as u64);
        for (call, (one, other)) in seen.iter().zip(&by_itself).enumerate() {
            assert_eq!(one, other, "account {at}, call {call}");
        }
    }
}
