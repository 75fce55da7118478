//! English for the words French speaking people use of code, most of which is written in English.

use super::fold;
use frostem::{Algorithm, Stemmer};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The English word that `word` may stand for in a code base, however it is inflected; nothing for a word that is the
/// same in both languages or that is no term of the trade.
pub(crate) fn english(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    let find = |word: &str| TERMS.binary_search_by_key(&word, |(french, _)| french).ok().map(|at| TERMS[at].1);
    find(&folded)
        .or_else(|| folded.strip_suffix(['s', 'x']).and_then(find))
        .or_else(|| folded.strip_suffix("es").and_then(find))
        .or_else(|| STEMS.get(&*stem(&folded)?).copied())
}

/// Stems shorter than this are those of too many words.
const SHORTEST_STEM: usize = 4;

/// What different forms of a word have in common; nothing when it is too little.
fn stem(folded: &str) -> Option<String> {
    // The stemmer leaves some participles longer than their verb.
    let verb = ["ees", "ee", "ent", "es", "e"].iter().find_map(|end| folded.strip_suffix(end)).unwrap_or(folded);
    let stem = Stemmer::new(Algorithm::French).stem(verb).into_owned();
    (stem.len() >= SHORTEST_STEM).then_some(stem)
}

/// The terms by their stems; where two have the same, by that of the first.
static STEMS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut stems = HashMap::new();
    for (french, english) in TERMS.iter().filter(|(french, _)| !AMBIGUOUS.contains(french)) {
        if let Some(stem) = stem(french) {
            stems.entry(stem).or_insert(*english);
        }
    }
    stems
});

/// Terms that other words with the same stem do not mean.
const AMBIGUOUS: [&str; 4] = ["base", "passe", "parcours", "entier"];

