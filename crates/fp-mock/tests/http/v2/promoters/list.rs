//! The list: what `q`, `ids[]`, each filter and each order pick.

use serde_json::{Value, json};

use crate::kit::Api;

/// Four promoters with a past: Ann brought two customers, Bob one referral, Cem visitors only, Dan nothing.
const PAST: &str = r#"
name: list
company: { currency: USD }
rewards: [{ id: 7001, name: 20%, unit: cash, percent: 20 }]
campaigns:
  - { id: 2001, name: Main, default: true, landing_url: "https://a.example", approves_promoters: true,
      approves_rewards: true, rewards_for_promoters: [{ reward: 7001 }] }
  - { id: 2002, name: Partners, landing_url: "https://b.example" }
promoters:
  - email: ann@example.com
    first_name: Ann
    last_name: Smith
    joined: -90d
    last_login: -2d
    invoice_details: approved
    profile: { w8_form_url: "https://files.example/w8.pdf" }
    custom_fields: { audience: Blog readers, topics: [tea, chess] }
    campaigns: [{ campaign: 2001, ref_token: ann }, { campaign: 2002, state: accepted }]
  - email: bob@example.com
    first_name: Bob
    joined: -60d
    last_login: -20d
    parent: ann@example.com
    subscribed_to_email: false
    invoice_details: denied
    custom_fields: { audience: Podcast }
    campaigns: [{ campaign: 2001, ref_token: bob77 }]
  - email: cem@sample.org
    first_name: Cem
    last_name: Smithers
    joined: -30d
    parent: ann@example.com
    invoice_details: pending
    campaigns: [{ campaign: 2002, ref_token: cem, state: pending }]
  - email: dan@example.com
    joined: -10d
    archived: -1d
    campaigns: [{ campaign: 2001, ref_token: dan, state: blocked }]
history:
  - { at: -80d, click: { ref_token: ann, as: first } }
  - { at: -79d, signup: { email: c1@example.net, visit: first } }
  - { at: -78d, sale: { email: c1@example.net, amount: 10000 } }
  - { at: -50d, sale: { uid: c2, ref_token: ann, amount: 2500 } }
  - { at: -40d, click: { ref_token: bob77 } }
  - { at: -39d, signup: { email: bob@example.com, ref_token: bob77 } }
  - { at: -20d, click: { ref_token: cem } }
  - { at: -19d, click: { ref_token: cem, ad: true } }
  - { at: -5d, cancellation: { uid: c2 } }
"#;

fn lived_in() -> Api {
    let api = Api::start();
    api.load(PAST);
    api
}

/// The first names in the list's order; those without a name by their address.
#[track_caller]
fn names(api: &Api, query: &str) -> Vec<String> {
    let listed = api.get(&format!("/company/promoters?{query}"));
    let name = |row: &Value| row["email"].as_str().unwrap_or_default()[..3].to_owned();
    listed["data"].as_array().expect("a list").iter().map(name).collect()
}

#[track_caller]
fn expect(api: &Api, query: &str, expected: &[&str]) {
    assert_eq!(names(api, query), expected, "{query}");
}

#[test]
fn without_filters_everybody_is_listed_the_newest_first() {
    let api = lived_in();
    expect(&api, "", &["dan", "cem", "bob", "ann"]);
    expect(&api, "per_page=3", &["dan", "cem", "bob"]);
    expect(&api, "per_page=3&page=2", &["ann"]);
    expect(&api, "page=3", &[]);
    expect(&api, "filters[shoe_size]=44", &["dan", "cem", "bob", "ann"]);
    assert_eq!(api.get("/company/promoters?per_page=1")["meta"], json!({ "pending_count": 1 }));
}

#[test]
fn a_search_looks_at_email_name_and_token() {
    let api = lived_in();
    expect(&api, "q=SAMPLE.org", &["cem"]);
    expect(&api, "q=smith", &["cem", "ann"]);
    expect(&api, "q=ann%20smith", &["ann"]);
    expect(&api, "q=b77", &["bob"]);
    expect(&api, "q=blog", &[]);
}

