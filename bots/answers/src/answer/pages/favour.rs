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

fn is_of_the_bot(words: &[&str]) -> bool {
    words.windows(2).any(|pair| {
        matches!(pair, ["es" | "as" | "aimes" | "penses" | "crois" | "preferes" | "vas" | "manges" | "dors", "tu"])
            || matches!(pair, ["tu", "es" | "m" | "aimes" | "penses" | "crois" | "preferes" | "manges" | "dors"])
            || matches!(pair, ["ton" | "tes" | "your", "nom" | "age" | "name" | "favourite" | "favorite" | "prefere"])
            || matches!(pair, ["old", "are"] | ["t", "as" | "aimes" | "penses"])
    }) || matches!(words, [.., "plat", "prefere"])
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
            "",
        ] {
            assert!(!is_no_question(text), "{text}");
        }
    }
}
