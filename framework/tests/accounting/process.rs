//! A process of the bot.

use std::{
    fs::OpenOptions,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use tokio::{net::TcpStream, time};

/// How long a bot may take to listen, on a machine that does much else.
const LISTENS_WITHIN: Duration = Duration::from_secs(30);

/// A process, which is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// The number of its life.
    pub(crate) life: u64,
}

impl Process {
    /// Starts this program again, as the bot. Its log goes to the end of `log`.
    pub(crate) fn start(life: u64, settings: &[(String, String)], limit: Option<u64>, log: &Path) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut command = match limit {
            None => Command::new(program),
            // What a file is not let grow beyond, in kilobytes; to try is no reason to end.
            Some(kilobytes) => {
                let mut shell = Command::new("sh");
                let line = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$0\" \"$@\"", kilobytes * 2);
                shell.args(["-c", &line]).arg(program);
                shell
            }
        };
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let directory = data_directory(settings);
        command.arg("serve").current_dir(directory).env_clear();
        command.envs(settings.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Self { child: command.spawn().unwrap(), life }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it listens; `false` when it ends before.
    pub(crate) async fn listens(&mut self, address: SocketAddr) -> bool {
        let started = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            if self.has_ended() {
                return false;
            }
            assert!(started.elapsed() < LISTENS_WITHIN, "the bot neither listens nor ends");
            time::sleep(Duration::from_millis(2)).await;
        }
        true
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Sends a signal by its name, as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.id());
        assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success(), "{line}");
    }

    /// Ends it without a chance to put anything in order.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it has ended by itself; `None` when it takes longer than that.
    pub(crate) async fn ended(&mut self, within: Duration) -> Option<ExitStatus> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            if started.elapsed() > within {
                return None;
            }
            time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// No `.env` file of the directory that the harness runs in is for the bot.
fn data_directory(settings: &[(String, String)]) -> &str {
    let directory = settings.iter().find(|(name, _)| name == "BAVARD_DATA_DIR");
    directory.map_or("/", |(_, directory)| directory)
}