#[test]
fn ids_pick_promoters_and_combine_with_filters() {
    let api = lived_in();
    let rows = api.get("/company/promoters")["data"].clone();
    let (dan, ann) = (&rows[0]["id"], &rows[3]["id"]);
    expect(&api, &format!("ids[]={ann}&ids[]={dan}&ids[]=999"), &["dan", "ann"]);
    expect(&api, &format!("ids[]={ann}&ids[]={dan}&filters[archived]=false"), &["ann"]);
    api.try_get("/company/promoters?ids[]=ann").expect(422);
}

#[test]
fn figures_filter_by_ranges_that_include_their_ends() {
    let api = lived_in();
    expect(&api, "filters[revenue_amount][from]=12500", &["ann"]);
    expect(&api, "filters[revenue_amount][from]=12501", &[]);
    expect(&api, "filters[revenue_amount][to]=0", &["dan", "cem", "bob"]);
    expect(&api, "filters[customers_count][from]=1&filters[customers_count][to]=2", &["ann"]);
    expect(&api, "filters[referrals_count][from]=1", &["bob", "ann"]);
    expect(&api, "filters[clicks_count][from]=1&filters[clicks_count][to]=1", &["bob", "ann"]);
    expect(&api, "filters[clicks_count][from]=2", &["cem"]);
    api.try_get("/company/promoters?filters[clicks_count][from]=many").expect(422);
}

#[test]
fn dates_filter_by_whole_days() {
    let api = lived_in();
    expect(&api, "filters[joined_at][from]=2024-11-16&filters[joined_at][to]=2024-12-16", &["cem", "bob"]);
    expect(&api, "filters[joined_at][to]=2024-11-15", &["ann"]);
    expect(&api, "filters[last_login_at][from]=2025-01-13", &["ann"]);
    expect(&api, "filters[last_login_at][to]=2025-01-13", &["bob", "ann"]);
    api.try_get("/company/promoters?filters[joined_at][from]=spring").expect(422);
}

#[test]
fn campaigns_and_states_filter_together() {
    let api = lived_in();
    expect(&api, "filters[campaign_id]=2002", &["cem", "ann"]);
    expect(&api, "filters[campaign_id][]=2001&filters[campaign_id][]=2002", &["dan", "cem", "bob", "ann"]);
    expect(&api, "filters[state]=accepted", &["bob", "ann"]);
    expect(&api, "filters[state]=blocked", &["dan"]);
    expect(&api, "filters[campaign_id]=2002&filters[state]=accepted", &["ann"]);
    expect(&api, "filters[campaign_id]=2002&filters[state]=not_set", &["dan", "bob"]);
    expect(&api, "filters[state]=not_set", &[]);
    let refused = api.try_get("/company/promoters?filters[state]=asleep").expect(422);
    assert!(refused["message"].as_str().is_some_and(|m| m.contains("filters[state]")), "{refused}");
}

#[test]
fn what_the_record_tells_filters() {
    let api = lived_in();
    expect(&api, "filters[has_wform]=yes", &["ann"]);
    expect(&api, "filters[has_wform]=no", &["dan", "cem", "bob"]);
    let ann = api.get("/company/promoters/ann@example.com?find_by=email")["id"].clone();
    expect(&api, &format!("filters[parent_promoter_id]={ann}"), &["cem", "bob"]);
    expect(&api, "filters[archived]=true", &["dan"]);
    expect(&api, "filters[archived]=no", &["cem", "bob", "ann"]);
    expect(&api, "filters[subscribed_to_email]=false", &["bob"]);
    expect(&api, "filters[invoice_details_status]=approved", &["ann"]);
    expect(&api, "filters[invoice_details_status]=rejected", &["bob"]);
    expect(&api, "filters[invoice_details_status]=not_submitted", &["dan"]);
    let bob = api.get("/company/promoters/bob77?find_by=ref_token");
    assert_eq!(bob["invoice_details_status"], "denied", "the record has its own word for it");
}

