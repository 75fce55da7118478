//! Conversations with StudiPublicWebsite about the sample.

use answers::{Answer, Language, Question};
use bavard::testing::{TestBot, TestBotBuilder};
use crawler::{Settings, Site, crawl};

use super::bot;
use crate::sample::{ADDRESS, Sample};
use crate::shelf::Shelf;
use crate::website::{Said, Status};

/// Questions, each with words of the sentence that answers it.
const QUESTIONS: &str = include_str!("tests/questions.tsv");
/// Questions about anything but the school.
const OFF_TOPIC: &str = include_str!("tests/off_topic.txt");
/// The sentence stands among so many.
const SENTENCES: usize = 4;

async fn shelf(folder: &std::path::Path) -> Shelf {
    let settings = Settings::new(ADDRESS, "Test").unwrap();
    let (site, _) = crawl(&Sample, &settings, &Site::default(), &|_| ()).await.unwrap();
    let shelf = Shelf::open(folder).unwrap();
    shelf.replace(&site).unwrap();
    shelf
}

fn ask(shelf: &Shelf, text: &str) -> Said {
    let question = Question { text: text.into(), language: Some(Language::French) };
    let (remark, answer, language) = shelf.reply(&question).unwrap();
    Said { remark, answer, language, status: Status::default() }
}

fn sentences(said: &Said) -> Vec<String> {
    match &said.answer {
        Answer::Found { summary, .. } | Answer::Unsure { summary, .. } => summary.clone(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn questions_are_answered_by_their_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(folder.path()).await;
    let mut missed = Vec::new();
    for line in QUESTIONS.lines() {
        let (text, wanted) = line.split_once('\t').unwrap();
        let said = ask(&shelf, text);
        let told = sentences(&said);
        if !told.iter().take(SENTENCES).any(|sentence| sentence.contains(wanted)) {
            missed.push(format!("{text}: {:?}", said.answer));
        }
    }
    println!("missed {} of {}:\n{}", missed.len(), QUESTIONS.lines().count(), missed.join("\n"));
    assert!(missed.len() * 10 <= QUESTIONS.lines().count());
}

#[tokio::test]
async fn what_is_not_about_the_school_is_refused_without_sources() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(folder.path()).await;
    let mut answered = Vec::new();
    for text in OFF_TOPIC.lines() {
        let said = ask(&shelf, text);
        match &said.answer {
            Answer::OffTopic { .. } | Answer::Nothing { .. } => assert!(!crate::render::render(&said).contains("http")),
            other => answered.push(format!("{text}: {other:?}")),
        }
    }
    println!("answered {} of {}:\n{}", answered.len(), OFF_TOPIC.lines().count(), answered.join("\n"));
    assert!(answered.len() * 100 <= OFF_TOPIC.lines().count() * 15);
}

fn builder() -> TestBotBuilder {
    TestBot::builder().workspace(|workspace| workspace.commands(["/studi"]))
}

#[test]
fn the_handlers_are_in_order() {
    bot().check().unwrap();
}

#[tokio::test]
async fn answers_mentions_direct_messages_and_commands() {
    let bot = builder().start(bot()).await;
    let alice = bot.person("alice");
    let heard = alice.mentions("combien coûte le bachelor marketing digital ?").await;
    heard.said("3 900 €").said("bachelor-marketing-digital/#tarif").said("D’après le site au").in_thread();
    alice.tells("combien coute le bachelor marketing digital").await.said("3 900 €");
    alice.types("/studi Comment contacter un conseiller ?").await.said("04 00 00 12 34");
    alice.tells("How much is the bachelor in digital marketing?").await.said("€3,900").said("As of");
}

#[tokio::test]
async fn courtesies_and_remarks_get_words_and_what_helps() {
    let bot = builder().start(bot()).await;
    let alice = bot.person("alice");
    for text in ["merci", "bonjour", "ok", "thanks!", "au revoir"] {
        let heard = alice.tells(text).await;
        assert!(!heard.messages()[0].shown().contains("http"), "{text}");
    }
    alice.tells("où est ma note ?").await.said("Je ne vois ni comptes ni dossiers").said("espace élève");
    alice.tells("vous êtes nuls").await.said("mécontent").said("@ecole-lumen.example");
}

#[tokio::test]
async fn people_learn_what_it_knows_and_what_it_can_do() {
    let bot = builder().start(bot()).await;
    let alice = bot.person("alice");
    alice.tells("combien coûte le bachelor ?").await;
    alice.mentions("état du site").await.said("38 pages");
    alice.types("/studi status").await.said("38 pages").said("SITE_URL");
    alice.mentions("help").await.said("any question about the website");
    alice.tells("aide").await.said("toute question sur le site");
}
