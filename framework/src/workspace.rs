//! A chat platform on loopback that speaks the platform's protocol on both sides over real TCP, so that an unmodified
//! bot is developed and tested without an account anywhere.
//!
//! A [`Workspace`] keeps channels, people and messages in memory. A [`Person`] says things; the workspace delivers
//! them to the bot as signed HTTP requests, tries again as the platform does, and serves the Web API under
//! [`Workspace::api_url`]. [`Workspace::wait_until`] waits for what the bot makes of it, without sleeping.
//!
//! ```no_run
//! # async fn example() -> bavard::Result<()> {
//! use std::time::Duration;
//!
//! use bavard::workspace::{State, Workspace};
//!
//! let workspace = Workspace::start().await?;
//! // Start the bot with `workspace.api_url()` and the secrets of `workspace.identity()`, then:
//! workspace.deliver_to(&"http://127.0.0.1:8301/slack/events".parse()?);
//! let (alice, general) = (workspace.person("alice"), workspace.channel("general"));
//! let asked = alice.say(&general, "@bot hello");
//! let reply = |state: &State| state.thread(general.id(), &asked.id).get(1).map(|reply| reply.shown().to_owned());
//! let answer = workspace.wait_until(reply, Duration::from_secs(5)).await?;
//! assert_eq!(answer, "Hello, @alice!");
//! # Ok(())
//! # }
//! ```
//!
//! # What is imitated
//! - Deliveries: signature v0, event envelopes, the twin of a mention (`app_mention` and `message`, different event
//!   identifiers, the same time stamp), echoes of the bot's own posts, edits, deletions, reactions; slash commands and
//!   pressed buttons as forms; the challenge of an address; three seconds for an answer, three retries with their
//!   headers, the header that forbids them; only subscribed events, only of channels the bot is in.
//! - Web API: forms, JSON (only by the methods that read it) and queries; tokens, scopes and their headers; membership,
//!   private and archived channels; errors by their names; cursors that must be percent-encoded; `response_url` with
//!   its five uses in thirty minutes. The methods: `api.test`, `auth.test`, `bots.info`, `team.info`,
//!   `oauth.v2.access` (which knows the app's secret, and no code),
//!   `chat.postMessage`, `.postEphemeral`, `.update`, `.delete`, `.getPermalink`, `conversations.history`, `.replies`,
//!   `.info`, `.list`, `.members`, `.open`, `.join`, `users.info`, `.list`, `.conversations`, `reactions.add`,
//!   `.remove`, `.get`.
//!
//! # What is known to differ
//! - Every other method answers `unknown_method`: modals, files, pins, search, streams and the rest. Buttons can be
//!   pressed; selects and other elements are only shown. Socket Mode, OAuth, group messages and several workspaces are
//!   not there.
//! - There are no rate limits but those asked for by [`Workspace::fail`] and [`Builder::distributed`]. Subscriptions are never switched off.
//! - Every person is a member of every public channel, and joins a private one by speaking in it; joining and leaving
//!   are not told to the bot. Nor is a mention of a bot that is not in the channel, once it is invited.
//! - The bot's text is kept as sent: addresses in it are not linked, `&` is not escaped, and more than 40,000
//!   characters are refused, where the platform may cut them. `markdown_text` is kept as text and as a `markdown`
//!   block. `rich_text` of people has no styles. E-mail addresses and bare domains are not linked.
//! - Blocks are checked coarsely: shape, known types, the lengths people meet.
//! - `#name` as a channel is refused; `username` and icons are ignored; multipart bodies are refused. A `thread_ts`
//!   that is not the head of a thread is refused with `cannot_reply_to_message`.
//! - A slash command arrives as typed (references are not escaped), and the typed command is never shown.
//!   `replace_original` of a command replaces what was last answered through the same address.
//! - A person's direct messages exist before either side has written, as soon as they are asked for.
//! - Deliveries start in the order of what happened, but none waits for another. A delivery that is redirected follows
//!   the rules of HTTP, twice at most.

