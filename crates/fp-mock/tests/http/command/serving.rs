//! Serving: what is printed, how it ends, and whether it is ready.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::{KEYS, Running, ends, fp_mock};

#[test]
fn one_line_on_standard_output_and_everything_else_on_standard_error() {
    let server = Running::start(&["--clock", "manual"]);
    let url = server.url.clone();
    server.get("/api/v2/company/promoters", &KEYS);
    server.get("/api/v2/company/promoters?page=first", &KEYS);
    let (status, out, err) = server.shut_down();
    assert_eq!((status, out.as_str()), (Some(0), ""), "{err}");
    for said in [
        "84 operations of v2, ",
        "; scenario starter, seed 0, clock manual",
        &format!("v2        {url}/api/v2"),
        &format!("steering  {url}/__admin"),
        "GET    /api/v2/company/promoters  200",
        "violations: 1 (-v names them)",
    ] {
        assert!(err.contains(said), "{said:?} is missing in:\n{err}");
    }
    assert!(!err.contains('\x1b'), "colours are for terminals");
}

#[test]
fn with_v_violations_are_named() {
    let server = Running::start(&["-v"]);
    server.get("/api/v2/company/promoters?page=first", &KEYS);
    let (_, _, err) = server.shut_down();
    let place = |said: &str| err.find(said).unwrap_or_else(|| panic!("{said} is missing in:\n{err}"));
    assert!(place("/query/page") > place("GET    /api/v2/company/promoters?page=first  422"), "{err}");
}

#[test]
fn log_lines_can_be_objects() {
    let server = Running::start(&["--log-format", "json"]);
    server.get("/api/v2/company/promoters", &KEYS);
    let (_, _, err) = server.shut_down();
    let lines: Vec<Value> = err.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(lines[0]["message"], "listening");
    assert_eq!(lines[1]["target"], "/api/v2/company/promoters");
    assert_eq!((lines[1]["status"].as_u64(), lines[1]["account"].as_str()), (Some(200), Some("1")));
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["level"] == "info"), "{err}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_server_in_order() {
    for signal in ["-TERM", "-INT"] {
        let mut server = Running::start(&[]);
        let id = server.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill runs").success());
        let (status, _, err) = server.ended();
        assert_eq!(status, Some(0), "{signal}: {err}");
    }
}

#[test]
fn ready_tells_by_its_status_whether_a_server_answers() {
    let server = Running::start(&["--disable-admin-api"]);
    let port = server.port();
    let ready = |more: &[&str]| ends(fp_mock(&["ready", "--port", &port]).args(more));
    assert_eq!(ready(&[]).0, Some(0));
    assert_eq!(ready(&["--wait", "--timeout", "30s"]).0, Some(0));
    drop(server);
    for more in [&[][..], &["--wait", "--timeout", "100ms"]] {
        let (status, _, err) = ready(more);
        assert_eq!(status, Some(1));
        assert!(err.contains(&format!("no server answers at http://127.0.0.1:{port}")), "{err}");
    }
}

#[test]
fn ready_waits_for_a_server_that_is_yet_to_come() {
    let port = Running::start(&[]).port();
    let mut waiting =
        fp_mock(&["ready", "--wait", "--timeout", "60s", "--port", &port]).spawn().expect("it runs");
    let server = Running::of(&mut fp_mock(&["--port", &port]));
    assert!(waiting.wait().expect("an end").success());
    drop(server);
}

#[test]
fn operations_are_listed_with_their_handlers() {
    let (status, out, _) = ends(&mut fp_mock(&["operations"]));
    assert_eq!(status, Some(0));
    assert_eq!(out.lines().count(), fp_contract::Contract::corrected().operations().len());
    let line = out.lines().find(|line| line.starts_with("GET /api/v2/company/batch_processes/{id} "));
    assert!(line.is_some_and(|line| line.ends_with("::batch_processes::show")), "{line:?}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for command in ["operations", "fidelity"] {
        let mut child =
            fp_mock(&[command]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
