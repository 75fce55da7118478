//! How a French word sounds, roughly: who writes in a hurry writes by ear.

/// A key that words share which sound alike: `dossié` and `dossier`, `koi` and `quoi`. Takes a folded word.
pub(super) fn sound(word: &str) -> String {
    let mut text = spelled(word);
    text = text.strip_suffix("er").or_else(|| text.strip_suffix("ez")).map_or(text.clone(), |stem| format!("{stem}e"));
    text = text.trim_end_matches(['s', 't', 'd', 'x', 'z', 'p']).trim_end_matches('e').to_owned();
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        if !key.ends_with(c) {
            key.push(c);
        }
    }
    key
}

/// The word with one spelling for each sound.
fn spelled(word: &str) -> String {
    let mut text = word.to_owned();
    for (written, heard) in SOUNDS {
        text = text.replace(written, heard);
    }
    let letters: Vec<char> = text.chars().collect();
    let soft = |at: usize| letters.get(at + 1).is_some_and(|next| "eiy".contains(*next));
    letters
        .iter()
        .enumerate()
        .map(|(at, c)| match c {
            'c' if soft(at) => 's',
            'c' | 'q' => 'k',
            'g' if soft(at) => 'j',
            'y' => 'i',
            '2' => 'g',
            other => *other,
        })
        .filter(|c| *c != 'h')
        .collect()
}

/// In this order: the longer ones first.
const SOUNDS: &[(&str, &str)] = &[
    ("ph", "f"),
    ("ch", "4"),
    ("eaux", "o"),
    ("eau", "o"),
    ("aux", "o"),
    ("au", "o"),
    ("ain", "1"),
    ("ein", "1"),
    ("ai", "e"),
    ("ei", "e"),
    ("oeu", "eu"),
    ("qu", "k"),
    ("gu", "2"),
    ("em", "an"),
    ("en", "an"),
    ("am", "an"),
    ("tion", "sion"),
    ("1", "in"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_sound_alike_have_one_key() {
        for (one, other) in [
            ("dossie", "dossier"),
            ("contra", "contrat"),
            ("koi", "quoi"),
            ("kel", "quelle"),
            ("pose", "pause"),
            ("prerequi", "prerequis"),
            ("inscripsion", "inscription"),
            ("peu", "peut"),
            ("payer", "paye"),
            ("comen", "comment"),
            ("farmacie", "pharmacie"),
        ] {
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
        for (one, other) in [("pates", "pas"), ("stage", "stade"), ("course", "bourse"), ("prix", "proie")] {
            assert_ne!(sound(one), sound(other));
        }
        assert_eq!(sound(""), "");
    }
}
