//! Questions after what was said.

use std::cell::RefCell;
use std::future::ready;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;

use super::*;

/// What is ready at once.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here waits"),
    }
}

fn dialogue(root: Option<&str>, turns: &[(&str, bool)]) -> Dialogue {
    let turns = turns.iter().map(|(text, to_bot)| Turn { text: (*text).to_owned(), to_bot: *to_bot });
    Dialogue { root: root.map(str::to_owned), turns: turns.collect() }
}

/// Asks, of what is answered with this certainty, and tells all that was asked.
fn understood(text: &str, said: Dialogue, known: &[(&str, Certainty)]) -> (Option<Understood<String>>, Vec<String>) {
    let asked = RefCell::new(Vec::new());
    let ask = |text: String| {
        asked.borrow_mut().push(text.clone());
        ready(Ok::<_, ()>(text))
    };
    let certainty = |answer: &String| {
        known.iter().find(|(text, _)| text == answer).map_or(Certainty::Refused, |(_, certainty)| *certainty)
    };
    let answer = now(understand(text, ready(said), ask, certainty)).unwrap();
    (answer, asked.into_inner())
}

#[test]
fn what_stands_by_itself_is_asked_as_it_is_and_nothing_is_read() {
    let unread = async { panic!("what was said before is not looked at") };
    let ask = |text: String| ready(Ok::<_, ()>(text));
    let answer = now(understand("where is Router?", unread, ask, |_| Certainty::Unsure)).unwrap().unwrap();
    assert_eq!(answer, Understood { answer: "where is Router?".to_owned(), about: None });
}

const ASKED: &str = "where is Router defined?";
const JOINED: &str = "tests of Router?";

#[test]
fn a_follow_up_is_joined_with_the_question_before() {
    let said = dialogue(None, &[(ASKED, true), ("thanks!", true)]);
    let known = [(ASKED, Certainty::Found), (JOINED, Certainty::Found)];
    let (answer, asked) = understood("and its tests?", said.clone(), &known);
    assert_eq!(answer.unwrap().about.as_deref(), Some(JOINED));
    assert_eq!(asked, [ASKED, JOINED]);
    // One that may miss the point is compared with the bare question.
    let (answer, _) = understood("and its tests?", said, &[(ASKED, Certainty::Found), (JOINED, Certainty::Unsure)]);
    assert_eq!(answer.unwrap().about.as_deref(), Some(JOINED));
}

#[test]
fn one_that_is_answered_better_by_itself_is() {
    let said = dialogue(None, &[(ASKED, true)]);
    let (answer, asked) = understood("and its tests?", said.clone(), &[(ASKED, Certainty::Found)]);
    assert_eq!(answer.unwrap().about, None);
    assert_eq!(asked, [ASKED, JOINED, "and its tests?"]);
    let known = [(ASKED, Certainty::Found), (JOINED, Certainty::Unsure), ("and its tests?", Certainty::Found)];
    assert_eq!(understood("and its tests?", said, &known).0.unwrap().about, None);
    let (answer, asked) = understood("and its tests?", Dialogue::default(), &[]);
    assert_eq!((answer.unwrap().about, asked.len()), (None, 1));
}

#[test]
fn nothing_is_taken_from_a_question_that_was_refused() {
    let known = [(ASKED, Certainty::Found), (JOINED, Certainty::Found)];
    let said = dialogue(None, &[(ASKED, true), ("how is the weather?", true)]);
    let (answer, asked) = understood("and its tests?", said, &known);
    assert_eq!(answer.unwrap().about.as_deref(), Some(JOINED));
    assert_eq!(asked, ["how is the weather?", ASKED, JOINED]);
    let said = dialogue(None, &[("how is the weather?", true)]);
    assert_eq!(understood("and its tests?", said, &known).1, ["how is the weather?", "and its tests?"]);
}

#[test]
fn nothing_is_taken_from_a_question_in_another_language() {
    let said = dialogue(None, &[("Où est la table des routes ?", true)]);
    assert_eq!(understood("what about the tests of it?", said, &[]).1, ["what about the tests of it?"]);
}

#[test]
fn a_short_question_that_finds_nothing_leans_on_the_one_before() {
    let first = "Combien coûte le bachelor ?";
    let said = dialogue(None, &[(first, true)]);
    let joined = "Combien coûte le mastère\u{a0}?";
    let known = [(first, Certainty::Found), (joined, Certainty::Found)];
    let (answer, asked) = understood("le mastère ?", said.clone(), &known);
    assert_eq!((answer.unwrap().about.as_deref(), asked.len()), (Some(joined), 3));
    let (answer, _) = understood("le mastère ?", said, &[(first, Certainty::Found), (joined, Certainty::Unsure)]);
    assert_eq!(answer.unwrap().about, None, "it may have stood by itself");
}

#[test]
fn a_plea_is_what_the_thread_began_with() {
    let root = "Hi all, I am new here. Where is Router defined? Thanks";
    let said = dialogue(Some(root), &[(root, false), ("no idea", false)]);
    for plea in ["", "?", "help us?"] {
        let (answer, _) = understood(plea, said.clone(), &[]);
        assert_eq!(answer.unwrap().about.as_deref(), Some("Where is Router defined?"));
        assert_eq!(understood(plea, Dialogue::default(), &[]).0, None);
    }
}

#[test]
fn what_was_asked_last_is_what_it_was_taken_for() {
    let asked = |root, turns: &[_]| dialogue(root, turns).asked().pop();
    let first = "Combien coûte le bachelor ?";
    assert_eq!(asked(None, &[(first, true), ("et le master ?", true)]).unwrap(), "Combien coûte le master\u{a0}?");
    assert_eq!(asked(None, &[(first, true), ("et le master ?", false)]).unwrap(), first, "that was not for the bot");
    assert_eq!(asked(None, &[("bonjour", false), (first, false)]).unwrap(), first);
    let people = [(first, false), ("?", true), ("et le master ?", true)];
    assert_eq!(asked(Some(first), &people).unwrap(), "Combien coûte le master\u{a0}?");
    let two = "combien coûte le CAP et combien de temps dure-t-il ?";
    assert_eq!(asked(None, &[(two, true)]).unwrap(), "combien de temps dure le CAP\u{a0}?");
    assert_eq!(asked(Some("bonjour"), &[("bonjour", true), ("ok", true)]), None);
}

#[test]
fn what_a_question_was_taken_for_is_told_as_it_was_typed() {
    assert_eq!(about("where is *it*?", Language::English), r"(I understood: where is \*it\*?)");
    assert_eq!(about("où ?", Language::French), "(question comprise\u{a0}: où ?)");
}

proptest! {
    #[test]
    fn whatever_is_said_is_joined(before in "(\\PC|le |et |du |it |its |for |`|’|\u{e9}| |\\?){0,20}", text in "(\\PC|le |et |du |it |its |for |`|’| |\\?){0,12}") {
        let said = dialogue(Some(&before), &[(&before, true)]);
        for meant in said.asked().iter().map(|before| join(before, &text)) {
            prop_assert!(!meant.is_empty() && meant.len() <= LONGEST, "{}", meant);
        }
    }
}
