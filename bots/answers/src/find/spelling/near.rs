//! How near a word is to another that may have been meant.

use super::sound::sound;
use crate::analyse::Language;

/// From this length on a word may have a letter wrong, and from that one on two.
const ONE_WRONG: usize = 5;
const ONE_WRONG_IN_COMMON: usize = 4;
const TWO_WRONG: usize = 8;
/// A word that is cut short has so many letters left.
const CUT: usize = 4;
/// And lacks so many at most.
const CUT_OFF: usize = 7;
/// An ending has so many.
const ENDING: usize = 2;
/// Of shorter words an ending is part of another word: `frais`, `fraises`.
const BEFORE_ENDING: usize = 7;
/// Shorter words with another consonant are other words: `copie`, `copine`.
const CONSONANT_WRONG: usize = 8;
/// Words that sound alike are known by so many sounds at least.
const SOUNDS: usize = 3;

/// How a word differs from one that may have been meant, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// It is the word, or sounds like it.
    Same,
    /// A letter is another, or missing, or too many, or two changed places.
    Slip,
    /// Its end is left out, or is another form of it.
    Cut,
    /// Two letters are wrong.
    Slips,
}

/// A word that was typed, folded.
#[derive(Debug)]
pub(super) struct Typed<'a> {
    word: &'a str,
    letters: Vec<char>,
    /// How it sounds; nothing where words are not told by that.
    sound: Option<String>,
}

impl<'a> Typed<'a> {
    pub(super) fn new(word: &'a str, language: Language) -> Self {
        let sound = Some(sound(word)).filter(|key| language == Language::French && key.len() >= SOUNDS);
        Self { word, letters: word.chars().collect(), sound }
    }

    /// How near it is to `word`, which is folded; nothing when they are different words.
    pub(super) fn nearness(&self, word: &str) -> Option<Nearness> {
        self.near_by(word, ONE_WRONG)
    }

    /// The same for a word that everybody knows, of which a short one is told with a letter wrong.
    pub(super) fn nearness_to_common(&self, word: &str) -> Option<Nearness> {
        self.near_by(word, ONE_WRONG_IN_COMMON)
    }

    fn near_by(&self, word: &str, one_wrong: usize) -> Option<Nearness> {
        if self.sounds_like(word) {
            return Some(Nearness::Same);
        }
        // The first letter is rarely the wrong one, but by ear.
        if !word.starts_with(*self.letters.first()?) {
            return None;
        }
        if is_cut(self.word, word) && self.word.len().abs_diff(word.len()) > 2 {
            return Some(Nearness::Cut);
        }
        let letters: Vec<char> = word.chars().collect();
        let length = self.letters.len().min(letters.len());
        let is_mixed = || sorted(&self.letters) == sorted(&letters);
        let slips = if length >= one_wrong || (length >= ONE_WRONG_IN_COMMON && is_mixed()) {
            slips(&self.letters, &letters, 2)
        } else {
            usize::MAX
        };
        match slips {
            0 => Some(Nearness::Same),
            1 if length >= CONSONANT_WRONG || is_mixed() || skeleton(&self.letters) == skeleton(&letters) => {
                Some(Nearness::Slip)
            }
            _ if is_cut(self.word, word) => Some(Nearness::Cut),
            2 if length >= TWO_WRONG => Some(Nearness::Slips),
            _ => None,
        }
    }

    fn sounds_like(&self, word: &str) -> bool {
        let Some(key) = &self.sound else { return false };
        // Most words are told apart by their beginning and length alone.
        let begins = |text: &str| {
            text.trim_start_matches('h').chars().next().map(|c| match c {
                'k' | 'q' | 's' => 'c',
                'p' => 'f',
                'j' => 'g',
                'a' | 'i' | 'o' | 'u' | 'y' => 'e',
                other => other,
            })
        };
        self.word.len().abs_diff(word.len()) <= 3 && begins(self.word) == begins(word) && *key == sound(word)
    }
}

/// The consonants of a word, double ones once.
fn skeleton(letters: &[char]) -> Vec<char> {
    let mut found: Vec<char> = letters.iter().copied().filter(|c| !"aeiouyh".contains(*c)).collect();
    found.dedup();
    found
}

fn sorted(letters: &[char]) -> Vec<char> {
    let mut letters = letters.to_vec();
    letters.sort_unstable();
    letters
}

/// Whether one word is the beginning of the other; of one that is typed longer an ending is too much.
fn is_cut(typed: &str, word: &str) -> bool {
    let lacks = word.strip_prefix(typed).is_some_and(|rest| rest.len() <= CUT_OFF);
    let ends = typed.strip_prefix(word).is_some_and(|rest| word.len() >= BEFORE_ENDING && rest.len() <= ENDING);
    typed.len() >= CUT && (lacks || ends)
}

/// How many letters are wrong, counting two that changed places as one; more than `most` are not counted.
fn slips(one: &[char], other: &[char], most: usize) -> usize {
    if one.len().abs_diff(other.len()) > most {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut cost = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(typed: &str, word: &str) -> Option<Nearness> {
        Typed::new(typed, Language::French).nearness(word)
    }

    #[test]
    fn what_is_meant_is_near() {
        for (typed, word, expected) in [
            ("dossie", "dossier", Nearness::Same),
            ("alternence", "alternance", Nearness::Same),
            ("finacement", "financement", Nearness::Slip),
            ("plussieurs", "plusieurs", Nearness::Same),
            ("satge", "stage", Nearness::Slip),
            ("rnpc", "rncp", Nearness::Slip),
            ("exam", "examen", Nearness::Cut),
            ("reduc", "reduction", Nearness::Cut),
            ("apprentisage", "apprentissages", Nearness::Same),
            ("comptabillitee", "comptabilite", Nearness::Same),
            ("certifikat", "certificat", Nearness::Same),
            ("rembourcemant", "remboursement", Nearness::Slips),
        ] {
            assert_eq!(near(typed, word), Some(expected), "{typed} {word}");
        }
        for (typed, word) in [
            ("tesla", "tests"),
            ("bourse", "course"),
            ("ab", "a"),
            ("", "a"),
            ("mars", "marketing"),
            ("copine", "copie"),
            ("fraises", "frais"),
        ] {
            assert_eq!(near(typed, word), None, "{typed} {word}");
        }
        let wich = Typed::new("wich", Language::English);
        assert_eq!((wich.nearness("which"), wich.nearness_to_common("which")), (None, Some(Nearness::Slip)));
        assert_eq!(Typed::new("koi", Language::English).nearness("quoi"), None);
    }

    proptest! {
        #[test]
        fn slips_are_the_same_both_ways(one in "[a-d]{0,8}", other in "[a-d]{0,8}") {
            let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            prop_assert_eq!(slips(&one, &other, 9), slips(&other, &one, 9));
            prop_assert_eq!(slips(&one, &one, 2), 0);
        }
    }
}
