//! What people write in a hurry, and what they mean.

/// A word, and what it stands for. Mistakes that can be told by the words of the site need not be here, and words that
/// mean something as they are may not.
#[rustfmt::skip]
pub(super) const WORDS: &[(&str, &str)] = &[
    ("admin", "administration"), ("ajd", "aujourd’hui"), ("auj", "aujourd’hui"), ("avai", "avait"),
    ("bcp", "beaucoup"), ("bjr", "bonjour"), ("bsr", "bonsoir"), ("c", "c’est"), ("cest", "c’est"),
    ("chui", "je suis"), ("chuis", "je suis"), ("cke", "ce que"), ("cmb", "combien"), ("cmbien", "combien"),
    ("cmt", "comment"), ("compta", "comptabilité"), ("ct", "c’était"), ("dc", "donc"),
    ("dev", "développeur"), ("diplom", "diplôme"), ("dispo", "disponible"), ("dla", "de la"),
    ("ds", "dans"), ("dsl", "désolé"), ("esk", "est-ce que"), ("esque", "est-ce que"), ("etab", "établissement"),
    ("etud", "étudiant"), ("fo", "faut"), ("fodra", "faudra"), ("g", "j’ai"),
    ("h", "heures"), ("info", "information"), ("infos", "informations"), ("jai", "j’ai"),
    ("jaimerai", "j’aimerais"), ("jaimerais", "j’aimerais"), ("jfai", "je fais"), ("jme", "je me"),
    ("jpe", "je peux"), ("jpeu", "je peux"), ("jpeux", "je peux"), ("jpourrai", "je pourrais"),
    ("jpourrais", "je pourrais"), ("jsui", "je suis"), ("jsuis", "je suis"), ("jve", "je veux"), ("jveu", "je veux"),
    ("jveux", "je veux"), ("jvoudrai", "je voudrais"), ("jvoudrais", "je voudrais"), ("kan", "quand"),
    ("kand", "quand"), ("ke", "que"), ("kel", "quel"), ("kelle", "quelle"), ("kesk", "qu’est-ce que"),
    ("keske", "qu’est-ce que"), ("ki", "qui"), ("kil", "qu’il"), ("koi", "quoi"), ("kom", "comme"), ("kon", "qu’on"),
    ("lol", ""), ("mdp", "mot de passe"), ("mdr", ""), ("mm", "même"), ("mnt", "maintenant"),
    ("msg", "message"), ("mtn", "maintenant"), ("nb", "nombre"), ("nn", "non"), ("num", "numéro"),
    ("ordi", "ordinateur"), ("pa", "pas"), ("pb", "problème"), ("pblm", "problème"), ("pck", "parce que"),
    ("pk", "pourquoi"), ("pkoi", "pourquoi"), ("pls", "plusieurs"), ("plu", "plus"),
    ("pq", "pourquoi"), ("pr", "pour"), ("prof", "professeur"), ("profs", "professeurs"), ("psk", "parce que"),
    ("ptn", "putain"), ("qd", "quand"), ("qlq", "quelque"), ("qqch", "quelque chose"), ("qqn", "quelqu’un"), ("qqun", "quelqu’un"), ("rdv", "rendez-vous"),
    ("rep", "réponse"), ("rh", "ressources humaines"), ("ske", "ce que"), ("slt", "salut"),
    ("ss", "sans"), ("stp", ""), ("svp", ""), ("tjrs", "toujours"),
    ("tjs", "toujours"), ("tkt", ""), ("tps", "temps"), ("tt", "tout"), ("tte", "toute"), ("tx", "taux"),
    ("wesh", ""), ("xp", "expérience"), ("ya", "il y a"),
    ("yatil", "y a-t-il"),
];
