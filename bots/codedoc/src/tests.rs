//! Conversations with CodeDoc about a small code base.

use std::{fs, path::Path};

use bavard::testing::{TestBot, TestBotBuilder};

use super::bot;

fn code_base(dir: &Path) {
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::write(
        dir.join("src/router.rs"),
        "//! Routing.\n\n/// Sends each request to the handler that is registered for its path.\npub struct Router {\n    \
         routes: Vec<Route>,\n}\n\nimpl Router {\n    /// Limits how long a handler may take.\n    pub fn \
         handler_timeout(&mut self, seconds: u64) {}\n}\n",
    )
    .unwrap();
    fs::write(dir.join("src/main.rs"), "mod router;\n\nfn main() {\n    let router = router::Router::new();\n}\n")
        .unwrap();
    fs::write(dir.join("README.md"), "# Sample\n\n## Installation\n\nRun `make install` to install the sample.\n")
        .unwrap();
}

fn builder(dir: &Path) -> TestBotBuilder {
    TestBot::builder()
        .setting("CODEDOC_ROOTS", dir.to_str().unwrap())
        .workspace(|workspace| workspace.commands(["/codedoc"]))
}

#[test]
fn the_handlers_are_in_order() {
    bot().check().unwrap();
}

#[tokio::test]
async fn says_where_something_is_defined() {
    let dir = tempfile::tempdir().unwrap();
    code_base(dir.path());
    let bot = builder(dir.path()).start(bot()).await;
    let alice = bot.person("alice");
    for question in ["where is Router?", "where is Router", "où est Router ?", "Where is the router defined?"] {
        let heard = alice.mentions(question).await;
        heard.said("src/router.rs:4").in_thread();
        let text = heard.messages()[0].shown().to_owned();
        assert!(!text.contains("main.rs") || text.find("router.rs") < text.find("main.rs"), "{question}: {text}");
    }
}

#[tokio::test]
async fn answers_in_direct_messages_and_commands_too() {
    let dir = tempfile::tempdir().unwrap();
    code_base(dir.path());
    let bot = builder(dir.path()).start(bot()).await;
    let alice = bot.person("alice");
    alice.tells("show Router").await.said("pub struct Router");
    alice.types("/codedoc where is Router").await.said("src/router.rs:4");
    alice.types("/codedoc how is a handler limited in time?").await.said("handler_timeout");
    alice.types("/codedoc aide").await.said("Voici ce que je sais faire");
    alice.tells("cherche install").await.said("README.md");
}

#[tokio::test]
async fn is_honest_and_refuses_what_is_not_about_the_code() {
    let dir = tempfile::tempdir().unwrap();
    code_base(dir.path());
    let bot = builder(dir.path()).start(bot()).await;
    let alice = bot.person("alice");
    for question in ["where is Zeppelin?", "what is the weather in Paris tomorrow?", "merci"] {
        let heard = alice.tells(question).await;
        let text = heard.messages()[0].shown().to_owned();
        assert!(!text.contains(".rs:") && !text.contains(".md:"), "{question} has no sources: {text}");
    }
}

#[tokio::test]
async fn says_what_to_set_when_there_is_nothing_to_read() {
    let dir = tempfile::tempdir().unwrap();
    let bot = builder(dir.path()).start(bot()).await;
    let alice = bot.person("alice");
    for question in ["where is Router?", "search router", "how are requests routed?"] {
        alice.tells(question).await.said("nothing that I can read in").said("CODEDOC_ROOTS");
    }
    alice.tells("cherche le routeur").await.said("rien que je puisse lire");
}

#[tokio::test]
async fn answers_in_the_language_of_the_question() {
    let dir = tempfile::tempdir().unwrap();
    code_base(dir.path());
    let bot = builder(dir.path()).start(bot()).await;
    let alice = bot.person("alice");
    alice.tells("search a c zeppelin").await.said("I found nothing");
    alice.tells("¿dónde está la clase Zeppelin?").await.said("I do not know");
    alice.tells("où est Zeppelin ?").await.said("Je n’ai rien trouvé");
    alice.tells("bien joué").await.said("Merci");
    alice.tells("tu es nul, connard").await.said("Désolé de ne pas avoir pu vous aider");
}

#[tokio::test]
async fn a_follow_up_is_understood_with_what_was_asked_before() {
    let dir = tempfile::tempdir().unwrap();
    code_base(dir.path());
    let bot = builder(dir.path()).start(bot()).await;
    let alice = bot.person("alice");
    let heard = alice.mentions("where is Router?").await;
    heard.said("src/router.rs:4");
    let asked = heard.message().unwrap().clone();
    alice
        .replies(&asked, "@bot what about handler_timeout?")
        .await
        .said("(I understood: where is")
        .said("src/router.rs:10");
    let heard = alice.replies(&asked, "@bot where is it?").await;
    heard.said("(I understood: where is handler_timeout?)").said("src/router.rs:10");
    // What stands by itself is answered as anywhere.
    let heard = alice.replies(&asked, "@bot how do I install the sample?").await;
    heard.said("README.md");
    assert!(!heard.messages()[0].shown().contains("about:"));
}

#[tokio::test]
async fn a_thread_without_it_is_answered_by_what_it_began_with() {
    let dir = tempfile::tempdir().unwrap();
    code_base(dir.path());
    let bot = builder(dir.path()).start(bot()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root = alice.says("Hi all. Where is Router defined?").await.message().unwrap().clone();
    bob.replies(&root, "no idea").await.unanswered();
    for plea in ["@bot ?", "@bot", "@bot help us?", "@bot help me"] {
        bob.replies(&root, plea).await.said("(I understood: Where is Router defined?)").said("src/router.rs:4");
    }
    bob.replies(&root, "@bot help").await.said("where is {name}");
    bob.mentions("?").await.said("where is {name}");
}

#[tokio::test]
async fn direct_messages_go_on_too() {
    let dir = tempfile::tempdir().unwrap();
    code_base(dir.path());
    let bot = builder(dir.path()).start(bot()).await;
    let alice = bot.person("alice");
    alice.tells("où est Router ?").await.said("src/router.rs:4");
    alice.tells("et handler_timeout ?").await.said("(question comprise").said("src/router.rs:10");
    assert_eq!(bot.workspace().calls().iter().filter(|call| call.method == "conversations.history").count(), 1);
}

#[tokio::test]
async fn people_learn_what_it_can_do() {
    let dir = tempfile::tempdir().unwrap();
    code_base(dir.path());
    let bot = builder(dir.path()).start(bot()).await;
    bot.person("alice").mentions("help").await.said("where is {name}").said("Shows the lines");
    bot.person("alice").tells("aide").await.said("Montre les lignes");
}
