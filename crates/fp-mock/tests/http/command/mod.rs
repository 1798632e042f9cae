//! The `fp-mock` command: flags, variables, subcommands, what it prints and how it ends.

mod flags;
mod scenario;
mod serving;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread::JoinHandle;

use fp_mock::webhooks::sender::Sender;

/// The command, in an environment without settings of its own.
pub fn fp_mock(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fp-mock"));
    for (name, _) in std::env::vars_os() {
        if name == "PORT" || name.to_string_lossy().starts_with("FP_MOCK_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// What comes of a command that ends by itself.
pub fn ends(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// A client of one's own.
pub fn client() -> reqwest::blocking::Client {
    // Chooses how TLS works for this process: without a choice no client can be made.
    drop(Sender::default());
    // A test that was held up is no failed one.
    reqwest::blocking::Client::builder().timeout(None).build().expect("a client")
}

/// A server in a process of its own; killed when dropped.
pub struct Running {
    child: Child,
    pub url: String,
    stdout: BufReader<ChildStdout>,
    /// Reads all the time: a full pipe would hold the server up.
    stderr: Option<JoinHandle<String>>,
}

impl Running {
    /// Starts one on any free port and waits for its line.
    pub fn start(arguments: &[&str]) -> Self {
        Self::of(fp_mock(arguments).args(["--port", "0"]))
    }

    pub fn of(command: &mut Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let url = line.trim_end().strip_prefix("fp-mock listening on ").unwrap_or_default().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{line:?}");
        let mut pipe = child.stderr.take().expect("a pipe");
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            pipe.read_to_string(&mut text).expect("text");
            text
        });
        Self { child, url, stdout, stderr: Some(stderr) }
    }

    pub fn port(&self) -> String {
        self.url.rsplit_once(':').expect("a port").1.to_owned()
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::blocking::Response {
        self.call("GET", path, headers, "")
    }

    pub fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> reqwest::blocking::Response {
        let client = client();
        let mut call = client.request(method.parse().expect("a method"), format!("{}{path}", self.url));
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        call.body(body.to_owned()).send().expect("an answer")
    }

    /// Ends it through the control API; answers the exit status and what was written.
    pub fn shut_down(mut self) -> (Option<i32>, String, String) {
        self.call("POST", "/__admin/shutdown", &[], "");
        self.ended()
    }

    /// Waits for its end.
    pub fn ended(&mut self) -> (Option<i32>, String, String) {
        let mut out = String::new();
        let err = self.stderr.take().expect("the first to ask").join().expect("a reader that does not fail");
        self.stdout.read_to_string(&mut out).expect("text");
        (self.child.wait().expect("an end").code(), out, err)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The keys of account 1.
pub const KEYS: [(&str, &str); 2] = [("authorization", "Bearer key"), ("account-id", "1")];
