//! Servers as processes of their own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::machine::{CLIENT_CORE, SERVER_CORE, stay_on};

/// A server that runs, and ends with this value.
#[derive(Debug)]
pub struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts the mock on the servers' core; it accepts connections when this returns.
    pub fn mock(arguments: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fp-mock"));
        command.args(["--port", "0", "--clock", "manual"]).args(arguments);
        Server::start(command)
    }

    /// Starts this program in another role.
    pub fn own_role(arguments: &[&str]) -> Server {
        let mut command = Command::new(std::env::current_exe().expect("the path of this program"));
        command.args(arguments);
        Server::start(command)
    }

    fn start(mut command: Command) -> Server {
        command.stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null());
        stay_on(SERVER_CORE);
        let mut process = command.spawn().expect("the server starts");
        stay_on(CLIENT_CORE);
        let mut line = String::new();
        let output = process.stdout.take().expect("standard output is piped");
        BufReader::new(output).read_line(&mut line).expect("the server says where it listens");
        let address = line.trim().rsplit('/').next().and_then(|address| address.parse().ok());
        Server { address: address.unwrap_or_else(|| panic!("no address in {line:?}")), process }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Makes one call as an account of v2 and answers status and body.
    pub fn call(&self, account: &str, method: &str, target: &str, body: &str) -> (u16, String) {
        self.send(&message(&keys(account), method, target, body))
    }

    /// Sends a message on a connection of its own and answers status and body.
    pub fn send(&self, message: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        let message = message.replacen("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1);
        stream.write_all(message.as_bytes()).expect("the server reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server answers");
        let answer = String::from_utf8(answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), body.to_owned())
    }

    /// The same for a call that is to succeed.
    pub fn json(&self, account: &str, method: &str, target: &str, body: &str) -> Value {
        let (status, text) = self.call(account, method, target, body);
        assert!((200..300).contains(&status), "{method} {target} answered {status}: {text}");
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The headers that open an account of v2.
pub fn keys(account: &str) -> String {
    format!("Authorization: Bearer key\r\nAccount-ID: {account}")
}

/// A request as bytes, with the headers that open an account.
pub fn message(keys: &str, method: &str, target: &str, body: &str) -> String {
    let content = match body.len() {
        0 => String::new(),
        length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
    };
    format!(
        "{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{keys}\r\nAccept: application/json\r\n{content}\r\n{body}"
    )
}
