//! How cost grows with the number of records: one account of 10³, 10⁴, 10⁵ and 10⁶ referrals, each with a sale and a
//! commission, spread over a year.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use fp_mock::Mock;
use fp_mock::clock::timestamp::{DAY_MS, HOUR_MS, Timestamp};
use fp_mock::domain::click::{self, Visit};
use fp_mock::domain::conversion::{self, Person, Sale, Signup, Trail};
use fp_mock::domain::enrolment;
use fp_mock::domain::promoter::{self, CreatePromoter};
use fp_mock::domain::refusal::Refusal;
use fp_mock::domain::state::State;
use serde_json::json;

use super::machine::{CLIENT_CORE, SERVER_CORE, resident_mib, stay_on};
use super::start::middle;
use super::table::{Table, Wanted, shown};

/// How many records, and what is asked of the largest account.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const LIST_MS: f64 = 5.0;
const REPORT_MS: f64 = 50.0;
const SALE_MS: f64 = 0.1;
const MEMORY_MIB: f64 = 1_500.0 * 1e6 / 1_048_576.0;

/// Records that are made in one transaction.
const CHUNK: usize = 1_000;
const TRIES: usize = 5;
const SALES: usize = 500;

/// Lists, each filter by itself; `{middle}` is the page in the middle, `{promoter}` and `{campaign}` are ids.
const LISTS: &[&str] = &[
    "/api/v2/company/referrals",
    "/api/v2/company/referrals?page={middle}",
    "/api/v2/company/referrals?q=lead777@",
    "/api/v2/company/referrals?q=nobody-has-this",
    "/api/v2/company/referrals?q=example.com&page={middle}",
    "/api/v2/company/referrals?q=example.com&filters[type]=lead",
    "/api/v2/company/referrals?filters[type]=lead",
    "/api/v2/company/referrals?filters[type]=customer&page={middle}",
    "/api/v2/company/referrals?filters[promoter_id]={promoter}",
    "/api/v2/company/referrals?filters[campaign_id][]={campaign}&page={middle}",
    "/api/v2/company/referrals?filters[state][]=pending",
    "/api/v2/company/referrals?filters[state][]=active&page={middle}",
    "/api/v2/company/referrals?filters[state][]=active&filters[state][]=signup&filters[promoter_id]={promoter}",
    "/api/v2/company/referrals?filters[created_at][from]=2024-03-01&filters[created_at][to]=2024-03-02",
    "/api/v2/company/referrals?filters[customer_since][to]=2024-01-17",
    "/api/v2/company/referrals?filters[cancelled_at][from]=2024-01-01",
    "/api/v2/company/referrals?filters[entry_source][]=cookie&page={middle}",
    "/api/v2/company/referrals?filters[entry_source][]=coupon",
    "/api/v2/company/referrals?filters[fraud_check][]=same_ip_suspicion",
    "/api/v2/company/referrals?filters[plan_id][]=3002",
    "/api/v2/company/commissions",
    "/api/v2/company/commissions?page={middle}",
    "/api/v2/company/commissions?q=evt_777",
    "/api/v2/company/commissions?q=nobody-has-this",
    "/api/v2/company/commissions?q=evt_&page={middle}",
    "/api/v2/company/commissions?q=example.com&sorting[amount]=desc",
    "/api/v2/company/commissions?filters[status][]=pending",
    "/api/v2/company/commissions?filters[status][]=approved&page={middle}",
    "/api/v2/company/commissions?filters[status][]=approved&sorting[amount]=asc&page={middle}",
    "/api/v2/company/commissions?filters[status][]=pending&sorting[referral]=desc",
    "/api/v2/company/commissions?filters[paid]=true",
    "/api/v2/company/commissions?filters[fulfilled]=false",
    "/api/v2/company/commissions?filters[sale_amount][from]=100000",
    "/api/v2/company/commissions?filters[amount][to]=-1",
    "/api/v2/company/commissions?filters[amount][from]=1000&sorting[sale_amount]=desc&page={middle}",
    "/api/v2/company/commissions?filters[created_at][from]=2024-03-01&filters[created_at][to]=2024-03-02",
    "/api/v2/company/commissions?filters[campaign_id][]={campaign}&page={middle}",
    "/api/v2/company/commissions?filters[promoter_id]={promoter}",
    "/api/v2/company/commissions?filters[promoter_id]={promoter}&sorting[referral]=asc",
    "/api/v2/company/commissions?filters[payout_id][]=700001",
    "/api/v2/company/commissions?filters[due_period][]=overdue",
    "/api/v2/company/commissions?filters[due_period][]=next&filters[due_period][]=custom&sorting[created_at]=asc",
    "/api/v2/company/commissions?filters[first_commission]=false",
    "/api/v2/company/commissions?filters[first_commission]=true&page={middle}",
    "/api/v2/company/commissions?filters[first_commission]=true&sorting[referral]=asc&page={middle}",
    "/api/v2/company/commissions?filters[refunded]=true",
    "/api/v2/company/commissions?filters[refunded]=false&page={middle}",
    "/api/v2/company/commissions?filters[fraud_check][]=same_ip_suspicion",
    "/api/v2/company/commissions?filters[plan_id][]=3002",
    "/api/v2/company/commissions?sorting[amount]=asc",
    "/api/v2/company/commissions?sorting[amount]=asc&page={middle}",
    "/api/v2/company/commissions?sorting[amount]=desc",
    "/api/v2/company/commissions?sorting[amount]=desc&page={middle}",
    "/api/v2/company/commissions?sorting[sale_amount]=asc",
    "/api/v2/company/commissions?sorting[sale_amount]=asc&page={middle}",
    "/api/v2/company/commissions?sorting[sale_amount]=desc",
    "/api/v2/company/commissions?sorting[sale_amount]=desc&page={middle}",
    "/api/v2/company/commissions?sorting[created_at]=asc",
    "/api/v2/company/commissions?sorting[created_at]=asc&page={middle}",
    "/api/v2/company/commissions?sorting[created_at]=desc",
    "/api/v2/company/commissions?sorting[created_at]=desc&page={middle}",
    "/api/v2/company/commissions?sorting[referral]=asc",
    "/api/v2/company/commissions?sorting[referral]=asc&page={middle}",
    "/api/v2/company/commissions?sorting[referral]=desc",
    "/api/v2/company/commissions?sorting[referral]=desc&page={middle}",
    "/api/v2/company/commissions?sorting[amount]=desc&sorting[referral]=asc",
    "/api/v2/company/commissions?sorting[amount]=desc&sorting[referral]=asc&page={middle}",
    "/api/v2/company/commissions?sorting[sale_amount]=asc&sorting[created_at]=asc&page={middle}",
    "/api/v2/company/promoters",
    "/api/v2/company/promoters?search=promoter77",
    "/api/v2/company/promoters?sorting[clicks_count]=asc",
    "/api/v2/company/promoters?sorting[clicks_count]=desc",
    "/api/v2/company/promoters?sorting[referrals_count]=asc",
    "/api/v2/company/promoters?sorting[referrals_count]=desc",
    "/api/v2/company/promoters?sorting[customers_count]=asc",
    "/api/v2/company/promoters?sorting[customers_count]=desc",
    "/api/v2/company/promoters?sorting[revenue_amount]=asc",
    "/api/v2/company/promoters?sorting[revenue_amount]=desc",
    "/api/v2/company/promoters?sorting[joined_at]=asc",
    "/api/v2/company/promoters?sorting[joined_at]=desc",
    "/api/v2/company/promoters?filters[revenue_amount][from]=1000000",
    "/api/v2/company/promoters?filters[customers_count][from]=1000000",
    "/api/v2/company/promoters?filters[referrals_count][from]=1000000",
    "/api/v2/company/promoters?filters[clicks_count][from]=1000000",
    "/api/v2/company/promoters?filters[state]=blocked",
    "/api/v2/company/promoters?filters[campaign_id][]={campaign}&page=40",
    "/api/v2/company/promoters?filters[archived]=true",
    "/api/v2/company/promoters?filters[joined_at][from]=2030-01-01",
    "/api/v2/company/promoters?filters[fraud_suspicions][]=same_ip_suspicion",
    "/api/v2/company/promoters?filters[inactivity][metric]=referral&filters[inactivity][days]=400",
    "/api/v2/company/promoters?filters[inactivity][metric]=referral&filters[inactivity][days]=1",
    "/api/v2/company/promoters?filters[inactivity][metric]=customer&filters[inactivity][days]=1",
    "/api/v2/company/promoters?filters[inactivity][metric]=sale&filters[inactivity][days]=1",
    "/api/v2/company/promoter_campaigns",
    "/api/v2/company/payouts",
    "/api/v2/company/payouts?filters[due_period]=overdue&sorting[amount]=desc",
    "/api/v2/company/payouts/stats",
    "/api/v2/company/payouts/due_stats",
    "/api/v2/company/payouts/group_by_promoters",
    "/api/v1/leads/list",
    "/api/v1/leads/list?page={middle}",
    "/api/v1/leads/list?search=nobody-has-this",
    "/api/v1/rewards/list",
    "/api/v1/rewards/list?page={middle}",
    "/api/v1/promoters/list",
];

