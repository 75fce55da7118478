//! The bot, running.

use std::{
    net::SocketAddr,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use secrecy::SecretString;
use tokio::task::JoinHandle;

use super::{App, Opening, StartError, admin, forget};
use crate::{
    clock::{Clock, SystemClock},
    conversation::{self, Conversations, Kept},
    doctor::{self, Check},
    engine::{CoreLimits, Engine, Parts},
    error::{Error, Result},
    handler::{Handler, Need},
    id::{ChannelId, UserId},
    metrics::{Metrics, Names},
    platform::{self, Platform},
    reply::Reply,
    server::{Admin, Front, Known, Operations, Public, Server, Unread, bind, metrics_routes},
    settings::{Environment, Settings},
    slack::{
        Slack,
        client::{Client, ClientSettings},
        verify::Verifier,
    },
    storage::Storage,
};

/// How long a bot that stops waits for its handlers and for what they say.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);

/// How long open requests are waited for when a bot stops.
const REQUESTS_LIMIT: Duration = Duration::from_secs(5);

/// How long operators are waited for.
const ADMIN_LIMIT: Duration = Duration::from_secs(1);

/// A bot that runs. It goes on until [`Bot::stop`], or until it is dropped.
#[derive(Debug)]
pub struct Bot {
    server: Option<Server>,
    /// The listener for operators, unless it is off or its address is taken.
    admin: Option<Server>,
    engine: Engine,
    front: Arc<Front>,
    address: SocketAddr,
    events_path: String,
    identifying: JoinHandle<()>,
    forgetting: JoinHandle<()>,
    /// Nothing when no handler reads conversations.
    forgetting_said: Option<JoinHandle<()>>,
}

/// How a bot is started.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) settings: Settings,
    pub(crate) environment: Environment,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long handlers may run, in the place of what the app says.
    pub(crate) handler_limit: Option<Duration>,
}

impl Launch {
    pub(crate) fn new(settings: Settings, environment: Environment) -> Self {
        Self { settings, environment, clock: Arc::new(SystemClock), handler_limit: None }
    }
}

/// Starts a bot: listening waits for nothing that comes over the network.
pub(crate) async fn start(app: App, launch: Launch) -> Result<Bot, StartError> {
    let Launch { settings, environment, clock, handler_limit } = launch;
    doctor::remarks(&environment, &app.preferences).iter().for_each(Check::warn);
    let dispatcher = app.dispatcher()?;
    let handlers = dispatcher.handlers().to_vec();
    let listen = settings.general.listen;
    let listener = bind(listen).await.map_err(|cause| StartError::Listen { address: listen, cause })?;
    // Before the states, which may keep files in the directory that it locks.
    let metrics = Arc::new(Metrics::new(&Names { handlers: dispatcher.paths(), ..crate::slack::names() }));
    let super::store::Opened { store, operate } = super::store::open(&settings.general, metrics.clone()).await?;
    let others: Vec<_> = others(&environment).collect();
    let opening = Opening::new(settings.general.data_dir.clone(), environment);
    let mut states = app.providers.open(&opening).await.map_err(StartError::of_state)?;
    let client = client(&settings, clock.clone(), metrics.clone())?;
    states.insert(client.clone());
    // Where others hear a part of what is said, nothing of it is kept here.
    let alone = store.shared().is_none();
    let kept = (reads_conversations(&handlers) && alone).then(|| Arc::new(Kept::default()));
    let platform: Arc<dyn Platform> = Arc::new(slack(&settings, others, client)?.telling(kept.clone()));
    states.insert(Conversations::new(platform.clone(), clock.clone(), kept.clone()));
    let engine = Engine::start(Parts {
        platform: platform.clone(),
        store,
        clock: clock.clone(),
        dispatcher,
        states: Arc::new(states),
        language: settings.general.language,
        limits: limits(&settings),
        handler_limit: handler_limit.unwrap_or(app.handler_limit),
        metrics: metrics.clone(),
    });
    engine.take_over().await.map_err(|error| StartError::Store(Error::new(error)))?;
    let unknown =
        Known::NotYet { why: "the platform has not answered auth.test yet; try again in a moment".to_owned() };
    let front = Arc::new(Front {
        name: app.preferences.name,
        platform,
        engine: engine.clone(),
        clock,
        identity: RwLock::new(unknown),
        draining: AtomicBool::new(false),
        metrics,
        unread: Unread::default(),
        sheds: AtomicU64::new(0),
    });
    let server = Server::start(listener, Public::new(front.clone(), &settings.general.events_path))
        .map_err(|cause| StartError::Listen { address: listen, cause })?;
    let operations = Operations::new(operate.clone(), engine.clone(), front.clock.clone());
    let operators = Admin::new(&front.name).with(metrics_routes(front.clone())).with(operations.router());
    let admin = admin::start(settings.general.admin, operators).await;
    let address = server.address();
    let identifying = tokio::spawn(identify(front.clone(), handlers, settings.bot_user));
    let events_path = settings.general.events_path;
    let forgetting = forget::watch(operate, front.clock.clone());
    let forgetting_said = kept.map(|kept| conversation::watch(kept, front.clock.clone()));
    Ok(Bot {
        server: Some(server),
        admin,
        engine,
        front,
        address,
        events_path,
        identifying,
        forgetting,
        forgetting_said,
    })
}

