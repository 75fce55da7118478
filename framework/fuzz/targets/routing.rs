//! Any text among any handlers: the index, the explanation and each pattern by itself say the same.
#![no_main]

use bavard::__fuzz::{Routes, words};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};

/// Few words, so that patterns meet texts.
const WORDS: [&str; 16] =
    ["a", "b", "où", "OU", "{x}", "{y?}", "{z..}", "?", "\"", "«", "»", "’", "b!", "{{", "aide", "\u{301}"];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    patterns: Vec<Vec<u8>>,
    own: Vec<&'a str>,
    said: Vec<u8>,
    text: &'a str,
}

fuzz_target!(|input: Input<'_>| {
    let sentence = |words: &Vec<u8>| {
        words.iter().map(|word| WORDS[usize::from(*word) % WORDS.len()]).collect::<Vec<_>>().join(" ")
    };
    let patterns: Vec<String> = input.patterns.iter().map(sentence).collect();
    let sources: Vec<&str> = patterns.iter().map(String::as_str).chain(input.own).collect();
    let text = format!("{} {}", sentence(&input.said), input.text);
    let mut end = 0;
    for at in words(&text) {
        assert!(at.start >= end && !at.is_empty() && text.get(at.clone()).is_some());
        end = at.end;
    }
    let Some(routes) = Routes::of(&sources) else { return };
    for text in [text.as_str(), text.trim(), input.text] {
        for at in routes.find(text).map(|(_, arguments)| arguments).unwrap_or_default() {
            assert!(text.get(at.clone()).is_some(), "an argument is a slice of the text: {at:?}");
        }
    }
});
