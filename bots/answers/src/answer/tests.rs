use super::*;
use crate::passage::Passage;
use crate::read::Root;
use crate::render::render;
use std::fs;

const ROUTER: &str = "\
//! Sends requests to handlers.

/// Sends each request to the handler of its path.
///
/// A router is cheap to clone.
pub struct Router {
    routes: Vec<Route>,
}

impl Router {
    /// Adds a route for `path`.
    pub fn add_route(&mut self, path: &str) {
        self.routes.push(Route::new(path));
    }
}

enum Verdict { Allowed, Refused }
";

const LIMITS: &str = "\
/// Waits for a slow client no longer than the read timeout.
///
/// Slow clients hold a connection open. The read timeout closes it after thirty seconds.
pub fn read_with_timeout(seconds: u64) -> Body {
    sleep(seconds)
}
";

struct Place {
    _folder: tempfile::TempDir,
    index: Index,
}

fn place(files: &[(&str, &str)]) -> Place {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = folder.path().join("code").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    fs::create_dir_all(folder.path().join("code")).unwrap();
    let index = Index::open(&folder.path().join("index")).unwrap();
    index.sync(&[Root::new(folder.path().join("code"))], &|_| ()).unwrap();
    Place { _folder: folder, index }
}

fn demo() -> Place {
    let uses = "use crate::Router;\n\n#[test]\nfn router() { Router::new().add_route(\"/\"); Router::new(); Router::new(); }\n";
    place(&[
        ("src/router.rs", ROUTER),
        ("src/limits.rs", LIMITS),
        ("tests/router.rs", uses),
        ("CHANGELOG.md", "# Changes\n\n- Router Router timeout timeout slow clients\n"),
        (
            "docs/guide.fr.md",
            "# Les réservations\n\nUne réservation est gardée trois jours. Ensuite elle est annulée.\n",
        ),
    ])
}

fn ask(place: &Place, text: &str) -> Answer {
    Answerer::new(&place.index).answer(&Question::new(text)).unwrap()
}

