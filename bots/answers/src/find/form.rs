//! What a question wants, by the way it is put.

use super::asked::Piece;
use crate::analyse::fold;

/// What the way a question is put tells of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Form {
    /// It asks how something is done, or what a setting does: documents tell that better than code.
    pub(crate) prose: bool,
    /// It asks about the world, about whoever asks or about the bot, or for a favour: words that a passage
    /// shares with it prove little.
    pub(crate) doubtful: bool,
}

impl Form {
    pub(super) fn of(pieces: &[Piece<'_>]) -> Self {
        let folded: Vec<String> =
            pieces.iter().flat_map(|piece| piece.text.split('-').map(fold).collect::<Vec<_>>()).collect();
        let words: Vec<&str> = folded.iter().map(String::as_str).collect();
        let names_code = pieces.iter().any(|piece| piece.is_code);
        let names_setting = pieces.iter().any(|piece| is_setting(piece.text));
        Self {
            prose: names_setting || (!names_code && (asks_how(&words) || asks_to(&words))),
            doubtful: !names_code && (is_personal(&words) || is_impersonal(&words) || is_favour(&words)),
        }
    }
}

/// Whether a name is written as settings are: `DATA_DIR`.
pub(crate) fn is_setting(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.trim_matches('_').contains('_') && name.chars().all(letters) && name.contains(|c: char| c.is_ascii_uppercase())
}

/// Whether a name is written as types are: `Router`, and not `http::Router::new`.
pub(crate) fn is_type_name(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase) && name.chars().all(char::is_alphanumeric)
}

/// "How do I …", "comment faire …", "what does … do", "what is the minimum …"; not how the code does something, as
/// "how are errors handled".
fn asks_how(words: &[&str]) -> bool {
    match words {
        ["how", next, ..] => ["do", "does", "to", "can", "could", "should", "must", "would"].contains(next),
        ["comment", next, ..] => {
            ["puis", "peut", "dois", "doit", "faut", "on", "je", "fonctionne", "marche"].contains(next)
                || ["er", "ir", "re"].iter().any(|end| next.ends_with(end))
        }
        ["what", "does", .., "do"] | ["a", "quoi", "sert", ..] | ["que", "fait", ..] => true,
        // "Can I …", "is it safe to …", "what happens when …".
        ["can" | "could" | "may" | "should", "i" | "we" | "one" | "you", ..] | ["is", "it" | "there", ..] => true,
        ["what", "happens", ..] | ["que", "se", "passe", ..] | ["peut" | "puis", "on" | "je", ..] => true,
        ["est", "ce", "que" | "qu", "on" | "je" | "nous", ..] | ["faut", "il", ..] => true,
        ["what" | "which", "version" | "versions", ..] => true,
        ["what" | "which" | "quel" | "quelle", rest @ ..] => rest.iter().any(|word| REQUIRED.contains(word)),
        _ => false,
    }
}

/// "Run the tests": a command with its object.
fn asks_to(words: &[&str]) -> bool {
    let [verb, article, .., _] = words else { return false };
    TASKS.contains(verb) && ["the", "a", "an", "les", "le", "la", "un", "une", "des"].contains(article)
}

/// It is about whoever asks, or about the bot: "where is my …", "how old are you".
fn is_personal(words: &[&str]) -> bool {
    let opens = |with: &[&str]| words.first().is_some_and(|word| with.contains(word));
    let owned = words.iter().take(4).any(|word| POSSESSIVE.contains(word));
    if owned
        && opens(&["where", "what", "who", "when", "which", "whats", "wheres", "ou", "quel", "quelle", "qui", "quand"])
    {
        return true;
    }
    match words {
        ["do" | "did" | "are" | "were" | "have", "you", ..] | ["how", _, "are" | "were", "you", ..] => true,
        _ => words.windows(2).any(|pair| {
            matches!(pair, ["es" | "as" | "etes" | "avez" | "aimes" | "aimez" | "vas" | "allez", "tu" | "vous"])
        }),
    }
}

/// It asks what time it is, or how the weather is.
fn is_impersonal(words: &[&str]) -> bool {
    matches!(words, ["what", _, "is", "it", ..] | ["quel" | "quelle", _, "est" | "fait", "il" | "on", ..])
}

/// It asks the bot to do something, not to tell something.
fn is_favour(words: &[&str]) -> bool {
    let Some(at) = words.windows(2).position(|pair| {
        matches!(
            pair,
            ["peux" | "pourrais" | "veux" | "voudrais", "tu"]
                | ["pouvez" | "pourriez" | "voulez", "vous"]
                | ["tu" | "vous", "peux" | "pourrais" | "pouvez" | "pourriez"]
                | ["can" | "could" | "would" | "will", "you"]
        )
    }) else {
        return false;
    };
    let rest = &words[at + 2..];
    if at > 1 || rest.iter().any(|word| TELL.contains(word)) {
        return false;
    }
    // "Can you nest routers?" asks whether it can be done.
    words[at + 1] != "you" || rest.iter().any(|word| ["me", "this", "these", "my"].contains(word))
}

const POSSESSIVE: &[&str] = &["my", "your", "mon", "ma", "mes", "ton", "ta", "tes", "votre", "vos"];

/// What is needed to begin is told by documents.
#[rustfmt::skip]
const REQUIRED: &[&str] = &[
    "minimum", "minimal", "minimale", "required", "supported", "requise", "requis", "prerequis",
];

/// Verbs of what is done with a code base rather than in it.
#[rustfmt::skip]
const TASKS: &[&str] = &[
    "run", "build", "install", "write", "make", "create", "start", "deploy", "configure", "test",
    "use", "lancer", "lance", "installer", "construire", "ecrire", "creer", "demarrer", "deployer",
    "configurer", "tester", "utiliser", "faire",
];

/// Verbs that ask to be told.
#[rustfmt::skip]
const TELL: &[&str] = &[
    "show", "explain", "tell", "find", "help", "describe", "give", "list", "search", "look", "say",
    "montrer", "montre", "expliquer", "dire", "trouver", "aider", "decrire", "donner", "lister",
    "chercher", "indiquer",
];

#[cfg(test)]
mod tests {
    use crate::find::Asked;

    #[test]
    fn how_to_questions_want_prose() {
        for text in [
            "how do I run the tests?",
            "run the tests",
            "Comment lancer les tests ?",
            "what does MAX_RETRIES do?",
            "LOG_LEVEL",
            "what is the minimum Python version?",
        ] {
            assert!(Asked::read(text, None).form.prose, "{text}");
        }
        for text in ["where is App?", "what is the router", "how are errors handled?", "run", "où est Router ?"] {
            assert!(!Asked::read(text, None).form.prose, "{text}");
        }
    }

    #[test]
    fn what_is_asked_of_the_world_or_the_bot_is_doubted() {
        for text in [
            "quel temps fait-il à Paris ?",
            "what time is it?",
            "quelle heure est-il ?",
            "where is my cat?",
            "où sont mes clés ?",
            "how old are you?",
            "quel âge as-tu ?",
            "what is your name?",
            "peux-tu me traduire ce texte ?",
            "could you order me a pizza?",
        ] {
            assert!(Asked::read(text, None).form.doubtful, "{text}");
        }
        for text in [
            "how do you run the tests?",
            "how do I keep my value over a restart?",
            "can you nest routers?",
            "peux-tu me montrer où est Router ?",
            "where is the cat?",
            "where is my `Router`?",
            "how are signatures verified?",
            "quel est le délai ?",
        ] {
            assert!(!Asked::read(text, None).form.doubtful, "{text}");
        }
    }
}
