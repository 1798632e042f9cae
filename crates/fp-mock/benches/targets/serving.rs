//! Throughput and latency of some calls, beside a bare server that parses the same body and answers as many bytes.

use std::time::Duration;

use serde_json::{Value, json};

use super::bare;
use super::load::{self, NUMBER, Outcome};
use super::program::{Server, keys, message};
use super::table::{Table, Wanted};

/// How long each load lasts, and how often each is measured: the middle counts.
const SPAN: Duration = Duration::from_millis(600);
const ROUNDS: usize = 5;

/// Shares of the bare server's throughput that the mock is to reach, with the checks off and on.
const SMALL: (f64, f64) = (0.75, 0.5);
const LARGE: (f64, f64) = (0.6, 0.25);
/// How much longer the slowest hundredth may take.
const P99: f64 = 3.0;

/// A call and what it may cost.
struct Call {
    name: &'static str,
    account: &'static str,
    method: &'static str,
    target: String,
    /// What is asked in turn with it.
    other: Option<String>,
    body: String,
    shares: (f64, f64),
}

pub fn measure(table: &mut Table) {
    let off = Server::mock(&["--scenario", "demo", "--validate", "off"]);
    let on = Server::mock(&["--scenario", "demo"]);
    let calls = calls(&[&off, &on]);
    for call in &calls {
        let length =
            off.call(call.account, call.method, &call.target, &call.body.replace(NUMBER, "99999999")).1.len();
        let size = length.to_string();
        let bare = Server::own_role(&["as-bare-server", &size, &size]);
        let path = if call.method == "GET" { bare::GET } else { bare::POST };
        let written = |target: &str| message(&keys(call.account), call.method, target, &call.body);
        let plain = [written(path)];
        let asked: Vec<String> = [Some(&call.target), call.other.as_ref()]
            .into_iter()
            .flatten()
            .map(|target| written(target))
            .collect();
        let (mut numbers, mut of_bare) = ([0; 3], Vec::new());
        let (mut of_off, mut of_on) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            of_bare.push(load::put(bare.address(), &plain, &mut numbers[0], SPAN));
            of_off.push(load::put(off.address(), &asked, &mut numbers[1], SPAN));
            of_on.push(load::put(on.address(), &asked, &mut numbers[2], SPAN));
        }
        report(table, call, length, [middle(&of_bare), middle(&of_off), middle(&of_on)]);
    }
}

/// The calls, with what they need made on every server.
fn calls(servers: &[&Server]) -> Vec<Call> {
    let mut batch = 0;
    for server in servers {
        make_full_referrals(server);
        let listed = server.json("batch", "GET", "/api/v2/company/referrals?per_page=20", "");
        let ids: Vec<String> =
            listed.as_array().expect("a list").iter().map(|row| row["id"].to_string()).collect();
        let body = format!("{{\"ids\":[{}]}}", ids.join(","));
        let made = server.json("batch", "POST", "/api/v2/company/referrals/disable", &body);
        batch = made["id"].as_u64().expect("a batch process");
        let lead = r#"{"email":"lead@example.com","uid":"cus_lead","ref_id":"jane89"}"#;
        server.json("sales", "POST", "/api/v2/track/signup", lead);
    }
    let post = |name, account, target: &str, body: &str| Call {
        name,
        account,
        method: "POST",
        target: target.to_owned(),
        other: None,
        body: body.to_owned(),
        shares: SMALL,
    };
    let get = |name, account, target: String, shares| Call {
        name,
        account,
        method: "GET",
        target,
        other: None,
        body: String::new(),
        shares,
    };
    vec![
        post(
            "POST track/sale",
            "sales",
            "/api/v2/track/sale",
            r#"{"email":"lead@example.com","event_id":"evt_00000000","amount":4900,"plan":"monthly-starter"}"#,
        ),
        get("GET batch process", "batch", format!("/api/v2/company/batch_processes/{batch}"), SMALL),
        post(
            "POST webhook subscription",
            "hooks",
            "/api/v2/company/webhooks",
            r#"{"url":"https://example.com/hooks/00000000","event_types":["referral.created","commission.created"]}"#,
        ),
        get(
            "GET list of 20 full referrals",
            "lists",
            "/api/v2/company/referrals?per_page=20".to_owned(),
            LARGE,
        ),
        // No reply is the one before, so that each is judged.
        Call {
            other: Some("/api/v2/company/referrals?per_page=19".to_owned()),
            ..get(
                "GET list of 20 and of 19 in turn",
                "lists",
                "/api/v2/company/referrals?per_page=20".to_owned(),
                LARGE,
            )
        },
    ]
}

