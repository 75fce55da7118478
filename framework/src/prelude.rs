//! What most bots use: `use bavard::prelude::*;`.

pub use crate::{
    App, Channel, ChannelId, Choice, Command, Context, Conversation, Error, Event, Failure, Help, Language, Message,
    MessageId, Opening, Raw, Reaction, Reply, Result, Retry, Scheduled, State, Storage, Text, Thread, User, UserId,
    handlers, help, on_command, on_dm, on_event, on_failure, on_mention, on_message, on_reaction, on_schedule,
    on_unhandled,
};
