//! Throughput and latency of some calls, beside a bare server that parses the same body and answers as many bytes.

use std::time::Duration;

use super::bare;
use super::calls::{self, Call};
use super::load::{self, NUMBER, Outcome};
use super::pages::page_us;
use super::program::{Server, keys, message};
use super::quiet;
use super::table::{Table, Wanted, middle};

/// How long each load lasts, and how often each is measured: the middle counts, of shares and multiples, too, each of
/// which is of one [quiet](quiet::rounds) round. What slows the machine for a while slows all loads of a round.
const SPAN: Duration = Duration::from_millis(600);
const ROUNDS: usize = 9;

/// How many loads go on from one another.
const GOING_ON: usize = 5;

/// How much longer the slowest hundredth may take.
const P99: f64 = 3.0;

pub fn measure(table: &mut Table) {
    let off = Server::mock(&["--scenario", "demo", "--validate", "off"]);
    let on = Server::mock(&["--scenario", "demo"]);
    for call in calls::all() {
        measure_call(table, &call, &off, &on);
    }
    table.tell("a page of memory from the system", page_us(), "µs");
    table.tell("the same where a page was given back just before", page_us(), "µs");
}

/// Every load begins with a reset, as tests do: otherwise the later ones would measure how fast a virtual machine is
/// given memory by its host. What that costs is judged, too, by the loads at the end, which go on from one another.
fn measure_call(table: &mut Table, call: &Call, off: &Server, on: &Server) {
    let target = &call.begin(off)[0];
    let body = call.body.replace(NUMBER, "99999999");
    let length = off.call(call.account, call.method, target, &body).1.len();
    let size = length.to_string();
    let bare = Server::own_role(&["as-bare-server", &size, &size]);
    let path = if call.method == "GET" { bare::GET } else { bare::POST };
    let mut number = 0;
    let mut load = |server: &Server, targets: &[String]| {
        let asked: Vec<_> = targets
            .iter()
            .map(|target| message(&keys(call.account), call.method, target, call.body))
            .collect();
        load::put(server.address(), &asked, &mut number, SPAN)
    };
    let round = || [load(&bare, &[path.to_owned()]), load(off, &call.begin(off)), load(on, &call.begin(on))];
    let (rounds, taken) = quiet::rounds(ROUNDS, round);
    report(table, call, length, &rounds);
    table.tell(&format!("{}: taken by the host in the worst of those rounds", call.name), 100.0 * taken, "%");
    if call.method == "POST" {
        let targets = call.begin(off);
        let (shares, _) = quiet::rounds(GOING_ON, || {
            let bare = load(&bare, &[path.to_owned()]);
            load(off, &targets).rate / bare.rate
        });
        let what = format!("{}, checks off, {GOING_ON} loads without a reset: share of bare", call.name);
        table.judge(&what, middle(shares), "", Wanted::AtLeast(call.shares.0));
    }
}

/// The loads of one round, one after another: the bare server, the mock without checks and with them.
type Round = [Outcome; 3];
const BARE: usize = 0;
const OFF: usize = 1;
const ON: usize = 2;

fn report(table: &mut Table, call: &Call, length: usize, rounds: &[Round]) {
    let of = |server: usize, figure: fn(&Outcome) -> f64| {
        middle(rounds.iter().map(|round| figure(&round[server])).collect())
    };
    let beside_bare = |server: usize, figure: fn(&Outcome) -> f64| {
        middle(rounds.iter().map(|round| figure(&round[server]) / figure(&round[BARE])).collect())
    };
    let name = format!("{} ({length} bytes)", call.name);
    table.tell(&format!("{name}, bare server"), of(BARE, |load| load.rate), "/s");
    for (mode, server, share) in [("checks off", OFF, call.shares.0), ("checks on", ON, call.shares.1)] {
        let what = format!("{}, {mode}", call.name);
        table.tell(&what, of(server, |load| load.rate), "/s");
        let rate = beside_bare(server, |load| load.rate);
        table.judge(&format!("{what}: share of bare"), rate, "", Wanted::AtLeast(share));
        let latencies = format!(
            "{what}: p99 ({:.0} µs; bare {:.0}; p50 {:.0} and {:.0})",
            of(server, |load| load.p99_us),
            of(BARE, |load| load.p99_us),
            of(server, |load| load.p50_us),
            of(BARE, |load| load.p50_us)
        );
        table.judge(&latencies, beside_bare(server, |load| load.p99_us), "× bare", Wanted::AtMost(P99));
    }
}
