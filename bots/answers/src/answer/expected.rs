//! What a sentence must hold to answer a question: who asks for a price wants an amount.

use crate::analyse::fold;

/// What is asked for, as far as the words of the question tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected {
    /// An amount of money.
    Amount,
    /// A number, as of months or hours.
    Number,
    /// How many there are of something: a number right before this word.
    Count(String),
    /// A day, a month, or how often.
    Time,
    /// Where somebody is found.
    Place,
    /// Hours of the day.
    Hours,
    /// A telephone number or an address to write to.
    Contact,
    /// A telephone number.
    Phone,
    /// An address to write to.
    Mail,
}

#[rustfmt::skip]
const AMOUNT: &[&str] = &[
    "cher", "cost", "costs", "coutant", "coute", "coutent", "couter", "cout", "couts", "fee", "fees", "frais", "montant", "much",
    "price", "prices", "prix", "salaire", "salary", "tarif", "tarifs", "tuition",
];
const NUMBER: &[&str] =
    &["combien", "delai", "duration", "dure", "duree", "durent", "long", "many", "nombre", "taux", "temps"];
const TIME: &[&str] = &["date", "dates", "quand", "when"];
const HOURS: &[&str] = &["horaire", "horaires", "ouvert", "ouverte", "ouverts", "ouverture", "ouvrez", "opening"];
const PLACE: &[&str] = &["adresse", "address", "campus", "endroit", "locaux", "located", "situee", "situes", "ville"];
const STREETS: &[&str] =
    &["allee", "avenue", "boulevard", "chemin", "place", "quai", "road", "rue", "square", "street"];
const PHONE: &[&str] = &["appeler", "call", "numero", "phone", "standard", "telephone", "telephoner"];
const MAIL: &[&str] = &["courriel", "ecrire", "email", "mail"];
const CONTACT: &[&str] = &["contact", "contacter", "joignable", "joindre", "reach"];
#[rustfmt::skip]
const MOMENTS: &[&str] = &[
    "apres", "avant", "avril", "aout", "chaque", "decembre", "fevrier", "janvier", "juillet", "juin", "lundi", "mai", "mars",
    "moment", "novembre", "octobre", "rentree", "septembre", "april", "august", "december", "every", "february", "january", "july",
    "june", "march", "may", "monday", "november", "october", "september",
];

#[rustfmt::skip]
const NUMBERS: &[&str] = &[
    "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "vingt", "trente", "quarante",
    "two", "three", "four", "five", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty", "forty",
];

impl Expected {
    /// What `question` asks for; nothing when it does not tell.
    pub(super) fn of(question: &str) -> Option<Self> {
        let words = words(question);
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let pairs = |one: &str, others: &[&str]| {
            words.windows(2).any(|pair| pair[0] == one && others.contains(&pair[1].as_str()))
        };
        // How long it takes is asked of anything: "within how long do you answer mails".
        if words.windows(3).any(|part| part[0] == "combien" && part[2] == "temps")
            || pairs("how", &["long"])
            || has(&["delai"])
        {
            return Some(Self::Number);
        }
        if has(&["combien"]) && has(&["argent", "euros", "somme"]) || has(&["money"]) && has(&["much"]) {
            return Some(Self::Amount);
        }
        if let Some(counted) = counted(&words) {
            return Some(Self::Count(counted));
        }
        if pairs("quelle", &["heure", "heures"]) || has(HOURS) {
            return Some(Self::Hours);
        }
        if has(MAIL) && has(&["adresse", "address"]) {
            return Some(Self::Mail);
        }
        if has(PLACE) || pairs("ou", &["etes", "se"]) && has(&["etes", "ecole", "trouvez", "situe"]) {
            return Some(Self::Place);
        }
        if pairs("m", &["aider"]) || pairs("a", &["qui"]) {
            return Some(Self::Contact);
        }
        let kinds = [
            (CONTACT, Self::Contact),
            (PHONE, Self::Phone),
            (MAIL, Self::Mail),
            (AMOUNT, Self::Amount),
            (NUMBER, Self::Number),
            (TIME, Self::Time),
        ];
        kinds.into_iter().find(|(list, _)| has(list)).map(|(_, kind)| kind)
    }

