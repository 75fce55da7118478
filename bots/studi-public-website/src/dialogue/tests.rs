//! Questions that go on from those before them.

use bavard::testing::{Heard, TestBot};

use crate::bot;

fn text(heard: &Heard) -> String {
    heard.messages()[0].shown().to_owned()
}

#[tokio::test]
async fn a_follow_up_is_understood_with_what_was_asked_before() {
    let bot = TestBot::start(bot()).await;
    let alice = bot.person("alice");
    let heard = alice.mentions("combien coûte le bachelor marketing digital ?").await;
    heard.said("3 900 €");
    let asked = heard.message().unwrap().clone();
    let heard = alice.replies(&asked, "@bot et pour le bachelor développeur web ?").await;
    heard.said("(question comprise\u{a0}: combien coûte le bachelor développeur web\u{a0}?)").said("4 400 €");
    let heard = alice.replies(&asked, "@bot et sa durée ?").await;
    heard.said("(question comprise\u{a0}: durée du bachelor développeur web\u{a0}?)").said("bachelor-developpeur-web");
    // What stands by itself is answered as anywhere.
    let heard = alice.replies(&asked, "@bot La formation est-elle éligible au CPF ?").await;
    heard.said("éligibles au CPF");
    assert!(!text(&heard).contains("question comprise"), "{}", text(&heard));
    let heard = alice.replies(&asked, "@bot merci").await;
    assert!(!text(&heard).contains("http") && !text(&heard).contains("question comprise"), "{}", text(&heard));
}

#[tokio::test]
async fn a_thread_without_it_is_answered_by_what_it_began_with() {
    let bot = TestBot::start(bot()).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let root =
        alice.says("Bonjour à tous. Combien coûte le bachelor marketing digital ?").await.message().unwrap().clone();
    bob.replies(&root, "aucune idée").await.unanswered();
    bob.replies(&root, "@bot ?").await.said("(question comprise").said("3 900 €");
    bob.replies(&root, "@bot une idée ?").await.said("(question comprise").said("3 900 €");
    bob.replies(&root, "@bot aide").await.said("toute question sur le site");
}

#[tokio::test]
async fn direct_messages_go_on_too() {
    let bot = TestBot::start(bot()).await;
    let alice = bot.person("alice");
    alice.tells("Comment se passe le bachelor marketing digital ?").await;
    alice.tells("et combien ça coûte ?").await.said("(question comprise").said("3 900 €");
}
