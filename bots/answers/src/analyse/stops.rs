//! Words that say nothing about the subject. Every entry is folded: the test comes after folding.

use super::Language;

/// Whether `folded` is an English function word or question word.
pub(super) fn is_english(folded: &str) -> bool {
    ENGLISH.binary_search(&folded).is_ok()
}

/// Whether `folded` is a French function word or question word.
pub(super) fn is_french(folded: &str) -> bool {
    FRENCH.binary_search(&folded).is_ok()
}

/// All of them in a language, folded.
pub(crate) fn function_words(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => ENGLISH,
        Language::French => FRENCH,
    }
}

#[rustfmt::skip]
pub(super) const ENGLISH: &[&str] = &[
    "a", "about", "also", "am", "an", "and", "any", "are", "aren", "as", "at", "be", "been",
    "being", "but", "by", "can", "could", "couldn", "d", "did", "didn", "do", "does", "doesn",
    "don", "for", "from", "had", "has", "hasn", "have", "haven", "having", "he", "her", "here",
    "him", "his", "how", "i", "if", "in", "into", "is", "isn", "it", "its", "just", "ll", "m",
    "may", "me", "might", "more", "must", "my", "no", "not", "of", "on", "only", "or", "other",
    "our", "s", "shall", "she", "should", "shouldn", "so", "some", "such", "t", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "us",
    "ve", "very", "was", "wasn", "we", "were", "what", "when", "where", "which", "while", "who",
    "whom", "why", "will", "with", "won", "would", "wouldn", "you", "your",
];

// The Snowball list, folded, with the question words and contracted forms it lacks.
#[rustfmt::skip]
pub(super) const FRENCH: &[&str] = &[
    "a", "ai", "aie", "aient", "aies", "ait", "as", "au", "aurai", "auraient", "aurais", "aurait",
    "aurez", "auriez", "aurions", "aurons", "auront", "aux", "avaient", "avais", "avait", "avec",
    "avez", "aviez", "avons", "ayant", "ayez", "ayons", "c", "ce", "ceci", "cela", "ces", "cet",
    "cette", "combien", "comment", "d", "dans", "de", "des", "dois", "doit", "dont", "du", "elle",
    "en", "es", "est", "et", "etaient", "etais", "etait", "etant", "etee", "etees", "etes",
    "etiez", "etions", "eu", "eue", "eues", "eumes", "eurent", "eus", "eusse", "eussent", "eusses",
    "eut", "eutes", "eux", "faut", "fumes", "furent", "fus", "fusse", "fusses", "fussiez",
    "fussions", "fut", "futes", "ici", "il", "ils", "j", "je", "jusqu", "l", "la", "le", "les",
    "leur", "leurs", "lorsqu", "lui", "m", "ma", "mais", "me", "meme", "mes", "moi", "mon", "n",
    "ne", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "peut", "peux", "plus", "pour",
    "pourquoi", "puis", "puisqu", "qu", "quand", "que", "quel", "quelle", "quelles", "quelqu",
    "quels", "qui", "quoi", "quoiqu", "s", "sa", "sans", "se", "sera", "serai", "seraient",
    "serais", "serait", "seras", "serez", "seriez", "serions", "serons", "seront", "ses", "si",
    "soi", "soient", "sois", "soit", "son", "sont", "soyez", "soyons", "suis", "sur", "t", "ta",
    "te", "tes", "toi", "ton", "tu", "un", "une", "vos", "votre", "vous", "y",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::fold;

    #[test]
    fn the_lists_are_sorted_and_folded() {
        for list in [ENGLISH, FRENCH] {
            assert!(list.is_sorted());
            assert!(list.iter().all(|word| fold(word) == *word));
        }
    }
}