fn first_source(answer: &Answer) -> String {
    match answer {
        Answer::Found { sources, .. } => sources[0].to_string(),
        Answer::Unsure { nearest, .. } => format!("unsure {}", nearest[0]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_definition_comes_before_uses_and_tests() {
    let place = demo();
    for text in [
        "Router",
        "where is Router defined?",
        "où est défini Router ?",
        "what is the router",
        "Where's the Router struct?",
    ] {
        assert_eq!(first_source(&ask(&place, text)), "src/router.rs:6", "{text}");
    }
    for text in ["add_route", "addRoute", "Router::add_route", "add route", "show me add_route()"] {
        assert_eq!(first_source(&ask(&place, text)), "src/router.rs:12", "{text}");
    }
    assert_eq!(first_source(&ask(&place, "where is Refused")), "src/router.rs:17");
}

#[test]
fn a_type_that_does_not_exist_is_not_taken_for_a_function_of_that_name() {
    let place = demo();
    let answer = ask(&place, "where is AddRoute?");
    assert_eq!(first_source(&answer), "unsure src/router.rs:12");
    assert!(render(&answer, Language::English).contains("defines exactly `AddRoute`"));
    assert_eq!(first_source(&Answerer::new(&place.index).definition("AddRoute").unwrap()), "unsure src/router.rs:12");
    assert_eq!(first_source(&ask(&place, "where is Refused?")), "src/router.rs:17");
}

#[test]
fn what_another_type_has_is_not_what_was_asked_for() {
    let place = demo();
    assert_eq!(first_source(&ask(&place, "where is Router::add_route")), "src/router.rs:12");
    for answer in
        [ask(&place, "where is Zorglub::add_route"), Answerer::new(&place.index).show("Zorglub::add_route").unwrap()]
    {
        assert!(!matches!(answer, Answer::Found { .. }), "{answer:?}");
    }
}

#[test]
fn the_tests_of_something_are_those_that_use_it() {
    let place = demo();
    for text in ["tests of Router?", "how is Router tested?", "et les tests de Router ?"] {
        assert_eq!(first_source(&ask(&place, text)), "tests/router.rs:4", "{text}");
    }
    assert_eq!(first_source(&ask(&place, "where is Router?")), "src/router.rs:6");
}

/// Code that shares words with what its documents explain.
fn documented() -> Place {
    place(&[
        (
            "README.md",
            "# Sample\n\nBoth need Python 3.9 or newer.\n\n## Settings\n\n| variable | default | meaning |\n|---|---|---|\n| \
             `SAMPLE_RETRIES` | `3` | how often a page is asked for again |\n| where pages are kept | memory | \
             `SAMPLE_STORE`, a path |\n",
        ),
        ("docs/testing.md", "# Testing\n\nRun the tests with `tox`. A test needs no network.\n"),
        ("docs/copies.md", "# Copies\n\n`sample backup FILE` makes a backup while it runs.\n"),
        (
            "docs/retry.md",
            "# When a page fails\n\nA page that fails is asked for again. Retry waits longer each time.\n",
        ),
        ("src/run.py", "class Runs:\n    \"\"\"Runs tests.\"\"\"\n\ndef run(tests):\n    \"\"\"Run the tests.\"\"\"\n"),
        ("src/retry.py", "def retry(page):\n    \"\"\"Retry a page.\"\"\"\n    return page\n"),
        (
            "src/settings.py",
            "import os\n\nretries = os.environ['SAMPLE_RETRIES']\nstore = os.environ['SAMPLE_STORE']\n",
        ),
        ("src/copy.py", "def backup(file):\n    \"\"\"Makes a backup.\"\"\"\n"),
    ])
}

#[test]
fn how_something_is_done_is_told_by_documents() {
    let place = documented();
    for (text, expected) in [
        ("how do I run the tests?", "docs/testing.md:1"),
        ("run the tests", "docs/testing.md:1"),
        ("comment lancer les tests ?", "docs/testing.md:1"),
        ("comment faire une sauvegarde ?", "docs/copies.md:1"),
        ("how does retry work?", "docs/retry.md:1"),
        ("How does Retry work?", "docs/retry.md:1"),
        ("how does Runs work?", "src/run.py:1"),
        ("what is the minimum Python version?", "README.md:1"),
        ("what does SAMPLE_RETRIES do?", "README.md:9"),
        ("SAMPLE_STORE", "README.md:10"),
    ] {
        let found = first_source(&ask(&place, text));
        assert_eq!(found.trim_start_matches("unsure "), expected, "{text}");
    }
    assert_eq!(first_source(&ask(&place, "where is retry?")), "src/retry.py:1");
    assert_eq!(first_source(&ask(&place, "where is Runs?")), "src/run.py:1");
    let Answer::Found { summary, .. } = ask(&place, "SAMPLE_RETRIES") else { panic!("the README tells of it") };
    assert_eq!(summary, ["`SAMPLE_RETRIES` — `3` — how often a page is asked for again"]);
}

#[test]
fn what_is_no_question_about_code_is_not_answered_with_confidence() {
    let place = place(&[
        ("src/time.py", "def time(it):\n    \"\"\"What time it is.\"\"\"\n"),
        ("src/cat.py", "def cat(files):\n    \"\"\"Shows files.\"\"\"\n\ndef old(name):\n    \"\"\"Old names.\"\"\"\n"),
        (
            "src/keys.py",
            "class Key:\n    \"\"\"A key.\"\"\"\n\ndef translate(text):\n    \"\"\"Translates a text.\"\"\"\n",
        ),
        ("tests/test_bot.py", "def test_weather():\n    assert ask('what is the weather in Paris?')\n"),
    ]);
    for text in [
        "quel temps fait-il à Paris ?",
        "what time is it?",
        "where is my cat?",
        "où sont mes clés ?",
        "how old are you?",
        "peux-tu me traduire ce texte ?",
        "what is the weather in Paris?",
    ] {
        let answer = ask(&place, text);
        assert!(matches!(answer, Answer::OffTopic { .. } | Answer::Unsure { .. }), "{text}: {answer:?}");
    }
    assert_eq!(first_source(&ask(&place, "where is cat?")), "src/cat.py:1");
}

#[test]
fn a_website_may_speak_of_its_readers() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let page = |path: &str, title: &str, text: &str| {
        let locator =
            crate::passage::Locator::Page { url: format!("https://example.org/{path}"), anchor: None, changed: None };
        Passage::section(locator, Language::French, title, text)
    };
    index
        .replace([
            page("notes", "Notes d’examen", "Vos notes d’examen sont dans votre espace personnel."),
            page("prix", "Tarifs", "Les tarifs dépendent de la formation."),
        ])
        .unwrap();
    let answer = Answerer::new(&index).answer(&Question::new("où sont mes notes d’examen ?")).unwrap();
    assert!(matches!(answer, Answer::Found { .. }), "{answer:?}");
}

#[test]
fn a_line_of_plain_text_is_shown() {
    let place = place(&[("a.txt", "Opening hours\n\nThe kitchen closes at nine.\nThe bar closes at eleven.\n")]);
    let answer = ask(&place, "when does the bar close?");
    assert!(render(&answer, Language::English).starts_with("`a.txt:4` — `The bar closes at eleven.`"), "{answer:?}");
}

#[test]
fn a_plain_question_is_answered_from_the_right_file() {
    let place = demo();
    let answer = ask(&place, "how long does it wait for slow clients?");
    let Answer::Found { summary, excerpt, sources } = &answer else { panic!("{answer:?}") };
    assert_eq!(sources[0].to_string(), "src/limits.rs:4");
    assert_eq!(summary[0], "Waits for a slow client no longer than the read timeout.");
    assert_eq!(excerpt.as_ref().unwrap().text, "pub fn read_with_timeout(seconds: u64) -> Body");
}

#[test]
fn french_asks_french_with_or_without_accents() {
    let place = demo();
    for text in ["Combien de temps est gardée une réservation ?", "combien de temps est gardee une reservation"] {
        let answer = ask(&place, text);
        assert_eq!(first_source(&answer), "docs/guide.fr.md:1", "{text}");
    }
}

#[test]
fn french_asks_english_code_in_the_words_of_the_trade() {
    const VERIFY: &str = "/// Verifies the signature of a request, and refuses errors.\npub fn verify_signature() {}\n";
    let files: Vec<(String, String)> =
        (0..40).map(|n| (format!("src/f{n}.rs"), format!("/// Reads page {n}.\npub fn read_{n}() {{}}\n"))).collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.extend([
        ("src/verify.rs", VERIFY),
        ("src/panic.rs", "/// Catches the panic of a handler.\npub fn caught() {}\n"),
        ("LISEZMOI.md", "# Démarrage\n\nLancez le bot dans un terminal.\n"),
    ]);
    let place = place(&files);
    for text in [
        "comment les signatures sont-elles vérifiées ?",
        "où est vérifiée la signature ?",
        "Comment le machin vérifie-t-il la signature des requêtes ?",
    ] {
        assert_eq!(first_source(&ask(&place, text)), "src/verify.rs:2", "{text}");
    }
    // What could not be translated leaves a doubt.
    assert!(first_source(&ask(&place, "que se passe-t-il en cas de panique ?")).ends_with("src/panic.rs:2"));
    let words = Question { text: "panique".to_owned(), language: Some(Language::French) };
    assert_eq!(first_source(&Answerer::new(&place.index).search(&words, 5).unwrap()), "src/panic.rs:2");
    for text in ["Qui a gagné la coupe du monde de football ?", "quelle est la recette de la tarte aux pommes ?"] {
        assert!(matches!(ask(&place, text), Answer::OffTopic { foreign: true, .. }), "{text}: {:?}", ask(&place, text));
    }
}

#[test]
fn a_word_is_found_where_it_stands_and_not_where_a_part_of_it_does() {
    let place = place(&[
        ("a.rs", "/// Part 2 of the hunter.\npub fn two() {}\n"),
        ("b.rs", "/// Has 2 parts.\npub fn three() {}\n"),
    ]);
    let search = |text: &str| Answerer::new(&place.index).search(&Question::new(text), 5).unwrap();
    assert!(matches!(search("hunter2zz"), Answer::Nothing { .. }));
    assert_eq!(first_source(&search("hunter2")), "a.rs:2");
}

#[test]
fn words_that_stand_somewhere_to_the_letter_come_first() {
    let files: Vec<(String, String)> = (0..8)
        .map(|n| {
            (
                format!("src/f{n}.rs"),
                format!("/// Deletes rows, from {n}: delete, deleted.\npub fn delete_{n}() {{}}\n"),
            )
        })
        .chain([(
            "src/sql.rs".to_owned(),
            "pub fn erase() -> &'static str {\n    \"DELETE FROM people\"\n}\n".to_owned(),
        )])
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let place = place(&files);
    let found = Answerer::new(&place.index).search(&Question::new("DELETE FROM"), 5).unwrap();
    assert!(first_source(&found).starts_with("src/sql.rs"), "{found:?}");
}

#[test]
fn what_is_elsewhere_is_refused_without_sources() {
    let place = demo();
    for text in ["what is the weather in Paris tomorrow?", "Qui a gagné la coupe du monde de football ?"] {
        let answer = ask(&place, text);
        assert!(matches!(answer, Answer::OffTopic { .. }), "{text}: {answer:?}");
        assert!(!render(&answer, Language::English).contains(".rs"));
    }
}

#[test]
fn a_name_nobody_defines_is_not_invented() {
    let place = demo();
    assert!(matches!(ask(&place, "where is make_coffee defined"), Answer::Nothing { .. }));
    assert!(matches!(ask(&place, "where is FooBarBaz"), Answer::Nothing { .. }));
}

#[test]
fn a_file_is_found_by_its_path() {
    let place = demo();
    for text in ["what is in src/limits.rs?", "limits.rs", "où est limits.rs ?"] {
        assert_eq!(first_source(&ask(&place, text)), "src/limits.rs:1", "{text}");
    }
}

#[test]
fn a_slip_is_forgiven() {
    let place = demo();
    assert_eq!(first_source(&ask(&place, "where is add_ruote")), "unsure src/router.rs:12");
}

#[test]
fn show_gives_the_lines_of_the_definition() {
    let place = demo();
    let answer = Answerer::new(&place.index).show("add_route").unwrap();
    let Answer::Found { excerpt: Some(excerpt), .. } = answer else { panic!("{answer:?}") };
    assert!(excerpt.text.contains("/// Adds a route") && excerpt.text.contains("self.routes.push"));
    assert_eq!((excerpt.language.as_str(), excerpt.shortened), ("rust", false));
}

#[test]
fn an_empty_index_says_so() {
    let place = place(&[]);
    assert_eq!(ask(&place, "where is Router"), Answer::NotReady);
    assert_eq!(ask(&place, "hello"), Answer::Courtesy(Courtesy::Greeting));
}

#[test]
fn any_text_can_be_asked() {
    let place = demo();
    for text in ["", "?", "::", "`", "a::", "()", "\u{0}", "'", "«»", "-Zflag", "E0308", &"x".repeat(10_000), "é̀"]
    {
        Answerer::new(&place.index).answer(&Question::new(text)).unwrap();
    }
}

#[test]
fn several_code_bases_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let roots = ["one", "two"].map(|name| {
        let path = folder.path().join(name);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("lib.rs"), format!("pub struct Only{name};")).unwrap();
        Root::new(path)
    });
    let index = Index::open(&folder.path().join("index")).unwrap();
    index.sync(&roots, &|_| ()).unwrap();
    let answer = Answerer::new(&index).answer(&Question::new("where is Onlytwo")).unwrap();
    assert_eq!(first_source(&answer), "two/lib.rs:1");
}
