//! Attacks an endpoint, real or fake, with property tests generated from the contract and from a model of
//! the business. Nothing of that is here yet: at present the crate only carries the suites in `tests/` that
//! need more than one crate.
