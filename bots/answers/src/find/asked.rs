//! What a question asks for: a name, or a subject.

use super::form::{Form, is_type_name};
use crate::analyse::{Chain, Language, english, fold, is_identifier, terms};
use crate::text::cut_at;
use std::collections::HashSet;

/// Longer questions are cut: what follows is pasted text.
const LONGEST: usize = 2000;
/// So many plain words may still spell one name: "body limit layer".
const NAME_WORDS: usize = 6;
/// What another word that means the same counts.
pub(super) const ALIKE: f32 = 0.75;

/// A question, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    /// The language it is in, when it tells.
    pub(crate) language: Option<Language>,
    /// The names it may ask the definition of, the likeliest first.
    pub(crate) names: Vec<String>,
    /// Names it may ask for by owner and name, if such an owner has such a name: "mpsc channel".
    pub(crate) guesses: Vec<String>,
    /// The name it asks for, if that is written as a type.
    pub(crate) type_name: Option<String>,
    /// Whether it names an identifier and nothing else, so that a plain word is not meant.
    pub(crate) is_lookup: bool,
    /// Whether it asks how or why of one word, so that a method that happens to bear the word is no answer.
    pub(crate) is_how: bool,
    /// What the way it is put tells of the answer.
    pub(crate) form: Form,
    /// Names it mentions on the way.
    pub(crate) mentions: Vec<String>,
    /// Its words that say something, each with the terms it may be indexed under.
    pub(crate) words: Vec<Word>,
    /// How many subjects it names, by phrases, that nothing here is about.
    pub(crate) elsewhere: usize,
    /// Whether it speaks of tests, examples or releases, which are otherwise passed over.
    pub(crate) about: About,
}

/// A word and the terms it is indexed under in French text and in any other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// The word as it was typed, folded.
    pub(crate) typed: String,
    pub(crate) french: Vec<String>,
    pub(crate) other: Vec<String>,
    /// Terms that mean the same, by the vocabulary of the subject.
    pub(crate) alike: Vec<String>,
    /// What these count.
    pub(crate) alike_counts: f32,
    /// Whether it asks rather than being the subject: "how are errors handled".
    pub(crate) is_weak: bool,
    /// Whether it names a subject that hardly anything of ours is about.
    pub(crate) is_elsewhere: bool,
    /// Whether it is a French word without a translation, which is spelled like an English one by accident at most.
    pub(crate) is_foreign: bool,
    /// Whether it tells nothing of what the question is about, although the vocabulary knows it: "how long".
    pub(crate) is_idle: bool,
}

/// Subjects that are mostly in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct About {
    pub(crate) tests: bool,
    pub(crate) examples: bool,
    pub(crate) changes: bool,
}

