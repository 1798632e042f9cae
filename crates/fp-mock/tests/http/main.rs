//! Everything that can be seen over HTTP, in files that mirror the URLs. Each exchange is judged by the
//! contract.

mod admin;
mod bad_input;
mod command;
mod cookbook;
mod demo;
mod documented;
mod in_process;
mod kit;
mod lanes;
mod people;
mod runs;
mod scenario;
mod v1;
mod v2;
mod webhooks;
