//! What is asked of the mock, and what it must have before.

use serde_json::{Value, json};

use super::program::{Server, message};

/// Shares of the bare server's throughput that the mock is to reach, with the checks off and on.
const SMALL: (f64, f64) = (0.75, 0.5);
const LARGE: (f64, f64) = (0.6, 0.25);

/// A call and what it may cost.
#[derive(Debug)]
pub struct Call {
    pub name: &'static str,
    pub account: &'static str,
    pub method: &'static str,
    pub body: &'static str,
    pub shares: (f64, f64),
    /// Makes what the call needs and says which targets are asked for in turn.
    prepare: fn(&Server) -> Vec<String>,
}

impl Call {
    /// Sets a mock back to its scenario and makes what the call needs; answers the targets that are asked for in turn.
    pub fn begin(&self, server: &Server) -> Vec<String> {
        server.json(self.account, "POST", "/__admin/reset", "");
        (self.prepare)(server)
    }
}

/// The calls that are measured.
pub fn all() -> [Call; 5] {
    let sale = Call {
        name: "POST track/sale",
        account: "sales",
        method: "POST",
        body: r#"{"email":"lead@example.com","event_id":"evt_00000000","amount":4900,"plan":"monthly-starter"}"#,
        shares: SMALL,
        prepare: |server| {
            let lead = r#"{"email":"lead@example.com","uid":"cus_lead","ref_id":"jane89"}"#;
            server.json("sales", "POST", "/api/v2/track/signup", lead);
            vec!["/api/v2/track/sale".to_owned()]
        },
    };
    let batch = Call {
        name: "GET batch process",
        account: "batch",
        method: "GET",
        body: "",
        shares: SMALL,
        prepare: |server| vec![format!("/api/v2/company/batch_processes/{}", make_batch(server))],
    };
    let subscription = Call {
        name: "POST webhook subscription",
        account: "hooks",
        method: "POST",
        body: r#"{"url":"https://example.com/hooks/00000000","event_types":["referral.created","commission.created"]}"#,
        shares: SMALL,
        prepare: |_| vec!["/api/v2/company/webhooks".to_owned()],
    };
    let list =
        |name, prepare| Call { name, account: "lists", method: "GET", body: "", shares: LARGE, prepare };
    let twenty = list("GET list of 20 full referrals", |server| {
        make_full_referrals(server);
        vec![rows(20)]
    });
    // No reply is the one before, so that each is judged.
    let in_turn = list("GET list of 20 and of 19 in turn", |server| {
        make_full_referrals(server);
        vec![rows(20), rows(19)]
    });
    [sale, batch, subscription, twenty, in_turn]
}

fn rows(count: usize) -> String {
    format!("/api/v2/company/referrals?per_page={count}")
}

/// A batch process over twenty referrals: its id.
fn make_batch(server: &Server) -> u64 {
    let listed = server.json("batch", "GET", &rows(20), "");
    let ids: Vec<&Value> = listed.as_array().expect("a list").iter().map(|row| &row["id"]).collect();
    let body = json!({ "ids": ids }).to_string();
    let made = server.json("batch", "POST", "/api/v2/company/referrals/disable", &body);
    made["id"].as_u64().expect("a batch process")
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
    let listed = server.json("lists", "GET", &rows(20), "");
    for row in listed.as_array().expect("a list") {
        let split: Vec<Value> =
            (1..4).map(|at| json!({ "promoter_campaign_id": partner(at), "percentage": 10 })).collect();
        let path = format!("/api/v2/company/referrals/{}", row["id"]);
        server.json("lists", "PUT", &path, &json!({ "split_details": split }).to_string());
    }
}
