//! What was said before, as a handler sees it.
#![allow(clippy::unwrap_used, reason = "a test fails by them")]

use std::time::Duration;

use bavard::{
    Speaker, Transcript, Utterance,
    prelude::*,
    testing::{TestBot, TestPerson},
    workspace::{Fault, Message as Said},
};

use crate::support::{calls, manual_clock};

/// Tells what was said, who said it, and whether that is all.
#[on_mention("recall")]
#[on_command("/recall")]
async fn recall(conversation: Conversation) -> Reply {
    Reply::verbatim(shown(&conversation.transcript().await)).in_thread()
}

/// Answers and asks for nothing.
#[on_mention("hello")]
async fn hello() -> Reply {
    Reply::markdown("Hello!").in_thread()
}

fn shown(transcript: &Transcript) -> Text {
    let lines = transcript.utterances.iter().map(|utterance| {
        let Utterance { by, text, addressed, .. } = utterance;
        let by = match by {
            Speaker::Person(_) if *addressed => "person to me",
            Speaker::Person(_) => "person",
            Speaker::Myself => "I",
            _ => "bot",
        };
        // What it answered before is not told again in full.
        format!("{by}: {}", text.as_str().lines().next().unwrap_or_default())
    });
    let end = if transcript.is_complete { "all" } else { "not all" };
    Text::plain(format!("{}\n{end}", lines.collect::<Vec<_>>().join("\n")))
}

fn app() -> App {
    App::empty().handlers(handlers![recall, hello])
}

const READ: &str = "conversations.replies";

/// A thread without the bot: where do we meet, at the station, at noon.
async fn thread(alice: &TestPerson<'_>, bob: &TestPerson<'_>) -> Said {
    let root = alice.says("where do we *meet*, #general & co?").await.message().unwrap().clone();
    bob.replies(&root, "at the station").await.unanswered();
    root
}

#[tokio::test]
async fn a_thread_is_read_once_and_then_kept_up_from_what_is_heard() {
    let bot = TestBot::start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    let first = alice.replies(&root, "@bot recall").await;
    let begin = "person: where do we *meet*, #general & co?\nperson: at the station\nperson to me: recall\n";
    first.answered(&format!("{begin}all")).in_thread();
    assert_eq!(calls(&bot, READ), 1);
    bob.replies(&root, "at noon").await.unanswered();
    let own = "I: person: where do we *meet*, #general & co?\n";
    let second = alice.replies(&root, "@bot recall").await;
    second.answered(&format!("{begin}{own}person: at noon\nperson to me: recall\nall"));
    assert_eq!(calls(&bot, READ), 1, "the second mention reads nothing");
}

#[tokio::test]
async fn what_is_edited_is_another_and_what_is_deleted_is_gone() {
    let bot = TestBot::start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    alice.replies(&root, "@bot recall").await.said("at the station");
    let late = bob.replies(&root, "at noon").await.message().unwrap().clone();
    let wrong = bob.replies(&root, "I am an idiot").await.message().unwrap().clone();
    bob.edits(&late, "at one").await.unanswered();
    bob.deletes(&wrong).await.unanswered();
    alice.edits(&root, "where do we eat?").await.unanswered();
    let heard = alice.replies(&root, "@bot recall").await;
    heard.said("person: where do we eat?").said("person: at one\n");
    let text = heard.messages()[0].shown();
    assert!(!text.contains("noon") && !text.contains("idiot") && text.ends_with("\nall"), "{text}");
    assert_eq!(calls(&bot, READ), 1);
    alice.deletes(&root).await.unanswered();
    let heard = alice.replies(&root, "@bot recall").await;
    let text = heard.messages()[0].shown();
    assert!(text.starts_with("person: at the station\n"), "{text}");
}

#[tokio::test]
async fn where_only_mentions_are_heard_each_reads() {
    let bot = TestBot::builder().events(["app_mention", "message.im"]).start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    alice.replies(&root, "@bot recall").await.said("at the station");
    bob.replies(&root, "at noon").await.unanswered();
    alice.replies(&root, "@bot recall").await.said("person: at noon\n").said("I: person");
    assert_eq!(calls(&bot, READ), 2);
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_from_what_is_known() {
    let bot = TestBot::start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    for fault in [Fault::rate_limited(60), Fault::error("missing_scope"), Fault::html().times(2)] {
        bot.workspace().fail(fault.on(READ));
        alice.replies(&root, "@bot recall").await.said("person to me: recall\nnot all");
        bot.workspace().clear_faults();
    }
}

#[tokio::test]
async fn what_the_bot_said_is_known_where_nothing_is_heard_or_read() {
    let bot = TestBot::builder().events(["app_mention"]).start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    bot.workspace().fail(Fault::error("missing_scope").on(READ).always());
    alice.replies(&root, "@bot recall").await.answered("person to me: recall\nnot all");
    let known = "person to me: recall\nI: person to me: recall\nperson to me: recall\nnot all";
    alice.replies(&root, "@bot recall").await.answered(known);
}

#[tokio::test]
async fn what_the_platform_asks_to_leave_alone_is_left_alone() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock.clone()).start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    bot.workspace().fail(Fault::rate_limited(60).on(READ));
    alice.replies(&root, "@bot recall").await.answered("person to me: recall\nnot all");
    bob.replies(&root, "at noon").await.unanswered();
    let heard = alice.replies(&root, "@bot recall").await;
    heard.said("person to me: recall\nI: person to me: recall\nperson: at noon\nperson to me: recall\nnot all");
    assert_eq!(calls(&bot, READ), 1, "it was not asked again");
    clock.advance(Duration::from_secs(61));
    alice.replies(&root, "@bot recall").await.said("person: at the station\n").said("\nall");
}

