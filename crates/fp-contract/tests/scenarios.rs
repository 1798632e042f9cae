//! One file a scenario: recorded traffic, and the report that `fp-contract check` makes of it.
//!
//! A file has a title, the command's arguments, the exit status, and parts headed by `--- name`: `traffic`, perhaps
//! `waivers`, and `report`. Lines of the documents read `*`, so that a document may grow. To write the reports anew
//! run with `FP_CONTRACT_BLESS=1`, and read what changed.

#![cfg(feature = "command")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Scenario {
    path: PathBuf,
    head: String,
    arguments: Vec<String>,
    exit: i32,
    traffic: String,
    waivers: Option<String>,
    report: String,
}

impl Scenario {
    fn read(path: PathBuf) -> Scenario {
        let text = fs::read_to_string(&path).expect("a scenario");
        let part = |name: &str| {
            let (_, after) = text.split_once(&format!("--- {name}\n"))?;
            Some(after.split("\n--- ").next().unwrap_or(after).to_owned())
        };
        let head = text.split("--- ").next().unwrap_or_default().to_owned();
        let value = |key: &str| head.lines().find_map(|line| line.strip_prefix(&format!("{key}: ")));
        Scenario {
            arguments: value("arguments").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
            exit: value("exit").and_then(|text| text.parse().ok()).expect("an exit status"),
            traffic: part("traffic").expect("traffic"),
            waivers: part("waivers"),
            report: part("report").unwrap_or_default(),
            head,
            path,
        }
    }

    /// Runs the command: its exit status, and what it says.
    fn run(&self) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fp-contract"));
        command.args(["check", "-", "--today", "2025-06-01"]).args(&self.arguments);
        let waivers =
            std::env::temp_dir().join(format!("fp-contract-{}-{}", std::process::id(), self.name()));
        if let Some(text) = &self.waivers {
            fs::write(&waivers, text).expect("the waivers");
            command.arg("--waivers").arg(&waivers);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command");
        child.stdin.take().expect("its input").write_all(self.traffic.as_bytes()).expect("its reading");
        let output = child.wait_with_output().expect("its end");
        if self.waivers.is_some() {
            fs::remove_file(&waivers).expect("the waivers");
        }
        let said = String::from_utf8(output.stdout).expect("text") + &String::from_utf8_lossy(&output.stderr);
        (output.status.code(), without_lines(&said))
    }

    fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn bless(&self, report: &str) {
        let waivers = self.waivers.as_ref().map(|text| format!("--- waivers\n{text}\n")).unwrap_or_default();
        let text = format!("{}--- traffic\n{}\n{waivers}--- report\n{report}", self.head, self.traffic);
        fs::write(&self.path, text).expect("the scenario");
    }
}

/// `spec/firstpromoter-v2.yaml:2060` reads `spec/firstpromoter-v2.yaml:*`.
fn without_lines(text: &str) -> String {
    let mut parts = text.split(".yaml:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += ".yaml:*";
        out += part.trim_start_matches(|letter: char| letter.is_ascii_digit());
    }
    out
}

#[test]
fn every_scenario_comes_out_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the scenarios").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() >= 15, "{} scenarios", paths.len());
    let bless = std::env::var_os("FP_CONTRACT_BLESS").is_some();
    for path in paths {
        let scenario = Scenario::read(path);
        let (exit, said) = scenario.run();
        if bless {
            scenario.bless(&said);
        } else {
            assert_eq!(said.trim_end(), scenario.report.trim_end(), "{}", scenario.name());
        }
        assert_eq!(exit, Some(scenario.exit), "{}: {said}", scenario.name());
    }
}
