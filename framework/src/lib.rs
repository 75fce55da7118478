#![doc = include_str!("../README.md")]
//!
//! # The map of the crate
//!
//! | to | look at |
//! |---|---|
//! | write a handler | [`on_mention`](macro@on_mention), which lists what patterns and options there are; [`on_dm`](macro@on_dm), [`on_message`](macro@on_message), [`on_command`](macro@on_command), [`on_reaction`](macro@on_reaction), [`on_event`](macro@on_event), [`on_schedule`](macro@on_schedule), [`on_unhandled`](macro@on_unhandled), [`on_failure`](macro@on_failure) |
//! | take arguments | [`FromArg`]: `String`, [`Text`], numbers, `bool`, `Duration`, [`UserId`], [`ChannelId`], `Url`, and enums with [`#[derive(Choice)]`](derive@Choice) |
//! | take the rest of a call | [`FromCall`]: [`Context`], [`State`], [`User`], [`Channel`], [`Thread`], [`Conversation`], [`Text`], [`Message`], [`Command`], [`Reaction`], [`Scheduled`], [`Raw`], [`Retry`], [`Storage`] |
//! | answer | [`IntoReply`]: text, [`Reply`], [`Help`], an `Option` or a [`Result`] of one, or nothing; [`Error::tell`] for what a person should read |
//! | speak before returning | [`Context::say`], [`Context::update`] |
//! | keep small values | [`Storage`], of the bot, a person, a channel or a conversation; [`Bot::storage`] outside of handlers |
//! | do something elsewhere, once | [`Context::once`] |
//! | describe and check a bot | [`App`], [`App::check`], [`handlers!`]; [`Opening`] for state that needs a folder or settings |
//! | run it | [`main`](macro@main) for a program with a command line; [`App::start`] and [`Bot`] inside a program of one's own |
//! | call the Web API by itself | [`web_api`] |
//! | test it | `testing::TestBot`, with the feature `testing`; [`State::new`], [`Text::plain`] and [`Conversation::of`] to call a handler by itself |

// The attributes name this crate as `::bavard`, in its own tests too.
#[cfg(test)]
extern crate self as bavard;

mod app;
mod cli;
mod clock;
mod conversation;
mod dispatch;
mod doctor;
mod engine;
mod error;
mod event;
mod handler;
mod id;
mod language;
mod manifest;
mod markup;
mod metrics;
mod nonce;
mod platform;
mod reply;
mod route;
mod schedule;
mod sentence;
mod server;
mod settings;
mod slack;
mod storage;
mod store;
mod within;

// What is made for an event on one thread is given back on another, over which the system's allocator makes threads wait.
#[cfg(all(feature = "mimalloc", not(test)))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod __bench;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod __fuzz;
#[doc(hidden)]
pub mod __private;
pub mod prelude;
#[cfg(feature = "testing")]
pub mod testing;
/// The client of Slack's Web API: any method by name, and typed helpers for the commonest.
pub mod web_api {
    pub use crate::slack::{client::*, methods};
}
#[cfg(feature = "workspace")]
pub mod workspace;

pub use crate::{
    app::{App, Bot, IntoApp, Opening, Report, StartError},
    clock::{Clock, ManualClock, SystemClock, Timestamp},
    conversation::Transcript,
    error::{Error, Result},
    event::{
        Command, Entity, Event, Kind, Message, Place, PlaceKind, Raw, Reaction, Reference, ResponseUrl, Retry,
        Scheduled, Speaker, Text, Utterance,
    },
    handler::{
        Call, Channel, Choice, Context, Conversation, Failure, FromArg, FromCall, Handler, Help, IntoReply, Label,
        Need, State, States, Thread, Triggers, User,
    },
    id::{AppId, ChannelId, EventId, MessageId, TeamId, UserId},
    language::{Language, UnknownLanguage},
    reply::{Body, Placement, Posted, Reply},
    route::{Problem, Problems},
    settings::{Environment, SettingProblem},
    storage::{Storage, StorageArea},
};

