//! The languages that the framework itself speaks.

use std::str::FromStr;

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
    /// The language a person wrote in, judged by its commonest words; `None` when nothing tells. What is written as
    /// code (`is_empty`, `Router::get`, `https://…`) is in no language.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut balance = 0_i32;
        let bare = text.split_whitespace().map(|word| word.trim_matches(|character| !char::is_alphanumeric(character)));
        let plain = bare.filter(|word| !word.contains(|sign| !char::is_alphabetic(sign) && !JOINS.contains(&sign)));
        for word in plain.flat_map(|word| word.split(JOINS)).filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            balance += i32::from(FRENCH.contains(&word.as_str())) - i32::from(ENGLISH.contains(&word.as_str()));
            balance += i32::from(word.contains(['é', 'è', 'ê', 'à', 'ç', 'ù', 'œ', 'î', 'ô']));
        }
        match balance {
            1.. => Some(Self::French),
            ..=-1 => Some(Self::English),
            0 => None,
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

/// What stands inside a word, or between two: `l’aide`, `est-il`.
const JOINS: [char; 6] = ['\'', '’', '-', '‑', ',', '…'];

const ENGLISH: &[&str] = &[
    "a", "about", "all", "and", "any", "are", "can", "could", "did", "do", "does", "for", "from", "get", "give", "has",
    "have", "hello", "help", "hi", "how", "i", "in", "is", "it", "its", "me", "my", "of", "or", "please", "search",
    "should", "show", "tell", "thank", "thanks", "that", "the", "their", "there", "these", "this", "to", "was", "we",
    "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
];

const FRENCH: &[&str] = &[
    "affiche", "ai", "aide", "ajoute", "arrete", "au", "aucun", "aucune", "aussi", "aux", "avec", "avez", "avons",
    "bonjour", "bonsoir", "c", "ca", "ce", "ceci", "cela", "ces", "cette", "cherche", "chez", "combien", "comme",
    "comment", "coucou", "d", "dans", "de", "des", "dis", "donc", "donne", "du", "elle", "elles", "en", "encore",
    "entre", "envoie", "es", "est", "et", "etre", "explique", "faire", "fait", "faut", "ici", "il", "ils", "j", "je",
    "l", "la", "lance", "le", "les", "leur", "liste", "lui", "ma", "mais", "meme", "merci", "mes", "moi", "mon",
    "montre", "n", "ne", "non", "nous", "ont", "ou", "où", "oui", "ouvre", "par", "pas", "peu", "peut", "peux", "plus",
    "pour", "pourquoi", "qu", "quand", "que", "quel", "quelle", "quelles", "quelqu", "quels", "qui", "quoi", "rien",
    "sa", "salut", "sans", "ses", "si", "sommes", "son", "sont", "sous", "stp", "suis", "supprime", "sur", "svp", "ta",
    "te", "tes", "toi", "ton", "tous", "tout", "toute", "toutes", "tres", "trouve", "tu", "un", "une", "veut", "veux",
    "voici", "voila", "vois", "vos", "votre", "vous", "y",
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
