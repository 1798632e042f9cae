use serde_json::{Value, json};

use super::*;

fn all(format: Format, text: &[u8]) -> Vec<Recorded> {
    read(format, text).collect::<Result<_, _>>().expect("a readable recording")
}

fn exchange(recorded: &Recorded) -> &Recording {
    match &recorded.subject {
        Subject::Exchange(recording) => recording,
        Subject::Webhook { .. } => panic!("an exchange"),
    }
}

#[test]
fn json_lines_take_headers_and_bodies_in_every_form() {
    let text = br#"{"request": {"method": "POST", "url": "https://h/api/v2/a?b=1", "headers": {"A": "1", "B": ["2", "3"]}, "body": {"x": 1}}}

{"request": {"method": "GET", "url": "/a", "headers": [["A", "1"]]}, "response": {"status": 200, "headers": [{"name": "C", "value": "4"}], "body": "[1,\n2]"}}
{"request": {"method": "PUT", "url": "/b", "bodyBase64": "/w=="}, "response": null}
"#;
    let read = all(Format::JsonLines, text);
    assert_eq!(read.iter().map(|recorded| recorded.line).collect::<Vec<_>>(), [1, 3, 4]);
    let first = exchange(&read[0]);
    assert_eq!(first.target(), "/api/v2/a?b=1");
    assert_eq!(first.headers.len(), 3);
    assert_eq!(first.body, br#"{"x": 1}"#);
    let second = exchange(&read[1]).response.as_ref().expect("a reply");
    assert_eq!((second.status, second.body.as_slice()), (200, &b"[1,\n2]"[..]));
    assert_eq!(exchange(&read[2]).body, [0xff]);
}

#[test]
fn webhook_payloads_are_recognised_in_json_lines() {
    let text = br#"{"event_id": "x", "event_type": "promoter.created", "data": {}}
{"event": {"id": 1, "type": "lead_signup"}, "data": {}}
{"webhook": {"system": "v2", "event_type": "referral.moved", "body": {"a": 1}}}
{"request": {"method": "POST", "url": "https://app.example.com/hook", "headers": {"X-Event-Type": "payout.created"}, "body": "{}"}}
"#;
    let events: Vec<_> = all(Format::JsonLines, text)
        .into_iter()
        .map(|recorded| match recorded.subject {
            Subject::Webhook { system, event_type, .. } => format!("{system} {event_type}"),
            Subject::Exchange(_) => panic!("a webhook"),
        })
        .collect();
    assert_eq!(
        events,
        ["v2 promoter.created", "legacy lead_signup", "v2 referral.moved", "v2 payout.created"]
    );
}

#[test]
fn a_malformed_line_is_told_and_the_next_is_read() {
    let mut lines = read(
        Format::JsonLines,
        &b"{\"request\": 1}\n{}\n{\"request\": {\"method\": \"GET\", \"url\": \"/\"}}\n"[..],
    );
    assert!(matches!(lines.next(), Some(Err(RecordingError::Malformed { line: 1, .. }))));
    assert!(matches!(lines.next(), Some(Err(RecordingError::Malformed { line: 2, .. }))));
    assert!(matches!(lines.next(), Some(Ok(_))));
    assert!(lines.next().is_none());
}

const HAR: &str = r#"{"log": {"version": "1.2", "creator": {"name": "x", "entries": "no"}, "pages": [{"id": "{"}],
  "entries": [
    {"request": {"method": "POST", "url": "https://h/api/v1/track/sale", "headers": [{"name": "x-api-key", "value": "k"}],
      "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "email", "value": "a@b c"}]}},
     "response": {"status": 200, "headers": [{"name": "Content-Encoding", "value": "gzip"}, {"name": "Content-Type", "value": "application/json"}],
      "content": {"mimeType": "application/json", "text": "{\"a\": \"}]\\\"\"}"}}},
    {"request": {"method": "GET", "url": "https://h/x", "headers": []}, "response": {"status": 0}},
    {"request": {"method": "GET", "url": "https://h/y", "headers": []},
     "response": {"status": 200, "headers": [], "content": {"text": "AP8=", "encoding": "base64"}}}
  ]}}"#;

