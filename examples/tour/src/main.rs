//! Every attribute once, and most of what a handler takes and gives: the listings of the book.
//!
//! `cargo run -p tour -- routes`

use std::time::Duration;

use bavard::prelude::*;

// ANCHOR: mention
/// Says hello.
#[on_mention("hello {name?}", "bonjour {name?}")]
async fn hello(user: User, name: Option<String>) -> String {
    match name {
        Some(name) => format!("Hello, {name}!"),
        None => format!("Hello, {user}!"),
    }
}
// ANCHOR_END: mention

// ANCHOR: dm
/// Keeps a note, in direct messages.
#[on_dm("note {text..}")]
async fn note(text: Text) -> String {
    format!("Noted: {text}")
}
// ANCHOR_END: dm

// ANCHOR: message
/// Links the tickets that people speak of.
#[on_message(regex = r"\b(?<project>[A-Z]{2,8})-(?<number>[0-9]+)\b")]
async fn ticket(project: String, number: u32) -> Reply {
    Reply::markdown(format!("[{project}-{number}](https://tickets.example.com/{project}/{number})")).in_thread()
}
// ANCHOR_END: message

// ANCHOR: command
/// Deploys a service.
#[help(fr = "Déploie un service.")]
#[on_command("/deploy {service} to {env}", cooldown = "10s")]
#[on_mention("deploy {service} to {env}", only = channel)]
async fn deploy(context: Context, service: String, env: Env) -> Result<String> {
    context.say(format!("Deploying {service} …")).await?;
    Ok(format!("{service} is {}.", if env == Env::Staging { "being tried out" } else { "live" }))
}

#[derive(Clone, Copy, PartialEq, Eq, Choice)]
enum Env {
    Staging,
    #[choice("prod", "production")]
    Production,
}
// ANCHOR_END: command

// ANCHOR: reaction
/// Thanks whoever likes a message.
#[on_reaction("thumbsup", "+1")]
async fn liked(user: User) -> Reply {
    Reply::markdown(format!("Thanks, {user}!")).privately()
}
// ANCHOR_END: reaction

// ANCHOR: event
#[on_event("channel_archive", "channel_unarchive")]
async fn archived(raw: Raw, seen: State<Seen>) -> Result<()> {
    seen.add(raw.bytes().len());
    Ok(())
}
// ANCHOR_END: event

// ANCHOR: unhandled
#[on_unhandled]
async fn lost(text: Text) -> String {
    format!("I know nothing of “{text}”. Write `help` to see what I can do.")
}
// ANCHOR_END: unhandled

// ANCHOR: failure
/// Fails on purpose.
#[on_mention("fail", hidden)]
async fn fail() -> Result<String> {
    let number: u32 = "not a number".parse()?;
    Ok(number.to_string())
}

#[on_failure]
async fn sorry(failure: Failure) -> String {
    format!("That broke. Ask for the reference {}.", failure.reference)
}
// ANCHOR_END: failure

// ANCHOR: progress
/// Sends a reminder when the time has come.
#[on_mention("remind me in {wait} {what..}")]
async fn remind(context: Context, wait: Duration, what: Text) -> Result<()> {
    if wait > Duration::from_secs(30) {
        return Err(Error::tell("Half a minute at most, please."));
    }
    let posted = context.say("I will.").await?;
    tokio::time::sleep(wait).await;
    context.update(&posted, format!("Now: {what}")).await?;
    Ok(())
}
// ANCHOR_END: progress

// ANCHOR: people
/// Introduces people to each other.
#[on_mention("introduce {one} to {other}")]
async fn introduce(one: bavard::UserId, other: bavard::UserId) -> Option<String> {
    (one != other).then(|| format!("{}, meet {}.", User { id: one }, User { id: other }))
}
// ANCHOR_END: people

/// How many bytes of events were seen.
#[derive(Debug, Default)]
struct Seen(std::sync::atomic::AtomicUsize);

impl Seen {
    fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
    }
}

// ANCHOR: main
#[bavard::main]
fn bot() -> App {
    App::new("tour").state_with(|| async { Seen::open().await })
}
// ANCHOR_END: main

impl Seen {
    async fn open() -> Result<Self> {
        Ok(Self::default())
    }
}

#[cfg(test)]
mod tests;
