//! What the proxy says itself: only when it enforces the contract, or was asked for a header.

use serde_json::json;

use crate::violation::Violation;

/// The longest value of `sl-violations`; violations beyond it are left out and counted.
const LONGEST_HEADER: usize = 4_096;

/// A whole reply, ready to be sent, that refuses an exchange. The connection closes after it.
pub(super) fn refusal(status: u16, title: &str, violations: &[Violation]) -> Vec<u8> {
    let reason = if status == 422 { "Unprocessable Content" } else { "Bad Gateway" };
    let body = json!({
        "type": "about:blank",
        "title": title,
        "status": status,
        "violations": violations,
    })
    .to_string();
    format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: application/problem+json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The header's line, with its line break. Values are left out, and it is ASCII whatever the violations hold.
pub(super) fn header_line(violations: &[Violation]) -> Vec<u8> {
    let mut shown = Vec::new();
    let mut length = 0;
    for violation in violations {
        let violation = violation.clone().masked();
        let text = json!({
            "code": violation.code,
            "side": violation.side,
            "pointer": violation.pointer,
            "message": violation.message,
        })
        .to_string();
        length += text.len() + 1;
        if length > LONGEST_HEADER {
            shown.push(json!({"code": "more", "count": violations.len() - shown.len()}).to_string());
            break;
        }
        shown.push(text);
    }
    format!("sl-violations: [{}]\r\n", ascii(&shown.join(","))).into_bytes()
}

/// JSON with every other letter escaped.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() && !letter.is_ascii_control() {
            out.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                out += &format!("\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::violation::Side;

    #[test]
    fn the_header_is_ascii_and_capped_and_says_what_it_left_out() {
        let violation =
            Violation::new("wrong-type", Side::Response, "/body/naïve", "a string", "the number 5");
        let many: Vec<Violation> = std::iter::repeat_n(violation, 200).collect();
        let line = String::from_utf8(header_line(&many)).expect("text");
        assert!(line.is_ascii() && line.len() < LONGEST_HEADER + 200);
        let value = line
            .strip_prefix("sl-violations: ")
            .and_then(|line| line.strip_suffix("\r\n"))
            .expect("a header");
        let list: Vec<Value> = serde_json::from_str(value).expect("JSON");
        assert_eq!(list[0]["pointer"], "/body/naïve");
        let left_out = list.last().expect("a last one")["count"].as_u64().expect("a count");
        assert_eq!(left_out + list.len() as u64 - 1, 200);
    }

    #[test]
    fn a_refusal_is_a_whole_reply() {
        let text = String::from_utf8(refusal(422, "no", &[])).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("head and body");
        assert!(head.contains(&format!("Content-Length: {}", body.len())));
    }
}