#[test]
fn archives_are_read_entry_by_entry_whatever_the_size_of_the_chunks() {
    for capacity in [1, 2, 7, 64, 100_000] {
        let reader = std::io::BufReader::with_capacity(capacity, HAR.as_bytes());
        let read: Vec<_> = read(Format::Har, reader).collect::<Result<_, _>>().expect("a readable archive");
        assert_eq!(read.iter().map(|recorded| recorded.line).collect::<Vec<_>>(), [3, 7, 8]);
        let first = exchange(&read[0]);
        assert_eq!(first.body, b"email=a%40b+c");
        let reply = first.response.as_ref().expect("a reply");
        assert_eq!(reply.body, br#"{"a": "}]\""}"#);
        assert_eq!(reply.headers.len(), 1, "the body is no longer encoded");
        assert_eq!(exchange(&read[1]).response, None);
        assert_eq!(exchange(&read[2]).response.as_ref().expect("a reply").body, [0, 0xff]);
    }
}

#[test]
fn a_broken_archive_ends_with_its_line() {
    for text in ["{\"log\": {}}", &HAR[..HAR.len() - 40], "{\"log\": {\"entries\": [1]}}", "{\"log\": \"x"] {
        let last = read(Format::Har, text.as_bytes()).last();
        assert!(matches!(last, Some(Err(RecordingError::Malformed { .. }))), "{text}");
    }
}

#[test]
fn transcripts_hold_requests_with_and_without_replies() {
    let text = b"# a comment\n\nGET https://h/api/v2/a HTTP/1.1\nAccept: */*\n\n### next\nPOST /api/v2/b\nContent-Type: application/json\n\n{\"a\":\n1}\n\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{\"b\": 2}\n\n###\n\n### empty\nhttps://h/c\n";
    let read = all(Format::Transcript, text);
    assert_eq!(read.iter().map(|recorded| recorded.line).collect::<Vec<_>>(), [3, 7, 21]);
    assert_eq!(exchange(&read[0]).target(), "/api/v2/a");
    let second = exchange(&read[1]);
    assert_eq!((second.method.as_str(), second.body.as_slice()), ("POST", &b"{\"a\":\n1}"[..]));
    let reply = second.response.as_ref().expect("a reply");
    assert_eq!((reply.status, reply.body.as_slice()), (201, &b"{\"b\": 2}"[..]));
    assert_eq!((exchange(&read[2]).method.as_str(), exchange(&read[2]).target()), ("GET", "/c"));
}

#[test]
fn formats_are_told_by_name_or_by_first_bytes() {
    assert_eq!(Format::of_path(Path::new("a/b.HAR")), Some(Format::Har));
    assert_eq!(Format::of_path(Path::new("a/b.ndjson")), Some(Format::JsonLines));
    assert_eq!(Format::of_path(Path::new("a/b")), None);
    assert_eq!(Format::of_bytes(b" {\n \"log\" : {"), Format::Har);
    assert_eq!(Format::of_bytes(b"{\"request\": {"), Format::JsonLines);
    assert_eq!(Format::of_bytes(b"GET /a"), Format::Transcript);
}

#[test]
fn what_is_written_reads_back_without_its_keys() {
    let headers = vec![
        ("Authorization".to_owned(), "Bearer top-key".to_owned()),
        ("X-API-KEY".to_owned(), "top-key".to_owned()),
        ("Content-Type".to_owned(), "application/json".to_owned()),
    ];
    let reply = vec![("Set-Cookie".to_owned(), "session=top-key".to_owned())];
    let request = Request {
        method: "POST",
        target: "/api/v2/a?api_key=top-key&q=1",
        headers: &headers,
        body: br#"{"basic_auth": {"password": "top-key"}, "email": "a@b.c"}"#,
    };
    let response = Some(Response { status: 201, headers: &reply, body: br#"{"id":  1}"# });
    let line = line(&Exchange { request, response }, &[], Mask::Credentials);
    assert!(!line.contains("top-key"), "{line}");
    let read = all(Format::JsonLines, line.as_bytes());
    let read = exchange(&read[0]);
    assert_eq!(read.url, "/api/v2/a?api_key=***&q=1");
    assert_eq!(read.headers[0].1, "Bearer ***");
    assert_eq!(
        serde_json::from_slice::<Value>(&read.body).expect("JSON"),
        json!({"basic_auth": {"password": "***"}, "email": "a@b.c"})
    );
    assert_eq!(
        read.response.as_ref().expect("a reply").body,
        br#"{"id":  1}"#,
        "an innocent body stays to the byte"
    );
}

#[test]
fn masking_values_leaves_kinds_only() {
    let headers = vec![("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    let request =
        Request { method: "POST", target: "/a?q=jane", headers: &headers, body: b"email=jane%40x.y&n=1" };
    let response =
        Some(Response { status: 200, headers: &[], body: br#"{"name": "jane", "n": 5, "b": true}"# });
    let line = line(&Exchange { request, response }, &[], Mask::Values);
    assert!(!line.contains("jane"), "{line}");
    let read = all(Format::JsonLines, line.as_bytes());
    assert_eq!(exchange(&read[0]).body, b"email=***&n=***");
    let reply = exchange(&read[0]).response.as_ref().expect("a reply");
    assert_eq!(
        serde_json::from_slice::<Value>(&reply.body).expect("JSON"),
        json!({"name": "***", "n": 0, "b": true})
    );
}

/// A recording without end: what is read of it shows how far the reader looks ahead.
struct Endless {
    start: &'static [u8],
    entry: Vec<u8>,
    given: usize,
}

impl std::io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        for (at, byte) in buffer.iter_mut().enumerate() {
            let place = self.given + at;
            *byte = match self.start.get(place) {
                Some(byte) => *byte,
                None => self.entry[(place - self.start.len()) % self.entry.len()],
            };
        }
        self.given += buffer.len();
        Ok(buffer.len())
    }
}

#[test]
fn a_recording_of_any_size_is_read_one_exchange_at_a_time() {
    let har = r#"{"request": {"method": "GET", "url": "/a", "headers": []}, "response": {"status": 200, "content": {"text": "x"}}},"#;
    let line = "{\"request\": {\"method\": \"GET\", \"url\": \"/a\"}}\n";
    let transcript = "GET /a\nAccept: x\n\n###\n";
    let forms: [(Format, &'static [u8], &str); 3] = [
        (Format::Har, b"{\"log\": {\"entries\": [", har),
        (Format::JsonLines, b"", line),
        (Format::Transcript, b"", transcript),
    ];
    for (format, start, entry) in forms {
        let endless = Endless { start, entry: entry.as_bytes().to_vec(), given: 0 };
        let reader = std::io::BufReader::with_capacity(4_096, endless);
        let count = read(format, reader).take(10_000).filter(Result::is_ok).count();
        assert_eq!(count, 10_000, "{format:?}");
    }
}
