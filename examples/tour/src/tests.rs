use bavard::{testing::TestBot, workspace::Fault};

use super::*;

#[test]
fn the_handlers_are_in_order() {
    bot().check().unwrap();
}

#[tokio::test]
async fn every_attribute_has_its_say() {
    let bot = TestBot::builder().scope("reactions:read").start(bot()).await;
    let alice = bot.person("alice");
    alice.mentions("bonjour").await.answered("Hello, @alice!");
    alice.mentions("HELLO Bob").await.answered("Hello, Bob!");
    alice.tells("note buy *milk*").await.answered("Noted: buy *milk*");
    alice.says("what of ABC-12?").await.answered("ABC-12").in_thread();
    alice.types("/deploy api to prod").await.said("api is live.");
    alice.mentions("deploy api to staging").await.said("api is being tried out.");
    let heard = alice.mentions("what?").await;
    heard.answered("I know nothing of “what?”. Write `help` to see what I can do.");
    alice.reacts(&heard.messages()[0], "+1").await.answered("Thanks, @alice!").privately();
    alice.mentions("fail").await.said("That broke. Ask for the reference ");
}

#[tokio::test]
async fn people_are_references() {
    let bot = TestBot::start(bot()).await;
    let alice = bot.person("alice");
    let _bob = bot.person("bob");
    alice.mentions("introduce @alice to @bob").await.answered("@alice, meet @bob.");
    alice.mentions("introduce @bob to @bob").await.unanswered();
    alice.mentions("introduce Alice to @bob").await.said("it should be a person, as `@name`");
}

#[tokio::test]
async fn what_was_said_is_replaced() {
    let bot = TestBot::start(bot()).await;
    let alice = bot.person("alice");
    alice.mentions("remind me in 1ms tea & cake").await.answered("Now: tea & cake");
    alice.mentions("remind me in 1h tea").await.answered("Half a minute at most, please.");
}

// ANCHOR: fault
#[tokio::test]
async fn an_answer_of_the_platform_that_is_lost_doubles_nothing() {
    let bot = TestBot::start(bot()).await;
    bot.workspace().fail(Fault::lost_answer().on("chat.postMessage"));
    bot.person("alice").mentions("hello").await.answered("Hello, @alice!");
    let posts = bot.workspace().calls().into_iter().filter(|call| call.method == "chat.postMessage");
    assert_eq!(posts.count(), 1);
}
// ANCHOR_END: fault

// ANCHOR: workspace
#[tokio::test]
async fn an_event_that_is_delivered_twice_is_answered_once() {
    let bot = TestBot::start(bot()).await;
    bot.person("alice").mentions("hello").await.answered("Hello, @alice!");
    for delivery in bot.workspace().deliveries() {
        let event = delivery.event_id.as_ref().unwrap();
        assert!(bot.workspace().send_again(event));
    }
    bot.settle().await;
    assert_eq!(bot.said().len(), 1);
}
// ANCHOR_END: workspace
