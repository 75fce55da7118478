//! Nothing in an answer mentions anybody, or links anywhere, unless a typed value or the author's own Markdown does.
#![no_main]

use std::sync::LazyLock;

use bavard::{
    __fuzz::{envelope, rendered},
    Event, Reply, Text,
};
use bytes::Bytes;
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};

/// What the author of an answer puts before what was typed.
const AROUND: [&str; 8] = ["You said: ", "", "> ", "- ", "**", "[x](", "`", "| a |\n|---|\n| "];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    around: u8,
    /// Long texts are several messages.
    long: u8,
    text: &'a str,
}

static EVENT: LazyLock<Box<Event>> = LazyLock::new(|| {
    let body = br#"{"type":"event_callback","event":{"type":"app_mention","user":"U1","ts":"1.2","channel":"C1"}}"#;
    envelope(&Bytes::from_static(body)).expect("a mention is an event")
});

fuzz_target!(|input: Input<'_>| {
    let long = input.long == u8::MAX && !input.text.is_empty();
    let text = if long { input.text.repeat(1 + 9_000 / input.text.len()) } else { input.text.to_owned() };
    let typed = Text::plain(&text);
    for part in rendered(&Reply::verbatim(typed.clone()), &EVENT) {
        assert!(!part.contains(['<', '>']), "{part:?}");
    }
    let around = AROUND[usize::from(input.around) % AROUND.len()];
    for part in rendered(&Reply::markdown(format!("{around}{typed}")), &EVENT) {
        // An open bracket of the author's may make an address of what was typed, and nothing else.
        check(&part, around == "[x](");
    }
    let author: String = text.chars().filter(|character| !matches!(character, '\u{fdd0}' | '\u{fdd1}')).collect();
    for part in rendered(&Reply::markdown(author), &EVENT) {
        check(&part, true);
    }
});

/// Each bracket opens a link and closes it.
fn check(part: &str, links: bool) {
    let mut rest = part;
    while let Some((before, behind)) = rest.split_once('<') {
        assert!(closes_nothing(before), "{part:?}");
        let (link, after) = behind.split_once('>').unwrap_or_else(|| panic!("an open bracket in {part:?}"));
        let scheme = ["http://", "https://", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
        assert!(links && scheme && !link.contains('<'), "{part:?}");
        rest = after;
    }
    assert!(closes_nothing(rest), "{part:?}");
}

/// A quote begins with a sign of its own.
fn closes_nothing(text: &str) -> bool {
    text.match_indices('>').all(|(at, _)| matches!(text.as_bytes().get(at + 1), None | Some(b' ' | b'\n')))
}
