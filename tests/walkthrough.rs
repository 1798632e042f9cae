//! The walkthroughs of the README and of v1, pasted as they stand into a shell.

use std::process::Command;

use fp_mock::Mock;
use fp_mock::clock::Mode;

/// The shell block behind the mark.
fn walkthrough(page: &str) -> &str {
    let (_, rest) = page.split_once("<!-- walkthrough -->").expect("the mark");
    let (_, rest) = rest.split_once("```sh\n").expect("a shell block");
    rest.split_once("```").expect("its end").0
}

/// Runs the block against a mock as `cargo run -p fp-mock` starts it; answers its lines.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn paste(script: &str) -> Option<Vec<String>> {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: there is no curl on this machine");
        return None;
    }
    let mock = Mock::builder().clock(Mode::Real).start();
    let script = script.replace("http://127.0.0.1:4010", mock.url());
    let output = Command::new("bash").args(["-euo", "pipefail", "-c", &script]).output().expect("a shell");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    Some(text(&output.stdout).lines().map(str::to_owned).collect())
}

#[test]
fn the_walkthrough_of_the_readme_works_as_pasted() {
    let Some(lines) = paste(walkthrough(include_str!("../README.md"))) else { return };
    let seen = |needle: &str| lines.iter().any(|line| line.contains(needle));
    let refused: Vec<_> = lines.iter().filter(|line| line.starts_with("{\"message\"")).collect();
    assert!(refused.is_empty(), "{refused:?}");
    assert!(seen("\"sale_amount\":5000") && seen("\"amount\":1000"), "Jane earns 20% of $50: {lines:#?}");
    assert!(seen("\"status\":\"pending\",\"total\":6"), "six commissions are a batch: {lines:#?}");
    assert!(seen("\"batch_steps\":6"), "the clock carries the batch through: {lines:#?}");
    let last = lines.last().expect("Pat's record");
    assert!(
        last.contains("\"pat@example.com\"") && last.contains("\"paid_balance\":{\"cash\":1800}"),
        "{last}"
    );
    assert!(last.contains("\"current_balance\":null"), "{last}");
}

#[test]
fn the_walkthrough_of_v1_works_as_pasted() {
    let Some(lines) = paste(walkthrough(include_str!("../docs/walkthrough-v1.md"))) else { return };
    let seen = |needle: &str| lines.iter().any(|line| line.contains(needle));
    let refused: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("{\"message\"") || line.starts_with("{\"error\""))
        .collect();
    assert!(refused.is_empty() && !seen("Bad credentials"), "{refused:?}");
    assert!(
        seen("\"amount_cents\":5000,\"reward\":{") && seen("\"amount\":1000,"),
        "Jane earns 20% of $50: {lines:#?}"
    );
    assert!(
        seen("\"amount_cents\":-2500,\"reward\":{") && seen("\"amount\":-500,"),
        "half goes back: {lines:#?}"
    );
    assert!(seen("\"status\":\"completed\",\"amount\":9000"), "30% of three sales are paid: {lines:#?}");
    assert!(seen("\"revenue_amount\":\"$300.00\",\"promoter_paid_amount\":\"$90.00\""), "{lines:#?}");
    let last = lines.last().expect("Pat through v2");
    assert!(last.contains("\"pat@example.com\"") && last.contains("\"cust_id\":\"usr_7\""), "{last}");
}
