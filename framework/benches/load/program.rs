//! The programs that are measured, each a process of its own.

use std::{
    fs,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tokio::net::TcpStream;

use super::{argument, free_address, generator::Connection, signer::SECRET};

const TOKEN: &str = "xoxb-2147483705-1047483648-benchbenchbenchbench";

/// The unit of `/proc/<pid>/stat`, which Linux fixes for programs.
const TICK: Duration = Duration::from_millis(10);

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Echo,
    Rival,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Rival => "rival",
        }
    }
}

/// A program that serves until it is dropped.
pub(crate) struct Program {
    pub(crate) kind: Kind,
    process: Child,
    address: SocketAddr,
    /// How long it took from its start to its first acknowledgement.
    pub(crate) acknowledged_after: Duration,
    _directory: tempfile::TempDir,
}

impl Program {
    /// Starts a program that posts to the Web API at this address, and delivers one event to it.
    pub(crate) async fn start(kind: Kind, api: SocketAddr) -> Self {
        let address = free_address();
        let directory = tempfile::tempdir().unwrap();
        let mut command = command(kind);
        let started = Instant::now();
        let process = command
            .current_dir(directory.path())
            .env_clear()
            .env("BAVARD_LISTEN", address.to_string())
            .env("BAVARD_STORE", argument("store").unwrap_or_else(|| "memory:".to_owned()))
            .env("SLACK_API_URL", format!("http://{api}/api/"))
            .env("SLACK_BOT_TOKEN", TOKEN)
            .env("SLACK_SIGNING_SECRET", SECRET)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut program = Self { kind, process, address, acknowledged_after: Duration::ZERO, _directory: directory };
        Connection::over(program.connection(started).await).deliver_one().await;
        program.acknowledged_after = started.elapsed();
        program
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A connection, as soon as somebody listens.
    async fn connection(&self, started: Instant) -> TcpStream {
        loop {
            if let Ok(stream) = TcpStream::connect(self.address).await {
                return stream;
            }
            assert!(started.elapsed() < Duration::from_secs(10), "{} does not listen", self.kind.name());
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
    }

    /// The time that it has spent on processors, in itself and in the system.
    pub(crate) fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // The name may hold anything, so fields are counted behind it.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks: u32 = fields[11].parse::<u32>().unwrap() + fields[12].parse::<u32>().unwrap();
        TICK * ticks
    }

    pub(crate) fn resident_megabytes(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1_024.0
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A build of the example that is named as `echo=PATH` or `rival=PATH` is measured instead: two builds compare so.
fn command(kind: Kind) -> Command {
    let named = argument(kind.name()).map(PathBuf::from);
    let path = named.clone().unwrap_or_else(|| match kind {
        Kind::Echo => directory().join("echo"),
        Kind::Rival => std::env::current_exe().unwrap(),
    });
    let by_hand = named.is_none() && matches!(kind, Kind::Rival);
    let mut command = Command::new(path);
    command.arg(if by_hand { "rival" } else { "serve" });
    command
}

/// Builds the example with the profile that this benchmark is built with.
pub(crate) fn build_echo() {
    if argument(Kind::Echo.name()).is_some() {
        return;
    }
    let mut command = Command::new(env!("CARGO"));
    let target = directory().parent().unwrap().to_owned();
    command.args(["build", "--release", "--package", "echo", "--quiet", "--target-dir"]).arg(target);
    // What cargo tells this program of its package would tell it to build the dependencies anew.
    let told = std::env::vars().map(|(name, _)| name);
    told.filter(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")).for_each(|name| {
        command.env_remove(name);
    });
    assert!(command.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
}

/// Where cargo puts finished programs: above the `deps` that this one stands in.
fn directory() -> PathBuf {
    std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned()
}
