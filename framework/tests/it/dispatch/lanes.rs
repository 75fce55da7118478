//! What waits for what: one event at a time in a conversation, conversations side by side.

use std::sync::Arc;

use bavard::{prelude::*, testing::TestBot};
use tokio::sync::Notify;

use crate::support::{said, shown, yield_often};

#[derive(Clone, Default)]
struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

#[on_mention("wait")]
async fn wait(gate: State<Gate>) -> &'static str {
    gate.reached.notify_one();
    gate.open.notified().await;
    "waited"
}

#[on_mention("say {text..}")]
#[on_command("/say {text..}")]
async fn say(text: Text) -> Reply {
    Reply::verbatim(text)
}

async fn waiting() -> (TestBot, Gate) {
    let gate = Gate::default();
    let bot = TestBot::start(App::empty().handlers(handlers![wait, say]).state(gate.clone())).await;
    bot.workspace().person("alice").tell("wait");
    gate.reached.notified().await;
    (bot, gate)
}

#[tokio::test]
async fn what_is_said_in_a_conversation_waits_for_what_was_said_before() {
    let (bot, gate) = waiting().await;
    let alice = bot.workspace().person("alice");
    for words in ["say one", "say two"] {
        alice.tell(words);
        bot.workspace().quiet().await;
    }
    yield_often().await;
    assert_eq!(shown(&bot), [""; 0], "they are acknowledged and wait");
    gate.open.notify_one();
    said(&bot, 3).await;
    assert_eq!(shown(&bot), ["waited", "one", "two"]);
}

#[tokio::test]
async fn nobody_waits_for_another_conversation() {
    let (bot, gate) = waiting().await;
    let (alice, bob) = (bot.workspace().person("alice"), bot.workspace().person("bob"));
    let general = bot.workspace().channel("general");
    bob.tell("say bob");
    said(&bot, 1).await;
    alice.say(&general, "@bot say channel");
    said(&bot, 2).await;
    alice.command(&alice.direct(), "/say command").unwrap();
    assert_eq!(said(&bot, 3).await[2].shown(), "command");
    gate.open.notify_one();
    assert_eq!(said(&bot, 4).await[3].shown(), "waited");
}

#[tokio::test]
async fn a_thread_is_a_conversation_of_its_own() {
    let (bot, gate) = waiting().await;
    let (alice, general) = (bot.workspace().person("alice"), bot.workspace().channel("general"));
    let root = alice.say(&general, "@bot wait");
    gate.reached.notified().await;
    alice.reply(&root, "@bot say behind");
    alice.say(&general, "@bot say beside");
    assert_eq!(said(&bot, 1).await[0].shown(), "beside");
    bot.workspace().quiet().await;
    yield_often().await;
    assert_eq!(bot.said().len(), 1);
    gate.open.notify_one();
    gate.open.notify_one();
    bot.settle().await;
    let of_root: Vec<_> =
        bot.said().iter().filter(|one| one.thread.is_some()).map(|one| one.shown().to_owned()).collect();
    assert_eq!(of_root, ["behind"]);
    assert_eq!(bot.said().len(), 4);
}
