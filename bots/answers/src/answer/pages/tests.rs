use super::*;
use crate::analyse::Language;
use crate::index::Index;
use crate::passage::{Locator, Passage};

/// Pages as (path, title of the page, heading, text).
const PAGES: &[(&str, &str, &str, &str)] = &[
    ("bts", "BTS Comptabilité", "BTS Comptabilité", "Le BTS mène aux métiers de la comptabilité."),
    ("bts", "BTS Comptabilité", "Tarif", "Comptez 4 980 € pour deux ans.\n\nLes livres sont compris."),
    ("bachelor", "Bachelor Marketing", "Tarif", "Comptez 3 900 € pour un an."),
    ("bachelor", "Bachelor Marketing", "Stage", "Un stage de 8 semaines est obligatoire."),
    ("contact", "Contact", "Joindre l’école", "Appelez le 04 00 00 12 34.\n\nLes bureaux sont à Lyon."),
    ("reglement", "Règlement", "Absences", "Toute absence est justifiée sous deux jours."),
];

struct Asked {
    index: Index,
    _folder: tempfile::TempDir,
}

fn pages() -> Asked {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    index
        .replace(PAGES.iter().map(|(path, page, title, text)| {
            let url = format!("https://example.com/{path}");
            let locator = Locator::Page { url, anchor: Some(title.to_lowercase()), changed: None };
            let mut passage = Passage::section(locator, Language::French, title, text);
            passage.trail = [*page].into_iter().filter(|page| page != title).map(str::to_owned).collect();
            passage
        }))
        .unwrap();
    Asked { index, _folder: folder }
}

impl Asked {
    fn ask(&self, text: &str) -> Answer {
        let vocabulary = Vocabulary::read(Language::French, "prix, tarif, coûter\ntéléphoner, appeler");
        let question = Question { text: text.into(), language: Some(Language::French) };
        Answerer::new(&self.index).answer_from_pages(&question, &vocabulary).unwrap()
    }
}

