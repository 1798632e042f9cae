//! `fp-mock ready`: whether a server answers.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fp_mock::clock::driver::pause;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);
/// How long one try is given.
const PATIENCE: Duration = Duration::from_secs(2);

/// 0 once a server answers at `address`, 1 if none does; with `wait` that is found out only after `timeout`.
pub fn run(address: SocketAddr, wait: bool, timeout: Duration) -> ExitCode {
    let address = reachable(address);
    let until = Instant::now() + timeout;
    loop {
        match ask(address) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) if !wait || Instant::now() >= until => {
                tracing::error!("no server answers at http://{address}: {error}");
                return ExitCode::FAILURE;
            }
            Err(_) => wait_a_little(),
        }
    }
}

/// Where a server that listens everywhere is reached.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Any answer in HTTP will do: the control API may be switched off or need a token.
fn ask(address: SocketAddr) -> std::io::Result<()> {
    let mut line = TcpStream::connect_timeout(&address, PATIENCE)?;
    line.set_read_timeout(Some(PATIENCE))?;
    line.write_all(b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut start = [0; 5];
    line.read_exact(&mut start)?;
    if &start == b"HTTP/" { Ok(()) } else { Err(std::io::Error::other("something else than HTTP answers")) }
}

fn wait_a_little() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    if let Ok(runtime) = runtime {
        runtime.block_on(pause(PAUSE));
    }
}