    /// Whether a sentence holds it.
    pub(super) fn stands_in(&self, sentence: &str) -> bool {
        let digits = sentence.chars().filter(char::is_ascii_digit).count();
        match self {
            Self::Amount => digits > 0 && sentence.contains(['€', '$', '£', '%']),
            Self::Number => digits > 0 || words(sentence).windows(2).any(|pair| is_span(&pair[0], &pair[1])),
            Self::Count(counted) => {
                words(sentence).windows(2).any(|pair| is_number(&pair[0]) && same(&pair[1], counted))
            }
            Self::Time => words(sentence).iter().any(|word| MOMENTS.contains(&word.as_str())),
            Self::Place => {
                let words = words(sentence);
                words.iter().any(|word| STREETS.contains(&word.as_str())) && digits > 0
            }
            Self::Hours => is_hour(sentence),
            Self::Contact => sentence.contains('@') || digits >= 8,
            Self::Phone => digits >= 8,
            Self::Mail => sentence.contains('@'),
        }
    }
}

/// What is counted: "combien d’élèves", "how many students". Time is asked for by other words.
fn counted(words: &[String]) -> Option<String> {
    let after = |first: &str, second: &[&str]| {
        let at = words.windows(2).position(|pair| pair[0] == first && second.contains(&pair[1].as_str()))?;
        words.get(at + 2).filter(|word| *word != "temps").cloned()
    };
    after("combien", &["de", "d"]).or_else(|| after("how", &["many"]))
}

/// "Un jour", "ten days".
fn is_span(number: &str, unit: &str) -> bool {
    let units = ["an", "annee", "day", "heure", "hour", "jour", "moi", "month", "semaine", "week", "year"];
    let one = ["a", "one", "un", "une"];
    (is_number(number) || one.contains(&number)) && units.contains(&unit.trim_end_matches('s'))
}

/// "9 h", "9h30", "9 am".
fn is_hour(sentence: &str) -> bool {
    let words = words(sentence);
    let after_number =
        words.windows(2).any(|pair| is_digits(&pair[0]) && matches!(pair[1].as_str(), "h" | "am" | "pm"));
    after_number || words.iter().any(|word| word.split_once('h').is_some_and(|(hour, _)| is_digits(hour)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

fn is_number(word: &str) -> bool {
    is_digits(word) || NUMBERS.contains(&word)
}

/// Whether two words are one but for their number.
fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches(['s', 'x']) == other.trim_end_matches(['s', 'x'])
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_tells_what_its_answer_holds() {
        for (question, sentence, other) in [
            ("Combien coûte le bachelor ?", "Il coûte 3 900 €.", "Il dure 12 mois."),
            ("how long does it take", "It takes 12 months.", "It takes long."),
            ("quand commencer", "La rentrée a lieu chaque lundi.", "Vous commencez."),
            ("Combien d’heures par semaine ?", "Comptez 10 à 15 heures.", "Après 15 jours, une heure."),
            ("How many programmes do you have?", "We have eight programmes.", "Other programmes exist."),
            (
                "sous combien de temps répondez-vous aux mails ?",
                "Nous répondons sous 2 jours.",
                "Écrivez à a@b.example.",
            ),
            ("le mail de l’école", "Écrivez à a@b.example.", "Appelez le 04 00 00 12 34."),
            ("en combien de temps répond-on", "Nous répondons sous un jour ouvré.", "Nous répondons vite."),
            ("combien d’argent sur mon compte", "Vous recevez 500 € par an.", "L’argent est versé."),
            ("dans quelle ville êtes-vous ?", "12 rue des Lanternes, 69002 Lyon.", "Des centres sont ouverts à Lyon."),
            ("quels sont vos horaires", "Du lundi au samedi de 9 h à 20 h.", "Volume horaire : 520 heures de cours"),
            ("à quelle adresse mail vous écrire ?", "Écrivez à a@b.example.", "12 rue des Lanternes, 69002 Lyon."),
            ("c quoi votre numéro", "Appelez le 04 00 00 12 34.", "Appelez-nous."),
        ] {
            let expected = Expected::of(question).unwrap();
            assert!(expected.stands_in(sentence) && !expected.stands_in(other), "{question}");
        }
        assert_eq!(Expected::of("Faut-il un stage ?"), None);
    }
}
