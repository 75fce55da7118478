use bavard::testing::TestBot;

use super::*;

// ANCHOR: in_order
#[test]
fn the_handlers_are_in_order() {
    bot().check().unwrap();
}
// ANCHOR_END: in_order

// ANCHOR: plain_call
#[tokio::test]
async fn a_handler_is_a_function_like_any_other() {
    let greetings = State::new(Greetings::default());
    assert_eq!(greet("Ada".to_owned(), Some(Manner::Formally), greetings.clone()).await, "Good day, Ada.");
    assert_eq!(greetings.so_far(), 1);
    assert_eq!(cheer(9, Text::plain("Ada")).await.unwrap_err().told(), Some("Between one and five times, please."));
}
// ANCHOR_END: plain_call

// ANCHOR: conversation
#[tokio::test]
async fn greets_wherever_it_is_asked() {
    let bot = TestBot::start(bot()).await;
    let alice = bot.person("alice");
    alice.mentions("greet Ada").await.answered("Hello, Ada!").outside_threads();
    alice.tells("salue \"Ada Lovelace\" POLIMENT").await.answered("Good day, Ada Lovelace.");
    alice.types("/greet Ada warmly").await.answered("Hello, Ada!").privately();
    alice.says("greet Ada").await.unanswered();
    alice.mentions("count").await.answered("Greeted so far: 3");
}
// ANCHOR_END: conversation

#[tokio::test]
async fn tells_what_is_wrong_with_an_argument() {
    let bot = TestBot::start(bot()).await;
    let alice = bot.person("alice");
    alice.mentions("greet Ada loudly").await.said("one of `warmly`, `formally`");
    alice.mentions("cheer 6 Ada").await.answered("Between one and five times, please.");
    alice.mentions("cheer 2 *Ada* & co").await.answered("Hooray, Hooray *Ada* & co!");
}

// ANCHOR: check
#[tokio::test]
async fn only_the_host_starts_again() {
    let bot = TestBot::start(bot()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    alice.mentions("host me").await.answered("@alice is the host.");
    bob.mentions("host me").await.answered("There is a host already.");
    bob.mentions("reset").await.answered("Only the host may do that.");
    alice.mentions("reset").await.answered("Counting from the start again.");
}
// ANCHOR_END: check

// ANCHOR: french
#[tokio::test]
async fn explains_itself_in_the_language_of_who_asks() {
    let bot = TestBot::start(bot()).await;
    let alice = bot.person("alice");
    alice.tells("help").await.said("Tells how many people were greeted.");
    alice.tells("aide").await.said("Dit combien de personnes ont été saluées.");
}

#[tokio::test]
async fn speaks_french_where_a_message_tells_no_language() {
    let bot = TestBot::builder().language(Language::French).start(bot()).await;
    let alice = bot.person("alice");
    alice.mentions("recommence").await.answered("Seul l’hôte peut faire cela.");
    alice.mentions("acclame beaucoup Ada").await.said("« beaucoup » ne convient pas pour `times`");
}
// ANCHOR_END: french
