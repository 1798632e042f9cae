//! The rules of the program, which the build script gathered from the sources and deflated.

use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;

/// A rule as the sources write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub place: &'static str,
    pub says: &'static str,
    pub evidence: &'static str,
}

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/evidence.z"));

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    ZlibDecoder::new(PACKED).read_to_string(&mut text).expect("the build script deflated this");
    text
});

/// The rules of the program, and the corrections of the published contract.
pub static EVIDENCE: LazyLock<(Vec<Rule>, Vec<Rule>)> = LazyLock::new(|| {
    let (rules, corrections) = TEXT.split_once('\u{1d}').expect("two lists");
    (read(rules), read(corrections))
});

fn read(list: &'static str) -> Vec<Rule> {
    list.split('\u{1e}').filter_map(rule).collect()
}

fn rule(record: &'static str) -> Option<Rule> {
    let mut units = record.split('\u{1f}');
    Some(Rule { place: units.next()?, says: units.next()?, evidence: units.next()? })
}
