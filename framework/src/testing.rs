//! Conversations with a bot inside `cargo test`: over real TCP, with true signatures, against a fake workspace.
//!
//! ```
//! use bavard::{prelude::*, testing::TestBot};
//!
//! /// Says hello.
//! #[on_mention("hello")]
//! async fn hello(user: User) -> String {
//!     format!("Hello, {user}!")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let bot = TestBot::start(App::empty().handlers(handlers![hello])).await;
//! let alice = bot.person("alice");
//! alice.mentions("hello").await.answered("Hello, @alice!");
//! alice.says("nothing for a bot").await.unanswered();
//! # }
//! ```

mod builder;
mod data_dir;
mod heard;
mod person;

use self::data_dir::DataDir;
pub use self::{builder::TestBotBuilder, heard::Heard, person::TestPerson};
use crate::{
    app::{App, Bot},
    id::ChannelId,
    reply::Reply,
    workspace::{Message, Workspace},
};

/// A bot that runs beside a fake workspace.
///
/// Its methods panic, with the conversation so far, when something is not as a test says.
#[derive(Debug)]
pub struct TestBot {
    bot: Bot,
    workspace: Workspace,
    /// Behind the bot, which is dropped first.
    _data_dir: DataDir,
}

impl TestBot {
    /// Starts a bot with the scopes that it is usually given.
    ///
    /// # Panics
    /// When the app does not start.
    pub async fn start(app: App) -> Self {
        Self::builder().start(app).await
    }

    /// Starts a bot in a workspace of one's own making.
    #[must_use]
    pub fn builder() -> TestBotBuilder {
        TestBotBuilder::default()
    }

    /// A person of the workspace, by name; made when they are first named.
    #[must_use]
    pub fn person(&self, name: &str) -> TestPerson<'_> {
        TestPerson::new(self, self.workspace.person(name))
    }

    /// The fake workspace: its channels, its faults, everything it delivered and was asked.
    #[must_use]
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The bot itself.
    #[must_use]
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Lets the bot say something in a channel by itself, as [`Bot::say`], and waits until it is there.
    ///
    /// # Panics
    /// When it cannot be said.
    pub async fn says(&self, channel: &ChannelId, reply: impl Into<Reply>) {
        if let Err(error) = self.bot.say(channel, reply).await {
            panic!("the bot could not say it: {error}");
        }
        self.settle().await;
    }

    /// Everything the bot has said, everywhere, in the order in which it arrived.
    #[must_use]
    pub fn said(&self) -> Vec<Message> {
        let mut said: Vec<Message> = self.workspace.read(|state| state.said_by_bot().cloned().collect());
        said.sort_by(|one, other| one.id.cmp(&other.id));
        said
    }

    /// Waits until everything that was delivered is handled and everything said has arrived.
    pub async fn settle(&self) {
        self.workspace.quiet().await;
        self.bot.idle().await;
        // What the bot said is delivered to it too.
        self.workspace.quiet().await;
        self.bot.idle().await;
    }

    /// Stops the bot as a signal would; says whether everything came to its end.
    pub async fn stop(self) -> bool {
        self.bot.stop().await
    }
}
