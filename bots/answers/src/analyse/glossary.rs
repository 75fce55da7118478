//! English for the words French speaking people use of code, most of which is written in English.

use super::fold;

/// The English words `word` may stand for in a code base; nothing for a word that is the same
/// in both languages or that is no term of the trade.
pub(crate) fn english(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    let find = |word: &str| TERMS.binary_search_by_key(&word, |(french, _)| french).ok().map(|at| TERMS[at].1);
    find(&folded)
        .or_else(|| folded.strip_suffix(['s', 'x']).and_then(find))
        .or_else(|| folded.strip_suffix("es").and_then(find))
}

// Folded, singular, sorted.
#[rustfmt::skip]
const TERMS: &[(&str, &str)] = &[
    ("absence", "missing"), ("acces", "access"), ("adresse", "address"), ("afficher", "display"),
    ("ajouter", "add"), ("annulation", "cancel"), ("annule", "cancel"), ("annuler", "cancel"),
    ("appel", "call"), ("appeler", "call"), ("arbre", "tree"), ("arret", "shutdown"),
    ("arreter", "stop"), ("attendre", "wait"), ("attente", "wait"),
    ("authentification", "authentication"), ("base", "database"), ("bibliotheque", "library"),
    ("boucle", "loop"), ("canal", "channel"), ("canaux", "channel"), ("chaine", "string"),
    ("champ", "field"), ("chemin", "path"), ("chercher", "search"), ("chiffrement", "encryption"),
    ("cle", "key"), ("commande", "command"), ("compteur", "counter"),
    ("concurrence", "concurrency"), ("configurer", "configure"), ("connexion", "connection"),
    ("construire", "build"), ("convertir", "convert"), ("corps", "body"), ("couche", "layer"),
    ("creation", "create"), ("creer", "create"), ("decoder", "decode"), ("defaut", "default"),
    ("delai", "timeout"), ("demarrage", "start"), ("demarrer", "start"),
    ("dependance", "dependency"), ("deploiement", "deploy"), ("donnee", "data"),
    ("dossier", "directory"), ("droit", "permission"), ("ecoute", "listen"),
    ("ecouter", "listen"), ("ecrire", "write"), ("ecriture", "write"), ("effacer", "delete"),
    ("encoder", "encode"), ("enregistrer", "save"), ("entete", "header"), ("entree", "input"),
    ("envoi", "send"), ("envoye", "send"), ("envoyer", "send"), ("erreur", "error"),
    ("essai", "retry"), ("etat", "state"), ("evenement", "event"), ("executer", "run"),
    ("execution", "runtime"), ("fermer", "close"), ("fermeture", "close"), ("fichier", "file"),
    ("fil", "thread"), ("file", "queue"), ("filtre", "filter"), ("flux", "stream"),
    ("gestionnaire", "handler"), ("horloge", "clock"), ("indexe", "index"),
    ("installer", "install"), ("intervalle", "interval"), ("jeton", "token"), ("journal", "log"),
    ("journaux", "log"), ("lancer", "spawn"), ("lecture", "read"), ("lien", "link"),
    ("ligne", "line"), ("limite", "limit"), ("limiter", "limit"), ("lire", "read"),
    ("liste", "list"), ("mandataire", "proxy"), ("memoire", "memory"), ("minuterie", "timer"),
    ("mot", "word"), ("noeud", "node"), ("nom", "name"), ("nombre", "number"), ("octet", "byte"),
    ("ouvrir", "open"), ("parametre", "parameter"), ("passe", "password"), ("pile", "stack"),
    ("processus", "process"), ("reception", "receive"), ("recevoir", "receive"),
    ("recherche", "search"), ("reponse", "response"), ("requete", "request"),
    ("reseau", "network"), ("serveur", "server"), ("sortie", "output"), ("stockage", "storage"),
    ("suppression", "delete"), ("supprimer", "delete"), ("tache", "task"), ("taille", "size"),
    ("tampon", "buffer"), ("telecharger", "download"), ("traitement", "processing"),
    ("trier", "sort"), ("utilisateur", "user"), ("valeur", "value"), ("verifier", "verify"),
    ("verrou", "lock"), ("vide", "empty"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terms_are_sorted_and_folded() {
        assert!(TERMS.is_sorted_by_key(|(french, _)| french));
        assert!(TERMS.iter().all(|(french, _)| fold(french) == *french));
    }

    #[test]
    fn plurals_and_accents_do_not_matter() {
        assert_eq!(english("tâches"), Some("task"));
        assert_eq!(english("délai"), Some("timeout"));
        assert_eq!(english("réseaux"), Some("network"));
        assert_eq!(english("router"), None);
    }
}
