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
    /// A telephone number or an address to write to.
    Contact,
}

#[rustfmt::skip]
const AMOUNT: &[&str] = &[
    "cher", "cost", "costs", "coutant", "coute", "coutent", "couter", "cout", "couts", "fee", "fees", "frais", "montant", "much",
    "price", "prices", "prix", "salaire", "salary", "tarif", "tarifs", "tuition",
];
const NUMBER: &[&str] =
    &["combien", "delai", "duration", "dure", "duree", "durent", "long", "many", "nombre", "taux", "temps"];
const TIME: &[&str] = &["date", "dates", "quand", "when"];
#[rustfmt::skip]
const CONTACT: &[&str] = &[
    "appeler", "call", "contact", "contacter", "email", "joindre", "mail", "numero", "phone", "reach", "telephone",
    "telephoner",
];
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
        if let Some(counted) = counted(&words) {
            return Some(Self::Count(counted));
        }
        let kinds = [(CONTACT, Self::Contact), (AMOUNT, Self::Amount), (NUMBER, Self::Number), (TIME, Self::Time)];
        kinds.into_iter().find(|(list, _)| has(list)).map(|(_, kind)| kind)
    }

    /// Whether a sentence holds it.
    pub(super) fn stands_in(&self, sentence: &str) -> bool {
        let digits = sentence.chars().filter(char::is_ascii_digit).count();
        match self {
            Self::Amount => digits > 0 && sentence.contains(['€', '$', '£', '%']),
            Self::Number => digits > 0,
            Self::Count(counted) => {
                words(sentence).windows(2).any(|pair| is_number(&pair[0]) && same(&pair[1], counted))
            }
            Self::Time => words(sentence).iter().any(|word| MOMENTS.contains(&word.as_str())),
            Self::Contact => sentence.contains('@') || digits >= 8,
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

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit()) || NUMBERS.contains(&word)
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
            ("c quoi votre numéro", "Appelez le 04 00 00 12 34.", "Appelez-nous."),
        ] {
            let expected = Expected::of(question).unwrap();
            assert!(expected.stands_in(sentence) && !expected.stands_in(other), "{question}");
        }
        assert_eq!(Expected::of("Faut-il un stage ?"), None);
    }
}