impl Asked {
    /// Reads `text`. `language` is that of the conversation, for questions that do not tell.
    pub(crate) fn read(text: &str, language: Option<Language>) -> Self {
        let text = heard(text);
        let told = Language::of(text);
        let pieces = pieces(text);
        let content: Vec<&Piece<'_>> = pieces.iter().filter(|piece| !piece.is_frame()).collect();
        let mut names = Vec::new();
        let mut is_lookup = false;
        match content[..] {
            [] => names.extend(pieces.first().filter(|_| pieces.len() == 1).map(|piece| piece.text.to_owned())),
            [one] => {
                names.push(one.text.to_owned());
                is_lookup = one.is_code;
                // "timeouts" are what `timeout` does.
                names.extend(one.text.strip_suffix('s').filter(|_| !one.is_code).map(str::to_owned));
            }
            ref several if several.len() <= NAME_WORDS && !several.iter().any(|piece| piece.is_code) => {
                names.push(several.iter().map(|piece| piece.text).collect());
            }
            _ => {}
        }
        if pieces.len() <= NAME_WORDS && content.len() < pieces.len() && content.len() > 1 {
            names.push(pieces.iter().map(|piece| piece.text).collect());
        }
        let type_name = match content[..] {
            [one] if one.is_code || one.is_proper => Some(one.text.to_owned()).filter(|name| is_type_name(name)),
            _ => None,
        };
        let mentions = content.iter().filter(|piece| piece.is_code || piece.is_proper);
        let mentions = if is_lookup { Vec::new() } else { mentions.map(|piece| piece.text.to_owned()).collect() };
        let folded: HashSet<String> = pieces.iter().map(|piece| fold(piece.text)).collect();
        let has = |words: &[&str]| words.iter().any(|word| folded.contains(*word));
        let form = Form::of(&pieces);
        let words = words(text, told.or(language).unwrap_or_default());
        Self {
            language: told.or(language),
            names,
            guesses: guesses(&content),
            type_name,
            is_lookup,
            is_how: content.len() == 1
                && pieces
                    .first()
                    .is_some_and(|piece| ["how", "why", "comment", "pourquoi"].contains(&fold(piece.text).as_str())),
            form,
            mentions,
            words,
            elsewhere: 0,
            about: About {
                tests: has(&["test", "tests", "tested", "testing", "teste", "testes", "spec", "specs"]),
                examples: has(&[
                    "example",
                    "examples",
                    "exemple",
                    "exemples",
                    "bench",
                    "benches",
                    "benchmark",
                    "benchmarks",
                ]),
                changes: has(&[
                    "changelog",
                    "changes",
                    "changed",
                    "release",
                    "releases",
                    "version",
                    "versions",
                    "news",
                ]),
            },
        }
    }
}

/// As much of a text as is read.
pub(super) fn heard(text: &str) -> &str {
    cut_at(text, LONGEST)
}

fn guesses(content: &[&Piece<'_>]) -> Vec<String> {
    let [one, other] = content else {
        return Vec::new();
    };
    [(one, other), (other, one)].map(|(owner, name)| format!("{}::{}", owner.text, name.text)).into()
}

fn words(text: &str, language: Language) -> Vec<Word> {
    let mut seen = HashSet::new();
    let mut words = Vec::new();
    for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || is_mark(c))) {
        let french = terms(word, Chain::French);
        let english = english(word).filter(|_| language == Language::French);
        let other = terms(english.unwrap_or(word), Chain::Code);
        let typed = fold(word);
        let is_weak = WEAK.binary_search(&typed.as_str()).is_ok();
        let is_foreign = language == Language::French && english.is_none();
        let word = Word {
            typed,
            french,
            other,
            alike: Vec::new(),
            alike_counts: ALIKE,
            is_weak,
            is_elsewhere: false,
            is_foreign,
            is_idle: false,
        };
        // What the question's own language drops is dropped; the other only spells.
        let own = if language == Language::French { &word.french } else { &word.other };
        if !own.is_empty() && seen.insert(own.clone()) {
            words.push(word);
        }
    }
    words
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// A word of the question as typed, qualified names in one piece.
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    /// It can only be a name in code.
    pub(super) is_code: bool,
    /// It has a capital where a sentence needs none.
    is_proper: bool,
}

impl Piece<'_> {
    fn is_frame(&self) -> bool {
        !self.is_code && !self.is_proper && is_frame(self.text)
    }
}

pub(crate) fn is_frame(word: &str) -> bool {
    FRAME.binary_search(&fold(word).as_str()).is_ok()
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || "'’,;?!\"«»“”".contains(c)) {
        let quoted = word.contains('`');
        let word = word.trim_matches(|c: char| "`()[]{}<>*.:…-".contains(c));
        let word = word.split(['(', '<', '`']).next().unwrap_or(word);
        if word.is_empty() {
            continue;
        }
        let qualified = word.contains("::") || is_dotted(word);
        pieces.push(Piece {
            text: word,
            is_code: quoted || qualified || is_identifier(word),
            is_proper: !pieces.is_empty() && word.len() > 1 && word.starts_with(char::is_uppercase),
        });
    }
    pieces
}

/// `queue.push` or `setup.py`, and no number or address.
fn is_dotted(word: &str) -> bool {
    let named = |part: &str| part.starts_with(|c: char| c.is_alphabetic() || c == '_');
    word.contains('.') && word.split(['.', '/']).all(named)
}

