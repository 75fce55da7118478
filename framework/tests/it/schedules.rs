//! Handlers that run by themselves.
#![allow(clippy::unwrap_used, reason = "helpers of tests, which the lint does not see as such")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bavard::{ManualClock, Timestamp, on_schedule, prelude::*, testing::TestBot};

use crate::support::{advance_until_idle, shown, yield_often};

/// Friday, the 15th of January 2027, 8:00 UTC.
const FRIDAY: Timestamp = Timestamp::from_seconds(1_800_000_000);

const HOUR: Duration = Duration::from_secs(3_600);

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(FRIDAY))
}

/// The times that a handler was run for, in hours since Friday morning.
#[derive(Clone, Default)]
struct Runs(Arc<Mutex<Vec<u64>>>);

impl Runs {
    fn note(&self, due: Timestamp) -> usize {
        let mut runs = self.0.lock().unwrap();
        runs.push(due.since(FRIDAY).as_secs() / 3_600);
        runs.len()
    }

    fn hours(&self) -> Vec<u64> {
        self.0.lock().unwrap().clone()
    }
}

/// At 9:00 UTC of a working day.
#[on_schedule("0 10 * * 1-5", timezone = "Europe/Paris")]
async fn working_days(scheduled: Scheduled, runs: State<Runs>) {
    runs.note(scheduled.due);
}

#[on_schedule("0 */6 * * *", catch_up = "1d", channel = "C0123ABCD")]
async fn news(context: Context, scheduled: Scheduled, runs: State<Runs>) -> Result<String> {
    context.say("Here it comes:").await?;
    Ok(format!("news {}", runs.note(scheduled.due)))
}

#[on_schedule("0 * * * *", retry = 1)]
async fn stumbles(scheduled: Scheduled, runs: State<Runs>) -> Result<()> {
    match runs.note(scheduled.due) {
        1 => Err(Error::new("the first run fails")),
        _ => Ok(()),
    }
}

#[on_schedule("0 * * * *", channel = "C0123ABCD")]
async fn fails_aloud() -> Result<String> {
    Err(Error::new("it does not work"))
}

#[on_schedule("0 * * * *")]
async fn fails_in_silence(context: Context) -> Result<()> {
    context.say("nobody is here").await.map(drop)
}

/// Once by itself, and whenever somebody asks.
#[on_mention("count")]
#[on_schedule("30 9 * * *", channel = "C0123ABCD")]
async fn count(storage: Storage) -> Result<String> {
    let count = storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    Ok(count.to_string())
}

async fn bot(handlers: &[&'static bavard::Handler], runs: &Runs, clock: &Arc<ManualClock>) -> TestBot {
    let app = App::empty().handlers(handlers).state(runs.clone());
    TestBot::builder()
        .workspace(|workspace| workspace.channel("news", "C0123ABCD"))
        .clock(clock.clone())
        .start(app)
        .await
}

#[tokio::test]
async fn a_handler_runs_when_its_time_comes() {
    let (runs, clock) = (Runs::default(), clock());
    let bot = bot(handlers![working_days], &runs, &clock).await;
    bot.settle().await;
    clock.advance(HOUR - Duration::from_secs(1));
    bot.settle().await;
    assert_eq!(runs.hours(), [0; 0]);
    clock.advance(Duration::from_secs(1));
    bot.settle().await;
    assert_eq!(runs.hours(), [1]);
    // Saturday and Sunday pass.
    for _ in 0..72 {
        clock.advance(HOUR);
        bot.settle().await;
    }
    assert_eq!(runs.hours(), [1, 73]);
}

#[tokio::test]
async fn what_it_returns_and_says_is_said_in_its_channel() {
    let (runs, clock) = (Runs::default(), clock());
    let bot = bot(handlers![news], &runs, &clock).await;
    bot.settle().await;
    clock.advance(4 * HOUR);
    bot.settle().await;
    assert_eq!(shown(&bot), ["Here it comes:", "news 1"]);
    assert!(bot.said().iter().all(|message| message.channel == "C0123ABCD" && message.thread.is_none()));
}

#[tokio::test]
async fn of_several_that_were_missed_the_last_alone_is_made_up_for() {
    let (runs, clock) = (Runs::default(), clock());
    let bot = bot(handlers![news, working_days], &runs, &clock).await;
    bot.settle().await;
    // Until Monday, 22:00: the news of 12:00 on Friday, … and of 18:00 are missed, and so is the morning.
    clock.advance(86 * HOUR);
    bot.settle().await;
    assert_eq!(runs.hours(), [82], "what is longer ago than an hour is left out, unless it is said");
}

#[tokio::test]
async fn a_run_that_fails_is_run_again_for_the_same_time() {
    let (runs, clock) = (Runs::default(), clock());
    let bot = bot(handlers![stumbles], &runs, &clock).await;
    bot.settle().await;
    clock.advance(HOUR);
    yield_often().await;
    advance_until_idle(&bot, &clock).await;
    assert_eq!(runs.hours(), [1, 1]);
}

#[tokio::test]
async fn a_failure_is_told_where_somebody_may_hear_it() {
    let (runs, clock) = (Runs::default(), clock());
    let bot = bot(handlers![fails_aloud, fails_in_silence], &runs, &clock).await;
    bot.settle().await;
    clock.advance(HOUR);
    bot.settle().await;
    let said = shown(&bot);
    assert!(said.len() == 1 && said[0].starts_with("Sorry, something went wrong"), "{said:?}");
}

#[tokio::test]
async fn one_function_may_be_asked_too() {
    let (runs, clock) = (Runs::default(), clock());
    let bot = bot(handlers![count], &runs, &clock).await;
    bot.person("ada").mentions("count").await.answered("1");
    clock.advance(2 * HOUR);
    bot.settle().await;
    assert_eq!(shown(&bot), ["1", "2"]);
}

#[test]
fn a_zone_that_nobody_knows_is_a_problem_with_its_place() {
    #[on_schedule("@daily", timezone = "Europe/Pariss")]
    async fn lost() {}
    let problems = App::empty().handlers(handlers![lost]).check().unwrap_err().to_string();
    assert!(problems.contains("`Europe/Pariss` is no time zone"), "{problems}");
    assert!(problems.contains("`lost`") && problems.contains("schedules.rs:"), "{problems}");
}
