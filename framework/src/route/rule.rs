//! Rules: what a handler asks of an event, without the handler.

use regex::Regex;

use super::pattern::Pattern;
use crate::id::ChannelId;

/// The number of a rule in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RuleId(pub(crate) usize);

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// Where it stands in the order of dispatch.
    pub(crate) scope: Scope,
    /// Whether it is for channels or direct messages alone.
    pub(crate) only: Option<Audience>,
    /// Higher goes first within its scope.
    pub(crate) priority: i32,
    /// What it asks of the text.
    pub(crate) matcher: Matcher,
    /// The attribute as written, for people.
    pub(crate) source: String,
    /// The name of its handler.
    pub(crate) name: &'static str,
    /// Where it is written: `src/main.rs:12`.
    pub(crate) origin: String,
}

/// Where a handler for mentions may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// In channels alone.
    Channel,
    /// In direct messages alone.
    Dm,
}

/// The scopes, in the order of dispatch.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// What is said to the bot in one channel.
    ChannelMention(ChannelId),
    /// What is said in one channel.
    Channel(ChannelId),
    /// Direct messages.
    Dm,
    /// What is said to the bot.
    Mention,
    /// What is overheard.
    Message,
    /// A command, by its name with the slash.
    Command(String),
    /// Reactions; a name, or any.
    Reaction(Option<String>),
}

impl Scope {
    /// The scope for people.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::ChannelMention(channel) | Self::Channel(channel) => format!("the channel {channel}"),
            Self::Dm => "direct messages".to_owned(),
            Self::Mention => "mentions".to_owned(),
            Self::Message => "messages".to_owned(),
            Self::Command(name) => format!("the command {name}"),
            Self::Reaction(_) => "reactions".to_owned(),
        }
    }
}

/// What a rule asks of the text.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    /// Words and placeholders.
    Words(Pattern),
    /// A regular expression.
    Regex(Box<Regex>),
    /// Nothing.
    Any,
}

impl Matcher {
    /// Words go before regular expressions, and those before whatever takes anything.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Words(_) => 0,
            Self::Regex(_) => 1,
            Self::Any => 2,
        }
    }
}

impl Rule {
    /// The audience as the places that it fills.
    pub(crate) fn audience(&self, id: RuleId) -> Slot {
        Slot {
            channel: (self.only != Some(Audience::Dm) && self.scope != Scope::Dm).then_some(id),
            dm: (self.only != Some(Audience::Channel)).then_some(id),
        }
    }
}

/// The rule at one place of an index, for channels and for direct messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) channel: Option<RuleId>,
    pub(crate) dm: Option<RuleId>,
}

impl Slot {
    pub(crate) fn get(self, direct: bool) -> Option<RuleId> {
        if direct { self.dm } else { self.channel }
    }

    /// Puts `rule` where `audience` is filled; gives back who stands there already.
    pub(crate) fn fill(&mut self, rule: RuleId, audience: Self) -> Result<(), RuleId> {
        for (here, wanted) in [(&mut self.channel, audience.channel), (&mut self.dm, audience.dm)] {
            if wanted.is_none() {
                continue;
            }
            if let Some(first) = *here {
                return Err(first);
            }
            *here = Some(rule);
        }
        Ok(())
    }

    /// Whether every audience of `other` is here too.
    pub(crate) fn covers(self, other: Self) -> bool {
        (other.channel.is_none() || self.channel.is_some()) && (other.dm.is_none() || self.dm.is_some())
    }
}