impl Bot {
    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that operators look at; nothing when that is off, or was taken when the bot started.
    #[must_use]
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(Server::address)
    }

    /// The path that events come to.
    #[must_use]
    pub fn events_path(&self) -> &str {
        &self.events_path
    }

    /// Says something in a conversation, from anywhere: stored before it is sent, in order, and sent once.
    ///
    /// # Errors
    /// When the bot is about to stop, or it cannot be stored.
    pub async fn say(&self, channel: &ChannelId, reply: impl Into<Reply>) -> Result<()> {
        self.engine.say(channel, reply.into()).await
    }

    /// The values that the bot keeps, for whoever is no handler: each change is committed by itself.
    #[must_use]
    pub fn storage(&self) -> Storage {
        self.engine.storage().clone()
    }

    /// Waits until every event that came in is at its end and everything said is delivered.
    pub async fn idle(&self) {
        self.engine.idle().await;
    }

    /// Stops: takes nothing more in, lets handlers end and what they say be delivered, and says whether all of it was.
    ///
    /// Until then it goes on listening: what comes is asked to come again, and `/readyz` says that it should not come
    /// here.
    pub async fn stop(mut self) -> bool {
        self.drain().await
    }

    /// Stops at once: handlers that still run are cut short. The next start takes up what they leave, and does not count
    /// it as a crash of theirs.
    pub async fn stop_at_once(mut self) {
        self.identifying.abort();
        if let Some(server) = self.server.take() {
            server.abort();
        }
        self.engine.close().await;
    }

    pub(crate) async fn drain(&mut self) -> bool {
        self.front.draining.store(true, Ordering::Relaxed);
        self.identifying.abort();
        self.forgetting.abort();
        let drained = self.engine.drain(DRAIN_LIMIT).await;
        if let Some(server) = self.server.take() {
            server.stop(REQUESTS_LIMIT).await;
        }
        self.engine.close().await;
        // Last, so that a stop can be watched.
        if let Some(admin) = self.admin.take() {
            admin.stop(ADMIN_LIMIT).await;
        }
        drained
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.identifying.abort();
        self.forgetting.abort();
        self.forgetting_said.iter().for_each(JoinHandle::abort);
        self.server.iter().chain(&self.admin).for_each(Server::abort);
    }
}

fn client(settings: &Settings, clock: Arc<dyn Clock>, metrics: Arc<Metrics>) -> Result<Client, StartError> {
    let token = Some(settings.token.clone());
    let client = ClientSettings { clock, ..ClientSettings::new(settings.api.clone(), token) };
    Client::counted(client, Some(metrics))
        .map_err(|said| StartError::Setting(crate::SettingProblem::new(said.to_string(), said.in_french())))
}

fn slack(settings: &Settings, others: Vec<(String, SecretString)>, client: Client) -> Result<Slack, StartError> {
    let verifier = Verifier::new(&settings.signing_secrets).ok_or_else(|| {
        StartError::Setting(crate::SettingProblem::new(
            "SLACK_SIGNING_SECRET is empty. Copy it from Basic Information.",
            "SLACK_SIGNING_SECRET est vide. Copiez-le depuis Basic Information.",
        ))
    })?;
    Ok(Slack::new(verifier.beside(others), client, settings.bot_user.clone()))
}

/// Whether a handler asks for what was said before.
fn reads_conversations(handlers: &[&'static Handler]) -> bool {
    handlers.iter().flat_map(|handler| handler.needs()).any(|need| need == Need::of::<Conversations>())
}

/// Values of other settings that somebody may have mixed up with the signing secret, in files of their own too.
fn others(environment: &Environment) -> impl Iterator<Item = (String, SecretString)> {
    let named = |name: &&str| name.starts_with("SLACK_") && *name != "SLACK_SIGNING_SECRET";
    let names = environment.names().into_iter().map(|name| name.strip_suffix("_FILE").unwrap_or(name)).filter(named);
    names.filter_map(|name| Some((name.to_owned(), environment.secret(name).ok()??.into())))
}

fn limits(settings: &Settings) -> CoreLimits {
    CoreLimits { paced: is_paced(settings), resend: settings.general.resend, ..CoreLimits::default() }
}

/// Calls to the platform itself are paced before it asks for it; those to a stand-in are not.
fn is_paced(settings: &Settings) -> bool {
    let host = settings.api.host_str().unwrap_or_default();
    settings.general.paced.unwrap_or(host == "slack.com" || host.ends_with(".slack.com"))
}

/// How often a token that worked is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Asks the platform who the bot is: until it answers, and again when it refuses the token later. What its first answer
/// tells of the set-up is said once; a bot serves people as far as it can.
async fn identify(front: Arc<Front>, handlers: Vec<&'static Handler>, set: Option<UserId>) {
    let mut is_first = true;
    let mut wait = Duration::from_secs(1);
    loop {
        match front.platform.identify().await {
            Ok(identity) => {
                let platform::Identity { name, user, team_name, .. } = &identity;
                tracing::info!(bot = name, %user, team = team_name, "the token works");
                if std::mem::take(&mut is_first) {
                    let checks = doctor::identified(&identity, set.as_ref(), &handlers, front.clock.now());
                    checks.iter().for_each(Check::log);
                }
                front.know(Known::Bot(identity.user));
                wait = Duration::from_secs(1);
                while !front.platform.is_refused() {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
            }
            Err(error) if error.passing => {
                tracing::warn!("{}", error.why);
                front.know(Known::NotYet { why: error.why.english });
            }
            Err(error) => {
                tracing::error!("{}", error.why);
                front.know(Known::Refused { why: error.why.english });
            }
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(60));
    }
}
