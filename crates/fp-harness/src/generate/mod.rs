//! Requests from the contract: valid ones, and invalid ones with exactly one named fault.

pub mod blueprint;
pub mod draft;
pub mod fault;
pub mod pool;
pub mod values;

pub use blueprint::Blueprint;
pub use draft::Draft;
pub use fault::Fault;
pub use pool::Pool;