const YEAR: &str = "start_date=2024-01-15&end_date=2025-01-14&columns[]=revenue_amount&columns[]=customers_count\
                    &columns[]=clicks_count";

const REPORTS: &[&str] = &[
    "overview?group_by=day",
    "overview?group_by=month",
    "overview?group_by=month&q=promoter7",
    "campaigns?group_by=day",
    "campaigns?group_by=month",
    "promoters?group_by=year",
    "promoters?group_by=month",
    "traffic_sources?group_by=day",
    "traffic_sources?group_by=month",
    "urls?group_by=month",
];

/// A figure of every size: its name, and what it took.
type Figures = Vec<(String, f64)>;

pub fn measure(table: &mut Table) {
    let every: Vec<Figures> = SIZES.iter().map(|records| measured_apart(*records)).collect();
    let of = |size: usize, name: &str| {
        every[size].iter().find(|(known, _)| known == name).map_or(f64::NAN, |(_, figure)| *figure)
    };
    let last = SIZES.len() - 1;
    let worst = |group: &str| {
        let of_group = every[last].iter().filter(|(name, _)| name.starts_with(group));
        of_group.max_by(|one, other| one.1.total_cmp(&other.1)).expect("a figure").clone()
    };
    table.judge("10⁶: a sale, as a call", of(last, "sale"), "ms", Wanted::AtMost(SALE_MS));
    let (name, figure) = worst("GET list");
    table.judge(&format!("10⁶: the slowest list, `{name}`"), figure, "ms", Wanted::AtMost(LIST_MS));
    let (name, figure) = worst("GET report");
    table.judge(
        &format!("10⁶: the slowest report over a year, `{name}`"),
        figure,
        "ms",
        Wanted::AtMost(REPORT_MS),
    );
    table.judge("10⁶: memory", of(last, "memory"), "MiB", Wanted::AtMost(MEMORY_MIB));
    let mut slopes = String::from(
        "\nHow cost grows (ms, memory MiB); the slope is the exponent from 10⁵ to 10⁶: 0 is constant, 1 linear.\n\n\
         | what | 10³ | 10⁴ | 10⁵ | 10⁶ | slope |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (name, _) in &every[last] {
        let figures: Vec<f64> = (0..SIZES.len()).map(|size| of(size, name)).collect();
        let slope = (figures[last] / figures[last - 1]).log10();
        let cells: Vec<String> = figures.iter().map(|figure| shown(*figure)).collect();
        // Writing into a text cannot fail.
        let _ = writeln!(slopes, "| {name} | {} | {slope:.2} |", cells.join(" | "));
    }
    table.say(&slopes);
}

