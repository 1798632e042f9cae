//! Random calls, the same for the same seed: what an application and its operators do all day, mistakes included.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: &'static str,
    pub target: String,
    pub body: Value,
}

/// Makes calls.
pub struct Script {
    rng: ChaCha8Rng,
    made: u64,
}

const PROMOTER: u64 = 500_001;
const ENROLMENT: u64 = 600_001;
const REFERRAL: u64 = 2_000_001;
const COMMISSION: u64 = 4_000_001;
const PAYOUT: u64 = 700_001;

impl Script {
    pub fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), made: 0 }
    }

    fn up_to(&mut self, most: u64) -> u64 {
        self.rng.random_range(0..=most)
    }

    /// An id of a record that may exist.
    fn near(&mut self, first: u64) -> u64 {
        let most = (self.made / 8).max(2);
        first + self.up_to(most)
    }

    fn several(&mut self, first: u64) -> Value {
        let count = 1 + self.up_to(7);
        (0..count).map(|_| self.near(first)).collect()
    }

    fn person(&mut self) -> String {
        let most = (self.made / 6).max(3);
        format!("person{}@example.com", self.up_to(most))
    }

    /// The next call of v1 or v2.
    pub fn next(&mut self) -> Call {
        self.made += 1;
        match self.up_to(23) {
            0..=3 => self.signup(),
            4..=8 => self.sale(),
            9 => self.refund(),
            10 => self.post("track/cancellation", |own| json!({ "email": own.person() })),
            11..=12 => self.promoter(),
            13 => self.action("promoters", &["accept", "reject", "archive", "restore"], PROMOTER),
            14 => self.action("referrals", &["approve", "disable", "enable", "delete"], REFERRAL),
            15..=16 => self.action("commissions", &["approve", "deny", "generate_payouts"], COMMISSION),
            17 => self.action("payouts", &["mark_as_paid", "mark_as_unpaid"], PAYOUT),
            18 => self.change(),
            19..=21 => self.read(),
            22 => self.older(),
            _ => self.report(),
        }
    }

    fn post(&mut self, path: &str, body: impl FnOnce(&mut Self) -> Value) -> Call {
        let body = body(self);
        let path = if path.starts_with("track") { path.to_owned() } else { format!("company/{path}") };
        Call { method: "POST", target: format!("/api/v2/{path}"), body }
    }

    fn signup(&mut self) -> Call {
        self.post("track/signup", |own| json!({ "email": own.person(), "ref_id": "jane89" }))
    }

    fn sale(&mut self) -> Call {
        self.post("track/sale", |own| {
            let (email, event, amount) = (own.person(), own.up_to(100_000), own.up_to(50_000));
            let plan = ["monthly-starter", "yearly-pro", "unheard-of"][own.up_to(2) as usize];
            json!({ "email": email, "event_id": format!("evt_{event}"), "amount": amount, "plan": plan })
        })
    }

    fn refund(&mut self) -> Call {
        self.post("track/refund", |own| {
            json!({ "email": own.person(), "event_id": format!("ref_{}", own.up_to(100_000)), "amount": own.up_to(9_000) })
        })
    }

    fn promoter(&mut self) -> Call {
        self.post("promoters", |own| {
            let campaign = [13_202, 17_476, 5_399, 1][own.up_to(3) as usize];
            let name = format!("P{}", own.up_to(500));
            json!({ "email": own.person(), "initial_campaign_id": campaign, "profile": { "first_name": name } })
        })
    }

    fn action(&mut self, entity: &str, actions: &[&str], first: u64) -> Call {
        let action = actions[self.up_to(actions.len() as u64 - 1) as usize];
        self.post(
            &format!("{entity}/{action}"),
            |own| json!({ "ids": own.several(first), "campaign_id": 5_399, "type": "full" }),
        )
    }

    fn change(&mut self) -> Call {
        let (target, body) = match self.up_to(2) {
            0 => (
                format!("/api/v2/company/promoters/{}", self.near(PROMOTER)),
                json!({ "note": self.up_to(99) }),
            ),
            1 => (
                format!("/api/v2/company/promoter_campaigns/{}", self.near(ENROLMENT)),
                json!({ "coupon": format!("CODE{}", self.up_to(99)) }),
            ),
            _ => (
                format!("/api/v2/company/referrals/{}", self.near(REFERRAL)),
                json!({ "username": format!("user{}", self.up_to(99)) }),
            ),
        };
        Call { method: "PUT", target, body }
    }

    fn read(&mut self) -> Call {
        let page = 1 + self.up_to(3);
        let target = match self.up_to(7) {
            0 => format!("promoters?page={page}"),
            1 => format!("referrals?page={page}&sorting[created_at]=asc"),
            2 => format!(
                "commissions?per_page=50&filters[status]={}",
                ["pending", "approved"][self.up_to(1) as usize]
            ),
            3 => format!("payouts?page={page}"),
            4 => format!("promoters/{}", self.near(PROMOTER)),
            5 => format!("referrals/{}", self.near(REFERRAL)),
            6 => "batch_processes".to_owned(),
            _ => format!("referrals?search={}", self.person()),
        };
        Call { method: "GET", target: format!("/api/v2/company/{target}"), body: Value::Null }
    }

    fn older(&mut self) -> Call {
        let target = match self.up_to(3) {
            0 => format!("promoters/show?promoter_email={}", self.person()),
            1 => format!("leads/list?page={}", 1 + self.up_to(3)),
            2 => "rewards/list".to_owned(),
            _ => format!("leads/show?email={}", self.person()),
        };
        Call { method: "GET", target: format!("/api/v1/{target}"), body: Value::Null }
    }

    fn report(&mut self) -> Call {
        let group = ["day", "week", "month"][self.up_to(2) as usize];
        let target = format!(
            "/api/v2/company/reports/overview?columns[]=clicks_count&columns[]=sales_count&group_by={group}\
             &start_date=2025-01-01T00:00:00Z&end_date=2025-03-01T00:00:00Z"
        );
        Call { method: "GET", target, body: Value::Null }
    }

    /// By how much the clock moves after a call, now and then.
    pub fn pause(&mut self) -> Option<&'static str> {
        match self.up_to(39) {
            0 => Some("20m"),
            1 => Some("90s"),
            2 => Some("6h"),
            3 => Some("0s"),
            _ => None,
        }
    }
}
