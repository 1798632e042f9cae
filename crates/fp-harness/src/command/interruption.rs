//! Ctrl-C: once ends the run, which tidies up; twice ends that too.

use fp_harness::client::Interrupt;

/// Listens for Ctrl-C for as long as the process lives.
pub fn listen() -> Interrupt {
    let interrupt = Interrupt::default();
    let asked = interrupt.clone();
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                asked.ask();
            }
        });
    });
    interrupt
}
