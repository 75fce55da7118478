//! What people say that no page answers: insults, and questions about what is theirs alone.

use answers::{Language, fold, insults, is_insult};

/// A message that wants another word than a search alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remark {
    /// Somebody is angry.
    Insult,
    /// Somebody asks about an account, a mark or an invoice of theirs, which no public page tells.
    Personal,
}

/// Words of who feels cheated.
#[rustfmt::skip]
const ANGRY: &[&str] = &[
    "awful", "disgraceful", "inacceptable", "inadmissible", "lamentable", "outrageous", "scandaleuse", "scandaleux", "unacceptable",
    "arnaque", "arnaqueur", "arnaqueurs", "escroc", "escroquerie", "escrocs", "scam", "scammers", "thieves", "voleur", "voleurs",
];
/// A rude word in a longer message is said of something else.
const LONGEST: usize = 25;
/// What somebody is called with an insult.
const CALLED: &[&str] = &["bande", "bot", "espece", "ramassis", "robot", "tas"];
/// Words that go with insults, and ask nothing.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "a", "are", "au", "aux", "bande", "bot", "c", "ce", "d", "de", "des", "ecole", "espece", "est", "et", "etes", "gros", "is", "it", "l",
    "la", "le", "les", "mais", "of", "oh", "ou", "piece", "pur", "quelle", "quoi", "robot", "school", "service", "site", "sont", "sur", "t", "ta",
    "tas", "te", "the", "this", "tres", "tu", "un", "une", "va", "vos", "votre", "vous", "vraiment", "you", "your", "es", "s", "ces",
];
const OWN: &[&str] = &["ma", "mes", "mon", "my"];
#[rustfmt::skip]
const POSSESSIONS: &[&str] = &[
    "account", "application", "attestation", "candidature", "certificat", "certificate", "colis", "compte", "contrat", "diploma", "diplome",
    "copie", "copies", "correction", "dossier", "echeancier", "facture", "factures", "file", "grade", "grades",
    "inscription", "invoice", "login", "mark", "marks", "mot", "note", "notes", "paiement", "password", "payment",
    "planning", "prelevement", "prof", "remboursement", "refund", "releve", "resultat", "resultats", "results",
];
/// Words that ask where something of one's own is, or what became of it.
#[rustfmt::skip]
const WHEREABOUTS: &[&str] = &[
    "attends", "bloque", "bloquee", "connecter", "connexion", "oublie", "ou", "pourquoi", "quand", "quelle", "recu", "retard",
    "trouve", "trouver", "vois", "complet", "lost", "forgot", "find", "when", "where", "why", "voir", "acceder", "perdu", "marche",
];

impl Remark {
    /// The remark that `text` is.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let words = words(text);
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if (has(ANGRY) || insults(text)) && words.len() <= LONGEST {
            return Some(Self::Insult);
        }
        let own =
            words.windows(2).any(|pair| OWN.contains(&pair[0].as_str()) && POSSESSIONS.contains(&pair[1].as_str()));
        (own && has(WHEREABOUTS)).then_some(Self::Personal)
    }

    /// What is asked besides: a message without the words that insult; nothing when no question is left.
    pub(crate) fn besides(text: &str) -> Option<String> {
        let is_one = |part: &String| is_insult(part) || [ANGRY, CALLED].concat().contains(&part.as_str());
        let is_rude = |word: &str| words(word).iter().any(is_one);
        let rest: Vec<&str> = text.split_whitespace().filter(|word| !is_rude(word)).collect();
        let asks = words(&rest.join(" ")).iter().any(|word| !AROUND.contains(&word.as_str()));
        asks.then(|| rest.join(" "))
    }

    /// The question whose answer helps instead.
    pub(crate) fn question(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Insult, Language::French) => "Comment contacter un conseiller pour une réclamation ?",
            (Self::Insult, Language::English) => "How can I contact an adviser?",
            (Self::Personal, Language::French) => "Où voir mon dossier et mes notes dans l’espace élève, assistance ?",
            (Self::Personal, Language::English) => "How can I contact an adviser?",
        }
    }

    /// What is said before anything else.
    pub(crate) fn told(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Insult, Language::French) => {
                "Je comprends que vous soyez mécontent. Je ne suis qu’un programme qui lit le site\u{a0}: pour un problème \
                 précis, écrivez aux personnes de l’école."
            }
            (Self::Insult, Language::English) => {
                "I understand that you are unhappy. I am only a program that reads the website. For a specific problem, \
                 please write to the school."
            }
            (Self::Personal, Language::French) => {
                "Je ne vois ni comptes ni dossiers\u{a0}: je ne connais que les pages publiques du site. Voici ce qu’elles \
                 disent."
            }
            (Self::Personal, Language::English) => {
                "I see no accounts or files: I only know the public pages of the website. Here is what they say."
            }
        }
    }
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_told_from_questions() {
        for (text, expected) in [
            ("vous êtes vraiment nuls", Some(Remark::Insult)),
            ("This is bullshit", Some(Remark::Insult)),
            ("où est ma note ?", Some(Remark::Personal)),
            ("Pourquoi mon paiement est refusé", Some(Remark::Personal)),
            ("j'ai oublié mon mot de passe", Some(Remark::Personal)),
            ("where are my grades?", Some(Remark::Personal)),
            ("puis-je utiliser mon CPF ?", None),
            ("combien coûte le bachelor ?", None),
            ("où se passe l’examen ?", None),
            ("Je suis nul en maths, puis-je m’inscrire ?", None),
            ("J’ai honte de demander", None),
            ("bande d’escrocs", Some(Remark::Insult)),
            ("c’est scandaleux, je veux être remboursé", Some(Remark::Insult)),
            ("your service is awful, nobody answers", Some(Remark::Insult)),
            ("ca fait 2 mois que j’attends mon diplome !!!!", Some(Remark::Personal)),
        ] {
            assert_eq!(Remark::of(text), expected, "{text}");
        }
    }
}
