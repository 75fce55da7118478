//! The static record that an attribute leaves beside a function.

use std::{any::TypeId, fmt};

use futures_util::future::BoxFuture;

use super::{Call, Context, Label, Need, Triggers};
use crate::{error::Result, reply::Reply, route::Audience, schedule::Schedule};

/// Everything the framework knows of a handler. Written by the attributes, never by hand.
pub struct Handler {
    /// The function's name.
    pub name: &'static str,
    /// The path of the function: its module and its name.
    pub path: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of its first attribute.
    pub line: u32,
    /// Its doc comment, in the default language.
    pub doc: &'static str,
    /// Its description in other languages, by two-letter code.
    pub help: &'static [(&'static str, &'static str)],
    /// Its attributes; any of them may start it.
    pub triggers: &'static [Trigger],
    /// Its parameters, in order.
    pub parameters: &'static [Parameter],
    /// How often it is run again after an error; 0 unless `retry` says otherwise.
    pub retry: u32,
    /// Scopes it needs beyond those that its attributes imply.
    pub scopes: &'static [&'static str],
    /// Runs it.
    pub run: Run,
}

/// Runs a handler for one call and gives its answer.
pub type Run = fn(Call) -> BoxFuture<'static, Result<Option<Reply>>>;

/// Decides whether the person may use the handler.
pub type Check = fn(Context) -> BoxFuture<'static, Result<()>>;

impl Handler {
    /// Where it is written: `src/main.rs:12`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// The values that it needs.
    pub(crate) fn needs(&self) -> impl Iterator<Item = Need> {
        self.parameters.iter().filter_map(|parameter| match parameter.kind {
            ParameterKind::Extractor { need } => need(),
            ParameterKind::Argument { .. } => None,
        })
    }

    /// Its name, and where it is written: `hello (src/main.rs:12)`.
    pub(crate) fn placed(&self) -> String {
        format!("{} ({})", self.name, self.origin())
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handler({} at {}:{})", self.name, self.file, self.line)
    }
}

/// One attribute of a handler.
#[derive(Debug)]
pub struct Trigger {
    /// Which attribute.
    pub on: On,
    /// What it asks of the event.
    pub matching: Matching,
    /// Whether it is for channels or direct messages alone.
    pub only: Option<Audience>,
    /// The one channel it is for, by identifier.
    pub channel: Option<&'static str>,
    /// Higher goes first within its scope; 0 unless said otherwise.
    pub priority: i32,
    /// Whether help leaves it out.
    pub hidden: bool,
    /// Who may use it.
    pub check: Option<Check>,
    /// How many milliseconds a person waits before using it again; 0 for none.
    pub cooldown: u64,
    /// The line of the attribute.
    pub line: u32,
}

/// An attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum On {
    /// `on_mention`: what is said to the bot.
    Mention,
    /// `on_dm`: what is said in a direct message.
    Dm,
    /// `on_message`: what is overheard.
    Message,
    /// `on_command`: a command such as `/deploy`.
    Command,
    /// `on_reaction`: a reaction to a message.
    Reaction,
    /// `on_event`: any event, by name; an observer.
    Event,
    /// `on_unhandled`: what was said to the bot and no handler took.
    Unhandled,
    /// `on_failure`: another handler failed.
    Failure,
    /// `on_schedule`: the time has come.
    Schedule,
}

impl On {
    /// The attribute's name as written in the source.
    #[must_use]
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Mention => "on_mention",
            Self::Dm => "on_dm",
            Self::Message => "on_message",
            Self::Command => "on_command",
            Self::Reaction => "on_reaction",
            Self::Event => "on_event",
            Self::Unhandled => "on_unhandled",
            Self::Failure => "on_failure",
            Self::Schedule => "on_schedule",
        }
    }

    /// The set that holds this attribute alone.
    #[must_use]
    pub const fn as_set(self) -> Triggers {
        match self {
            Self::Mention => Triggers::MENTION,
            Self::Dm => Triggers::DM,
            Self::Message => Triggers::MESSAGE,
            Self::Command => Triggers::COMMAND,
            Self::Reaction => Triggers::REACTION,
            Self::Event => Triggers::EVENT,
            Self::Unhandled => Triggers::UNHANDLED,
            Self::Failure => Triggers::FAILURE,
            Self::Schedule => Triggers::SCHEDULE,
        }
    }
}

/// What an attribute asks of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Anything.
    Any,
    /// Words and placeholders, as `deploy {service} to {env}`. For a command, its name comes first.
    Words(&'static str),
    /// A regular expression; its named groups are arguments.
    Regex(&'static str),
    /// A name: of a reaction, or of an event.
    Name(&'static str),
    /// The times of a schedule.
    Times(&'static Schedule),
}

/// A parameter of a handler.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its type as written.
    pub ty: &'static str,
    /// Where its value comes from.
    pub kind: ParameterKind,
}

/// Where the value of a parameter comes from.
#[derive(Debug)]
pub enum ParameterKind {
    /// A placeholder of a pattern.
    Argument {
        /// What it takes, in words.
        label: Label,
        /// The words it takes, when there are only so many.
        choices: &'static [&'static str],
    },
    /// The call itself.
    Extractor {
        /// What the app must provide for it.
        need: fn() -> Option<Need>,
    },
}

impl Need {
    /// The need for a value of type `T`.
    #[must_use]
    pub fn of<T: 'static>() -> Self {
        Self { id: TypeId::of::<T>(), name: std::any::type_name::<T>() }
    }
}

/// Implemented by the type that an attribute writes beside a function, under the function's own name.
pub trait Recorded {
    /// The record of the function.
    const HANDLER: &'static Handler;
}

/// A handler of the process, for every app that asks for all of them.
#[derive(Debug)]
pub struct Registration(pub &'static Handler);

inventory::collect!(Registration);