mod api;
mod blocks;
mod builder;
mod channel;
mod conversation;
mod delivery;
mod event;
mod fault;
mod identity;
mod interaction;
mod limits;
mod markup;
mod message;
mod numbering;
mod person;
mod reaction;
mod response_url;
mod server;
mod signing;
mod state;
#[cfg(test)]
mod tests;
mod user;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::JoinHandle,
};
use url::Url;

pub use self::{
    api::{Call, Outcome},
    builder::Builder,
    channel::Channel,
    delivery::{Delivery, Withheld},
    fault::Fault,
    identity::Identity,
    message::{Author, Message, Reaction},
    person::Person,
    state::State,
};
use crate::{ChannelId, Error, EventId, MessageId, Result};

/// A running workspace. Cheap to clone; it stops when the last clone is dropped, or told to.
#[derive(Clone)]
pub struct Workspace(Arc<Running>);

impl Workspace {
    /// Sets a workspace up.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Starts a workspace as it is by default. Refused as by [`Builder::start`].
    pub async fn start() -> Result<Self> {
        Self::builder().start().await
    }

    /// The base of the Web API, as `http://127.0.0.1:4000/api/`.
    #[must_use]
    pub fn api_url(&self) -> String {
        self.read(|state| format!("{}api/", state.base))
    }

    /// Who the bot is here, with its token and signing secret.
    #[must_use]
    pub fn identity(&self) -> Arc<Identity> {
        self.read(|state| Arc::clone(&state.identity))
    }

    /// Sets the bot's address for events and commands, from the next attempt on.
    pub fn deliver_to(&self, address: &Url) {
        self.shared().update(|state| state.deliver_to = Some(address.to_string()));
    }

    /// Sends a challenge to the bot's address. Refused when it does not come back.
    pub async fn verify_url(&self) -> Result<()> {
        delivery::verify(self.shared()).await
    }

