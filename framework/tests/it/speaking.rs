//! What handlers say before they return.

use bavard::{prelude::*, testing::TestBot};

/// Says something and does not wait for it to arrive.
#[on_mention("twice")]
async fn twice(ctx: Context) -> &'static str {
    let mut saying = Box::pin(ctx.say("one"));
    tokio::select! {
        biased;
        _ = &mut saying => {}
        () = std::future::ready(()) => {}
    }
    drop(saying);
    "two"
}

#[tokio::test]
async fn what_a_handler_stopped_waiting_for_is_said_all_the_same_and_in_order() {
    let bot = TestBot::start(App::empty().handlers(handlers![twice])).await;
    let alice = bot.person("alice");
    for _ in 0..2 {
        let heard = alice.mentions("twice").await;
        let said: Vec<_> = heard.messages().iter().map(|message| message.shown().to_owned()).collect();
        assert_eq!(said, ["one", "two"]);
    }
}

mod takers {
    use super::*;

    /// Takes the message.
    #[on_mention("twins")]
    pub(super) async fn twin(ctx: Context) -> Result<()> {
        ctx.say("taken").await?;
        Ok(())
    }
}

mod observers {
    use super::*;

    /// Observes the event.
    #[on_event("app_mention")]
    pub(super) async fn twin(ctx: Context) -> Result<()> {
        ctx.say("observed").await?;
        Ok(())
    }
}

#[tokio::test]
async fn handlers_of_one_name_each_have_their_say() {
    let handlers = handlers![takers::twin, observers::twin];
    let bot = TestBot::builder().events(["app_mention"]).start(App::empty().handlers(handlers)).await;
    bot.person("alice").mentions("twins").await.said("taken").said("observed");
}

/// Leaves something behind that speaks after it has returned.
#[on_mention("later")]
async fn later(ctx: Context, told: State<tokio::sync::mpsc::UnboundedSender<String>>) -> &'static str {
    let told = told.into_inner();
    tokio::spawn(async move {
        while ctx.say("too late").await.is_ok() {
            tokio::task::yield_now().await;
        }
        let Err(error) = ctx.say("too late").await else { return };
        // The test may have ended.
        let _ = told.send(error.to_string());
    });
    "now"
}

#[tokio::test]
async fn a_handler_that_has_returned_says_nothing_more() {
    let (sender, mut told) = tokio::sync::mpsc::unbounded_channel::<String>();
    let bot = TestBot::start(App::empty().handlers(handlers![later]).state(sender)).await;
    bot.person("alice").mentions("later").await.said("now");
    assert!(told.recv().await.unwrap().contains("Bot::say"));
}
