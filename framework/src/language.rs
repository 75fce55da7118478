//! The languages that the framework itself speaks.

use std::{cmp::Ordering, str::FromStr};

/// A language in which every sentence of the framework exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// The language a person wrote in, judged by its commonest words; `None` when nothing tells, or when it is neither.
    /// What is written as code (`is_empty`, `Router::get`, `https://…`) is in no language.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let (mut french, mut english, mut shared) = (0, 0, 0);
        for word in text.split_whitespace() {
            let word = word.trim_matches(|character| !char::is_alphanumeric(character)).to_lowercase();
            if word.contains(|sign| !char::is_alphabetic(sign) && !JOINS.contains(&sign)) {
                continue;
            }
            for part in parts(&word) {
                french += usize::from(FRENCH.contains(&part)) + usize::from(part.contains(ACCENTS));
                english += usize::from(ENGLISH.contains(&part));
                shared += usize::from(SHARED.contains(&part));
            }
        }
        let other = text.contains(OTHER_SIGNS);
        // What French shares with its neighbours speaks for it beside something that is its own.
        let french = if french > 0 { french + shared } else { 0 };
        match french.cmp(&english) {
            Ordering::Greater if !other => Some(Self::French),
            Ordering::Less => Some(Self::English),
            _ => None,
        }
    }

    /// The one of two sentences that is in this language.
    #[must_use]
    pub fn pick<T>(self, english: T, french: T) -> T {
        match self {
            Self::English => english,
            Self::French => french,
        }
    }

    /// The two-letter code: `en` or `fr`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick("en", "fr")
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Takes `fr`, `en`, or a locale that starts with one of them, such as `fr_FR.UTF-8`.
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let primary = code.split(['_', '-', '.']).next().unwrap_or(code);
        match primary.to_ascii_lowercase().as_str() {
            "en" | "c" | "posix" => Ok(Self::English),
            "fr" => Ok(Self::French),
            _ => Err(UnknownLanguage),
        }
    }
}

/// The code names no language that the framework speaks: `fr` or `en`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLanguage;

impl std::fmt::Display for UnknownLanguage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a language of the framework: write `fr` or `en`")
    }
}

impl std::error::Error for UnknownLanguage {}

/// The words that are joined in one. A letter alone tells nothing, unless something is cut off behind it: `l’aide`.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let parts = word.split_inclusive(JOINS).map(|part| (part.trim_end_matches(JOINS), part.ends_with(['\'', '’'])));
    parts.filter(|(part, cut)| *cut || part.chars().nth(1).is_some() || part.contains(ACCENTS)).map(|(part, _)| part)
}

/// What stands inside a word, or between two: `l’aide`, `est-il`.
const JOINS: [char; 6] = ['\'', '’', '-', '‑', ',', '…'];

/// Letters of French that English does without.
const ACCENTS: [char; 9] = ['é', 'è', 'ê', 'à', 'ç', 'ù', 'œ', 'î', 'ô'];

/// Signs that neither language has.
const OTHER_SIGNS: [char; 9] = ['¿', '¡', 'ñ', 'á', 'í', 'ó', 'ú', 'ã', 'ß'];

/// Words that French has in common with other languages.
const SHARED: &[&str] = &["de", "en", "es", "la", "le", "les", "me", "que", "se", "si", "son", "te", "tu", "un"];

const ENGLISH: &[&str] = &[
    "about", "all", "and", "any", "are", "can", "could", "did", "do", "does", "for", "from", "get", "give", "has",
    "have", "hello", "help", "hi", "how", "in", "is", "it", "its", "my", "of", "or", "please", "search", "should",
    "show", "tell", "thank", "thanks", "that", "the", "their", "there", "these", "this", "to", "was", "we", "were",
    "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
];

const FRENCH: &[&str] = &[
    "affiche", "ai", "aide", "ajoute", "arrete", "au", "aucun", "aucune", "aussi", "aux", "avec", "avez", "avons",
    "bonjour", "bonsoir", "c", "ca", "ce", "ceci", "cela", "ces", "cette", "cherche", "chez", "combien", "comme",
    "comment", "coucou", "d", "dans", "des", "dis", "donc", "donne", "du", "elle", "elles", "encore", "entre",
    "envoie", "est", "et", "etre", "explique", "faire", "fait", "faut", "ici", "il", "ils", "j", "je", "l", "lance",
    "leur", "liste", "lui", "ma", "mais", "meme", "merci", "mes", "moi", "mon", "montre", "n", "ne", "non", "nous",
    "ont", "ou", "où", "oui", "ouvre", "par", "pas", "peu", "peut", "peux", "plus", "pour", "pourquoi", "qu", "quand",
    "quel", "quelle", "quelles", "quelqu", "quels", "qui", "quoi", "rien", "sa", "salut", "sans", "ses", "sommes",
    "sont", "sous", "stp", "suis", "supprime", "sur", "svp", "ta", "tes", "toi", "ton", "tous", "tout", "toute",
    "toutes", "tres", "trouve", "une", "veut", "veux", "voici", "voila", "vois", "vos", "votre", "vous", "y",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hears_the_language_of_short_messages() {
        assert_eq!(Language::of("où est Router ?"), Some(Language::French));
        assert_eq!(Language::of("where is Router?"), Some(Language::English));
        assert_eq!(Language::of("aide"), Some(Language::French));
        assert_eq!(Language::of("combien ca coute"), Some(Language::French));
        assert_eq!(Language::of("Router"), None);
        assert_eq!(Language::of(""), None);
    }

    #[test]
    fn letters_and_addresses_tell_nothing() {
        for english in [
            "Please restart c d e",
            "restart api on host c now, please",
            "search a c",
            "search l d y",
            "where is the a la carte menu",
        ] {
            assert_eq!(Language::of(english), Some(Language::English), "{english}");
        }
        for neither in ["restart api on host c now", "restart x y https://example.com/est/la", "a c d y", "on la"] {
            assert_eq!(Language::of(neither), None, "{neither}");
        }
        assert_eq!(Language::of("c'est l’API"), Some(Language::French));
    }

    #[test]
    fn other_languages_are_not_french() {
        for text in [
            "¿dónde está la clase Router?",
            "la clase de Router en el modulo",
            "muestra la lista de errores que tu me das",
            "como se reinicia un servidor",
            "wo ist die Funktion, die das größte Element findet",
        ] {
            assert_eq!(Language::of(text), None, "{text}");
        }
        assert_eq!(Language::of("montre la liste de tous les modules"), Some(Language::French));
    }

    #[test]
    fn what_is_written_as_code_tells_nothing() {
        assert_eq!(Language::of("montre get_the_user"), Some(Language::French));
        assert_eq!(Language::of("où est Router::get ?"), Some(Language::French));
        assert_eq!(Language::of("liste https://example.com/how/to/do/it"), Some(Language::French));
        assert_eq!(Language::of("`is_a` app.get v2"), None);
        assert_eq!(Language::of("qu'est-ce que c’est ?"), Some(Language::French));
        assert_eq!(Language::of("what's the-matter, here?"), Some(Language::English));
    }

    #[test]
    fn reads_locales() {
        assert_eq!("fr_FR.UTF-8".parse(), Ok(Language::French));
        assert_eq!("en-GB".parse(), Ok(Language::English));
        assert_eq!("de".parse::<Language>(), Err(UnknownLanguage));
    }
}