// Words that frame a question about code without being its subject. Folded, sorted.
#[rustfmt::skip]
const FRAME: &[&str] = &[
    "a", "about", "affiche", "an", "and", "are", "as", "at", "au", "c", "call", "called", "can",
    "ce", "cherche", "class", "classe", "code", "come", "comes", "comment", "const", "constant",
    "constante", "d", "dans", "de", "declaration", "declare", "declared", "declaree", "define",
    "defined", "defini", "definie", "definis", "definit", "definition", "des", "describe", "do",
    "does", "dois", "doit", "done", "donne", "du", "elle", "en", "enum", "est", "est-ce", "et",
    "exactly", "explain", "explique", "faire", "fait", "fichier", "file", "find", "fn",
    "fonction", "fonctionne", "for", "from", "func", "function", "gere", "geree", "gerees",
    "gerer", "geres", "get", "go", "handle", "handled", "handles", "handling", "happen",
    "happens", "have", "how", "i", "il", "implement", "implementation", "implemente",
    "implemented", "implementee", "implements", "in", "interface", "is", "it", "je", "l", "la",
    "le", "les", "line", "live", "lives", "locate", "located", "look", "lookup", "macro",
    "manage", "managed", "manages", "marche", "me", "mean", "means", "method", "methode",
    "module", "moi", "montre", "montre-moi", "my", "of", "on", "ou", "par", "passe", "passe-t-il",
    "peut", "please", "pour", "puis", "puis-je", "qu", "que", "quel", "quelle", "qui", "quoi",
    "s", "se", "sert", "show", "situe", "sont", "source", "stp", "struct", "svp", "symbol",
    "tell", "that", "the", "this", "to", "trait", "trouve", "trouve-t-on", "trouver", "type",
    "un", "une", "use", "used", "utilise", "utiliser", "variable", "what", "what's", "whats",
    "where", "wheres", "which", "who", "with", "work", "works", "you",
];

// Verbs of questions about code. Folded, sorted.
#[rustfmt::skip]
const WEAK: &[&str] = &[
    "define", "defined", "defines", "defini", "definie", "definit", "done", "explain", "explique", "faire",
    "fonctionne", "gere", "geree", "gerees", "gerer", "geres", "handle", "handled", "handles",
    "handling", "happen", "happens", "implement", "implemente", "implemented", "implementee",
    "implements", "manage", "managed", "manages", "marche", "mean", "means", "passe", "sert",
    "show", "tell", "use", "used", "uses", "using", "utilise", "utilisee", "utiliser", "work",
    "working", "works",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        Asked::read(text, None).names
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(FRAME.is_sorted() && WEAK.is_sorted());
    }

    #[test]
    fn the_name_is_what_the_frame_leaves() {
        for text in [
            "where is Router defined?",
            "Router",
            "What's `Router`?",
            "Where is the Router struct?",
            "show me Router",
            "où est défini Router ?",
            "Où se trouve la classe Router ?",
            "c'est quoi Router",
            "Qu'est-ce que Router ?",
            "comment marche le Router",
        ] {
            assert_eq!(names(text).first().map(String::as_str), Some("Router"), "{text}");
        }
        assert_eq!(names("where is Router::route()?"), ["Router::route"]);
        assert_eq!(names("where is the body limit")[0], "bodylimit");
        assert!(names("how is the size of a request body limited by default and then raised for uploads").is_empty());
    }

    #[test]
    fn identifiers_on_the_way_are_noticed() {
        let question = Asked::read("how can I abort the task of a JoinHandle early", None);
        assert_eq!(question.mentions, ["JoinHandle"]);
        assert!(question.names.is_empty());
    }

    #[test]
    fn the_words_of_french_are_looked_up_both_ways() {
        let question = Asked::read("Où sont gérés les timeouts ?", None);
        assert_eq!(question.language, Some(Language::French));
        let first: Vec<_> = question.words.iter().map(|word| word.french.join(" ")).collect();
        assert_eq!(first, ["ger", "timeout"]);
    }
}
