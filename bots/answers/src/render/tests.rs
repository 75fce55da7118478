use super::*;
use crate::passage::Kind;

fn source(title: &str, kind: Kind) -> Source {
    Source { root: None, path: "src/a.rs".into(), line: Some(3), title: title.into(), kind }
}

#[test]
fn a_found_answer_has_its_place_text_and_company() {
    let answer = Answer::Found {
        summary: vec!["Routes.".into(), "Fast.".into()],
        excerpt: Some(Excerpt { text: "struct Router".into(), language: "rust".into(), shortened: false }),
        sources: vec![source("Router", Kind::Type), source("A *bold* title", Kind::Section)],
    };
    assert_eq!(
        render(&answer, Language::French),
        "`src/a.rs:3` — `Router`\n\nRoutes. Fast.\n\n```rust\nstruct Router\n```\n\nVoir aussi\u{a0}:\n- `src/a.rs:3` — A \\*bold\\* title"
    );
}

#[test]
fn a_fence_in_the_lines_does_not_close_ours() {
    let excerpt = Excerpt { text: "/// ```\n/// x\n```".into(), language: "rust".into(), shortened: true };
    let text = render(&Answer::Found { summary: vec![], excerpt: Some(excerpt), sources: vec![] }, Language::English);
    assert!(text.starts_with("````rust") && text.ends_with("\n…\n````"), "{text}");
}

#[test]
fn a_refusal_has_no_source_in_either_language() {
    let searched = Searched { documents: 1, roots: vec!["demo".into()] };
    let answer = Answer::OffTopic { searched, foreign: false };
    assert!(render(&answer, Language::English).contains("1 file of `demo`"));
    assert!(render(&answer, Language::French).contains("1 fichier de `demo`"));
}

#[test]
fn what_may_stand_there_in_another_language_is_not_denied() {
    let searched = Searched { documents: 2, roots: vec!["demo".into()] };
    let told = render(&Answer::OffTopic { searched, foreign: true }, Language::French);
    assert!(told.contains("en anglais") && !told.contains("n’en parle"), "{told}");
}

#[test]
fn what_people_typed_stays_in_code_font() {
    let answer = Answer::Nothing { asked: "a`b\n*c*".into(), searched: Searched { documents: 0, roots: vec![] } };
    assert!(render(&answer, Language::English).contains("`` a`b *c* ``"));
}
