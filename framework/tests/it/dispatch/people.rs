//! Who is addressed, and where.

use std::time::Duration;

use bavard::{PlaceKind, prelude::*, testing::TestBot};
use serde_json::json;

use crate::support::{manual_clock, shown};

#[on_mention("who")]
async fn mentioned(channel: Channel) -> String {
    format!("a mention, {:?}", channel.kind.unwrap_or(PlaceKind::Channel))
}

#[on_dm("who")]
async fn direct() -> &'static str {
    "a direct message"
}

#[on_dm]
async fn anything_direct(text: Text) -> String {
    format!("directly: {text}")
}

#[on_message("who")]
async fn overheard() -> &'static str {
    "overheard"
}

#[on_mention("only here", only = channel)]
async fn in_channels() -> &'static str {
    "in a channel"
}

#[on_mention("thread")]
async fn same() -> &'static str {
    "same"
}

#[on_mention("start thread")]
async fn inside() -> Reply {
    Reply::markdown("inside").in_thread()
}

#[on_mention("leave thread")]
async fn outside() -> Reply {
    Reply::markdown("outside").in_channel()
}

#[on_mention("secret")]
async fn secret() -> Reply {
    Reply::markdown("between us").privately()
}

#[on_reaction("wave")]
async fn wave(user: User) -> String {
    format!("Hi, {user}!")
}

#[on_reaction]
async fn any_reaction(reaction: Reaction) -> String {
    format!("A {}.", reaction.name)
}

#[tokio::test]
async fn direct_messages_win_over_mentions_of_the_same_words() {
    let bot = TestBot::start(App::empty().handlers(handlers![mentioned, direct, overheard])).await;
    let alice = bot.person("alice");
    alice.mentions("who").await.answered("a mention, Channel");
    alice.tells("who?").await.answered("a direct message");
    alice.says("who").await.answered("overheard");
}

#[tokio::test]
async fn what_is_for_mentions_takes_direct_messages_too_unless_it_says_otherwise() {
    let bot = TestBot::start(App::empty().handlers(handlers![mentioned, in_channels])).await;
    let alice = bot.person("alice");
    alice.tells("who").await.answered("a mention, Direct");
    alice.mentions("only here").await.answered("in a channel");
    alice.tells("only here").await.said("I did not understand");
    alice.says("who").await.unanswered();
}

#[tokio::test]
async fn each_kind_of_conversation_is_told_apart() {
    for (kind, expected) in
        [("im", "directly: hi"), ("channel", ""), ("group", ""), ("mpim", ""), ("something_new", "")]
    {
        let bot = TestBot::start(App::empty().handlers(handlers![anything_direct, overheard])).await;
        let (alice, general) = (bot.workspace().person("alice"), bot.workspace().channel("general"));
        bot.workspace().send_event(json!({
            "type": "message", "channel_type": kind, "channel": general.id(), "user": alice.id(), "text": "hi",
            "ts": "1700000000.000100",
        }));
        bot.settle().await;
        assert_eq!(shown(&bot).concat(), expected, "{kind}");
    }
}

#[tokio::test]
async fn a_private_channel_is_heard_with_its_scope() {
    let builder = TestBot::builder().scope("groups:history").scope("groups:read");
    let bot = builder.start(App::empty().handlers(handlers![overheard, mentioned])).await;
    let _ = bot.workspace().channel("cellar").private();
    let alice = bot.person("alice").in_channel("cellar");
    alice.says("who").await.answered("overheard");
    alice.mentions("who").await.answered("a mention, Channel");
}

#[tokio::test]
async fn answers_stand_where_the_call_came_from() {
    let bot = TestBot::start(App::empty().handlers(handlers![same, inside, outside, secret])).await;
    let alice = bot.person("alice");
    alice.mentions("thread").await.answered("same").outside_threads();
    let started = alice.mentions("start thread").await;
    started.answered("inside").in_thread();
    let root = started.message().unwrap();
    alice.replies(root, "@bot thread").await.answered("same").in_thread();
    alice.replies(root, "@bot start thread").await.answered("inside").in_thread();
    alice.replies(root, "@bot leave thread").await.answered("outside").outside_threads();
    alice.mentions("secret").await.answered("between us").privately();
    // Nobody else reads a direct message: there it is an ordinary one.
    let told = alice.tells("secret").await;
    told.answered("between us").outside_threads();
    assert_eq!(told.messages()[0].ephemeral_to, None);
}

#[tokio::test]
async fn reactions_are_known_by_name_with_any_skin() {
    let builder = TestBot::builder().scope("reactions:read");
    let bot = builder.start(App::empty().handlers(handlers![wave, any_reaction, same])).await;
    let alice = bot.person("alice");
    let heard = alice.mentions("thread").await;
    let message = &heard.messages()[0];
    alice.reacts(message, "wave").await.answered("Hi, @alice!");
    alice.reacts(message, "wave::skin-tone-3").await.answered("Hi, @alice!");
    alice.reacts(message, "eyes").await.answered("A eyes.");
}

fn never(_: Context) -> bool {
    false
}

async fn not_today(_: Context) -> Result<()> {
    Err(Error::tell("Only on Fridays."))
}

async fn broken(_: Context) -> Result<()> {
    Err(Error::new("the directory of people is down"))
}

#[on_mention("forbidden", check = never)]
async fn forbidden() -> &'static str {
    "unreachable"
}

#[on_mention("friday", check = not_today)]
async fn friday() -> &'static str {
    "unreachable"
}

#[on_mention("broken check", check = broken)]
async fn fails_closed() -> &'static str {
    "unreachable"
}

#[on_mention("slowly", cooldown = "30s")]
async fn slowly() -> &'static str {
    "there"
}

#[tokio::test]
async fn a_check_decides_and_fails_closed() {
    let bot = TestBot::start(App::empty().handlers(handlers![forbidden, friday, fails_closed])).await;
    let alice = bot.person("alice");
    for words in ["forbidden", "friday", "broken check"] {
        let heard = alice.mentions(words).await;
        assert_eq!(heard.messages().len(), 1, "{words}");
        assert!(!heard.messages()[0].shown().contains("unreachable"), "{words}");
    }
    alice.mentions("friday").await.answered("Only on Fridays.");
    alice.mentions("broken check").await.said("went wrong");
}

#[tokio::test]
async fn a_cooldown_is_for_each_person_and_ends() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock.clone()).start(App::empty().handlers(handlers![slowly])).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    alice.mentions("slowly").await.answered("there");
    alice.mentions("slowly").await.answered("Please wait 30 s before you use this again.");
    bob.mentions("slowly").await.answered("there");
    clock.advance(Duration::from_secs(30));
    alice.mentions("slowly").await.answered("there");
}
