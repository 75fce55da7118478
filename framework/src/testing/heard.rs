//! What the bot said to it.

use std::time::Duration;

use crate::workspace::{Delivery, Message};

/// What the bot said to something a person did, with the assertions of a conversation.
#[derive(Clone, Debug)]
pub struct Heard {
    message: Option<Message>,
    said: Vec<Message>,
    deliveries: Vec<Delivery>,
}

impl Heard {
    pub(super) fn new(message: Option<Message>, said: Vec<Message>, deliveries: Vec<Delivery>) -> Self {
        Self { message, said, deliveries }
    }

    /// The bot said this and nothing else. References are shown as people read them: `@alice`, `#general`.
    ///
    /// # Panics
    /// When it said something else, nothing, or more.
    #[track_caller]
    pub fn answered(&self, text: &str) -> &Self {
        let shown: Vec<&str> = self.said.iter().map(Message::shown).collect();
        assert!(shown == [text], "the bot should have said {text:?} and said {shown:?}");
        self
    }

    /// The bot said something that contains this.
    ///
    /// # Panics
    /// When nothing that it said does.
    #[track_caller]
    pub fn said(&self, part: &str) -> &Self {
        let shown: Vec<&str> = self.said.iter().map(Message::shown).collect();
        let found = shown.iter().any(|text| text.contains(part));
        assert!(found, "the bot should have said something with {part:?} and said {shown:?}");
        self
    }

    /// The bot said nothing.
    ///
    /// # Panics
    /// When it said something.
    #[track_caller]
    pub fn unanswered(&self) -> &Self {
        let shown: Vec<&str> = self.said.iter().map(Message::shown).collect();
        assert!(shown.is_empty(), "the bot should have said nothing and said {shown:?}");
        self
    }

    /// Everything that the bot said stands in the thread of the message, or in the thread that the message is in.
    ///
    /// # Panics
    /// When something stands elsewhere, or nothing was said.
    #[track_caller]
    pub fn in_thread(&self) -> &Self {
        let root = self.message.as_ref().map(|message| message.thread.clone().unwrap_or_else(|| message.id.clone()));
        let inside = !self.said.is_empty() && self.said.iter().all(|message| message.thread == root);
        assert!(inside, "the bot should have answered in the thread: {:?}", self.said);
        self
    }

    /// Everything that the bot said stands in the channel itself.
    ///
    /// # Panics
    /// When something stands in a thread, or nothing was said.
    #[track_caller]
    pub fn outside_threads(&self) -> &Self {
        let outside = !self.said.is_empty() && self.said.iter().all(|message| message.thread.is_none());
        assert!(outside, "the bot should have answered in the channel: {:?}", self.said);
        self
    }

    /// Everything that the bot said is shown to one person alone.
    ///
    /// # Panics
    /// When something is shown to others, or nothing was said.
    #[track_caller]
    pub fn privately(&self) -> &Self {
        let private = !self.said.is_empty() && self.said.iter().all(|message| message.ephemeral_to.is_some());
        assert!(private, "the bot should have answered privately: {:?}", self.said);
        self
    }

    /// Every delivery so far was accepted within this time, counted from its first attempt.
    ///
    /// # Panics
    /// When one was refused or took longer.
    #[track_caller]
    pub fn acknowledged_within(&self, limit: Duration) -> &Self {
        let late: Vec<_> = self.deliveries.iter().filter(|one| !one.is_accepted() || one.duration > limit).collect();
        assert!(late.is_empty(), "not acknowledged within {limit:?}: {late:?}");
        self
    }

    /// The message that the person wrote, if they wrote one.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        self.message.as_ref()
    }

    /// What the bot said, in order.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.said
    }
}
