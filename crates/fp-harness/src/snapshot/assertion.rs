//! Payload snapshots in an application's own tests.

use fp_contract::{Contract, nearest};
use serde::Serialize;
use serde_json::Value;

use super::shape::Shape;
use super::subject::{PAYLOAD, Subject};
use super::written;

/// Compares what a payload looks like with the snapshot of the running test, by `insta`: values are taken out, items
/// of lists are united, fields stay in the order they came in. A payload is anything that serialises.
///
/// ```
/// use fp_harness::assert_payload;
/// use serde_json::json;
///
/// let promoter = json!({"id": 7, "email": "jane@example.com", "campaigns": [{"state": "accepted"}, {"state": null}]});
/// assert_payload!(promoter, @r"
/// payload: object
///   id: integer <id>
///   email: string <email>
///   campaigns: list
///     []: object few
///       state: null | string
/// ");
/// ```
///
/// Without the text behind `@` the snapshot is kept in a file named after the test; with a name before the payload,
/// in a file of that name. `of` says which operation or event the payload is of: then the contract tells which values
/// belong to an enumeration, and the snapshot holds those that were seen.
///
/// ```
/// # use fp_harness::assert_payload;
/// # use serde_json::json;
/// let event = json!({"event_type": "commission.created", "action": "created"});
/// assert_payload!(of "v2 commission.created", event, @r#"
/// payload: object
///   event_type: "commission.created"
///   action: "created"
/// "#);
/// ```
///
/// The forms: `assert_payload!(value)`, `assert_payload!("name", value)`, `assert_payload!(of "GET /api/v2/…", value)`,
/// `assert_payload!("name", of "GET /api/v2/…", value)`, and each of those without a name followed by `@"…"`.
#[macro_export]
macro_rules! assert_payload {
    // The expression would be what this macro makes of it: it says nothing.
    (@compare $($arguments:tt)*) => {
        $crate::__insta::with_settings!({ omit_expression => true }, {
            $crate::__insta::assert_snapshot!($($arguments)*);
        })
    };
    (of $what:expr, $value:expr, @$inline:literal $(,)?) => {
        $crate::assert_payload!(@compare $crate::snapshot::assertion::show_of($what, &$value), @$inline)
    };
    (of $what:expr, $value:expr $(,)?) => {
        $crate::assert_payload!(@compare $crate::snapshot::assertion::show_of($what, &$value))
    };
    ($value:expr, @$inline:literal $(,)?) => {
        $crate::assert_payload!(@compare $crate::snapshot::assertion::show(&$value), @$inline)
    };
    ($name:expr, of $what:expr, $value:expr $(,)?) => {
        $crate::assert_payload!(@compare $name, $crate::snapshot::assertion::show_of($what, &$value))
    };
    ($name:expr, $value:expr $(,)?) => {
        $crate::assert_payload!(@compare $name, $crate::snapshot::assertion::show(&$value))
    };
    ($value:expr $(,)?) => {
        $crate::assert_payload!(@compare $crate::snapshot::assertion::show(&$value))
    };
}

/// What a payload looks like, as [`assert_payload!`](crate::assert_payload) keeps it.
///
/// # Panics
/// If it does not serialise.
#[must_use]
pub fn show(payload: &impl Serialize) -> String {
    written::write_shape(&Shape::of(&value(payload), "", None))
}

/// The same for the payload of an operation or event: `GET /api/v2/company/promoters/7`, `v2 commission.created`.
///
/// # Panics
/// If the contract knows no such operation or event, or the payload does not serialise.
#[must_use]
#[track_caller]
pub fn show_of(what: &str, payload: &impl Serialize) -> String {
    let contract = Contract::corrected();
    let Some(subject) = Subject::named(contract, what) else {
        let all: Vec<String> = Subject::all(contract).iter().map(ToString::to_string).collect();
        let meant = nearest(what, all.iter().map(String::as_str));
        let hint = meant.map_or(String::new(), |meant| format!("\nhint: did you mean `{meant}`?"));
        panic!("expected an operation or event of the contract, found `{what}`{hint}");
    };
    let sections = [PAYLOAD, "200", "201", "202"];
    let promise = sections.iter().find_map(|section| subject.promise(contract, section));
    written::write_shape(&Shape::of(&value(payload), "", promise.as_ref()))
}

fn value(payload: &impl Serialize) -> Value {
    serde_json::to_value(payload).expect("a payload that serialises")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_contract_names_the_values_that_are_kept() {
        let rows = json!([{"state": "signup"}, {"state": "active"}]);
        assert_eq!(show(&rows), "payload: list\n  []: object few\n    state: string\n");
        let shown = show_of("GET /api/v2/company/referrals", &rows);
        assert_eq!(shown, "payload: list\n  []: object few\n    state: \"active\" | \"signup\"\n");
    }

    #[test]
    #[should_panic(expected = "did you mean `GET /api/v2/company/referrals`?")]
    fn an_unknown_operation_names_the_nearest() {
        let _ = show_of("GET /api/v2/company/refferals", &json!([]));
    }
}
