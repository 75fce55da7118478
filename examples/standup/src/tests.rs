use std::{sync::Arc, time::Duration};

use bavard::{ManualClock, Timestamp, testing::TestBot};

use super::*;

/// Friday, the 15th of January 2027, 9:00 in Paris.
const FRIDAY: Timestamp = Timestamp::from_seconds(1_800_000_000);

async fn start() -> (TestBot, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(FRIDAY));
    let builder = TestBot::builder().clock(clock.clone());
    (builder.workspace(|workspace| workspace.channel("team", "C0123ABCD")).start(bot()).await, clock)
}

#[tokio::test]
async fn it_keeps_what_people_say_for_a_time() {
    let (bot, clock) = start().await;
    let ada = bot.person("ada");
    ada.mentions("i am at home").await.answered("Noted.");
    ada.mentions("i am on the train").await.answered("No longer at home, I see.");
    clock.advance(Duration::from_secs(12 * 60 * 60));
    bot.settle().await;
    ada.mentions("i am at home").await.answered("Noted.");
}

#[tokio::test]
async fn one_person_has_the_chair() {
    let (bot, _) = start().await;
    bot.person("ada").mentions("chair").await.answered("@ada has the chair.");
    bot.person("bob").mentions("chair").await.answered("Somebody has it already.");
    bot.person("bob").in_channel("team").mentions("chair").await.answered("@bob has the chair.");
}

#[tokio::test]
async fn it_orders_what_is_asked_for() {
    let (bot, _) = start().await;
    bot.person("ada").mentions("coffee").await.answered("Coffee is on its way, order 1.");
    bot.person("ada").mentions("coffee").await.answered("Coffee is on its way, order 2.");
}

// ANCHOR: clock
#[tokio::test]
async fn it_tells_who_does_what_in_the_morning() {
    let (bot, clock) = start().await;
    bot.person("ada").mentions("next the release").await.answered("Noted; 1 so far.");
    clock.advance(Duration::from_secs(3 * 24 * 60 * 60));
    bot.settle().await;
    let said = bot.said();
    assert_eq!(said.last().unwrap().shown(), "• @ada: the release");
}
// ANCHOR_END: clock