    /// The person called `name`, met on first use.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        let id = self.shared().update(|state| state.person(name.trim_start_matches('@')));
        Person { workspace: self.clone(), id }
    }

    /// The channel called `name`, made on first use: public, with everybody and the bot in it.
    #[must_use]
    pub fn channel(&self, name: &str) -> Channel {
        let id = self.shared().update(|state| state.channel(name.trim_start_matches('#')));
        Channel { workspace: self.clone(), id }
    }

    /// What was said in a channel, oldest first, replies and ephemeral messages included.
    #[must_use]
    pub fn messages(&self, channel: &ChannelId) -> Vec<Message> {
        self.read(|state| state.messages(channel).to_vec())
    }

    /// A message and its replies, oldest first.
    #[must_use]
    pub fn thread(&self, channel: &ChannelId, parent: &MessageId) -> Vec<Message> {
        self.read(|state| state.thread(channel, parent).into_iter().cloned().collect())
    }

    /// Every call of the Web API, in the order of their answers.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.read(|state| state.calls().to_vec())
    }

    /// Every attempt to deliver, in the order they ended.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.read(|state| state.deliveries().to_vec())
    }

    /// What happened and was not delivered, and why.
    #[must_use]
    pub fn withheld(&self) -> Vec<Withheld> {
        self.read(|state| state.withheld().to_vec())
    }

    /// Makes something go wrong.
    pub fn fail(&self, fault: Fault) {
        self.shared().write(|state| state.faults.push(fault));
    }

    /// Lets everything go right again.
    pub fn clear_faults(&self) {
        self.shared().write(|state| state.faults.clear());
    }

    /// Delivers any inner event, whatever the subscriptions say. `event` needs its `type`. Gives the identifier of the
    /// event; `None` when there is no address to deliver to, or `event` is no object.
    pub fn send_event(&self, event: Value) -> Option<EventId> {
        let Value::Object(fields) = event else { return None };
        let name = fields.get("type").and_then(Value::as_str).unwrap_or("unknown").to_owned();
        self.shared().update(|state| {
            state.send_event(&name, &fields);
            state.outgoing.last().and_then(|outgoing| outgoing.event_id.clone())
        })
    }

    /// Delivers an event once more, byte for byte, as the platform sometimes does. `false` when it was never tried.
    pub fn send_again(&self, event: &EventId) -> bool {
        self.shared().update(|state| {
            let earlier = state.deliveries.iter().find(|delivery| delivery.event_id.as_ref() == Some(event)).cloned();
            let Some(earlier) = earlier else { return false };
            state.send(delivery::Outgoing::again(&earlier));
            true
        })
    }

    /// Reads the whole state at one moment.
    pub fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        self.shared().read(read)
    }

    /// Waits until `found` finds something: it is asked now and after every change, until `within` is over. Then the
    /// error tells what happened last.
    pub async fn wait_until<T>(&self, found: impl Fn(&State) -> Option<T>, within: Duration) -> Result<T> {
        let mut changed = self.shared().changed.subscribe();
        let waiting = async {
            loop {
                changed.borrow_and_update();
                if let Some(found) = self.read(&found) {
                    return found;
                }
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(within, waiting).await.map_err(|_| Error::new(self.read(|state| state.summary(within))))
    }

    /// Waits until everything delivered was accepted or given up, retries included, however long that takes. What the
    /// bot does after it accepted an event is not waited for.
    pub async fn quiet(&self) {
        let mut changed = self.shared().changed.subscribe();
        // The sender lives as long as this handle: waiting cannot fail.
        let _ = changed.wait_for(|_| self.read(State::is_quiet)).await;
    }

    /// Stops: closes every connection, drops what is undelivered. What happened can still be read.
    pub fn shutdown(&self) {
        self.0.stop();
    }

    fn run(builder: Builder, listener: TcpListener) -> Result<Self> {
        let base = format!("http://{}/", listener.local_addr()?);
        let mut state = State::new(builder.identity, builder.clock, base);
        state.deliver_to = builder.deliver_to.map(String::from);
        builder.channels.into_iter().for_each(|(name, id)| state.add_channel(id, &name));
        let (queue, deliveries) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
            queue,
            http: client()?,
            retries: builder.retries,
            patience: builder.patience,
        });
        let server = tokio::spawn(server::run(Arc::clone(&shared), listener));
        let deliverer = tokio::spawn(delivery::run(Arc::clone(&shared), deliveries));
        Ok(Self(Arc::new(Running { shared, tasks: [server, deliverer] })))
    }

    fn shared(&self) -> &Shared {
        &self.0.shared
    }
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Workspace").field(&self.api_url()).finish()
    }
}

/// The tasks of a workspace, which end with it.
struct Running {
    shared: Arc<Shared>,
    tasks: [JoinHandle<()>; 2],
}

impl Running {
    fn stop(&self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        self.shared.update(State::stop);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What the listener, the deliveries and the handles share.
struct Shared {
    state: Mutex<State>,
    changed: watch::Sender<()>,
    queue: mpsc::UnboundedSender<delivery::Outgoing>,
    http: reqwest::Client,
    retries: Vec<Duration>,
    patience: Duration,
}

impl Shared {
    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes what nobody waits for.
    fn write<T>(&self, write: impl FnOnce(&mut State) -> T) -> T {
        write(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state, hands over what is to be delivered, and wakes those who wait.
    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (result, outgoing) = self.write(|state| {
            let result = change(state);
            (result, std::mem::take(&mut state.outgoing))
        });
        for outgoing in outgoing {
            // Refused only after a stop, when nothing is delivered any more.
            let _ = self.queue.send(outgoing);
        }
        self.changed.send_replace(());
        result
    }
}

/// A client for plain HTTP to the bot. It trusts no certificate authority: a workspace speaks to this machine.
fn client() -> Result<reqwest::Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let redirects = reqwest::redirect::Policy::limited(2);
    Ok(reqwest::Client::builder().no_proxy().redirect(redirects).tls_backend_preconfigured(tls).build()?)
}