/// Grows an account in a process of its own, on the servers' core.
fn measured_apart(records: usize) -> Figures {
    stay_on(SERVER_CORE);
    let mut command = Command::new(std::env::current_exe().expect("the path of this program"));
    let output = command.args(["as-account-of", &records.to_string()]).output().expect("the account grows");
    stay_on(CLIENT_CORE);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let figures = text.lines().filter_map(|line| line.rsplit_once('\t'));
    figures.map(|(name, figure)| (name.to_owned(), figure.parse().expect("a figure"))).collect()
}

/// Grows an account, and prints what everything takes.
pub fn grow(records: usize) {
    let before = resident_mib(std::process::id());
    let began = Instant::now();
    let (mock, promoter) = account(records);
    println!("making one referral with its sale\t{}", began.elapsed().as_secs_f64() * 1e3 / records as f64);
    println!("memory\t{}", resident_mib(std::process::id()) - before);
    println!("sale\t{}", sale(&mock));
    let fill = |target: &str| {
        let target = target.replace("{middle}", &(records / 40).max(1).to_string());
        target.replace("{promoter}", &promoter.to_string()).replace("{campaign}", "13202")
    };
    for list in LISTS {
        println!("GET list {}\t{}", shortened(list), called_ms(&mock, &fill(list)));
    }
    for report in REPORTS {
        let target = format!("/api/v2/company/reports/{report}&{YEAR}");
        println!("GET report {report}\t{}", called_ms(&mock, &target));
    }
    let account = mock.default_account().state();
    let began = Instant::now();
    black_box(account.lock().keep());
    println!("snapshot\t{}", began.elapsed().as_secs_f64() * 1e3);
    // Taking it all down piece by piece would be measured by nobody.
    std::process::exit(0);
}