#[test]
fn custom_fields_filter_by_the_whole_value_or_a_part() {
    let api = lived_in();
    let field = |number: u8, key: &str, operator: &str, value: &str| {
        let name = format!("filters[custom_field{number}]");
        format!("{name}[key]={key}&{name}[operator]={operator}&{name}[value]={value}")
    };
    expect(&api, &field(1, "audience", "exact", "Podcast"), &["bob"]);
    expect(&api, &field(1, "audience", "exact", "Blog"), &[]);
    expect(&api, &field(1, "audience", "partial", "blog"), &["ann"]);
    expect(&api, &field(1, "topics", "exact", "chess"), &["ann"]);
    let either = "filters[custom_field1][key]=audience&filters[custom_field1][operator]=partial\
                  &filters[custom_field1][value][]=pod&filters[custom_field1][value][]=blog";
    expect(&api, either, &["bob", "ann"]);
    expect(&api, &format!("{either}&{}", field(2, "topics", "exact", "tea")), &["ann"]);
    let bad = api.try_get("/company/promoters?filters[custom_field1][key]=audience").expect(422);
    assert_eq!(bad["code"], "invalid_params");
    api.try_get(&format!("/company/promoters?{}", field(1, "audience", "like", "x"))).expect(422);
}

#[test]
fn suspicions_filter_and_show_what_is_wrong_with_referrals() {
    let api = lived_in();
    expect(&api, "filters[fraud_suspicions][]=same_promoter_email", &["bob"]);
    expect(&api, "filters[fraud_suspicions][]=same_ip_suspicion", &[]);
    expect(&api, "filters[fraud_suspicions][]=no_suspicion", &["dan", "cem", "ann"]);
    let bob = api.get("/company/promoters/bob77?find_by=ref_token");
    assert_eq!(bob["fraud_suspicions"], json!(["same_promoter_email"]));
}

#[test]
fn inactive_are_those_to_whom_it_did_not_happen_for_so_long() {
    let api = lived_in();
    let idle = |metric: &str, days: u32| {
        format!("filters[inactivity][metric]={metric}&filters[inactivity][days]={days}")
    };
    expect(&api, &idle("click", 30), &["dan", "bob", "ann"]);
    expect(&api, &idle("click", 10), &["dan", "cem", "bob", "ann"]);
    expect(&api, &idle("referral", 45), &["dan", "cem", "ann"]);
    expect(&api, &idle("referral", 55), &["dan", "cem"]);
    expect(&api, &idle("customer", 60), &["dan", "cem", "bob"]);
    expect(&api, &idle("sale", 51), &["dan", "cem", "bob"]);
    expect(&api, &idle("sale", 49), &["dan", "cem", "bob", "ann"]);
    api.try_get("/company/promoters?filters[inactivity][metric]=sale").expect(422);
    api.try_get(&format!("/company/promoters?{}", idle("sale", 0))).expect(422);
    api.try_get(&format!("/company/promoters?{}", idle("sleep", 5))).expect(422);
}

#[test]
fn five_figures_sort_both_ways_with_the_id_as_tie_breaker() {
    let api = lived_in();
    expect(&api, "sorting[revenue_amount]=desc", &["ann", "dan", "cem", "bob"]);
    expect(&api, "sorting[revenue_amount]=asc", &["bob", "cem", "dan", "ann"]);
    expect(&api, "sorting[clicks_count]=desc", &["cem", "bob", "ann", "dan"]);
    expect(&api, "sorting[referrals_count]=desc&per_page=2", &["ann", "bob"]);
    expect(&api, "sorting[customers_count]=asc&page=2&per_page=3", &["ann"]);
    expect(&api, "sorting[joined_at]=asc", &["ann", "bob", "cem", "dan"]);
    expect(&api, "sorting[joined_at]=desc&filters[campaign_id]=2002", &["cem", "ann"]);
    api.try_get("/company/promoters?sorting[joined_at]=up").expect(422);
}

#[test]
fn a_promoter_shows_what_his_referrals_did() {
    let api = lived_in();
    let ann = api.get("/company/promoters/ann?find_by=ref_token");
    assert_eq!(
        ann["stats"],
        json!({
            "clicks_count": 1, "referrals_count": 2, "sales_count": 2, "customers_count": 2,
            "revenue_amount": 12500, "active_customers_count": 1,
        })
    );
    assert_eq!(ann["balances"], json!({ "cash": 2500 }));
    assert_eq!(ann["first_event_at"], "2024-10-27T10:30:00.000Z");
    assert_eq!(ann["last_login_at"], "2025-01-13T10:30:00.000Z");
}
