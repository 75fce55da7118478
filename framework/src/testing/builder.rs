//! The workspace that a test needs.

use std::{sync::Arc, time::Duration};

use super::{TestBot, data_dir::DataDir};
use crate::{
    app::{App, Launch, launch},
    clock::{Clock, SystemClock},
    language::Language,
    settings::{Environment, General, Settings, StoreKind, admin, resend},
    slack::client::{Token, TokenKind},
    workspace::{Builder, Workspace},
};

/// How a test wants its workspace and its bot.
#[derive(Debug)]
pub struct TestBotBuilder {
    workspace: Builder,
    language: Language,
    clock: Arc<dyn Clock>,
    handler_limit: Option<Duration>,
    environment: Environment,
}

impl Default for TestBotBuilder {
    fn default() -> Self {
        Self {
            // A delivery that failed is repeated at once: a test waits for nothing.
            workspace: Workspace::builder().bot_name("bot").retry_schedule([Duration::ZERO; 3]),
            language: Language::English,
            clock: Arc::new(SystemClock),
            handler_limit: None,
            environment: Environment::default(),
        }
    }
}

impl TestBotBuilder {
    /// The scopes of the bot's token, in the place of the usual ones.
    #[must_use]
    pub fn scopes<'a>(mut self, scopes: impl IntoIterator<Item = &'a str>) -> Self {
        self.workspace = self.workspace.scopes(scopes);
        self
    }

    /// One scope more, with the events it allows.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        self.workspace = self.workspace.scope(scope);
        self
    }

    /// The events that the app has subscribed to, in the place of all that the scopes allow.
    #[must_use]
    pub fn events<'a>(mut self, events: impl IntoIterator<Item = &'a str>) -> Self {
        self.workspace = self.workspace.events(events);
        self
    }

    /// The language of the bot where a message does not tell one.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// The clock of the bot and of the workspace.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.workspace = self.workspace.clock(clock.clone());
        self.clock = clock;
        self
    }

    /// How long a handler may run, in the place of what the app says.
    #[must_use]
    pub fn handler_limit(mut self, limit: Duration) -> Self {
        self.handler_limit = Some(limit);
        self
    }

    /// A setting of the bot's own, as its states read it; of the framework's, `BAVARD_AMBIGUOUS` and those of the
    /// listener for operators, which is off unless `BAVARD_ADMIN_LISTEN` is given.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.environment = self.environment.with(name, value);
        self
    }

    /// The workspace, to be changed further.
    #[must_use]
    pub fn workspace(mut self, change: impl FnOnce(Builder) -> Builder) -> Self {
        self.workspace = change(self.workspace);
        self
    }

    /// Starts the workspace, and the bot in it.
    ///
    /// # Panics
    /// When either does not start.
    pub async fn start(self, app: App) -> TestBot {
        let workspace = self.workspace.start().await;
        let workspace = workspace.unwrap_or_else(|error| panic!("the workspace did not start: {error}"));
        let identity = workspace.identity();
        let token = Token::parse_as(TokenKind::Bot, "the token of the workspace", &identity.token);
        let api = workspace.api_url().parse();
        let admin = self.environment.is_set("BAVARD_ADMIN_LISTEN").then(|| admin(&self.environment, app.preferences()));
        let admin = admin.transpose().unwrap_or_else(|problem| panic!("{problem}")).flatten();
        let data_dir = DataDir::unique();
        app.preferences().own.check(&self.environment).unwrap_or_else(|problem| panic!("{problem}"));
        let settings = Settings {
            token: token.unwrap_or_else(|said| panic!("{said}")),
            signing_secrets: vec![identity.signing_secret.clone().into()],
            bot_user: None,
            api: api.unwrap_or_else(|error| panic!("the workspace has no address: {error}")),
            general: General {
                bot: app.preferences().name.clone(),
                listen: ([127, 0, 0, 1], 0).into(),
                admin,
                events_path: app.preferences().events_path.clone(),
                data_dir: data_dir.path().to_path_buf(),
                store: StoreKind::Memory,
                language: self.language,
                paced: Some(false),
                resend: resend(&self.environment).unwrap_or_else(|problem| panic!("{problem}")),
            },
        };
        let events_path = settings.general.events_path.clone();
        let launched =
            Launch { clock: self.clock, handler_limit: self.handler_limit, ..Launch::new(settings, self.environment) };
        let bot = launch(app, launched).await.unwrap_or_else(|error| panic!("the bot did not start: {error}"));
        let address = format!("http://{}{events_path}", bot.address()).parse();
        workspace.deliver_to(&address.unwrap_or_else(|error| panic!("the bot has no address: {error}")));
        TestBot { bot, workspace, _data_dir: data_dir }
    }
}