/// Twenty referrals of which everything is known: name, site, data of the company's own, partners who share.
fn make_full_referrals(server: &Server) {
    let enrolments = server.json("lists", "GET", "/api/v2/company/promoter_campaigns", "");
    let partner = |at: usize| enrolments[at]["id"].as_u64().expect("an enrolment");
    for number in 0..20 {
        let lead = json!({
            "email": format!("margaret.hamilton{number}@customer-example.com"),
            "uid": format!("cus_NffrFeUfNV2Hib{number:02}"),
            "username": format!("margaret.hamilton{number}"),
            "first_name": "Margaret",
            "last_name": "Hamilton",
            "website": format!("https://www.customer-example.com/team/margaret-{number}"),
            "ref_id": "jane89",
            "custom_fields": {
                "company_name": "Customer Example International Ltd.",
                "industry": "Software and information services",
                "employees": "200-500",
                "utm_source": "newsletter-2025-01",
                "utm_campaign": "spring-launch-with-partners",
                "onboarding_call": "2025-01-15T10:30:00.000Z",
                "account_manager": "grace.hopper@example.com",
                "notes": "Asked for an invoice by e-mail and for a data processing agreement before signing.",
            },
        });
        let headers = "x-api-key: lists";
        let made = server.send(&message(headers, "POST", "/api/v1/track/signup", &lead.to_string()));
        assert_eq!(made.0, 200, "{}", made.1);
    }
    let listed = server.json("lists", "GET", "/api/v2/company/referrals?per_page=20", "");
    for row in listed.as_array().expect("a list") {
        let split: Vec<Value> =
            (1..4).map(|at| json!({ "promoter_campaign_id": partner(at), "percentage": 10 })).collect();
        let path = format!("/api/v2/company/referrals/{}", row["id"]);
        server.json("lists", "PUT", &path, &json!({ "split_details": split }).to_string());
    }
}

fn report(table: &mut Table, call: &Call, length: usize, [bare, off, on]: [Outcome; 3]) {
    let name = format!("{} ({length} bytes)", call.name);
    table.tell(&format!("{name}, bare server"), bare.rate, "/s");
    for (mode, outcome, share) in [("checks off", off, call.shares.0), ("checks on", on, call.shares.1)] {
        let what = format!("{}, {mode}", call.name);
        table.tell(&what, outcome.rate, "/s");
        table.judge(&format!("{what}: share of bare"), outcome.rate / bare.rate, "", Wanted::AtLeast(share));
        let latencies = format!(
            "{what}: p99 ({:.0} µs; bare {:.0}; p50 {:.0} and {:.0})",
            outcome.p99_us, bare.p99_us, outcome.p50_us, bare.p50_us
        );
        table.judge(&latencies, outcome.p99_us / bare.p99_us, "× bare", Wanted::AtMost(P99));
    }
}

/// The middle of each figure.
fn middle(outcomes: &[Outcome]) -> Outcome {
    let of = |figure: fn(&Outcome) -> f64| {
        let mut figures: Vec<f64> = outcomes.iter().map(figure).collect();
        figures.sort_unstable_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Outcome { rate: of(|o| o.rate), p50_us: of(|o| o.p50_us), p99_us: of(|o| o.p99_us) }
}
