//! A bot of one or more processes on one store, between the generator and the fake workspace.

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::time;

use crate::{
    bot,
    check::{Extent, Verdict, check},
    generator::Generator,
    ledger::{Ledgers, Left, Life, now},
    options::Options,
    process::Process,
    random::Random,
    signer::SECRET,
    store::Store,
    web_api::WebApi,
};

/// How long everything may take to come to its end. What was sent once more and is in doubt again is given up after
/// a minute; what fails often is tried for longer.
const ENDS_WITHIN: Duration = Duration::from_secs(240);

/// How long a bot may take to stop: 25 s for what was begun, and 5 s for open requests.
const STOPS_WITHIN: Duration = Duration::from_secs(40);

/// Each world has a bot of its own name, and so a schema of its own.
static NEXT: AtomicUsize = AtomicUsize::new(1);

/// Everything that takes part.
pub(crate) struct World {
    directory: TempDir,
    pub(crate) api: Arc<WebApi>,
    pub(crate) generator: Generator,
    replicas: Vec<Replica>,
    lives: Vec<Life>,
    settings: BTreeMap<String, String>,
    store: Store,
    /// What a process did that it must not, whatever the ledgers say.
    pub(crate) complaints: Vec<String>,
}

struct Replica {
    address: SocketAddr,
    process: Option<Process>,
}

/// An address of the loopback for one world alone, where the system has more than one: while its bot is down, its port
/// could go to the bot of another world else.
fn home(number: u8) -> Ipv4Addr {
    let own = Ipv4Addr::new(127, 0, 1, number);
    if TcpListener::bind((own, 0)).is_ok() { own } else { Ipv4Addr::LOCALHOST }
}