#[tokio::test]
async fn an_app_that_may_read_once_a_minute_has_the_beginning_and_what_it_heard() {
    let clock = manual_clock();
    let builder = TestBot::builder().clock(clock).workspace(|workspace| workspace.distributed());
    let bot = builder.start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    for number in 0..30 {
        bob.replies(&root, &format!("number {number}")).await.unanswered();
    }
    let heard = alice.replies(&root, "@bot recall").await;
    heard.said("person: where do we").said("number 13\nperson to me: recall\nnot all");
    let other = alice.says("another").await.message().unwrap().clone();
    bob.replies(&other, "thread").await.unanswered();
    alice.replies(&other, "@bot recall").await.answered("person to me: recall\nnot all");
}

#[tokio::test]
async fn of_a_long_thread_there_is_what_begins_it_and_what_was_said_last() {
    let bot = TestBot::start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    for number in 0..250 {
        bot.workspace().person("bob").reply(&root, &format!("number {number}"));
    }
    let heard = alice.replies(&root, "@bot recall").await;
    heard.said("number 249\nperson to me: recall\nnot all");
    let text = heard.messages()[0].shown();
    assert!(text.starts_with("person: where do we") && !text.contains("number 149\n"), "{text}");
    assert_eq!(text.lines().count(), 101);
    assert_eq!(calls(&bot, READ), 2, "in two pages");
}

#[tokio::test]
async fn what_starts_a_thread_and_a_command_have_nothing_before_them() {
    let bot = TestBot::start(app()).await;
    let alice = bot.person("alice");
    alice.mentions("recall").await.answered("person to me: recall\nall");
    alice.types("/recall").await.answered("\nall");
    assert_eq!(calls(&bot, READ), 0);
}

#[tokio::test]
async fn direct_messages_are_a_conversation_and_each_of_their_threads_is_one() {
    let bot = TestBot::start(app()).await;
    let alice = bot.person("alice");
    let asked = alice.tells("hello").await.message().unwrap().clone();
    alice.tells("recall").await.answered("person to me: hello\nperson to me: recall\nall");
    alice.tells("recall").await.answered("person to me: hello\nperson to me: recall\nperson to me: recall\nall");
    assert_eq!(calls(&bot, "conversations.history"), 1);
    let heard = alice.replies(&asked, "recall").await;
    heard.answered("person to me: hello\nI: Hello!\nperson to me: recall\nall").in_thread();
    assert_eq!(calls(&bot, READ), 1);
}

#[tokio::test]
async fn long_direct_messages_are_read_once_too() {
    let bot = TestBot::start(app()).await;
    let alice = bot.person("alice");
    for number in 0..205 {
        bot.workspace().person("alice").tell(&format!("number {number}"));
    }
    for _ in 0..2 {
        alice.tells("recall").await.said("person to me: recall\nnot all");
    }
    assert_eq!(calls(&bot, "conversations.history"), 1);
}

#[tokio::test]
async fn after_an_hour_it_is_read_again() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock.clone()).start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    alice.replies(&root, "@bot recall").await.said("\nall");
    clock.advance(Duration::from_secs(60 * 60));
    alice.replies(&root, "@bot recall").await.said("\nall");
    assert_eq!(calls(&bot, READ), 2);
}

#[tokio::test]
async fn whoever_asks_for_nothing_reads_nothing() {
    let bot = TestBot::start(app()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = thread(&alice, &bob).await;
    alice.replies(&root, "@bot hello").await.answered("Hello!");
    assert_eq!(calls(&bot, READ), 0);
}

#[tokio::test]
async fn a_handler_is_called_with_what_a_test_says() {
    let before = Utterance::new("1700000001.000000", Speaker::Person("U1".into()), "where do we meet?");
    let now = Utterance::new("1700000002.000000", Speaker::Person("U2".into()), "recall").addressed(true);
    let transcript = Conversation::of([before, now]).transcript().await;
    assert_eq!(shown(&transcript), "person: where do we meet?\nperson to me: recall\nall");
    assert_eq!(transcript.before().len(), 1);
}
