//! What every bot answers by itself: help, what nobody takes, arguments that do not fit.

use bavard::{Language, prelude::*, testing::TestBot};

/// Says hello.
#[on_mention("hello")]
#[help(fr = "Dit bonjour.")]
async fn hello() -> &'static str {
    "Hello!"
}

#[derive(Clone, Copy, Choice)]
enum Env {
    Staging,
    #[choice("prod", "production")]
    Production,
}

/// Deploys a service.
#[on_mention("deploy {service} to {env}", "déploie {service} sur {env}")]
async fn deploy(service: String, env: Env) -> String {
    match env {
        Env::Staging => format!("{service} is tried out"),
        Env::Production => format!("{service} is live"),
    }
}

#[on_dm]
async fn anything(text: Text) -> String {
    format!("directly: {text}")
}

#[on_mention("help")]
async fn own_help() -> &'static str {
    "help of its own"
}

#[on_mention("help {topic?}")]
async fn help_about(topic: Option<String>) -> String {
    format!("help about {}", topic.as_deref().unwrap_or("everything"))
}

#[on_mention("aide {reste..}")]
async fn french_help(reste: String) -> String {
    format!("aide : {reste}")
}

#[on_dm("help")]
async fn help_in_private() -> &'static str {
    "help in private"
}

#[on_mention(priority = 1)]
async fn everything() -> &'static str {
    "everything"
}

#[on_mention("aide", only = channel)]
async fn help_in_channels() -> &'static str {
    "help in channels"
}

#[on_unhandled]
async fn lost(text: Text) -> String {
    format!("lost: {text}")
}

#[tokio::test]
async fn help_is_built_in_under_three_names() {
    let bot = TestBot::start(App::empty().handlers(handlers![hello, deploy])).await;
    let alice = bot.person("alice");
    for word in ["help", "Help!", "aide", "?"] {
        let heard = alice.mentions(word).await;
        heard.said("hello").said("deploy {service} to {env}");
        assert_eq!(heard.messages().len(), 1, "{word}");
    }
    alice.tells("help").await.said("Here is what I can do");
    alice.tells("aide").await.said("Voici ce que je sais faire").said("Dit bonjour.");
    alice.says("help").await.unanswered();
}

#[tokio::test]
async fn help_answers_in_direct_messages_beside_what_takes_all_of_them() {
    let bot = TestBot::start(App::empty().handlers(handlers![hello, anything])).await;
    let alice = bot.person("alice");
    alice.tells("help").await.said("Here is what I can do");
    alice.tells("so").await.answered("directly: so");
}

#[tokio::test]
async fn help_of_ones_own_answers_to_every_name_of_help_everywhere() {
    let bot = TestBot::start(App::empty().handlers(handlers![own_help, anything])).await;
    let alice = bot.person("alice");
    for word in ["help", "aide", "?"] {
        alice.mentions(word).await.answered("help of its own");
        alice.tells(word).await.answered("help of its own");
    }
    alice.tells("so").await.answered("directly: so");
}

#[tokio::test]
async fn help_of_ones_own_may_take_a_topic() {
    let bot = TestBot::start(App::empty().handlers(handlers![help_about])).await;
    let alice = bot.person("alice");
    alice.mentions("help").await.answered("help about everything");
    alice.mentions("help deploy").await.answered("help about deploy");
    alice.mentions("?").await.answered("help about everything");
}

#[tokio::test]
async fn each_name_of_help_may_have_a_handler_of_its_own() {
    let bot = TestBot::start(App::empty().handlers(handlers![own_help, french_help])).await;
    let alice = bot.person("alice");
    alice.mentions("help").await.answered("help of its own");
    alice.mentions("aide moi").await.answered("aide : moi");
    alice.tells("aide").await.answered("aide :");
}

#[tokio::test]
async fn help_of_ones_own_for_some_leaves_the_built_in_to_the_others() {
    let bot = TestBot::start(App::empty().handlers(handlers![hello, help_in_private])).await;
    let alice = bot.person("alice");
    alice.tells("help").await.answered("help in private");
    alice.tells("?").await.answered("help in private");
    alice.mentions("help").await.said("Here is what I can do");
    let bot = TestBot::start(App::empty().handlers(handlers![hello, help_in_channels])).await;
    let alice = bot.person("alice");
    alice.mentions("aide").await.answered("help in channels");
    alice.mentions("help").await.said("Here is what I can do");
    alice.tells("aide").await.said("Voici ce que je sais faire");
}

#[tokio::test]
async fn what_goes_before_everything_goes_before_help() {
    let bot = TestBot::start(App::empty().handlers(handlers![everything])).await;
    bot.person("alice").mentions("help").await.answered("everything");
}

#[tokio::test]
async fn what_nobody_takes_is_answered_only_to_those_who_asked() {
    let bot = TestBot::start(App::empty().handlers(handlers![hello, deploy])).await;
    let alice = bot.person("alice");
    alice.mentions("weather").await.answered("I did not understand. Write `help` to see what I can do.");
    alice.tells("weather").await.said("I did not understand");
    alice.says("weather").await.unanswered();
    alice.mentions("").await.said("I did not understand");
}

#[tokio::test]
async fn a_near_miss_is_told_what_was_meant() {
    let bot = TestBot::start(App::empty().handlers(handlers![hello, deploy])).await;
    bot.person("alice").mentions("deplyo api to prod").await.said("Did you mean `deploy {service} to {env}`");
}

#[tokio::test]
async fn on_unhandled_replaces_the_answer_to_what_nobody_takes() {
    let bot = TestBot::start(App::empty().handlers(handlers![hello, lost])).await;
    let alice = bot.person("alice");
    alice.mentions("weather").await.answered("lost: weather");
    alice.mentions("hello").await.answered("Hello!");
    alice.says("weather").await.unanswered();
}

#[tokio::test]
async fn a_choice_is_taken_by_any_of_its_names_and_the_names_are_told() {
    let bot = TestBot::start(App::empty().handlers(handlers![deploy])).await;
    let alice = bot.person("alice");
    alice.mentions("deploy api to PRODUCTION").await.answered("api is live");
    alice.mentions("Deploy api to staging!").await.answered("api is tried out");
    alice.mentions("deploy “the api” to prod").await.answered("the api is live");
    let wrong = "“moon” cannot be `env`: it should be one of `staging`, `prod`.";
    alice.mentions("deploy api to moon").await.said(wrong).said("Usage: `deploy {service} to {env}`");
}

#[tokio::test]
async fn the_language_is_that_of_the_message_and_else_that_of_the_bot() {
    let french = TestBot::builder().language(Language::French);
    let bot = french.start(App::empty().handlers(handlers![hello, deploy])).await;
    let alice = bot.person("alice");
    alice.mentions("Router").await.said("Je n’ai pas compris");
    alice.mentions("what is the weather").await.said("I did not understand");
    alice.mentions("deploy api to moon").await.said("cannot be `env`");
    alice.mentions("déploie api sur lune").await.said("« lune » ne convient pas pour `env`");
    let bot = TestBot::start(App::empty().handlers(handlers![hello, deploy])).await;
    let alice = bot.person("alice");
    alice.mentions("quel temps fait-il ?").await.said("Je n’ai pas compris");
    // Half of it is English; the pattern that takes it is not.
    alice.mentions("deploie the_api sur the").await.said("« the » ne convient pas pour `env`");
}
