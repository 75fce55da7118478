//! Messages that ask nothing of a website: the time, how the bot is, a poem.

use crate::analyse::fold;

/// Whether a message asks the bot to do something, or asks about the bot or the moment, whatever words it shares with a page.
pub(super) fn is_no_question(text: &str) -> bool {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    is_favour(&words) || is_of_the_bot(&words) || is_of_the_moment(&words)
}

/// "Raconte une blague", "can you write a poem".
fn is_favour(words: &[&str]) -> bool {
    let words = match words {
        ["peux" | "pourrais" | "veux", "tu", rest @ ..] | ["tu", "peux" | "pourrais", rest @ ..] => rest,
        ["can" | "could" | "would" | "will", "you", rest @ ..] => rest,
        ["please", rest @ ..] => rest,
        other => other,
    };
    let words = match words {
        ["me" | "m" | "nous", rest @ ..] => rest,
        other => other,
    };
    let words = match words {
        ["aider", "a", rest @ ..] => rest,
        other => other,
    };
    match words {
        [verb, ..] if FAVOURS.contains(verb) => true,
        ["call" | "get" | "order" | "buy", "me", ..] => true,
        ["write" | "ecris" | "ecrire" | "ecrivez" | "fais" | "draw", "moi" | "me" | "a" | "un" | "une", what, ..] => {
            // "Écrivez-moi à …" is said by pages.
            !matches!(*what, "a" | "to")
        }
        _ => false,
    }
}

/// "Quel âge as-tu", "what is your name": every word is of the bot. One more, and something else may be asked.
fn is_of_the_bot(words: &[&str]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    any(ADDRESSED)
        && any(OF_SOMEBODY)
        && words.iter().all(|word| [ADDRESSED, OF_SOMEBODY, AROUND].concat().contains(word))
}

/// "Quelle heure est-il", "quel temps fait-il", "what time is it".
fn is_of_the_moment(words: &[&str]) -> bool {
    let tail = match words {
        ["quelle" | "quel", "heure" | "temps" | "jour" | "date", rest @ ..] => rest,
        ["what", "time" | "day" | "date", rest @ ..] => rest,
        ["on", "est", "quel" | "quelle", "jour" | "date", ..] | ["il", "est", "quelle", "heure", ..] => return true,
        _ => return false,
    };
    matches!(tail, ["est" | "fait" | "sommes" | "fera", "il" | "on" | "nous" | "t", ..] | ["is", "it", ..])
}

/// Verbs that open a favour.
#[rustfmt::skip]
const FAVOURS: &[&str] = &[
    "calcule", "calculer", "chante", "chanter", "compose", "dessine", "dessiner", "ignore", "imagine", "invente", "joue",
    "raconte", "raconter", "racontez", "recommande", "traduire", "traduis", "traduisez", "draw", "imagine", "pretend", "recommend",
    "sing", "translate",
];

/// Words for the bot.
const ADDRESSED: &[&str] = &["t", "ta", "te", "tes", "toi", "ton", "tu", "you", "your", "u"];
/// What is asked or said of somebody.
#[rustfmt::skip]
const OF_SOMEBODY: &[&str] = &[
    "age", "aimes", "alive", "amis", "amour", "amoureuse", "amoureux", "appelles", "chien", "colour", "copain", "copine", "couleur",
    "crois", "dieu", "dors", "enfants", "favorite", "favourite", "femme", "film", "friends", "god", "heureux", "humain", "humaine",
    "human", "intelligent", "intelligente", "love", "manges", "mari", "marie", "mariee", "married", "name", "nom", "old", "penses",
    "plat", "politique", "prefere", "preferee", "preferes", "prenom", "real", "robot", "vis", "vivant",
];
/// Words that go with them, and ask nothing else.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "a", "an", "are", "as", "bien", "c", "ce", "comment", "d", "de", "des", "do", "en", "es", "est", "have", "how", "in", "is", "la", "le",
    "les", "m", "me", "moi", "ou", "que", "quel", "quelle", "quoi", "qu", "really", "s", "un", "une", "vraiment", "what", "which",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_page_answers_is_told_from_questions() {
        for text in [
            "Quelle heure est-il ?",
            "quel temps fait-il",
            "Quel temps fera-t-il demain ?",
            "what time is it in Tokyo?",
            "quel âge as-tu",
            "Tu m’aimes ?",
            "écris-moi un poème",
            "Can you write a python script for me?",
            "Raconte une blague",
            "peux-tu me traduire ce texte",
            "how old are you",
            "What is your name?",
            "Est-ce que tu es amoureux ?",
            "t'as quel âge",
            "Tu es un robot ?",
            "Quel est ton plat préféré ?",
            "Que penses-tu de la politique ?",
        ] {
            assert!(is_no_question(text), "{text}");
        }
        for text in [
            "À quelle heure sont les cours ?",
            "quel temps faut-il pour corriger",
            "peux-tu me dire le prix du BTS ?",
            "avez-vous des bourses ?",
            "can you tell me the price?",
            "quelle date pour l’examen",
            "Peux-tu m'expliquer le financement ?",
            "As-tu les tarifs du BTS ?",
            "t'as le prix du BTS ?",
            "Tu es sûr que le titre est reconnu ?",
            "Tu m'envoies la brochure ?",
            "Que penses-tu du bachelor ?",
            "How old are your students?",
            "What is your name for the final exam?",
            "",
        ] {
            assert!(!is_no_question(text), "{text}");
        }
    }
}
