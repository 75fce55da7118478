//! A bot that keeps things, and speaks by itself: who does what, told every working day.
//!
//! `cargo run -p standup -- routes`

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use bavard::prelude::*;

/// What each person does next.
type Plans = BTreeMap<UserId, String>;

// ANCHOR: keep
/// Keeps where you are, for today.
#[on_mention("i am {place..}")]
async fn whereabouts(storage: Storage, user: User, place: Text) -> Result<String> {
    let mine = storage.of_person(&user.id);
    let before: Option<String> = mine.get("place").await?;
    mine.set_for("place", place.as_str(), Duration::from_secs(12 * 60 * 60)).await?;
    Ok(match before {
        Some(before) => format!("No longer {before}, I see."),
        None => "Noted.".to_owned(),
    })
}
// ANCHOR_END: keep

// ANCHOR: update
/// Keeps what you do next.
#[on_mention("next {what..}")]
async fn next(storage: Storage, user: User, what: Text) -> Result<String> {
    let add = |plans: Option<Plans>| {
        let mut plans = plans.unwrap_or_default();
        plans.insert(user.id.clone(), what.to_string());
        plans
    };
    let plans = storage.of_bot().update("plans", add).await?;
    Ok(format!("Noted; {} so far.", plans.len()))
}
// ANCHOR_END: update

// ANCHOR: compare
/// Takes the chair of the next meeting of the channel, if nobody has it.
#[on_mention("chair")]
async fn chair(storage: Storage, channel: Channel, user: User) -> Result<String> {
    let free = storage.of_channel(&channel.id).compare_and_set("chair", None, &user.id).await?;
    Ok(if free { format!("{user} has the chair.") } else { "Somebody has it already.".to_owned() })
}
// ANCHOR_END: compare

// ANCHOR: once
/// Orders coffee for the meeting.
#[on_mention("coffee", retry = 2)]
async fn coffee(context: Context, bakery: State<Bakery>) -> Result<String> {
    let number = context.once("order", |key| async move { bakery.order(&key).await }).await?;
    Ok(format!("Coffee is on its way, order {number}."))
}
// ANCHOR_END: once

// ANCHOR: schedule
/// Tells who does what, at nine on working days.
#[on_schedule("0 9 * * 1-5", timezone = "Europe/Paris", channel = "C0123ABCD", catch_up = "2h")]
async fn morning(storage: Storage) -> Result<String> {
    let bot = storage.of_bot();
    let plans: Plans = bot.get("plans").await?.unwrap_or_default();
    bot.remove("plans").await?;
    if plans.is_empty() {
        return Ok("Good morning! What is next?".to_owned());
    }
    let lines = plans.into_iter().map(|(id, what)| format!("- {}: {what}", User { id }));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}
// ANCHOR_END: schedule

/// Stands for a service elsewhere, which takes a key against doubles.
#[derive(Default)]
struct Bakery(AtomicU32);

impl Bakery {
    async fn order(&self, _idempotency_key: &str) -> Result<u32> {
        Ok(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

#[bavard::main]
fn bot() -> App {
    App::new("standup").state(Bakery::default())
}

#[cfg(test)]
mod tests;