/// ```
/// use bavard::{Choice, on_mention};
///
/// #[derive(Clone, Copy, Choice)]
/// enum Env {
///     Staging,
///     #[choice("prod", "production")]
///     Production,
/// }
///
/// /// Deploys a service.
/// #[on_mention("deploy {service} to {env}")]
/// async fn deploy(service: String, env: Env) -> String {
///     match env {
///         Env::Staging => format!("{service} is tried out."),
///         Env::Production => format!("{service} is live."),
///     }
/// }
/// ```
pub use bavard_macros::Choice;
/// ```
/// use bavard::{help, on_dm};
///
/// /// Says hello.
/// #[on_dm("hello", "bonjour")]
/// #[help(fr = "Dit bonjour.")]
/// async fn hello() -> &'static str {
///     "Hello!"
/// }
/// ```
pub use bavard_macros::help;
/// ```ignore (a program of its own, which would run instead of the example)
/// #[bavard::main]
/// fn bot() -> App {
///     App::new("codedoc")
/// }
/// ```
pub use bavard_macros::main;
/// ```
/// use bavard::{Context, Result, on_command, on_mention};
///
/// async fn ops_only(ctx: Context) -> bool {
///     ctx.event().user().is_some_and(|user| user.as_str() == "U0123ABCD")
/// }
///
/// /// Restarts a service.
/// #[on_command("/restart {service}", check = ops_only, cooldown = "10s")]
/// #[on_mention("restart {service} {hosts..}", check = ops_only)]
/// async fn restart(ctx: Context, service: String, hosts: Vec<String>) -> Result<String> {
///     ctx.say(format!("Restarting {service} …")).await?;
///     Ok(format!("{service} runs again, on {} hosts.", hosts.len()))
/// }
/// ```
pub use bavard_macros::on_command;
/// ```
/// use bavard::{Text, on_dm};
///
/// /// Answers anything said in a direct message.
/// #[on_dm]
/// async fn answer(text: Text) -> String {
///     format!("You said: {text}")
/// }
/// ```
pub use bavard_macros::on_dm;
/// ```
/// use bavard::{Raw, Result, on_event};
///
/// #[on_event("member_joined_channel", "team_join")]
/// async fn joined(raw: Raw) -> Result<()> {
///     println!("{} bytes", raw.bytes().len());
///     Ok(())
/// }
/// ```
pub use bavard_macros::on_event;
/// ```
/// use bavard::{Failure, on_failure};
///
/// #[on_failure]
/// async fn sorry(failure: Failure) -> String {
///     format!("Something broke. The reference is {}.", failure.reference)
/// }
/// ```
pub use bavard_macros::on_failure;
/// ```
/// use bavard::{User, handlers, on_mention};
///
/// /// Says hello.
/// #[on_mention("hello {name?}", "bonjour {name?}", hidden)]
/// async fn hello(user: User, name: Option<String>) -> String {
///     match name {
///         Some(name) => format!("Hello, {name}!"),
///         None => format!("Hello, {user}!"),
///     }
/// }
///
/// assert_eq!(handlers![hello][0].doc, "Says hello.");
/// ```
pub use bavard_macros::on_mention;
/// ```
/// use bavard::on_message;
///
/// /// Links the tickets that people speak of.
/// #[on_message(regex = r"(?<project>[A-Z]{2,8})-(?<number>\d+)", channel = "C0123ABCD")]
/// async fn ticket(project: String, number: u32) -> String {
///     format!("https://tickets.example.com/{project}/{number}")
/// }
/// ```
pub use bavard_macros::on_message;
/// ```
/// use bavard::{Reaction, on_reaction};
///
/// #[on_reaction("thumbsup", "+1")]
/// async fn liked(reaction: Reaction) -> String {
///     format!("Thanks for the {}!", reaction.name)
/// }
/// ```
pub use bavard_macros::on_reaction;
#[cfg_attr(feature = "schedule", doc = "```")]
#[cfg_attr(not(feature = "schedule"), doc = "```ignore")]
/// use bavard::on_schedule;
///
/// /// Says good morning on working days.
/// #[on_schedule("0 9 * * 1-5", timezone = "Europe/Paris", channel = "C0123ABCD")]
/// async fn morning() -> &'static str {
///     "Good morning!"
/// }
/// ```
pub use bavard_macros::on_schedule;
/// ```
/// use bavard::{Help, on_unhandled};
///
/// #[on_unhandled]
/// fn lost() -> Help {
///     Help
/// }
/// ```
pub use bavard_macros::on_unhandled;

/// Names handlers for [`App::handlers`], as `handlers![hello, ops::restart]`.
#[macro_export]
macro_rules! handlers {
    ($($handler:path),* $(,)?) => {
        &[$(<$handler as $crate::__private::Recorded>::HANDLER),*] as &[&'static $crate::Handler]
    };
}
