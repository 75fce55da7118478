//! Setting a workspace up.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use url::Url;

use super::{Identity, Workspace};
use crate::{ChannelId, Clock, Error, Result, SystemClock};

/// Sets a [`Workspace`] up. Everything has a default: the bot of the set-up guide, on any free port.
#[derive(Debug)]
pub struct Builder {
    pub(super) identity: Identity,
    pub(super) events: Option<Vec<String>>,
    pub(super) port: u16,
    pub(super) deliver_to: Option<Url>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) retries: Vec<Duration>,
    pub(super) patience: Duration,
    pub(super) channels: Vec<(String, ChannelId)>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            identity: Identity::new("bot"),
            events: None,
            port: 0,
            deliver_to: None,
            clock: Arc::new(SystemClock),
            retries: [0, 60, 300].map(Duration::from_secs).to_vec(),
            patience: Duration::from_secs(3),
            channels: Vec::new(),
        }
    }

    /// The name people see and mention. Default: `bot`, which always means the bot, too.
    #[must_use]
    pub fn bot_name(mut self, name: &str) -> Self {
        self.identity.name = name.into();
        self
    }

    /// The scopes of the token. Default: `app_mentions:read`, `chat:write`, `channels:history`, `commands` and
    /// `im:history`.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.identity.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// One more scope.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        self.identity.scopes.push(scope.into());
        self
    }

    /// The events the app is subscribed to, by subscription name (`message.im`). Default: all that the scopes allow.
    #[must_use]
    pub fn events<S: Into<String>>(mut self, events: impl IntoIterator<Item = S>) -> Self {
        self.events = Some(events.into_iter().map(Into::into).collect());
        self
    }

    /// The slash commands of the app, with their slash. Default: whatever is typed is delivered.
    #[must_use]
    pub fn commands<S: Into<String>>(mut self, commands: impl IntoIterator<Item = S>) -> Self {
        self.identity.commands = Some(commands.into_iter().map(Into::into).collect());
        self
    }

    /// Makes the app one that is distributed outside of the platform's marketplace: `conversations.history` and
    /// `.replies` answer once a minute each, with fifteen messages at most. Default: the app is the workspace's own.
    #[must_use]
    pub fn distributed(mut self) -> Self {
        self.identity.is_distributed = true;
        self
    }

    /// A channel with an identifier of one's own, as one that a handler names. Default: channels are made on first use.
    #[must_use]
    pub fn channel(mut self, name: &str, id: impl Into<ChannelId>) -> Self {
        self.channels.push((name.into(), id.into()));
        self
    }

    /// The bot's token. Default: one that another process cannot guess.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.identity.token = token.into();
        self
    }

    /// What deliveries are signed with. Default: one that another process cannot guess.
    #[must_use]
    pub fn signing_secret(mut self, secret: &str) -> Self {
        self.identity.signing_secret = secret.into();
        self
    }

    /// What the app proves itself with where it asks for tokens. Default: one that another process cannot guess.
    #[must_use]
    pub fn client_secret(mut self, secret: &str) -> Self {
        self.identity.client_secret = secret.into();
        self
    }

    /// The port to listen on, on loopback. Default: any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The bot's address for events and commands; it can also be given later.
    #[must_use]
    pub fn deliver_to(mut self, address: Url) -> Self {
        self.deliver_to = Some(address);
        self
    }

    /// The clock of time stamps, signatures and `response_url`s. Default: the machine's. Waiting is in real time.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How long to wait before each further attempt to deliver an event. Default: none, one minute, five minutes.
    #[must_use]
    pub fn retry_schedule(mut self, waits: impl IntoIterator<Item = Duration>) -> Self {
        self.retries = waits.into_iter().collect();
        self
    }

    /// How long the bot has for an answer. Default: three seconds.
    #[must_use]
    pub fn answer_within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Listens on loopback. Refused: a taken port, and a subscription whose scope is not granted.
    pub async fn start(mut self) -> Result<Workspace> {
        self.identity.events = self.events.take().unwrap_or_else(|| self.identity.allowed_events());
        self.identity.check()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))
            .await
            .map_err(|error| Error::new(format!("the workspace cannot listen on 127.0.0.1:{}: {error}", self.port)))?;
        Workspace::run(self, listener)
    }
}
