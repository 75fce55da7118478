//! Rude words, and whether they are said to somebody.

use crate::analyse::fold;

/// Words that insult by themselves, folded.
#[rustfmt::skip]
const RUDE: &[&str] = &[
    "abruti", "abrutie", "abrutis", "asshole", "bastard", "batard", "bitch", "bordel", "bouffon", "bouffons", "bullshit", "conard",
    "connard", "connards", "connasse", "crap", "crappy", "cretin", "cretins", "degage", "emmerdez", "encule", "foutez", "foutre",
    "fuck", "fucking", "guignol", "guignols", "merde", "merdique", "moron", "morons", "ptn", "putain", "rigolos", "salaud", "shit",
    "shitty", "tocards",
];
/// Words that insult when they are said to somebody: who is "nul en maths" is not rude.
#[rustfmt::skip]
const BELITTLING: &[&str] = &[
    "cafard", "clown", "clowns", "con", "cons", "debile", "debiles", "dumb", "gueule", "honte", "honteux", "idiot", "idiote",
    "idiotic", "idiots", "imbecile", "imbeciles", "incapable", "incapables", "incompetent", "incompetents", "minable", "minables",
    "naze", "nazes", "nul", "nulle", "nulles", "nuls", "pourri", "pourrie", "stupid", "stupide", "useless",
];
/// Who it is said to, before such a word.
#[rustfmt::skip]
const SOMEBODY: &[&str] = &[
    "bande", "bot", "ecole", "espece", "ramassis", "robot", "school", "service", "site", "t", "ta", "tas", "tu", "u", "vos", "votre",
    "vous", "you", "your",
];
/// Who it is said of, behind such a word.
const SOMETHING: &[&str] = &["bot", "ecole", "robot", "school", "service", "site", "ton", "vos", "votre", "your"];
/// Who says it of themselves, after whom nobody else is meant.
const ONESELF: &[&str] = &["i", "j", "je"];
/// Words between somebody and such a word, and between it and what it is said of.
const BEFORE: usize = 3;
const BEHIND: usize = 1;

/// Whether somebody is insulted in `text`, whatever else it says.
pub fn insults(text: &str) -> bool {
    let folded = fold(text);
    is_said(&folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>())
}

/// Whether a word, folded, insults by itself or when it is said to somebody.
pub fn is_insult(word: &str) -> bool {
    RUDE.contains(&word) || BELITTLING.contains(&word)
}

/// Whether somebody is insulted by folded words.
pub(super) fn is_said(words: &[&str]) -> bool {
    (0..words.len()).any(|at| RUDE.contains(&words[at]) || BELITTLING.contains(&words[at]) && is_to_somebody(words, at))
}

fn is_to_somebody(words: &[&str], at: usize) -> bool {
    let before = words[..at].iter().rev().take(BEFORE + 1).take_while(|word| !ONESELF.contains(word));
    let behind = words[at + 1..].iter().take(BEHIND + 1);
    before.into_iter().any(|word| SOMEBODY.contains(word)) || behind.into_iter().any(|word| SOMETHING.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insults_are_told_from_what_people_say_of_themselves() {
        for text in [
            "vous êtes vraiment des incompétents, à qui je me plains ?",
            "This is bullshit",
            "c’est nul votre site",
            "bande d’incapables, la plateforme ne marche jamais",
            "you are so useless",
            "Vous devriez avoir honte",
            "t’es con ou quoi",
        ] {
            assert!(insults(text), "{text}");
        }
        for text in [
            "Je suis nul en maths, puis-je m’inscrire ?",
            "J’ai honte de demander",
            "J’ai honte de vous demander ça",
            "Tu sais, je suis nul en anglais",
            "Je suis incapable de payer en une fois, que pouvez-vous faire ?",
            "Is it stupid to start at 40?",
            "",
        ] {
            assert!(!insults(text), "{text}");
        }
    }
}
