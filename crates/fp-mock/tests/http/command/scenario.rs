//! Scenario files: checked before, watched while serving.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{KEYS, Running, ends, fp_mock};

/// A file that is gone when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn with(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("fp-mock-{}-{name}.yaml", std::process::id()));
        fs::write(&path, text).expect("a file");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path of letters")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Somebody may have tidied up already.
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_scenario_that_can_be_used_passes_the_check() {
    for scenario in ["starter", "empty"] {
        let (status, out, err) = ends(&mut fp_mock(&["scenario", "check", scenario]));
        assert_eq!((status, err.as_str()), (Some(0), ""));
        assert!(out.contains(&format!("the scenario {scenario} can be used")), "{out}");
    }
}

#[test]
fn a_mistake_is_shown_with_its_line_its_column_and_what_was_meant() {
    let file = Scratch::with("mistake", "name: mine\ncompany:\n  nam: Mine Inc\n");
    let (status, out, err) = ends(&mut fp_mock(&["scenario", "check", file.path()]));
    assert_eq!((status, out.as_str()), (Some(1), ""));
    for said in ["unknown field `nam`", "line 3 column 3", "3 |   nam: Mine Inc\n  |   ^", "`name`"] {
        assert!(err.contains(said), "{said:?} is missing in:\n{err}");
    }
    let (status, _, err) = ends(&mut fp_mock(&["--scenario", file.path()]));
    assert_eq!(status, Some(2), "the server does not start with it either");
    assert!(err.contains("3 |   nam: Mine Inc"), "{err}");
}

#[test]
fn parts_that_do_not_fit_together_are_all_named() {
    let text = "name: mine\ncampaigns:\n  - { id: 7, name: A, landing_url: https://a.test }\n";
    let file = Scratch::with("unfit", text);
    let (status, _, err) = ends(&mut fp_mock(&["scenario", "check", file.path()]));
    assert_eq!(status, Some(1));
    assert!(err.contains("campaign 7"), "{err}");
    let (status, _, err) = ends(&mut fp_mock(&["scenario", "check", "/nowhere/at/all.yaml"]));
    assert_eq!(status, Some(1));
    assert!(err.contains("/nowhere/at/all.yaml"), "{err}");
}

#[test]
fn a_watched_scenario_lets_accounts_begin_anew_when_it_changes() {
    let file = Scratch::with("watched", "name: first\ncompany: { name: First }\n");
    let server = Running::start(&["--scenario", file.path(), "--watch", "--clock", "manual"]);
    let plans = |name: &str| format!("name: {name}\ncompany: {{ name: {name} }}\nplans: [] # {name}\n");
    server.call("POST", "/__admin/clock/advance", &[], "{\"by\":\"1d\"}");
    let now = || server.get("/__admin/clock", &[]).text().expect("text");
    assert!(now().contains("2025-01-16"));
    server.get("/api/v2/company/promoters", &KEYS);
    let changed = |text: &str, seen: &dyn Fn() -> bool| {
        fs::write(&file.0, text).expect("a file");
        let until = Instant::now() + Duration::from_secs(60);
        while !seen() {
            assert!(Instant::now() < until, "the change was not seen");
        }
    };
    changed(&plans("second"), &|| now().contains("2025-01-15"));
    server.call("POST", "/__admin/clock/advance", &[], "{\"by\":\"1d\"}");
    changed("name: [", &|| true);
    changed(&plans("third"), &|| now().contains("2025-01-15"));
    let (_, _, err) = server.shut_down();
    assert!(err.contains("accounts began anew accounts=1"), "{err}");
}
