//! What becomes of messages of which nobody knows whether they arrived.

use std::{sync::Arc, time::Duration};

use bavard::{
    Clock, ManualClock,
    testing::{TestBot, TestBotBuilder},
    workspace::Fault,
};
use tracing::Level;

use super::{POST, app};
use crate::support::{Log, NOW, advance_until_idle, calls, manual_clock, said, shown, times, yield_often};

const HISTORY: &str = "conversations.history";
const REPLIES: &str = "conversations.replies";

/// Faults after which nobody knows, though nothing arrived.
fn vanishing() -> [Fault; 5] {
    let faults = [
        Fault::status(500),
        Fault::status(503),
        Fault::html(),
        Fault::error("fatal_error"),
        Fault::error("internal_error"),
    ];
    faults.map(|fault| fault.on(POST))
}

async fn start(builder: TestBotBuilder) -> (TestBot, Arc<ManualClock>) {
    let clock = manual_clock();
    let bot = builder.clock(clock.clone()).start(app()).await;
    (bot, clock)
}

/// Alice mentions the bot, and time goes by until it has had its say.
async fn mention(bot: &TestBot, clock: &ManualClock, words: &str) {
    let general = bot.workspace().channel("general");
    bot.workspace().person("alice").say(&general, &format!("@bot {words}"));
    advance_until_idle(bot, clock).await;
}

/// The keys of what was posted, call by call.
fn keys(bot: &TestBot) -> Vec<String> {
    let posts = bot.workspace().calls().into_iter().filter(|call| call.method == POST);
    let metadata = posts.map(|call| call.args["metadata"].clone());
    metadata
        .map(|metadata| {
            assert_eq!(metadata["event_type"], "bavard_reply");
            assert!(metadata.to_string().len() < 120, "{metadata}");
            metadata["event_payload"]["key"].as_str().unwrap_or_else(|| panic!("{metadata}")).to_owned()
        })
        .collect()
}

#[tokio::test]
async fn every_message_carries_a_key_of_its_own() {
    let (bot, clock) = start(TestBot::builder()).await;
    mention(&bot, &clock, "count").await;
    mention(&bot, &clock, "long").await;
    let mut keys = keys(&bot);
    assert!(keys.len() > 5);
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), calls(&bot, POST));
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_found_and_its_handler_gets_it() {
    let (bot, clock) = start(TestBot::builder()).await;
    bot.workspace().fail(Fault::lost_answer().on(POST));
    // It updates what it posted, so that it must have been given where that stands.
    mention(&bot, &clock, "progress").await;
    assert_eq!(shown(&bot), ["done"]);
    assert_eq!((calls(&bot, POST), calls(&bot, "chat.update"), calls(&bot, HISTORY)), (1, 2, 1));
}

#[tokio::test]
async fn a_message_in_a_thread_is_found_there() {
    let (bot, clock) = start(TestBot::builder()).await;
    let general = bot.workspace().channel("general");
    let alice = bot.workspace().person("alice");
    let head = alice.say(&general, "a thread");
    bot.workspace().fail(Fault::lost_answer().on(POST));
    alice.reply(&head, "@bot say hello");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["hello"]);
    assert_eq!((calls(&bot, POST), calls(&bot, REPLIES), calls(&bot, HISTORY)), (1, 1, 0));
}

#[tokio::test]
async fn a_message_that_is_shown_late_is_found_all_the_same() {
    let (bot, clock) = start(TestBot::builder()).await;
    bot.workspace().fail(Fault::lost_answer().on(POST));
    bot.workspace().fail(Fault::lagging().on(HISTORY).times(2));
    mention(&bot, &clock, "try to say").await;
    assert_eq!(shown(&bot), ["hello", "it was said"]);
    assert_eq!(calls(&bot, HISTORY), 3);
}

#[tokio::test]
async fn a_message_is_looked_for_behind_others_and_empty_pages() {
    let (bot, clock) = start(TestBot::builder()).await;
    let general = bot.workspace().channel("general");
    let alice = bot.workspace().person("alice");
    bot.workspace().fail(Fault::lost_answer().on(POST));
    bot.workspace().fail(Fault::empty_page().on(HISTORY));
    alice.say(&general, "@bot say hello");
    while calls(&bot, POST) == 0 {
        tokio::task::yield_now().await;
    }
    for number in 0..250 {
        alice.say(&general, &format!("number {number}"));
    }
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["hello"]);
    assert_eq!((calls(&bot, POST), calls(&bot, HISTORY)), (1, 3));
}

