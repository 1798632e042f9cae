//! Between the business and the bytes: reading parameters, showing records, naming errors. v1 and v2 have a
//! dialect each and do not know each other; what both need is here.

pub mod fields;
pub mod json;
pub mod legacy;
pub mod page;
pub mod reply;
pub mod tracking;
pub mod v1;
pub mod v2;
