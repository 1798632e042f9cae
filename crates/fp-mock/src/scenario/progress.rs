//! How far a large scenario has been built, for whoever waits for it.

/// Says that `done` parts of `all` are done.
pub(super) fn show(done: i64, all: i64) {
    let percent = if all > 0 { done * 100 / all } else { 100 };
    tracing::info!(target: "fp_mock::progress", percent, "building the scenario");
}