#[tokio::test]
async fn a_message_that_is_not_there_is_sent_once_more() {
    for fault in vanishing() {
        let (bot, clock) = start(TestBot::builder()).await;
        bot.workspace().fail(fault.clone());
        mention(&bot, &clock, "try to say").await;
        assert_eq!(shown(&bot), ["hello", "it was said"], "{fault:?}");
        assert_eq!((calls(&bot, POST), calls(&bot, HISTORY)), (3, 3), "{fault:?}");
        let posts = times(&bot, POST);
        assert!(posts[1].since(posts[0]) >= Duration::from_secs(30), "{posts:?}");
        let keys = keys(&bot);
        assert!(keys[0] == keys[1] && keys[1] != keys[2], "{keys:?}");
    }
}

#[tokio::test]
async fn a_message_that_is_lost_twice_is_given_up_and_listed() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let (bot, clock) = start(TestBot::builder()).await;
    bot.workspace().fail(Fault::status(500).on(POST).times(2));
    mention(&bot, &clock, "try to say").await;
    assert_eq!(shown(&bot).len(), 1);
    assert!(shown(&bot)[0].starts_with("nobody knows whether it was said: ambiguous: HTTP 500"), "{:?}", shown(&bot));
    assert_eq!((calls(&bot, POST), calls(&bot, HISTORY)), (3, 6));
    assert!(log.text().contains("a message was given up: it may have arrived"), "{}", log.text());
}

#[tokio::test]
async fn a_second_message_whose_answer_was_lost_is_found_too() {
    let (bot, clock) = start(TestBot::builder()).await;
    bot.workspace().fail(Fault::status(500).on(POST));
    bot.workspace().fail(Fault::lost_answer().on(POST));
    mention(&bot, &clock, "try to say").await;
    assert_eq!(shown(&bot), ["hello", "it was said"]);
}

#[tokio::test]
async fn where_it_is_held_it_is_never_sent_again() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let (bot, clock) = start(TestBot::builder().setting("BAVARD_AMBIGUOUS", "hold")).await;
    bot.workspace().fail(Fault::status(500).on(POST));
    mention(&bot, &clock, "say hello").await;
    assert_eq!((shown(&bot).len(), calls(&bot, POST), calls(&bot, HISTORY)), (0, 1, 3));
    assert!(log.text().contains("BAVARD_AMBIGUOUS is hold"), "{}", log.text());
    bot.workspace().fail(Fault::lost_answer().on(POST));
    mention(&bot, &clock, "try to say").await;
    assert_eq!(shown(&bot), ["hello", "it was said"]);
}

#[tokio::test]
async fn where_the_bot_may_not_read_nothing_is_sent_again() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let (bot, clock) = start(TestBot::builder().scopes(["app_mentions:read", "chat:write"])).await;
    bot.workspace().fail(Fault::lost_answer().on(POST));
    mention(&bot, &clock, "say hello").await;
    assert_eq!((shown(&bot).len(), calls(&bot, POST)), (1, 1));
    bot.workspace().fail(Fault::status(500).on(POST));
    mention(&bot, &clock, "say further").await;
    assert_eq!((shown(&bot).len(), calls(&bot, POST)), (1, 2));
    let log = log.text();
    assert_eq!(log.matches("it cannot be looked for: missing_scope (it needs the scope channels:history").count(), 2);
    assert_eq!(log.matches("a message was given up").count(), 2, "{log}");
    assert!(log.contains("so_far=2"), "{log}");
    mention(&bot, &clock, "say at last").await;
    assert_eq!(shown(&bot)[1], "at last");
}

#[tokio::test]
async fn a_platform_that_does_not_let_look_is_asked_later() {
    let (bot, clock) = start(TestBot::builder()).await;
    for fault in [
        Fault::lost_answer().on(POST),
        Fault::rate_limited(40).on(HISTORY),
        Fault::status(503).on(HISTORY),
        Fault::lost_answer().on(HISTORY),
        Fault::html().on(HISTORY),
    ] {
        bot.workspace().fail(fault);
    }
    mention(&bot, &clock, "try to say").await;
    assert_eq!(shown(&bot), ["hello", "it was said"]);
    assert_eq!((calls(&bot, POST), calls(&bot, HISTORY)), (2, 5));
}

#[tokio::test]
async fn a_long_answer_whose_first_part_is_lost_stays_whole_and_in_order() {
    for fault in [Fault::lost_answer().on(POST), Fault::status(503).on(POST)] {
        let (bot, clock) = start(TestBot::builder()).await;
        mention(&bot, &clock, "long").await;
        let whole = shown(&bot);
        assert!(whole.len() > 2);
        bot.workspace().fail(fault);
        mention(&bot, &clock, "long").await;
        let all = shown(&bot);
        assert_eq!(all[whole.len()..], whole[..]);
    }
}

