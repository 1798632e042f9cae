//! Everything that can be seen over HTTP, in files that mirror the URLs. Each exchange is judged by the
//! contract.

mod admin;
mod kit;
mod people;
mod v2;
mod webhooks;
