# What one types here. `just` alone lists it.

default:
    @just --list

# Serve the starter scenario.
run *ARGS:
    cargo run -p fp-mock -- {{ARGS}}

# The whole suite, as CI runs it.
test:
    cargo test --workspace

# The same, faster to read (needs cargo-nextest).
nextest *ARGS:
    cargo nextest run --workspace {{ARGS}}

# Format, lints and documentation, warnings denied.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Write docs/FIDELITY.md from the operation tables and the Evidence lines.
fidelity:
    cargo run -q -p fp-mock -- fidelity > target/FIDELITY.md
    mv target/FIDELITY.md docs/FIDELITY.md

# Everything CI does.
ci:
    .ci/run

# Look for every fault that can be planted in the mock, then for false alarms in 100,000 calls of one without any.
planted *ARGS:
    cargo run --release -p fp-harness --features planted-faults -- bench {{ARGS}}

# Look at changed payload snapshots (needs cargo-insta).
review:
    cargo insta review

# Licences and sources of dependencies (needs cargo-deny).
deny:
    cargo deny check licenses bans sources

# Everything that is measured, as tables beside their targets: docs/PERFORMANCE.md says how. Wants a calm machine.
bench *PARTS:
    cargo bench -p fp-contract --bench targets --bench judging
    cargo bench -p fp-mock --bench targets --bench growth -- {{PARTS}}
