//! `fp-contract proxy`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use fp_contract::Rules;
use fp_contract::proxy::{Notice, Options, Proxy, Upstream};
use fp_contract::recording::Mask;
use fp_contract::report::Form;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::net::TcpListener;

use super::contracts::Choice;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The service that requests are sent on to: https://host[:port][/path]
    #[arg(long, value_name = "URL")]
    upstream: String,
    /// Trust the certificates in this PEM file too, those of a company's own authority; repeatable
    #[arg(long, value_name = "FILE")]
    ca: Vec<PathBuf>,
    #[command(flatten)]
    choice: Choice,
    /// The port to listen on; 0 is any free one
    #[arg(short, long, default_value_t = 4020)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Append every exchange to this file as a JSON line, without keys
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Keep no value in recording and report, only kinds
    #[arg(long)]
    mask: bool,
    /// Undeclared fields and parameters, and declared fields that are absent, are violations too
    #[arg(long)]
    strict: bool,
    /// Answer exchanges that break the contract in place of passing them on: 422 and 502
    #[arg(long)]
    enforce: bool,
    /// Add the header sl-violations to replies, which are then held back until they are whole
    #[arg(long)]
    violations_header: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let contract = arguments.choice.load()?;
    let upstream = Upstream::new(&arguments.upstream, certificates(&arguments.ca)?)?;
    let record = match &arguments.record {
        Some(path) => {
            let file = OpenOptions::new().create(true).append(true).open(path);
            Some(file.with_context(|| format!("cannot write {}", path.display()))?)
        }
        None => None,
    };
    let options = Options {
        rules: Rules { strict: arguments.strict, ..Rules::default() },
        record,
        mask: if arguments.mask { Mask::Values } else { Mask::Credentials },
        enforce: arguments.enforce,
        violations_header: arguments.violations_header,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((arguments.host, arguments.port))
            .await
            .with_context(|| format!("cannot listen on {}:{}", arguments.host, arguments.port))?;
        super::print(&format!("fp-contract proxy listening on http://{}\n", listener.local_addr()?))?;
        let proxy = Proxy::new(listener, upstream, contract, options, tell);
        let tally = proxy.serve(async { drop(tokio::signal::ctrl_c().await) }).await?;
        let report = tally.finish(&[], &fp_contract::day::today());
        super::print(&report.render(Form::Text))?;
        Ok(report.verdict().exit_code())
    })
}

/// The certificates of some PEM files. A file without any is a mistake.
fn certificates(files: &[PathBuf]) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let mut certificates = Vec::new();
    for file in files {
        let unreadable = || format!("cannot read certificates from {}", file.display());
        let found: Result<Vec<_>, _> =
            CertificateDer::pem_file_iter(file).with_context(unreadable)?.collect();
        let found = found.with_context(unreadable)?;
        anyhow::ensure!(!found.is_empty(), "expected certificates in {}, found none", file.display());
        certificates.extend(found);
    }
    Ok(certificates)
}

/// To standard error, so that standard output is the report alone.
fn tell(notice: Notice) {
    let text = match notice {
        Notice::Violation(violation) => format!("{violation}\n"),
        Notice::Trouble(text) => format!("fp-contract proxy: {text}\n"),
    };
    // A terminal that went away is no reason to stop traffic.
    drop(std::io::stderr().write_all(text.as_bytes()));
}
