//! Plain calls are served on a lane of their own; nobody may notice which one served him.

use std::io::{Read, Write};
use std::net::TcpStream;

use fp_mock::Mock;
use serde_json::json;

const V2: &str = "Authorization: Bearer k\r\nAccount-ID: 1\r\n";
const V1: &str = "x-api-key: 1\r\n";

/// Method and target, headers, content type, body.
type Asked = (&'static str, &'static str, &'static str, &'static str);

/// Calls of every kind of answer, in an order in which each finds what it needs.
const CALLS: [Asked; 19] = [
    ("POST /api/v2/track/signup", V2, "application/json", r#"{"email":"a@example.com","ref_id":"jane89"}"#),
    (
        "POST /api/v2/track/sale",
        V2,
        "application/json",
        r#"{"email":"a@example.com","event_id":"e","amount":990}"#,
    ),
    (
        "POST /api/v2/track/sale",
        V2,
        "application/json",
        r#"{"email":"a@example.com","event_id":"e","amount":990}"#,
    ),
    (
        "POST /api/v1/track/sale",
        V1,
        "application/x-www-form-urlencoded",
        "email=a%40example.com&event_id=f&amount=1",
    ),
    (
        "POST /api/v1/track/sale",
        V1,
        "application/x-www-form-urlencoded",
        "email=b%40example.com&event_id=g&amount=1",
    ),
    ("POST /api/v2/track/sale", V2, "application/json", r#"{"email":"#),
    (
        "POST /api/v2/company/webhooks",
        V2,
        "application/json",
        r#"{"url":"http://127.0.0.1:9/hook","event_type":"referral.created"}"#,
    ),
    ("GET /api/v2/company/referrals?filters[type]=customer&per_page=1&page=2", V2, "", ""),
    ("GET /api/v2/company/referrals?filters%5Btype%5D=customer", V2, "", ""),
    ("GET /api/v2/company/commissions?ids[]=x", V2, "", ""),
    ("GET /api/v2/company/promoters/0", V2, "", ""),
    ("GET /api/v2/company/promoters", "", "", ""),
    ("GET /api/v2/company/promoters?page=%zz", V2, "", ""),
    ("GET /api/v2/company/nothing", V2, "", ""),
    ("PUT /api/v2/track/sale", V2, "", ""),
    ("GET /api/v1/leads/list?per_page=1", V1, "", ""),
    ("GET /api/v1/leads/list", "x-api-key:\r\n", "", ""),
    ("DELETE /api/v2/company/webhooks/1", V2, "", ""),
    ("GET /api/v2/company/batch_processes/progress?__code=404", V2, "", ""),
];

/// A call as it goes over the wire.
fn request((line, headers, content_type, body): Asked, further: &str) -> String {
    let kind =
        if content_type.is_empty() { String::new() } else { format!("Content-Type: {content_type}\r\n") };
    let length = body.len();
    format!("{line} HTTP/1.1\r\nHost: mock\r\n{headers}{kind}{further}Content-Length: {length}\r\n\r\n{body}")
}

struct Line(TcpStream);

impl Line {
    fn to(mock: &Mock) -> Self {
        Self(TcpStream::connect(mock.url().trim_start_matches("http://")).expect("a connection"))
    }

    fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).expect("a listener");
    }

    /// One answer: its head, sorted and without what tells lanes and moments apart, and its body.
    fn hear(&mut self) -> (Vec<String>, String) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).expect("a head");
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).expect("text");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a number"))];
        self.0.read_exact(&mut body).expect("a whole body");
        let told = |line: &&str| !line.starts_with("date: ") && !line.starts_with("connection: ");
        let mut lines: Vec<String> = head.trim_end().lines().filter(told).map(str::to_owned).collect();
        lines.sort();
        (lines, String::from_utf8(body).expect("text"))
    }
}

#[test]
fn a_call_is_answered_alike_on_both_lanes() {
    let (one, other) = (Mock::start(), Mock::start());
    let mut plain = Line::to(&one);
    // The head of the second is the one before it.
    for asked in CALLS.into_iter().flat_map(|asked| [asked, asked]) {
        plain.say(&request(asked, ""));
        let on_the_fast_lane = plain.hear();
        // What wants its connection closed is none of the fast lane's business.
        let mut complete = Line::to(&other);
        complete.say(&request(asked, "Connection: close\r\n"));
        assert_eq!(on_the_fast_lane, complete.hear(), "{asked:?}");
    }
}

#[test]
fn requests_that_come_at_once_are_answered_in_order_whichever_lane_they_need() {
    let mock = Mock::start();
    let mut line = Line::to(&mock);
    let plain =
        |page: u32| format!("GET /api/v2/company/promoters?page={page} HTTP/1.1\r\nHost: mock\r\n{V2}\r\n");
    let chunked = format!(
        "POST /api/v2/track/sale HTTP/1.1\r\nHost: mock\r\n{V2}Content-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"
    );
    line.say(&[plain(1), plain(2), chunked, plain(1)].concat());
    let answers: Vec<_> = (0..4).map(|_| line.hear()).collect();
    assert!(answers[0].1.contains("jane@example.com"), "{}", answers[0].1);
    assert!(answers[1].1.starts_with("{\"data\":[],"), "{}", answers[1].1);
    assert!(answers[2].1.contains("Email and uid can not be blank"), "{}", answers[2].1);
    assert_eq!(answers[3].1, answers[0].1);
}

#[test]
fn a_head_that_comes_again_says_nothing_about_what_has_happened_meanwhile() {
    let mock = Mock::start();
    let mut line = Line::to(&mock);
    let mut ask = |body: &'static str| {
        line.say(&request(("POST /api/v2/track/sale", V2, "application/json", body), ""));
        line.hear()
    };
    let jane = r#"{"email":"a@example.com","ref_id":"jane89","event_id":"e","amount":990}"#;
    let nobody = r#"{"email":"a@example.com","ref_id":"nobody","event_id":"e","amount":90}"#;
    assert_eq!(jane.len(), nobody.len() + 1, "two heads");
    let status = |(head, _): (Vec<String>, String)| head[0].clone();
    assert_eq!(status(ask(jane)), "HTTP/1.1 200 OK");
    assert_eq!(status(ask(jane)), "HTTP/1.1 409 Conflict");
    mock.account("1").reset();
    assert_eq!(status(ask(jane)), "HTTP/1.1 200 OK");
    mock.account("1").reset();
    assert_eq!(status(ask(nobody)), "HTTP/1.1 404 Not Found");
    mock.control("POST", "/faults", json!({ "times": 1, "error": { "status": 503 } }));
    assert_eq!(status(ask(nobody)), "HTTP/1.1 503 Service Unavailable");
    assert_eq!(status(ask(nobody)), "HTTP/1.1 404 Not Found");
}
