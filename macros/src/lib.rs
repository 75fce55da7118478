//! The attributes of the bavard chat-bot framework. Use them through the crate `bavard`, where each has an example.
//!
//! An attribute leaves its function as it is. Beside it stands a hidden type of the same name that carries the record
//! which the framework reads; what an attribute means is decided there and not here.

mod arguments;
mod attribute;
mod choice;
mod expand;
mod function;
mod help;
mod main_fn;
mod on;
mod options;
mod parameters;
mod pattern;
mod problems;
mod regex;

use proc_macro::TokenStream;

use crate::on::On;

/// Answers what is said to the bot: a mention in a channel, or any direct message.
///
/// Takes patterns, which are alternatives; none takes whatever is said.
///
/// | in a pattern | takes | as a parameter |
/// |---|---|---|
/// | `word` | that word; case and accents do not count | |
/// | `{name}` | exactly one word | `name: T` |
/// | `{name?}` | one word or none, at the end | `name: Option<T>` |
/// | `{name..}` | everything that is left | `name: String` or `name: Vec<T>` |
/// | `{{`, `}}` | a brace | |
///
/// A parameter named as a placeholder is an argument (`FromArg`); any other is an extractor (`FromCall`). A
/// placeholder that is missing from one of the function's patterns has an `Option`.
///
/// Options, of this attribute and, where they make sense, of the others:
///
/// | option | meaning |
/// |---|---|
/// | `check = ops_only` | a function from `Context` to `bool` or `Result<()>` that decides who may use it |
/// | `cooldown = "10s"` | how long a person waits before using it again |
/// | `only = channel`, `only = dm` | in channels alone, or in direct messages alone |
/// | `channel = "C0123ABCD"` | in one channel alone |
/// | `priority = 5` | higher goes first; 0 unless given |
/// | `hidden` | help leaves it out |
/// | `retry = 3` | how often it is run again after an error; of several attributes, the most |
/// | `scopes("users:read")` | scopes it needs beyond those the attributes imply; of several attributes, all |
/// | `crate = my_facade::bavard` | where the framework is, when it is not `::bavard` |
///
/// Several attributes on one function are alternatives. They are known by the last part of their path, so they cannot
/// be imported under other names. No type or module beside the function may have its name, and it stands outside of any
/// `impl`.
#[proc_macro_attribute]
pub fn on_mention(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Mention, arguments.into(), &function.into()).into()
}

/// Answers direct messages; there it goes before `on_mention` of the same words.
///
/// Takes patterns and options as `on_mention` does, but for `only` and `channel`.
#[proc_macro_attribute]
pub fn on_dm(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Dm, arguments.into(), &function.into()).into()
}

/// Answers what is overheard in the channels the bot is in.
///
/// Takes patterns and options as `on_mention` does, and `regex = "…"`, whose named groups are placeholders.
#[proc_macro_attribute]
pub fn on_message(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Message, arguments.into(), &function.into()).into()
}

/// Answers a command such as `/deploy api`.
///
/// Takes patterns that start with the command's name, and options as `on_mention` does, but for `only`.
#[proc_macro_attribute]
pub fn on_command(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Command, arguments.into(), &function.into()).into()
}

/// Answers a reaction to a message.
///
/// Takes names of reactions without colons, which are alternatives; none takes any.
#[proc_macro_attribute]
pub fn on_reaction(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Reaction, arguments.into(), &function.into()).into()
}

/// Observes events by the platform's own names, whoever else handles them. Returns nothing, or `Result<()>`.
///
/// Takes at least one name, such as `"member_joined_channel"`.
#[proc_macro_attribute]
pub fn on_event(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Event, arguments.into(), &function.into()).into()
}

/// Runs by itself, at the times of a schedule. Needs the feature `schedule`.
///
/// Takes five fields, for minutes, hours, days, months and weekdays, as `"0 9 * * 1-5"`, or `@hourly`, `@daily`,
/// `@weekly`, `@monthly` or `@yearly`; several texts are alternatives. A field is a star, numbers, ranges and steps
/// (`*`, `0,30`, `1-5`, `*/15`); months and weekdays have names too (`JAN`, `MON`), and 0 and 7 are Sunday. Where neither
/// field of days begins with a star, a day is meant by either.
///
/// | option | meaning |
/// |---|---|
/// | `timezone = "Europe/Paris"` | whose clock it goes by; `UTC` unless given |
/// | `channel = "C0123ABCD"` | where what it returns is said; without it, it returns nothing, or `Result<()>` |
/// | `catch_up = "1h"` | how long a time that was missed is made up for, at most two days; one hour unless given |
/// | `retry`, `scopes`, `crate` | as for `on_mention` |
///
/// Each time becomes one event, whatever the number of processes. Of the times that nobody was there for, the last one
/// alone is made up for, if it is not longer ago than `catch_up`.
///
/// Where the clock is put forward, a time that it leaves out comes as much later (2:30 is 3:30); where it is put back, a
/// time that it shows twice comes when it is shown first. A schedule of every hour goes by the hours that pass instead.
#[proc_macro_attribute]
pub fn on_schedule(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Schedule, arguments.into(), &function.into()).into()
}

/// Answers what was said to the bot and no other handler took.
#[proc_macro_attribute]
pub fn on_unhandled(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Unhandled, arguments.into(), &function.into()).into()
}

/// Answers in place of a handler that failed.
#[proc_macro_attribute]
pub fn on_failure(arguments: TokenStream, function: TokenStream) -> TokenStream {
    expand::expand(On::Failure, arguments.into(), &function.into()).into()
}

/// Describes a handler in other languages: `#[help(fr = "Dit bonjour.")]`, by the languages' two letters.
///
/// Its doc comment describes it in the default language.
#[proc_macro_attribute]
pub fn help(arguments: TokenStream, function: TokenStream) -> TokenStream {
    help::expand(&arguments.into(), &function.into()).into()
}

/// Makes a program of a function, sync or async, that gives an `App` or a `Result<App, E>`.
///
/// The program reads the settings and the command line, then calls the function.
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, function: TokenStream) -> TokenStream {
    main_fn::expand(arguments.into(), &function.into()).into()
}

/// Lets a person choose a variant of an enum by its name, as an argument of a handler.
///
/// A variant is chosen by its own name (`PreProduction` by `pre-production`), or by other words:
/// `#[choice("prod", "production")]`, of which the first is shown. The enum must be `Copy`.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn choice(input: TokenStream) -> TokenStream {
    choice::expand(&syn::parse_macro_input!(input as syn::DeriveInput)).into()
}
