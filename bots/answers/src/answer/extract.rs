//! Sentences of a passage that say what was asked, word for word.

use crate::analyse::terms;
use crate::find::Asked;
use crate::passage::{Kind, Passage};
use crate::text::cut_at;
use std::collections::HashSet;

/// Sentences of a summary.
const SENTENCES: usize = 3;
/// Bytes of a summary; the first sentence is kept whatever its length, but cut there.
const LONGEST: usize = 500;

/// The first sentences of a comment.
pub(super) fn opening(documentation: &str) -> Vec<String> {
    let sentences = sentences_of(first_prose(documentation));
    fit(sentences.into_iter().take(SENTENCES).collect())
}

/// The sentences of a passage that share most with the question, in the order of the text.
pub(super) fn sentences(passage: &Passage, asked: &Asked) -> Vec<String> {
    let text = match (passage.kind, passage.documentation.is_empty()) {
        (_, false) => passage.documentation.as_str(),
        (Kind::Section | Kind::Module, true) => passage.text.as_str(),
        // Lines of code are shown by their place, not quoted as sentences.
        _ => return Vec::new(),
    };
    let wanted: HashSet<&String> = asked.words.iter().flat_map(|word| word.french.iter().chain(&word.other)).collect();
    let mut scored: Vec<(usize, usize, String)> = sentences_of(text)
        .into_iter()
        .enumerate()
        .map(|(at, sentence)| {
            let shared = terms(&sentence, passage.chain).iter().filter(|term| wanted.contains(term)).count();
            (shared, at, sentence)
        })
        .collect();
    if scored.iter().all(|(shared, ..)| *shared == 0) {
        return opening(text);
    }
    scored.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    scored.retain(|(shared, ..)| *shared > 0);
    scored.truncate(SENTENCES);
    scored.sort_by_key(|(_, at, _)| *at);
    fit(scored.into_iter().map(|(.., sentence)| sentence).collect())
}

fn fit(sentences: Vec<String>) -> Vec<String> {
    let mut bytes = 0;
    let mut kept: Vec<String> = Vec::new();
    for mut sentence in sentences {
        if kept.is_empty() && sentence.len() > LONGEST {
            sentence.truncate(cut_at(&sentence, LONGEST).len());
            sentence.push('…');
        }
        bytes += sentence.len();
        if !kept.is_empty() && bytes > LONGEST {
            break;
        }
        kept.push(sentence);
    }
    kept
}

/// A comment up to its first heading below the top, fence or list of parameters.
fn first_prose(documentation: &str) -> &str {
    let mut end = 0;
    for line in documentation.split_inclusive('\n') {
        let start = line.trim_start();
        if end > 0 && (start.starts_with('#') || start.starts_with("```") || start.starts_with(":param")) {
            break;
        }
        end += line.len();
    }
    &documentation[..end]
}

/// The sentences of prose: paragraphs and list items, without headings, fences and tables.
pub(super) fn sentences_of(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in text.lines().chain(std::iter::once("")) {
        let line = line.trim();
        let fence = line.starts_with("```") || line.starts_with("~~~");
        fenced ^= fence;
        let is_rule = !line.is_empty() && !line.chars().any(char::is_alphanumeric);
        let aside = fence
            || fenced
            || is_rule
            || line.starts_with(['#', '|', '<'])
            || line.starts_with("![")
            || line.starts_with("[!");
        let item = line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ");
        if line.is_empty() || aside || item {
            split(&paragraph, &mut sentences);
            paragraph.clear();
        }
        if !aside {
            paragraph.push_str(if item { line[2..].trim_start() } else { line });
            paragraph.push(' ');
        }
    }
    split(&paragraph, &mut sentences);
    sentences
}

fn split(paragraph: &str, sentences: &mut Vec<String>) {
    let mut rest = paragraph.trim();
    while !rest.is_empty() {
        let end = sentence_end(rest);
        sentences.push(rest[..end].trim().to_owned());
        rest = rest[end..].trim_start();
    }
}

/// The byte after the first sentence: a mark, then a space, then anything but a small letter.
fn sentence_end(text: &str) -> usize {
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        let next = text[after..].trim_start();
        let spaced = text[after..].starts_with(' ');
        let abbreviated = ["e.g", "i.e", "etc", "cf", "vs", "p. ex"].iter().any(|short| text[..at].ends_with(short));
        if matches!(c, '.' | '!' | '?' | '…') && spaced && !abbreviated && !next.starts_with(char::is_lowercase) {
            return after;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_cut_at_marks_not_in_names() {
        let text =
            "Uses `a.b` e.g. here. Then version 1.2 stops! And\nit goes on.\n\n# Heading\n\n- An item\n- Another";
        assert_eq!(
            sentences_of(text),
            ["Uses `a.b` e.g. here.", "Then version 1.2 stops!", "And it goes on.", "An item", "Another"]
        );
    }

    #[test]
    fn code_is_not_prose() {
        assert_eq!(sentences_of("Before.\n```\nlet x = 1.\n```\nAfter."), ["Before.", "After."]);
    }

    #[test]
    fn the_opening_stops_at_headings() {
        assert_eq!(opening("Opens.\n\n# Panics\n\nNever."), ["Opens."]);
        assert!(opening("").is_empty());
    }

    #[test]
    fn a_summary_is_bounded() {
        let summary = opening(&"word ".repeat(400));
        assert!(summary[0].len() < LONGEST + 10);
    }
}
