//! What a person of a test does.

use super::{Heard, TestBot};
use crate::{
    id::UserId,
    workspace::{Channel, Message, Person},
};

/// A person of a test. Whatever they say, the bot has had its say when the method returns.
#[derive(Debug)]
pub struct TestPerson<'a> {
    bot: &'a TestBot,
    person: Person,
    channel: Channel,
}

impl<'a> TestPerson<'a> {
    pub(super) fn new(bot: &'a TestBot, person: Person) -> Self {
        Self { bot, person, channel: bot.workspace().channel("general") }
    }

    /// Goes to a channel, in the place of `#general`.
    #[must_use]
    pub fn in_channel(mut self, name: &str) -> Self {
        self.channel = self.bot.workspace().channel(name);
        self
    }

    /// Who it is.
    #[must_use]
    pub fn id(&self) -> &UserId {
        self.person.id()
    }

    /// Says something in the channel. `@name` mentions somebody, `#name` a channel.
    pub async fn says(&self, text: &str) -> Heard {
        self.after(|| self.person.say(&self.channel, text)).await
    }

    /// Mentions the bot in the channel.
    pub async fn mentions(&self, text: &str) -> Heard {
        let name = self.bot.workspace().identity().name.clone();
        self.says(&format!("@{name} {text}")).await
    }

    /// Says something to the bot in a direct message.
    pub async fn tells(&self, text: &str) -> Heard {
        self.after(|| self.person.tell(text)).await
    }

    /// Says something in the thread of a message.
    pub async fn replies(&self, to: &Message, text: &str) -> Heard {
        self.after(|| self.person.reply(to, text)).await
    }

    /// Types a command in the channel, as `/deploy api`.
    ///
    /// # Panics
    /// When the client would refuse the command.
    pub async fn types(&self, command: &str) -> Heard {
        let before = self.bot.said().len();
        if let Err(why) = self.person.command(&self.channel, command) {
            panic!("{command:?} was not sent: {why}");
        }
        self.heard(None, before).await
    }

    /// Adds a reaction to a message.
    pub async fn reacts(&self, to: &Message, name: &str) -> Heard {
        let before = self.bot.said().len();
        self.person.react(to, name);
        self.heard(None, before).await
    }

    /// Edits a message of theirs.
    pub async fn edits(&self, message: &Message, text: &str) -> Heard {
        let before = self.bot.said().len();
        self.person.edit(message, text);
        self.heard(None, before).await
    }

    /// Deletes a message of theirs.
    pub async fn deletes(&self, message: &Message) -> Heard {
        let before = self.bot.said().len();
        self.person.delete(message);
        self.heard(None, before).await
    }

    async fn after(&self, act: impl FnOnce() -> Message) -> Heard {
        let before = self.bot.said().len();
        let message = act();
        self.heard(Some(message), before).await
    }

    async fn heard(&self, message: Option<Message>, before: usize) -> Heard {
        self.bot.settle().await;
        let said = self.bot.said().split_off(before);
        Heard::new(message, said, self.bot.workspace().deliveries())
    }
}
