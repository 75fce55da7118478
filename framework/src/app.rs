//! What an author starts: the app, described; and the bot, running.

mod admin;
mod bot;
mod check;
mod forget;
mod into_app;
mod opening;
mod provide;
mod store;

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

#[cfg(any(feature = "playground", feature = "testing"))]
pub(crate) use self::bot::start as launch;
pub use self::{bot::Bot, check::Report, into_app::IntoApp, opening::Opening};
pub(crate) use self::{bot::Launch, provide::Providers};
use crate::{
    dispatch::Dispatcher,
    doctor::{self, Check},
    error::{Error, Result},
    handler::{Handler, Registration},
    route::Problems,
    sentence::Sentence,
    settings::{Environment, Preferences, SettingProblem, Settings},
};

/// How long a handler may run unless its app says otherwise.
const HANDLER_LIMIT: Duration = Duration::from_secs(60);

/// A bot, described: its name, its handlers, and the values it provides to them.
///
/// Describing it opens nothing; that is left to [`App::start`] and to the commands that run handlers.
#[derive(Debug)]
pub struct App {
    handlers: Vec<&'static Handler>,
    providers: Providers,
    preferences: Preferences,
    handler_limit: Duration,
}

impl App {
    /// An app with every handler of the process.
    ///
    /// A library crate whose handlers should be among them must be named by the program, as in
    /// `use my_handlers as _;`, for the linker drops what nobody names.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        let handlers = inventory::iter::<Registration>.into_iter().map(|Registration(handler)| *handler).collect();
        Self { handlers, ..Self::empty().named(name) }
    }

    /// An app without handlers: they are listed by [`App::handlers`].
    #[must_use]
    pub fn empty() -> Self {
        Self {
            handlers: Vec::new(),
            providers: Providers::default(),
            preferences: Preferences::new("bot"),
            handler_limit: HANDLER_LIMIT,
        }
    }

    /// Gives it a name: it stands in logs, in `.env.<name>` and in the path of its data.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.preferences.name = name.into();
        self
    }

    /// Adds handlers, as `handlers![hello, ops::restart]`.
    #[must_use]
    pub fn handlers(mut self, handlers: &[&'static Handler]) -> Self {
        self.handlers.extend(handlers);
        self
    }

    /// Provides a value to the handlers that take `State<T>`.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.providers.ready(value);
        self
    }

    /// Provides a value that is opened when the bot starts, and never by what only looks at the app.
    ///
    /// A failure to open it ends the start with the error's text.
    #[must_use]
    pub fn state_with<T, E, Opened>(self, open: impl FnOnce() -> Opened + Send + 'static) -> Self
    where
        T: Send + Sync + 'static,
        E: Into<Error>,
        Opened: Future<Output = Result<T, E>> + Send + 'static,
    {
        self.state_from(|_| open())
    }

    /// The same for a value that needs the bot's data directory, or settings of its own.
    #[must_use]
    pub fn state_from<T, E, Opened>(mut self, open: impl FnOnce(Opening) -> Opened + Send + 'static) -> Self
    where
        T: Send + Sync + 'static,
        E: Into<Error>,
        Opened: Future<Output = Result<T, E>> + Send + 'static,
    {
        self.providers.opened(open);
        self
    }

    /// Names a setting of the bot's own, with what reads it. A start, and `doctor`, read it before anything else where it
    /// is there, and tell what is wrong with it beside what is wrong with others; a variable that is this name with a
    /// letter wrong is told of too. What the bot does with it is up to [`App::state_from`].
    ///
    /// ```
    /// use bavard::{App, SettingProblem};
    ///
    /// fn most(value: &str) -> Result<usize, SettingProblem> {
    ///     let expected = ("how many notes are kept, as 100", "combien de notes sont gardées, comme 100");
    ///     value.parse().map_err(|_| SettingProblem::malformed("NOTES_MOST", expected))
    /// }
    ///
    /// App::new("notes").setting("NOTES_MOST", most);
    /// ```
    #[must_use]
    pub fn setting<T>(
        mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, SettingProblem> + Send + Sync + 'static,
    ) -> Self {
        self.preferences.own.add(name, read);
        self
    }

    /// Listens on this port of every interface unless `BAVARD_LISTEN` says otherwise.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.preferences.listen.set_port(port);
        self
    }

    /// Lets operators look at this port of this machine alone unless `BAVARD_ADMIN_LISTEN` says otherwise.
    #[must_use]
    pub fn admin_port(mut self, port: u16) -> Self {
        self.preferences.admin_listen.set_port(port);
        self
    }

    /// Lets each handler run for so long, in the place of one minute. One that runs longer has failed; but while the store
    /// does not take what it says, it has its time again.
    #[must_use]
    pub fn handler_limit(mut self, limit: Duration) -> Self {
        self.handler_limit = limit;
        self
    }

    /// Takes events on this path unless `BAVARD_EVENTS_PATH` says otherwise.
    #[must_use]
    pub fn events_path(mut self, path: impl Into<String>) -> Self {
        self.preferences.events_path = path.into();
        self
    }

    /// Checks the handlers together: that there are some, that no two claim the same words, that each can be reached,
    /// and that every `State<T>` is provided. A one-line test: `bot().check().unwrap()`.
    ///
    /// # Errors
    /// Every problem, each with its place in the source and its cure.
    pub fn check(&self) -> Result<Report, Problems> {
        let dispatcher = self.dispatcher()?;
        Ok(Report::of(&dispatcher))
    }

    /// Starts the bot with the settings of the process: no command line, no log subscriber, no signal handlers. Call
    /// within a tokio runtime.
    ///
    /// # Errors
    /// When a setting is missing or malformed, a handler has a problem, a state cannot be opened, another process has
    /// the bot's data, or the port is taken.
    pub async fn start(self) -> Result<Bot, StartError> {
        let environment = Environment::of_process(&self.preferences.name, None)?;
        self.start_in(&environment).await
    }

    /// The same with settings of one's own.
    ///
    /// # Errors
    /// As [`App::start`].
    pub async fn start_in(self, environment: &Environment) -> Result<Bot, StartError> {
        // What is wrong may be that a setting goes by another name.
        let told = |_: &SettingProblem| doctor::remarks(environment, &self.preferences).iter().for_each(Check::warn);
        let settings = Settings::read(environment, &self.preferences).inspect_err(told)?;
        bot::start(self, Launch::new(settings, environment.clone())).await
    }

    pub(crate) fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    pub(crate) fn dispatcher(&self) -> Result<Arc<Dispatcher>, Problems> {
        let missing = check::states(&self.handlers, &self.providers);
        match Dispatcher::build(&self.handlers) {
            Ok(dispatcher) if missing.is_empty() => Ok(Arc::new(dispatcher)),
            Ok(_) => Err(Problems(missing)),
            Err(Problems(problems)) => Err(Problems(problems.into_iter().chain(missing).collect())),
        }
    }
}

