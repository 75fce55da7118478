//! The words of people who ask a school, and of those who are in a hurry.

use std::sync::LazyLock;

use answers::{Language, Vocabulary};

/// Words that mean the same on the site of a school.
pub(crate) fn vocabulary(language: Language) -> &'static Vocabulary {
    match language {
        Language::French => &FRENCH,
        Language::English => &ENGLISH,
    }
}

static FRENCH: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::new(
        Language::French,
        &[
            &["prix", "tarif", "coût", "coûter", "montant"],
            &["payer", "paiement", "régler", "règlement"],
            &["rembourser", "remboursement"],
            &["durée", "durer"],
            &["commencer", "début", "débuter", "démarrer", "rentrée"],
            &["débouché", "métier", "devenir", "emploi", "travail"],
            &["téléphone", "numéro", "appeler", "rappeler", "joindre", "contacter", "contact"],
            &["adresse", "trouver", "locaux"],
            &["échouer", "échec", "rater", "louper", "repasser", "rattrapage"],
            &["inscription", "inscrire", "candidature", "candidater", "admission", "postuler"],
            &["prérequis", "demander", "niveau", "condition", "entrer"],
            &["professeur", "enseignant", "formateur", "prof"],
            &["réussite", "réussir"],
            &["salaire", "toucher", "gagner", "rémunération", "rémunérer"],
            &["financer", "financement", "payer"],
            &["bourse", "aide"],
            &["examen", "épreuve"],
            &["formation", "cours", "cursus"],
            &["diplôme", "titre"],
            &["résilier", "résiliation", "annuler", "annulation"],
            &["rétractation", "rétracter"],
            &["pause", "suspendre", "interrompre", "arrêter"],
            &["changer", "changement"],
            &["entreprise", "employeur", "patron"],
            &["handicap", "handicapé"],
            &["reconnu", "reconnaissance"],
            &["livre", "manuel", "support"],
            &["correction", "corriger"],
            &["apprendre", "programme", "matière"],
            &["apprenti", "apprentissage", "alternance", "alternant"],
            &["élève", "étudiant", "apprenant"],
            &["attestation", "certificat"],
            &["mail", "courriel", "email", "message", "écrire"],
            &["suivi", "suivre", "suit", "accompagnement", "accompagner", "coach", "tuteur", "conseiller"],
            &["oral", "soutenir", "soutenance"],
            &["document", "papier", "pièce", "justificatif"],
            &["mobile", "téléphone", "smartphone"],
            &["connexion", "connecter", "accès", "accéder"],
            &["problème", "assistance", "bug", "panne"],
            &["bleue", "bancaire"],
            &["horaire", "heure", "ouvert", "ouverture"],
            &["argent", "somme", "montant"],
            &["mois", "mensualité", "mensuel"],
            &["supprimer", "effacer"],
            &["chômage", "chômeur", "demandeur"],
        ],
    )
});

static ENGLISH: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::new(
        Language::English,
        &[
            &["price", "cost", "tuition", "fee"],
            &["pay", "payment"],
            &["contact", "call", "phone", "reach", "write"],
            &["start", "begin"],
            &["apply", "application", "enrol", "enroll", "admission", "register", "registration"],
            &["fail", "retake"],
            &["degree", "diploma", "bachelor"],
            &["recognised", "recognized", "recognition"],
            &["course", "programme", "program"],
            &["teach", "taught"],
            &["job", "career"],
            &["duration", "long"],
            &["study", "learn", "class"],
            &["abroad", "international", "foreign", "visa"],
            &["student", "pupil"],
        ],
    )
});

/// What people write in a hurry, and what they mean.
#[rustfmt::skip]
const HURRIED: &[(&str, &str)] = &[
    ("admin", "administration"), ("bcp", "beaucoup"), ("c", "c’est"), ("cb", "combien"), ("cmt", "comment"),
    ("compta", "comptabilité"), ("dc", "donc"), ("dev", "développeur"), ("dispo", "disponible"), ("fac", "université"),
    ("info", "information"), ("infos", "informations"), ("jai", "j’ai"), ("jpe", "je peux"), ("jpeu", "je peux"),
    ("jpeux", "je peux"), ("jveu", "je veux"), ("jveux", "je veux"), ("keske", "qu’est-ce que"), ("kel", "quel"), ("ki", "qui"),
    ("koi", "quoi"), ("num", "numéro"), ("ordi", "ordinateur"), ("pb", "problème"), ("pk", "pourquoi"), ("pkoi", "pourquoi"),
    ("pq", "pourquoi"), ("prof", "professeur"), ("profs", "professeurs"), ("pr", "pour"), ("qd", "quand"),
    ("rdv", "rendez-vous"), ("rh", "ressources humaines"), ("slt", "salut"), ("ss", "sans"), ("stp", ""), ("svp", ""),
    ("tel", "téléphone"), ("tjs", "toujours"), ("tt", "tout"), ("vs", "vous"), ("ya", "il y a"), ("yatil", "y a-t-il"),
];

/// A question as it would have been written with more time.
pub(crate) fn unhurried(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let meant = HURRIED.iter().find(|(hurried, _)| hurried.eq_ignore_ascii_case(bare));
        meant.map_or_else(|| word.to_owned(), |(_, meant)| word.replacen(bare, meant, 1))
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hurried_words_are_written_out() {
        assert_eq!(unhurried("c koi le CPF ?"), "c’est quoi le CPF ?");
        assert_eq!(unhurried("jpeux commencer qd?"), "je peux commencer quand?");
        assert_eq!(unhurried("Combien coûte le bachelor ?"), "Combien coûte le bachelor ?");
    }
}