#[tokio::test]
async fn the_order_of_a_conversation_is_kept_and_others_go_on() {
    let (bot, clock) = start(TestBot::builder()).await;
    let (general, random) = (bot.workspace().channel("general"), bot.workspace().channel("random"));
    let alice = bot.workspace().person("alice");
    bot.workspace().fail(Fault::status(500).on(POST));
    alice.say(&general, "@bot count");
    while calls(&bot, POST) == 0 {
        tokio::task::yield_now().await;
    }
    yield_often().await;
    // The clock stands still, so that what is in doubt stays in doubt.
    alice.say(&random, "@bot say elsewhere");
    assert_eq!(said(&bot, 1).await[0].shown(), "elsewhere");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["elsewhere", "one", "two", "three"]);
}

#[tokio::test]
async fn messages_keep_their_order_while_many_of_them_are_lost() {
    let (bot, clock) = start(TestBot::builder()).await;
    let alice = bot.workspace().person("alice");
    let words: Vec<String> = (0..12).map(|number| format!("number {number}")).collect();
    for (number, word) in words.iter().enumerate() {
        alice.tell(&format!("say {word}"));
        bot.workspace().quiet().await;
        match number % 4 {
            1 => bot.workspace().fail(Fault::lost_answer().on(POST)),
            3 => bot.workspace().fail(Fault::status(500).on(POST)),
            _ => {}
        }
    }
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), words);
}

#[tokio::test]
async fn what_one_person_alone_sees_is_never_sent_again() {
    for (fault, arrived) in
        [(Fault::lost_answer().on("chat.postEphemeral"), 1), (Fault::status(500).on("chat.postEphemeral"), 0)]
    {
        let (log, _guard) = Log::capture(Level::ERROR);
        let (bot, clock) = start(TestBot::builder()).await;
        bot.workspace().fail(fault);
        mention(&bot, &clock, "whisper").await;
        assert_eq!((shown(&bot).len(), calls(&bot, "chat.postEphemeral"), calls(&bot, HISTORY)), (arrived, 1, 0));
        assert!(log.text().contains("what is said in this way cannot be looked for"), "{}", log.text());
    }
}

#[tokio::test]
async fn an_answer_at_an_address_of_its_own_is_never_sent_again() {
    for (fault, arrived) in [(Fault::lost_answer().on("response_url"), 1), (Fault::status(500).on("response_url"), 0)] {
        let (log, _guard) = Log::capture(Level::ERROR);
        let (bot, clock) = start(TestBot::builder().workspace(|workspace| workspace.commands(["/tell"]))).await;
        let general = bot.workspace().channel("general");
        bot.workspace().fail(fault);
        bot.workspace().person("alice").command(&general, "/tell").unwrap();
        advance_until_idle(&bot, &clock).await;
        assert_eq!((calls(&bot, "response_url"), calls(&bot, HISTORY)), (1, 0));
        let said = bot.workspace().messages(general.id()).iter().filter(|one| one.shown() == "one").count();
        assert_eq!(said, arrived);
        assert!(log.text().contains("ambiguous"), "{}", log.text());
    }
}

#[tokio::test]
async fn an_update_that_may_have_arrived_is_simply_made_again() {
    for fault in [Fault::lost_answer(), Fault::status(500), Fault::html()] {
        let (log, _guard) = Log::capture(Level::ERROR);
        let (bot, clock) = start(TestBot::builder()).await;
        bot.workspace().fail(fault.clone().on("chat.update").times(2));
        mention(&bot, &clock, "progress").await;
        assert_eq!(shown(&bot), ["done"], "{fault:?}");
        assert_eq!((calls(&bot, "chat.update"), calls(&bot, HISTORY)), (4, 0));
        assert!(log.text().is_empty(), "{}", log.text());
    }
}

#[tokio::test]
async fn a_token_that_is_refused_for_a_while_costs_no_message() {
    let (bot, clock) = start(TestBot::builder()).await;
    bot.workspace().fail(Fault::error("token_revoked").on(POST).times(4));
    mention(&bot, &clock, "count").await;
    assert_eq!(shown(&bot), ["one", "two", "three"]);
    assert_eq!(calls(&bot, POST), 7);
    assert!(clock.now().since(NOW) >= Duration::from_secs(1 + 2 + 4 + 8), "{:?}", clock.now());
}
