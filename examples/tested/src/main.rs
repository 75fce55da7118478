//! A bot with its tests.
//!
//! `cargo test -p tested`

use bavard::prelude::*;

/// Adds numbers.
#[help(fr = "Additionne des nombres.")]
#[on_mention("add {numbers..}", "additionne {numbers..}")]
#[on_command("/add {numbers..}")]
async fn add(numbers: Vec<i64>) -> String {
    format!("= {}", numbers.iter().sum::<i64>())
}

/// Answers in the thread of whoever asks for it.
#[on_mention("whisper {text..}")]
async fn whisper(text: Text) -> Reply {
    Reply::verbatim(text).in_thread()
}

/// Waves back.
#[on_reaction("wave")]
async fn wave(user: User) -> String {
    format!("Hi, {user}!")
}

#[bavard::main]
fn bot() -> App {
    App::new("tested")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bavard::testing::TestBot;

    use super::*;

    #[test]
    fn the_handlers_are_in_order() {
        bot().check().unwrap();
    }

    #[tokio::test]
    async fn a_handler_is_a_function_like_any_other() {
        assert_eq!(add(vec![1, 2]).await, "= 3");
    }

    #[tokio::test]
    async fn adds_in_channels_in_direct_messages_and_as_a_command() {
        let bot = TestBot::start(bot()).await;
        let alice = bot.person("alice");
        alice.mentions("add 1 2 3").await.answered("= 6").outside_threads().acknowledged_within(Duration::from_secs(3));
        alice.tells("additionne 20 22").await.answered("= 42");
        alice.types("/add 1 1").await.answered("= 2").privately();
        alice.says("add 1 2").await.unanswered();
    }

    #[tokio::test]
    async fn tells_what_is_wrong_with_a_number() {
        let bot = TestBot::builder().language(Language::French).start(bot()).await;
        bot.person("alice").mentions("additionne 1 deux").await.said("« deux » ne convient pas pour `numbers`");
        bot.person("alice").mentions("add the 1").await.said("“the” cannot be `numbers`");
    }

    #[tokio::test]
    async fn whispers_in_the_thread() {
        let bot = TestBot::start(bot()).await;
        bot.person("alice").mentions("whisper *a* & <b>").await.answered("*a* & <b>").in_thread();
    }

    #[tokio::test]
    async fn waves_back() {
        let bot = TestBot::builder().scope("reactions:read").start(bot()).await;
        let alice = bot.person("alice");
        let heard = alice.mentions("whisper hello").await;
        alice.reacts(&heard.messages()[0], "wave").await.answered("Hi, @alice!");
    }
}
