//! `fp-mock scenario check`: whether a scenario file can be used, and if not, what is wrong where.

use std::process::ExitCode;

use fp_mock::scenario::{Scenario, ScenarioError};

/// 0 if the file can be used, 1 if not.
#[expect(clippy::print_stdout, reason = "the verdict is what was asked for")]
pub fn check(file: &str) -> ExitCode {
    match Scenario::open(file) {
        Ok(scenario) => {
            println!("{file}: the scenario {} can be used", scenario.name());
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!("{}", shown(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error, and the line of the file that it is about.
pub fn shown(error: &ScenarioError) -> String {
    let mut text = error.to_string();
    let source = std::error::Error::source(error);
    if let Some(source) = source {
        text += &format!(": {source}");
    }
    let ScenarioError::Malformed { origin, problem } = error else { return text };
    let content = std::fs::read_to_string(origin).unwrap_or_default();
    match excerpt(&content, problem) {
        Some(excerpt) => format!("{text}\n{excerpt}"),
        None => text,
    }
}

/// The line that a message speaks of, with a mark under the column.
fn excerpt(content: &str, problem: &str) -> Option<String> {
    let line = number_after(problem, "line ")?;
    let column = number_after(problem, "column ")?;
    let text = content.lines().nth(line.checked_sub(1)?)?;
    let margin = " ".repeat(line.to_string().len());
    let before: String = text.chars().take(column.saturating_sub(1)).map(blank).collect();
    Some(format!("{margin} |\n{line} | {text}\n{margin} | {before}^"))
}

/// What takes the same room as a letter: a tab stays one.
fn blank(letter: char) -> char {
    if letter == '\t' { '\t' } else { ' ' }
}

fn number_after(text: &str, word: &str) -> Option<usize> {
    let digits = text.rsplit_once(word)?.1;
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_shown_with_a_mark_under_the_column() {
        let content = "name: x\ncampaigns:\n\t- { idd: 1 }\n";
        let shown = excerpt(content, "unknown field `idd` at line 3 column 6");
        assert_eq!(shown.as_deref(), Some("  |\n3 | \t- { idd: 1 }\n  | \t    ^"));
        assert_eq!(excerpt(content, "no place"), None);
        assert_eq!(excerpt(content, "at line 99 column 1"), None);
    }
}