fn shortened(target: &str) -> &str {
    target.strip_prefix("/api/").unwrap_or(target)
}

fn called_ms(mock: &Mock, target: &str) -> f64 {
    let call = || {
        let began = Instant::now();
        let answer = mock.call("GET", target, json!(null));
        assert_eq!(answer.status, 200, "{target}: {}", String::from_utf8_lossy(&answer.body));
        began.elapsed().as_secs_f64() * 1e3
    };
    call();
    middle((0..TRIES).map(|_| call()).collect())
}

/// Sales of referrals that are there, as calls.
fn sale(mock: &Mock) -> f64 {
    let sell = |number: usize| {
        let body = json!({ "uid": format!("cus_{}", number % 1_000), "event_id": format!("new_{number}"), "amount": 4_900 });
        let began = Instant::now();
        mock.call("POST", "/api/v2/track/sale", body).expect(200);
        began.elapsed().as_secs_f64() * 1e3
    };
    (0..SALES / 10).for_each(|number| assert!(sell(number) > 0.0));
    middle((0..SALES).map(|number| sell(SALES + number)).collect())
}

/// An account with so many referrals, and one of its promoters.
fn account(records: usize) -> (Mock, u64) {
    let mock = Mock::builder().journal_entries(100).start();
    let account = mock.default_account().state();
    let promoters = (records / 100).clamp(10, 1_000);
    let end = account.lock().clock.now();
    let begin = end.plus_ms(-365 * DAY_MS);
    let mut tokens = Vec::new();
    let mut first = 0;
    for number in 0..promoters {
        let made = account.lock().transact(|state, _| join(state, begin, number)).expect("a promoter");
        first = if number == 0 { made.0 } else { first };
        tokens.push(made.1);
    }
    for chunk in (0..records).step_by(CHUNK) {
        let work = |state: &mut State, _| {
            (chunk..records.min(chunk + CHUNK)).try_for_each(|number| {
                let at = begin.plus_ms(365 * DAY_MS / records as i64 * number as i64);
                buy(state, at, &tokens[number % tokens.len()], number)
            })
        };
        account.lock().transact(work).expect("referrals and sales");
    }
    (mock, first)
}

fn join(state: &mut State, at: Timestamp, number: usize) -> Result<(u64, String), Refusal> {
    let new = CreatePromoter { email: format!("promoter{number}@example.com"), ..CreatePromoter::default() };
    let id = promoter::create(state, at, new)?;
    let token = enrolment::of_promoter(state, id).next().map(|row| row.ref_token.clone());
    Ok((id.0, token.unwrap_or_default()))
}

/// Somebody comes, one in ten by a visit that is known, signs up and buys.
fn buy(state: &mut State, at: Timestamp, token: &str, number: usize) -> Result<(), Refusal> {
    let person = Person::new(Some(format!("lead{number}@example.com")), Some(format!("cus_{number}")))?;
    let mut trail = Trail { ref_id: Some(token.to_owned()), ..Trail::default() };
    if number.is_multiple_of(10) {
        let visit = Visit {
            ref_token: Some(token.to_owned()),
            url: Some(format!("https://www.example.com/page-{}", number % 7)),
            source: Some(format!("https://source-{}.example.org", number % 13)),
            ..Visit::default()
        };
        let id = click::visit(state, at, visit)?;
        trail = Trail { tid: state.clicks.get(id).map(|row| row.tid.clone()), ..Trail::default() };
    }
    conversion::signup(state, at, Signup { notifies: false, ..Signup::of(person.clone(), trail) })?;
    let sale = Sale {
        person,
        trail: Trail::default(),
        event_id: format!("evt_{number}"),
        amount: 1_000 + (number as i64 * 7_919) % 9_000,
        quantity: 1,
        plan: Some("monthly-starter".to_owned()),
        currency: None,
        mrr: None,
        billing: None,
        subscription_id: None,
        created_at: Some(at.plus_ms(HOUR_MS)),
        notifies: false,
    };
    conversion::sale(state, at, sale).map(drop)
}