/// Why a bot did not start: one message, with the cure.
#[non_exhaustive]
pub enum StartError {
    /// A setting is missing or cannot be used.
    Setting(SettingProblem),
    /// Something is wrong with the handlers.
    Handlers(Problems),
    /// A value that the handlers need could not be opened.
    State(Error),
    /// What keeps the events cannot be used: another process has it, or it is damaged.
    Store(Error),
    /// The address is taken, or may not be used.
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
}

impl StartError {
    /// Why a state could not be opened.
    fn of_state(error: Error) -> Self {
        match error.cause_as::<SettingProblem>() {
            Some(problem) => Self::Setting(problem.clone()),
            None => Self::State(error),
        }
    }

    /// The message in French. What is wrong with the handlers, and what an author's own error says, is in one language
    /// alone.
    #[must_use]
    pub fn in_french(&self) -> String {
        let french = |error: &Error| error.in_french().map_or_else(|| error.to_string(), str::to_owned);
        match self {
            Self::Setting(problem) => problem.in_french().to_owned(),
            Self::Handlers(problems) => problems.to_string(),
            Self::State(error) => format!("le bot n’a pas pu être ouvert : {}", french(error)),
            Self::Store(error) => french(error),
            Self::Listen { address, cause } => listening(*address, cause).french,
        }
    }
}

/// Why an address cannot be listened on.
fn listening(address: SocketAddr, cause: &std::io::Error) -> Sentence {
    use std::io::ErrorKind::{AddrInUse, PermissionDenied};
    match cause.kind() {
        AddrInUse => Sentence::new(
            format!(
                "{address} is taken by another program, perhaps another copy of this bot. Stop it, or set \
                 BAVARD_LISTEN to another address, as 0.0.0.0:8310."
            ),
            format!(
                "{address} est pris par un autre programme, peut-être une autre copie de ce bot. Arrêtez-le, ou donnez \
                 une autre adresse à BAVARD_LISTEN, comme 0.0.0.0:8310."
            ),
        ),
        PermissionDenied => Sentence::new(
            format!(
                "{address} may not be used: ports below 1024 are for root. Set BAVARD_LISTEN to a higher port, as \
                 0.0.0.0:8310."
            ),
            format!(
                "{address} est interdit : les ports en dessous de 1024 sont pour root. Donnez un port plus haut à \
                 BAVARD_LISTEN, comme 0.0.0.0:8310."
            ),
        ),
        _ => Sentence::new(
            format!(
                "{address} cannot be listened on: {cause}. Set BAVARD_LISTEN to an address of this machine, as \
                 0.0.0.0:8310."
            ),
            format!(
                "impossible d’écouter sur {address} : {cause}. Donnez à BAVARD_LISTEN une adresse de cette machine, \
                 comme 0.0.0.0:8310."
            ),
        ),
    }
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Setting(problem) => problem.fmt(f),
            Self::Handlers(problems) => problems.fmt(f),
            Self::State(error) => write!(f, "the bot could not be opened: {error}"),
            Self::Store(error) => error.fmt(f),
            Self::Listen { address, cause } => listening(*address, cause).fmt(f),
        }
    }
}

impl std::fmt::Debug for StartError {
    /// The message itself: it is what `unwrap` prints.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for StartError {}

impl From<SettingProblem> for StartError {
    fn from(problem: SettingProblem) -> Self {
        Self::Setting(problem)
    }
}

impl From<Problems> for StartError {
    fn from(problems: Problems) -> Self {
        Self::Handlers(problems)
    }
}
