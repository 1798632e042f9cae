//! What one can type: a file for each subcommand.

pub mod run;

/// Prints a report to standard output.
#[expect(clippy::print_stdout, reason = "the report is what the command is for")]
pub fn show(text: &str) {
    print!("{text}");
}
