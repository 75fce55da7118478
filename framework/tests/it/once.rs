//! What handlers do elsewhere, once.
#![allow(clippy::unwrap_used, reason = "helpers of tests, which the lint does not see as such")]

use std::sync::{Arc, Mutex, OnceLock};

use bavard::{prelude::*, testing::TestBot};
use tracing::Level;

use crate::support::{Log, advance_until_idle, manual_clock, shown};

/// A service elsewhere, with the keys that it was called with.
#[derive(Clone, Default)]
struct Bank(Arc<Mutex<Vec<String>>>);

impl Bank {
    fn pay(&self, key: String) -> usize {
        let mut keys = self.0.lock().unwrap();
        keys.push(key);
        keys.len()
    }

    fn keys(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// How often a handler was run.
#[derive(Clone, Default)]
struct Runs(Bank);

impl Runs {
    fn next(&self) -> usize {
        self.0.pay(String::new())
    }
}

#[on_mention("pay", retry = 3)]
async fn pay(context: Context, bank: State<Bank>, runs: State<Runs>) -> Result<String> {
    let paid = bank.clone();
    let receipt = context.once("pay", |key| async move { Ok(format!("receipt {}", paid.pay(key))) }).await?;
    let fee = context.once("fee", |key| async move { Ok(bank.pay(key)) }).await?;
    match runs.next() {
        1 | 2 => Err(Error::new("not yet")),
        run => Ok(format!("{receipt}, fee {fee}, run {run}")),
    }
}

#[on_mention("pay at last", retry = 3)]
async fn pay_at_last(context: Context, bank: State<Bank>) -> Result<String> {
    let paid = |key| async move {
        match bank.pay(key) {
            1 => Err(Error::new("the bank is closed")),
            times => Ok(times),
        }
    };
    Ok(context.once("pay", paid).await?.to_string())
}

#[on_mention("pay twice under one name")]
async fn pay_twice(context: Context, bank: State<Bank>) -> Result<()> {
    for _ in 0..2 {
        let bank = bank.clone();
        context.once("pay", |key| async move { Ok(bank.pay(key)) }).await?;
    }
    Ok(())
}

#[on_mention("pay and conflict")]
async fn pay_and_conflict(
    context: Context,
    storage: Storage,
    bank: State<Bank>,
    runs: State<Runs>,
    beside: State<Beside>,
) -> Result<String> {
    let count = storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    let paid = context.once("pay", |key| async move { Ok(bank.pay(key)) }).await?;
    if runs.next() == 1 {
        // Somebody else, whose change is committed while this one is not.
        beside.0.get().ok_or_else(|| Error::new("nobody"))?.set("count", &7).await?;
    }
    Ok(format!("{count}, paid {paid} times"))
}

#[derive(Clone, Default)]
struct Beside(Arc<OnceLock<bavard::StorageArea>>);

fn app(bank: &Bank) -> App {
    let all = handlers![pay, pay_at_last, pay_twice];
    App::empty().handlers(all).state(bank.clone()).state(Runs::default())
}

#[tokio::test]
async fn what_is_recorded_is_not_done_again() {
    let (bank, clock) = (Bank::default(), manual_clock());
    let bot = TestBot::builder().clock(clock.clone()).start(app(&bank)).await;
    bot.workspace().person("ada").say(&bot.workspace().channel("general"), "@bot pay");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["receipt 1, fee 2, run 3"]);
    let keys = bank.keys();
    assert_eq!((keys.len(), keys[0].len()), (2, 32));
    assert_ne!(keys[0], keys[1], "each name has its own key");
    // Another event is another payment.
    bot.person("ada").mentions("pay").await.answered("receipt 3, fee 4, run 4");
    assert!(bank.keys()[2] != keys[0]);
}

#[tokio::test]
async fn an_error_is_not_recorded_and_the_key_stays() {
    let (bank, clock) = (Bank::default(), manual_clock());
    let bot = TestBot::builder().clock(clock.clone()).start(app(&bank)).await;
    bot.workspace().person("ada").say(&bot.workspace().channel("general"), "@bot pay at last");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["2"]);
    let keys = bank.keys();
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn a_name_is_used_once_in_a_run() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let bank = Bank::default();
    let bot = TestBot::start(app(&bank)).await;
    bot.person("ada").mentions("pay twice under one name").await.said("something went wrong");
    assert_eq!(bank.keys().len(), 1);
    assert!(log.text().contains("give each `once` its own"), "{}", log.text());
}

#[tokio::test]
async fn a_run_that_conflicts_has_done_it_already() {
    let bank = Bank::default();
    let beside = Beside::default();
    let app = App::empty().handlers(handlers![pay_and_conflict]).state(bank.clone()).state(Runs::default());
    let bot = TestBot::start(app.state(beside.clone())).await;
    assert!(beside.0.set(bot.bot().storage().of_bot()).is_ok());
    bot.person("ada").mentions("pay and conflict").await.answered("8, paid 1 times");
    assert_eq!(bank.keys().len(), 1);
}
