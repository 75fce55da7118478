//! What people ask that no website of ours is about: how much of it a site seems to answer tells how much to doubt.

use crate::analyse::Language;

/// Questions of everyday life; none of those that answers are measured by.
pub(super) fn everyday(language: Language) -> &'static [&'static str] {
    match language {
        Language::French => FRENCH,
        Language::English => ENGLISH,
    }
}

#[rustfmt::skip]
const FRENCH: &[&str] = &[
    "Faut-il prendre un parapluie aujourd'hui ?",
    "quelle est la plus grande ville d'Afrique",
    "Comment réussir une pâte à pizza ?",
    "Qui a remporté le dernier Roland-Garros ?",
    "Tu as une bonne devinette pour un enfant ?",
    "À quelle heure se couche le soleil ?",
    "Combien font 365 divisé par 7 ?",
    "ma chasse d'eau coule sans arrêt",
    "Qui est le Premier ministre du Royaume-Uni ?",
    "Quel livre emporter à la plage ?",
    "Mon lapin ne mange plus, que faire ?",
    "comment on écrit merci en russe",
    "Combien coûte un vol pour Lisbonne ?",
    "Où vendre une vieille télévision ?",
    "Comment garder du basilic en hiver ?",
    "est-ce le moment d'acheter des actions",
    "Combien de protéines dans un steak ?",
    "j'ai une douleur au genou, qui consulter ?",
    "Quelle est la profondeur de l'océan Pacifique ?",
    "Comment gonfler un pneu de scooter",
    "tu connais un bon coiffeur à Nantes ?",
    "Combien coûte une console de jeux ?",
    "Quel forfait téléphonique prendre pour un enfant ?",
    "À quelle heure ouvre le marché ?",
    "comment changer ma photo sur whatsapp",
    "Quels papiers pour immatriculer une moto ?",
    "Crois-tu aux fantômes ?",
    "Écris-moi une lettre d'amour",
    "quelle est ta couleur préférée",
    "Comment prendre du muscle ?",
    "Combien font 17 au carré ?",
    "Qui a composé Carmen ?",
    "pourquoi mon wifi est si lent",
    "Combien de temps cuire un gigot ?",
    "Mon voisin fume sur son balcon, que faire ?",
    "Quels sont les plus beaux villages d'Alsace ?",
    "Comment donner procuration pour un vote ?",
    "quand passe le prochain Tour de France",
    "Comment changer l'écran d'un téléphone ?",
    "Quel jour est le changement d'heure ?",
    "comment purger un radiateur",
    "Quel dessert avec des framboises ?",
    "Trouve-moi un taxi pour Orly",
    "Quelle est la masse du Soleil ?",
    "mon aspirateur n'aspire plus",
    "Combien gagne un pilote de Formule 1 ?",
    "Comment obtenir une carte de pêche ?",
    "Quel est le prix du gaz cet hiver ?",
    "Pourquoi la mer est salée ?",
    "Comment contester une amende ?",
    "le RER B est-il en panne ?",
    "Comment se pacser à la mairie ?",
    "un bon vétérinaire à Toulouse ?",
    "ma moto cale au feu rouge",
];

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "Which tablet is the cheapest?",
    "Do I need an umbrella in Dublin today?",
    "Tell me a riddle",
    "who won the Super Bowl in 2020",
    "How do I poach an egg?",
    "Best museums in Berlin",
    "How old is the Great Wall of China?",
    "Can you write a song for my wife?",
    "What time does the sun set?",
    "how do I change a light bulb",
    "How do I get rid of mice?",
    "Who wrote Moby Dick?",
    "What is the capital of Kenya?",
    "How many stars are in the sky?",
    "Where can I buy a used sofa?",
    "How do you brew green tea?",
    "Which dog is the friendliest?",
    "Who is the prime minister of Japan?",
    "How do I build muscle?",
    "Is there a storm coming tonight?",
    "What is a good series to watch?",
    "How do I teach a parrot to talk?",
    "Can you find a hotel in Madrid?",
    "How do I clean a leather jacket?",
    "When does the last bus leave?",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::analyse::fold;

    /// Questions that StudiPublicWebsite is measured by.
    const MEASURED: &[&str] = &[
        include_str!("../../../../studi-public-website/src/tests/off_topic.txt"),
        include_str!("../../../../studi-public-website/src/tests/questions.tsv"),
        include_str!("../../../../studi-public-website/src/tests/tuned/off_topic.txt"),
        include_str!("../../../../studi-public-website/src/tests/tuned/questions.tsv"),
        include_str!("../../../../studi-public-website/src/tests/held_out/off_topic.txt"),
        include_str!("../../../../studi-public-website/src/tests/held_out/questions.tsv"),
    ];

    /// The words of a question alone, however it is written.
    fn bare(text: &str) -> String {
        fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn nothing_that_answers_are_measured_by_is_known_here() {
        let questions = MEASURED.iter().flat_map(|set| set.lines()).filter_map(|line| line.split('\t').next());
        let measured: HashSet<String> = questions.map(bare).collect();
        let shared: Vec<_> =
            [FRENCH, ENGLISH].concat().into_iter().filter(|text| measured.contains(&bare(text))).collect();
        assert!(measured.len() > 900 && shared.is_empty(), "{shared:?}");
    }
}
