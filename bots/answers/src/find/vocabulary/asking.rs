//! Words that ask for something without saying what about: "get", "cost", "find". A page that shares no more with a
//! question than these is about something else.

use crate::analyse::Language;

/// The words of a language, in one form each.
pub(super) fn asking(language: Language) -> &'static [&'static str] {
    match language {
        Language::French => FRENCH,
        Language::English => ENGLISH,
    }
}

#[rustfmt::skip]
const FRENCH: &[&str] = &[
    "aider", "aimer", "aimerais", "aller", "année", "arriver", "aussi", "avoir", "besoin", "bien", "bon",
    "bonjour", "chercher", "chose", "combien", "comment", "connaître", "coûter", "croire", "demander",
    "devenir", "devoir", "dire", "dit", "droit", "donner", "déjà", "encore", "envoyer", "exister", "expliquer",
    "faire", "fait", "falloir", "font", "heure", "information", "marche", "maximum", "meilleur", "merci",
    "mettre", "obtenir", "parler", "passer", "penser", "possible", "pouvoir", "prend", "prendre", "prenez",
    "prix", "proposer", "question", "recevoir", "renseignement", "rester", "sais", "savez", "savoir", "seul",
    "seulement", "souhaiter", "tarif", "temps", "trouver", "utiliser", "va", "vais", "venir", "veut", "veux", "vite",
    "voir", "vont", "voudrais", "voulez", "vouloir", "vraiment", "écrire", "être",
];

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "ask", "best", "cost", "find", "get", "give", "go", "good", "know", "like", "long", "make", "many",
    "much", "need", "number", "old", "please", "possible", "price", "provide", "receive", "say", "take", "tell",
    "think", "time", "want", "write",
];