fn first(answer: &Answer) -> (&str, &str) {
    match answer {
        Answer::Found { summary, sources, .. } | Answer::Unsure { summary, nearest: sources, .. } => {
            (&summary[0], &sources[0].path)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn headings_say_what_their_sentences_are_about() {
    let pages = pages();
    for text in ["Combien coûte le BTS comptabilité ?", "prix du bts comptabilite", "tarif bts"] {
        let answer = pages.ask(text);
        assert_eq!(first(&answer), ("Comptez 4 980 € pour deux ans.", "https://example.com/bts#tarif"), "{text}");
    }
    let answer = pages.ask("Faut-il un stage en bachelor ?");
    assert_eq!(first(&answer), ("Un stage de 8 semaines est obligatoire.", "https://example.com/bachelor#stage"));
}

#[test]
fn pages_that_say_as_much_are_quoted_together() {
    let answer = pages().ask("Quels sont les tarifs ?");
    let Answer::Found { summary, sources, .. } = answer else { panic!("{answer:?}") };
    assert!(summary.contains(&"Comptez 4 980 € pour deux ans.".to_owned()), "{summary:?}");
    assert!(summary.contains(&"Comptez 3 900 € pour un an.".to_owned()), "{summary:?}");
    assert!(summary.len() <= SENTENCES && sources.len() == 2);
    assert!(sources.iter().any(|source| source.title == "Bachelor Marketing › Tarif"));
}

#[test]
fn a_slip_and_another_word_are_forgiven() {
    let pages = pages();
    assert_eq!(first(&pages.ask("comptabilitté")).1, "https://example.com/bts#bts comptabilité");
    assert_eq!(first(&pages.ask("à qui téléphoner ?")).0, "Appelez le 04 00 00 12 34.");
    assert_eq!(first(&pages.ask("labsence")).0, "Toute absence est justifiée sous deux jours.");
}

#[test]
fn words_that_only_ask_are_no_subject() {
    let pages = pages();
    for text in ["Combien coûte une Tesla ?", "Quel est le prix de l’essence ?", "Comment obtenir un passeport ?"] {
        assert!(matches!(pages.ask(text), Answer::OffTopic { .. }), "{text}: {:?}", pages.ask(text));
    }
}

#[test]
fn of_a_table_the_rows_that_are_asked_for_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let rows = [
        "BTS Tourisme",
        "Bachelor Hôtellerie",
        "Secrétaire médicale",
        "Guide conférencier",
        "CAP Cuisine",
        "Mastère Vin",
    ];
    let text: String = rows.iter().map(|name| format!("{name} — Prix : 1 790 € ; Durée : 12 mois\n\n")).collect();
    let locator = Locator::Page { url: "https://example.com/tarifs".into(), anchor: None, changed: None };
    index.replace([Passage::section(locator, Language::French, "Nos tarifs", &text)]).unwrap();
    let vocabulary = Vocabulary::read(Language::French, "prix, tarif, coûte");
    let ask = |text: &str| {
        let question = Question { text: text.into(), language: Some(Language::French) };
        match Answerer::new(&index).answer_from_pages(&question, &vocabulary).unwrap() {
            Answer::Found { summary, .. } | Answer::Unsure { summary, .. } => summary,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ask("combien coute le guide conférencier"), ["Guide conférencier — Prix : 1 790 € ; Durée : 12 mois"]);
    assert_eq!(ask("quels sont les tarifs ?").len(), rows.len());
}

#[test]
fn a_question_that_is_left_beside_one_that_is_answered_is_told() {
    let pages = pages();
    let answer = pages.ask("Quel est le prix du BTS ? Qui a gagné le tournoi de pétanque ?");
    let Answer::Partly { answer, left: 1 } = answer else { panic!("{answer:?}") };
    assert_eq!(first(&answer).0, "Comptez 4 980 € pour deux ans.");
    // What names nothing goes on from what it stands beside.
    let answer = pages.ask("Quel est le prix du BTS ? Est-ce que c’est possible de me le dire ?");
    assert!(!matches!(answer, Answer::Partly { .. }), "{answer:?}");
}

#[test]
fn only_so_many_words_are_looked_for_in_other_spellings() {
    let pages = pages();
    let vocabulary = Vocabulary::read(Language::French, "");
    let meant = |text: &str| {
        let mut asked = crate::find::Asked::read(text, Some(Language::French));
        Answerer::new(&pages.index).finder.correct(&mut asked, &vocabulary)
    };
    assert_eq!(meant(&noise(1)), ["comptabilite"]);
    assert_eq!(meant(&noise(40)), Vec::<String>::new());
}

/// Words that stand nowhere, each another, before one that is misspelled.
fn noise(count: usize) -> String {
    let letters = |at: usize| [at / 20, at % 20].map(|at| char::from(b'b' + at as u8)).into_iter().collect::<String>();
    let words: String = (0..count).map(|at| format!("xq{}zwkj ", letters(at))).collect();
    format!("{words}comptabilitté")
}

#[test]
fn courtesies_are_no_questions_and_any_text_may_be_asked() {
    let pages = pages();
    assert_eq!(pages.ask("merci"), Answer::Courtesy(Courtesy::Thanks));
    for text in ["", "?", "\u{0}", "é̀", "l", "lé", &"x".repeat(10_000), &"stage ".repeat(1000)] {
        pages.ask(text);
    }
}

#[test]
fn yes_is_told_with_the_question_that_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let locator = Locator::Page { url: "https://example.com/faq".into(), anchor: None, changed: None };
    let title = "Puis-je repasser un examen ?";
    index.replace([Passage::section(locator, Language::French, title, "Oui, une fois, sans frais.")]).unwrap();
    let vocabulary = Vocabulary::read(Language::French, "examen");
    let question = Question { text: "repasser un examen".into(), language: Some(Language::French) };
    let answer = Answerer::new(&index).answer_from_pages(&question, &vocabulary).unwrap();
    let (Answer::Found { summary, .. } | Answer::Unsure { summary, .. }) = &answer else { panic!("{answer:?}") };
    assert_eq!(summary, &["Puis-je repasser un examen ? Oui, une fois, sans frais."]);
}