impl World {
    /// Nothing runs yet.
    pub(crate) async fn new(options: &Options, random: &mut Random) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::on(directory, options, random).await
    }

    /// The same in a directory that may hold a store.
    pub(crate) async fn on(directory: TempDir, options: &Options, random: &mut Random) -> Self {
        let api = WebApi::start(random.fork()).await;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let home = home(u8::try_from(number).unwrap_or(u8::MAX));
        // All at once, so that they differ.
        let listeners: Vec<_> = (0..options.replicas).map(|_| TcpListener::bind((home, 0)).unwrap()).collect();
        let addresses: Vec<_> = listeners.iter().map(|listener| listener.local_addr().unwrap()).collect();
        let replicas = addresses.iter().map(|address| Replica { address: *address, process: None }).collect();
        let name = format!("accounting {} {}", std::process::id(), number);
        let store = Store::at(&options.store, &name, &directory.path().join("data-0")).await;
        let settings = [
            ("SLACK_BOT_TOKEN", "xoxb-2147483705-1047483648-accountingaccounting"),
            ("SLACK_SIGNING_SECRET", SECRET),
            ("SLACK_API_URL", &api.url()),
            ("BAVARD_STORE", &options.store),
            ("BAVARD_ADMIN_LISTEN", ""),
            ("RUST_LOG", "warn"),
            ("BAVARD_LOG", "json"),
            (bot::NAME, &name),
            (bot::LEDGER, &directory.path().join("runs").display().to_string()),
        ];
        Self {
            api,
            generator: Generator::new(addresses),
            replicas,
            lives: Vec::new(),
            settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            store,
            directory,
            complaints: Vec::new(),
        }
    }

    /// A setting of the bots, from the next start on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.settings.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.settings.remove(name);
    }

    /// The directory in which everything stands.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn into_directory(self) -> TempDir {
        self.directory
    }

    /// The data directory of a replica.
    pub(crate) fn data(&self, replica: usize) -> PathBuf {
        self.directory.path().join(format!("data-{replica}"))
    }

    pub(crate) fn replicas(&self) -> usize {
        self.replicas.len()
    }

    /// Starts a replica, and waits until it listens; `false` when it ends instead.
    pub(crate) async fn start(&mut self, replica: usize) -> bool {
        self.begin(replica, None);
        self.listens(replica).await
    }

    /// Starts a replica again that has ended by itself.
    pub(crate) async fn start_again(&mut self, replica: usize) -> bool {
        self.gone(replica);
        self.start(replica).await
    }

    /// Starts a replica that cannot write files larger than that.
    pub(crate) async fn start_limited(&mut self, replica: usize, kilobytes: u64) -> bool {
        self.begin(replica, Some(kilobytes));
        self.listens(replica).await
    }

    /// Starts a replica without waiting for it.
    pub(crate) fn begin(&mut self, replica: usize, limit: Option<u64>) {
        let life = self.lives.len() as u64;
        self.lives.push(Life { number: life, halts: Vec::new() });
        let data = self.data(replica);
        fs::create_dir_all(&data).unwrap();
        let mut settings = self.settings.clone();
        settings.insert("BAVARD_DATA_DIR".to_owned(), data.display().to_string());
        settings.insert("BAVARD_LISTEN".to_owned(), self.replicas[replica].address.to_string());
        settings.insert(bot::LIFE.to_owned(), life.to_string());
        let settings: Vec<_> = settings.into_iter().collect();
        self.generator.forget(replica);
        let process = Process::start(life, &settings, limit, &self.log_file());
        self.replicas[replica].process = Some(process);
    }

    async fn listens(&mut self, replica: usize) -> bool {
        let address = self.replicas[replica].address;
        let listens = self.process(replica).listens(address).await;
        if !listens {
            self.gone(replica);
        }
        listens
    }

    /// The process of a replica that runs.
    pub(crate) fn process(&mut self, replica: usize) -> &mut Process {
        self.replicas[replica].process.as_mut().unwrap()
    }

    /// Whether a replica has a process, and that has not ended by itself.
    pub(crate) fn runs(&mut self, replica: usize) -> bool {
        self.replicas[replica].process.as_mut().is_some_and(|process| !process.has_ended())
    }

    pub(crate) fn kill(&mut self, replica: usize) {
        self.process(replica).kill();
        self.gone(replica);
    }

    /// Asks a replica to stop, and waits for it.
    pub(crate) async fn terminate(&mut self, replica: usize) -> Option<ExitStatus> {
        self.process(replica).signal("TERM");
        self.ended(replica, STOPS_WITHIN).await
    }

    /// Waits until a replica has ended; `None` when it had to be killed.
    pub(crate) async fn ended(&mut self, replica: usize, within: Duration) -> Option<ExitStatus> {
        let status = self.process(replica).ended(within).await;
        if status.is_none() {
            self.process(replica).kill();
        }
        self.gone(replica);
        status
    }

    fn gone(&mut self, replica: usize) {
        let Some(process) = self.replicas[replica].process.take() else { return };
        self.halted(process.life);
        self.generator.forget(replica);
    }

    /// Makes a replica stand still for a while.
    pub(crate) async fn pause(&mut self, replica: usize, pause: Duration) {
        self.process(replica).signal("STOP");
        let life = self.process(replica).life;
        self.halted(life);
        time::sleep(pause).await;
        self.process(replica).signal("CONT");
    }

    /// The database ends, or is not there yet again: what a process has begun by now may be begun again by another, for
    /// nobody knows what was kept of it.
    pub(crate) fn database_is_away(&mut self) {
        let lives: Vec<_> = self.replicas.iter().filter_map(|replica| Some(replica.process.as_ref()?.life)).collect();
        lives.into_iter().for_each(|life| self.halted(life));
    }

    fn halted(&mut self, life: u64) {
        let life = self.lives.iter_mut().find(|known| known.number == life).unwrap();
        life.halts.push(now());
    }

    fn log_file(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    /// Whether anything is being sent, or is in doubt.
    pub(crate) async fn is_sending(&self) -> bool {
        self.store.is_sending().await
    }

    /// What the bots have written to their log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Lets everything come to its end, stops all replicas, and gives the ledgers.
    pub(crate) async fn finish(&mut self) -> Ledgers {
        self.generator.stop();
        for replica in 0..self.replicas.len() {
            if !self.runs(replica) && !self.start_again(replica).await {
                self.complaints.push(format!("the bot did not start: {}", last_line(&self.log())));
                return self.ledgers().await;
            }
        }
        self.generator.quiet().await;
        self.at_rest().await;
        for replica in 0..self.replicas.len() {
            match self.terminate(replica).await {
                Some(status) if status.success() => {}
                Some(status) => self.complaints.push(format!("the bot stopped with {status}")),
                None => self.complaints.push(format!("the bot did not stop in {STOPS_WITHIN:?}")),
            }
        }
        self.ledgers().await
    }

    /// Waits until nothing is left in the store.
    pub(crate) async fn at_rest(&mut self) {
        let started = Instant::now();
        loop {
            let open = self.store.open().await;
            if open == Some((0, 0)) {
                return;
            }
            if started.elapsed() > ENDS_WITHIN {
                return self.complaints.push(format!("{open:?} events and effects are left"));
            }
            time::sleep(Duration::from_millis(250)).await;
        }
    }

    async fn ledgers(&mut self) -> Ledgers {
        let log = self.log();
        let mut left = Left::default();
        match self.store.left().await {
            Ok(held) => left = held,
            Err(error) => self.complaints.push(format!("the store cannot be read: {error}")),
        }
        left.given_up = log.matches("a message was given up").count();
        if log.contains("panicked") {
            self.complaints.push("something panicked".to_owned());
        }
        let runs = fs::read_to_string(self.directory.path().join("runs")).unwrap_or_default();
        Ledgers {
            said: self.generator.said(),
            runs: bot::read(&runs),
            posts: self.api.posts(),
            waits: self.api.waits(),
            tried: self.api.tried(),
            lives: self.lives.clone(),
            left,
        }
    }

    /// Lets everything come to its end, and judges it.
    pub(crate) async fn judge(mut self, extent: Extent) -> Judged {
        let started = Instant::now();
        let ledgers = self.finish().await;
        let mut verdict = check(&ledgers, extent);
        // What a scenario cannot do without stands among its complaints.
        let answers = self.generator.answers(0);
        if ledgers.posts.is_empty() {
            self.complaints.push("nothing was said at all".to_owned());
        }
        if verdict.holds() {
            self.store.forget().await;
        }
        let kept = (!verdict.holds() || !self.complaints.is_empty()).then(|| self.directory.keep());
        verdict.violations.sort_by_key(|violation| violation.invariant);
        Judged { ledgers, verdict, complaints: self.complaints, answers, drained: started.elapsed(), kept }
    }
}

/// What came out.
pub(crate) struct Judged {
    pub(crate) ledgers: Ledgers,
    pub(crate) verdict: Verdict,
    pub(crate) complaints: Vec<String>,
    /// How many deliveries were answered with which status; no answer is 0.
    pub(crate) answers: BTreeMap<u16, usize>,
    /// How long it took from the last message on.
    pub(crate) drained: Duration,
    /// Where everything stands, when something was wrong.
    pub(crate) kept: Option<PathBuf>,
}

pub(crate) fn last_line(log: &str) -> &str {
    log.lines().next_back().unwrap_or_default()
}
