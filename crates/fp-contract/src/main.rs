//! The `fp-contract` command.

mod command;

use std::process::ExitCode;

/// Documents are many small pieces: a quarter of loading them was glibc's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match command::run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let mut text = format!("fp-contract: {error}");
            for cause in error.chain().skip(1) {
                text += &format!(": {cause}");
            }
            // Nothing is left to do when standard error is gone too.
            drop(std::io::Write::write_all(&mut std::io::stderr(), format!("{text}\n").as_bytes()));
            ExitCode::from(command::CANNOT_JUDGE)
        }
    }
}