// Folded, singular, sorted.
#[rustfmt::skip]
const TERMS: &[(&str, &str)] = &[
    ("abonnement", "subscription"), ("absence", "missing"), ("accepter", "accept"),
    ("acces", "access"), ("accuse", "acknowledge"), ("actif", "active"), ("activer", "enable"),
    ("adresse", "address"), ("affichage", "display"), ("afficher", "display"), ("aide", "help"),
    ("ajouter", "add"), ("aleatoire", "random"), ("alerte", "alert"), ("algorithme", "algorithm"),
    ("ancien", "old"), ("annulation", "cancel"), ("annule", "cancel"), ("annuler", "cancel"),
    ("appel", "call"), ("appelant", "caller"), ("appeler", "call"), ("arbre", "tree"),
    ("arret", "shutdown"), ("arreter", "stop"), ("arrondir", "round"), ("asynchrone", "async"),
    ("attaque", "attack"), ("attendre", "wait"), ("attente", "wait"), ("attribuer", "assign"),
    ("attribut", "attribute"), ("authentification", "authentication"),
    ("autorisation", "authorization"), ("autoriser", "allow"), ("avertissement", "warning"),
    ("balise", "tag"), ("barriere", "barrier"), ("base", "database"), ("bibliotheque", "library"),
    ("bloc", "block"), ("bloquer", "block"), ("booleen", "boolean"), ("boucle", "loop"),
    ("bouton", "button"), ("branche", "branch"), ("branchement", "branch"), ("cadence", "rate"),
    ("calcul", "compute"), ("calculer", "compute"), ("canal", "channel"), ("canaux", "channel"),
    ("caractere", "character"), ("certificat", "certificate"), ("chaine", "string"),
    ("champ", "field"), ("charge", "load"), ("chargement", "load"), ("charger", "load"),
    ("chemin", "path"), ("chercher", "search"), ("chiffrement", "encryption"),
    ("chiffrer", "encrypt"), ("classement", "ranking"), ("classer", "rank"), ("cle", "key"),
    ("cloner", "clone"), ("colonne", "column"), ("commande", "command"), ("comparaison", "compare"),
    ("comparer", "compare"), ("compilateur", "compiler"), ("compilation", "compile"),
    ("compiler", "compile"), ("compresser", "compress"), ("compter", "count"),
    ("compteur", "counter"), ("concurrence", "concurrency"), ("configurer", "configure"),
    ("conflit", "conflict"), ("connecter", "connect"), ("connexion", "connection"),
    ("construction", "build"), ("construire", "build"), ("contenu", "content"),
    ("contexte", "context"), ("controle", "check"), ("controler", "check"),
    ("conversion", "convert"), ("convertir", "convert"), ("copie", "copy"), ("copier", "copy"),
    ("corps", "body"), ("correction", "fix"), ("corriger", "fix"), ("couche", "layer"),
    ("couleur", "color"), ("creation", "create"), ("creer", "create"), ("crochet", "hook"),
    ("curseur", "cursor"), ("debogage", "debug"), ("deboguer", "debug"),
    ("debordement", "overflow"), ("declencher", "trigger"), ("declencheur", "trigger"),
    ("decoder", "decode"), ("decoupage", "split"), ("decouper", "split"),
    ("defaillance", "failure"), ("defaut", "default"), ("delai", "timeout"), ("demande", "request"),
    ("demarrage", "start"), ("demarrer", "start"), ("depasser", "exceed"),
    ("dependance", "dependency"), ("dependre", "depend"), ("deplacer", "move"),
    ("deploiement", "deploy"), ("desactiver", "disable"), ("deserialisation", "deserialize"),
    ("detecter", "detect"), ("detection", "detect"), ("detruire", "destroy"),
    ("developpement", "development"), ("differe", "deferred"), ("diffuser", "broadcast"),
    ("disque", "disk"), ("distant", "remote"), ("distribuer", "dispatch"),
    ("distribution", "dispatch"), ("diviser", "split"), ("donnee", "data"),
    ("dossier", "directory"), ("doublon", "duplicate"), ("droit", "permission"),
    ("duree", "duration"), ("echantillon", "sample"), ("echappement", "escape"),
    ("echapper", "escape"), ("echec", "failure"), ("echouer", "fail"), ("ecoute", "listen"),
    ("ecouter", "listen"), ("ecran", "screen"), ("ecrire", "write"), ("ecriture", "write"),
    ("effacer", "delete"), ("egalite", "equality"), ("emettre", "emit"), ("empreinte", "hash"),
    ("encodage", "encode"), ("encoder", "encode"), ("enfant", "child"), ("enregistrer", "save"),
    ("ensemble", "set"), ("entete", "header"), ("entier", "integer"), ("entree", "input"),
    ("environnement", "environment"), ("envoi", "send"), ("envoye", "send"), ("envoyer", "send"),
    ("equilibrage", "balance"), ("erreur", "error"), ("espace", "space"), ("essai", "retry"),
    ("etape", "step"), ("etat", "state"), ("etiquette", "label"), ("evaluation", "evaluate"),
    ("evaluer", "evaluate"), ("evenement", "event"), ("executer", "run"), ("execution", "runtime"),
    ("exemple", "example"), ("expiration", "expire"), ("expirer", "expire"), ("exporter", "export"),
    ("exposer", "expose"), ("extraction", "extract"), ("extraire", "extract"),
    ("fenetre", "window"), ("fermer", "close"), ("fermeture", "close"), ("feuille", "leaf"),
    ("fiable", "reliable"), ("fichier", "file"), ("fil", "thread"), ("file", "queue"),
    ("filtre", "filter"), ("flux", "stream"), ("fonctionnalite", "feature"), ("formater", "format"),
    ("formulaire", "form"), ("fournir", "provide"), ("fusion", "merge"), ("fusionner", "merge"),
    ("garantie", "guarantee"), ("garantir", "guarantee"), ("gere", "handle"), ("geree", "handle"),
    ("gerer", "handle"), ("gestion", "handling"), ("gestionnaire", "handler"), ("graphe", "graph"),
    ("groupe", "group"), ("hachage", "hash"), ("heritage", "inheritance"),
    ("historique", "history"), ("horloge", "clock"), ("hote", "host"),
    ("identifiant", "identifier"), ("identite", "identity"), ("implementer", "implement"),
    ("importer", "import"), ("imprimer", "print"), ("inconnu", "unknown"), ("indexation", "index"),
    ("indexe", "index"), ("initialisation", "initialize"), ("initialiser", "initialize"),
    ("inserer", "insert"), ("insertion", "insert"), ("installation", "install"),
    ("installer", "install"), ("instantane", "snapshot"), ("interdire", "forbid"),
    ("interrompre", "interrupt"), ("interruption", "interrupt"), ("intervalle", "interval"),
    ("invalide", "invalid"), ("invite", "prompt"), ("itineraire", "route"), ("jeton", "token"),
    ("joindre", "join"), ("jointure", "join"), ("journal", "log"), ("journaux", "log"),
    ("lancer", "spawn"), ("langage", "language"), ("langue", "language"), ("largeur", "width"),
    ("lecteur", "reader"), ("lecture", "read"), ("liberer", "release"), ("licence", "license"),
    ("lien", "link"), ("ligne", "line"), ("limite", "limit"), ("limiter", "limit"),
    ("lire", "read"), ("liste", "list"), ("localisation", "location"), ("longueur", "length"),
    ("majuscule", "uppercase"), ("mandataire", "proxy"), ("memoire", "memory"),
    ("mesure", "measure"), ("mesurer", "measure"), ("metrique", "metric"),
    ("minuscule", "lowercase"), ("minuterie", "timer"), ("modele", "model"),
    ("modification", "change"), ("modifier", "modify"), ("morceau", "chunk"), ("mot", "word"),
    ("motif", "pattern"), ("navigateur", "browser"), ("negociation", "negotiation"),
    ("nettoyage", "clean"), ("nettoyer", "clean"), ("niveau", "level"), ("noeud", "node"),
    ("nom", "name"), ("nombre", "number"), ("notifier", "notify"), ("numero", "number"),
    ("objet", "object"), ("observateur", "observer"), ("octet", "byte"),
    ("ordonnanceur", "scheduler"), ("ordre", "order"), ("ouverture", "open"), ("ouvrir", "open"),
    ("paire", "pair"), ("panique", "panic"), ("panne", "failure"), ("paquet", "package"),
    ("parallele", "parallel"), ("parametre", "parameter"), ("parcourir", "walk"),
    ("parcours", "walk"), ("partage", "share"), ("partager", "share"), ("passe", "password"),
    ("permettre", "allow"), ("persistance", "persistence"), ("personnaliser", "customize"),
    ("pile", "stack"), ("pilote", "driver"), ("plage", "range"), ("planification", "schedule"),
    ("planifier", "schedule"), ("plantage", "crash"), ("planter", "crash"), ("poids", "weight"),
    ("pointeur", "pointer"), ("portee", "scope"), ("priorite", "priority"),
    ("processus", "process"), ("produire", "produce"), ("programme", "program"),
    ("propriete", "property"), ("protection", "protect"), ("proteger", "protect"),
    ("protocole", "protocol"), ("purger", "purge"), ("raccourci", "shortcut"), ("racine", "root"),
    ("rafraichir", "refresh"), ("rapide", "fast"), ("rappel", "callback"), ("rapport", "report"),
    ("reception", "receive"), ("recevoir", "receive"), ("recherche", "search"),
    ("recuperation", "recover"), ("recuperer", "fetch"), ("redemarrage", "restart"),
    ("redemarrer", "restart"), ("redirection", "redirect"), ("rediriger", "redirect"),
    ("reduire", "reduce"), ("reessayer", "retry"), ("refus", "refuse"), ("refuser", "refuse"),
    ("reglage", "setting"), ("regle", "rule"), ("regler", "set"), ("rejeter", "reject"),
    ("rejouer", "replay"), ("relancer", "retry"), ("remplacement", "replace"),
    ("remplacer", "replace"), ("remplir", "fill"), ("renommer", "rename"), ("renouveler", "renew"),
    ("renvoi", "return"), ("renvoyer", "return"), ("repartir", "distribute"),
    ("repertoire", "directory"), ("repeter", "repeat"), ("repetition", "repeat"),
    ("replique", "replica"), ("repondre", "respond"), ("reponse", "response"),
    ("reprendre", "resume"), ("reprise", "resume"), ("requete", "request"), ("reseau", "network"),
    ("resoudre", "resolve"), ("ressource", "resource"), ("restaurer", "restore"),
    ("resultat", "result"), ("retard", "delay"), ("retour", "return"), ("retourner", "return"),
    ("revoquer", "revoke"), ("routage", "routing"), ("sauvegarde", "backup"),
    ("sauvegarder", "save"), ("securite", "security"), ("selection", "select"),
    ("selectionner", "select"), ("separateur", "separator"), ("separer", "split"),
    ("serialisation", "serialize"), ("serialiser", "serialize"), ("serveur", "server"),
    ("seuil", "threshold"), ("signer", "sign"), ("simuler", "simulate"), ("somme", "sum"),
    ("sonde", "probe"), ("sortie", "output"), ("statistique", "statistic"), ("stockage", "storage"),
    ("stocker", "store"), ("suivi", "tracking"), ("suivre", "follow"), ("superviser", "supervise"),
    ("suppression", "delete"), ("supprimer", "delete"), ("surcharge", "overload"),
    ("surveillance", "monitoring"), ("surveiller", "monitor"), ("synchronisation", "sync"),
    ("synchroniser", "sync"), ("syntaxe", "syntax"), ("systeme", "system"), ("tableau", "array"),
    ("tache", "task"), ("taille", "size"), ("tampon", "buffer"), ("telecharger", "download"),
    ("temoin", "flag"), ("temporaire", "temporary"), ("tentative", "attempt"), ("terminer", "end"),
    ("testeur", "tester"), ("traduction", "translation"), ("traduire", "translate"),
    ("traitement", "processing"), ("traiter", "process"), ("tranche", "slice"),
    ("transfert", "transfer"), ("transformer", "transform"), ("tri", "sort"), ("trier", "sort"),
    ("trouver", "find"), ("tube", "pipe"), ("unite", "unit"), ("utilisateur", "user"),
    ("valeur", "value"), ("validation", "validate"), ("valide", "valid"), ("valider", "validate"),
    ("verification", "verify"), ("verifier", "verify"), ("verrou", "lock"),
    ("verrouillage", "lock"), ("verrouiller", "lock"), ("vide", "empty"), ("vitesse", "speed"),
    ("voisin", "neighbor"), ("vue", "view"),
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
    fn inflections_do_not_matter() {
        for (word, expected) in [
            ("vérifiée", "verify"),
            ("vérifiées", "verify"),
            ("vérifie-t", "verify"),
            ("vérifient", "verify"),
            ("envoyés", "send"),
            ("gérées", "handle"),
            ("stockés", "store"),
            ("limités", "limit"),
            ("rejouées", "replay"),
            ("erreurs", "error"),
            ("panique", "panic"),
            ("paniques", "panic"),
            ("langue", "language"),
            ("langues", "language"),
        ] {
            assert_eq!(english(word.split('-').next().unwrap()), Some(expected), "{word}");
        }
        assert_eq!(english("passent"), None);
        assert_eq!(english("football"), None);
    }

    #[test]
    fn plurals_and_accents_do_not_matter() {
        assert_eq!(english("tâches"), Some("task"));
        assert_eq!(english("délai"), Some("timeout"));
        assert_eq!(english("réseaux"), Some("network"));
        assert_eq!(english("router"), None);
    }
}
