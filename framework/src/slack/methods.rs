//! What is known of every method of the Web API: its rate, its scopes, how it takes its arguments.
//!
//! Facts only, from the published reference of the methods, kept in `methods/table.txt`, one line a method, and read
//! once on first use. A method the table does not know can still be called: [`find`] answers `None` for it and the
//! caller takes the careful road (a form, a write, a slow tier).

use std::{sync::LazyLock, time::Duration};

use foldhash::HashMap;

/// One method of the Web API.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// Its name, as `chat.postMessage`.
    pub name: &'static str,
    /// How often it may be called.
    pub tier: Tier,
    /// What calling it does.
    pub effect: Effect,
    /// Whether it takes its arguments as JSON; every method takes a form.
    pub json: bool,
    /// Which token it is called with.
    pub access: Access,
    scopes: &'static str,
    arguments: &'static str,
}

/// How often a method may be called, per workspace and app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Once a minute.
    One,
    /// 20 times a minute.
    Two,
    /// 50 times a minute.
    Three,
    /// 100 times a minute.
    Four,
    /// As often a minute as it says.
    Special(u32),
}

/// What calling a method does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: it may be repeated without harm.
    Read,
    /// Something: it is never repeated unless it is sure that it was not done.
    Write,
    /// It puts a message into a conversation; at most one a second and conversation.
    Post,
}

/// Which token a method is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A bot's.
    Bot,
    /// A person's, and no bot's.
    User,
    /// The app's own (`xapp-`).
    App,
    /// One for the configuration of apps.
    Configuration,
    /// None at all.
    None,
}

/// One argument of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Whether the method refuses a call without it.
    pub required: bool,
    /// A scope that some values of it need beside the method's own: `username` needs `chat:write.customize`, and
    /// `channel` needs `chat:write.public` when it is a public one that the bot is not in.
    pub scope: Option<&'static str>,
}

/// How fast a method may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls a minute, per workspace and app. Short bursts are tolerated.
    pub per_minute: u32,
    /// The least time between two calls for one conversation, where there is such a rule.
    pub per_channel: Option<Duration>,
}

/// The facts of a method. Takes its name; `None` if the table does not know it.
pub fn find(name: &str) -> Option<&'static Method> {
    BY_NAME.get(name).copied()
}

/// Whether a method changes nothing, as far as the table knows it.
pub(crate) fn only_reads(name: &str) -> bool {
    find(name).is_some_and(|method| method.effect == Effect::Read)
}

/// Every method of the table, by name.
pub fn all() -> &'static [Method] {
    &TABLE
}

/// How fast a method may be called; a method that the table does not know is taken for tier 2.
pub fn limits(name: &str) -> Limits {
    find(name).map_or(Limits { per_minute: Tier::Two.per_minute(), per_channel: None }, Method::limits)
}

impl Tier {
    /// Calls a minute.
    pub fn per_minute(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Two => 20,
            Self::Three => 50,
            Self::Four => 100,
            Self::Special(rate) => rate,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "1" => Self::One,
            "2" => Self::Two,
            "3" => Self::Three,
            "4" => Self::Four,
            special => Self::Special(special.strip_prefix("special:")?.parse().ok()?),
        })
    }
}

impl Method {
    /// The scopes that let the token of [`Method::access`] call it: any one of them will do, depending on the kind
    /// of conversation. Empty if it needs none.
    pub fn scopes(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.scopes.split('|').filter(|scope| *scope != "-")
    }

    /// Its arguments, the required ones first.
    pub fn arguments(&self) -> impl Iterator<Item = Argument> + use<> {
        self.arguments.split(' ').filter(|argument| *argument != "-").map(|text| {
            let (text, scope) = match text.split_once('=') {
                Some((text, scope)) => (text, Some(scope)),
                None => (text, None),
            };
            let name = text.strip_suffix('*');
            Argument { name: name.unwrap_or(text), required: name.is_some(), scope }
        })
    }

    /// Whether it takes an argument of this name.
    pub fn takes(&self, argument: &str) -> bool {
        self.arguments().any(|known| known.name == argument)
    }

    /// Whether it answers in pages that a cursor continues.
    pub fn paginated(&self) -> bool {
        self.takes("cursor")
    }

    /// How fast it may be called.
    pub fn limits(&self) -> Limits {
        let per_channel = (self.effect == Effect::Post).then_some(Duration::from_secs(1));
        Limits { per_minute: self.tier.per_minute(), per_channel }
    }

    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut column = || columns.next();
        Some(Self {
            name: column()?,
            tier: Tier::parse(column()?)?,
            effect: match column()? {
                "read" => Effect::Read,
                "post" => Effect::Post,
                _ => Effect::Write,
            },
            json: column()? == "json",
            access: match column()? {
                "bot" => Access::Bot,
                "user" => Access::User,
                "app" => Access::App,
                "config" => Access::Configuration,
                _ => Access::None,
            },
            scopes: column()?,
            arguments: column()?,
        })
    }
}

/// Looked up for each message, so in one step.
static BY_NAME: LazyLock<HashMap<&'static str, &'static Method>> =
    LazyLock::new(|| TABLE.iter().map(|method| (method.name, method)).collect());

static TABLE: LazyLock<Vec<Method>> = LazyLock::new(|| lines().filter_map(Method::parse).collect());

/// The lines of the table without its heading, sorted by name.
fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("methods/table.txt").lines().skip(1)
}

#[cfg(test)]
mod tests;
