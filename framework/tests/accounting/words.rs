//! What is said to the bot, and what it answers: both follow from the number of the message.

use std::str::FromStr;

/// What a message makes the bot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// A mention that is answered by what the handler returns.
    Note,
    /// A mention whose handler says something before it returns.
    Talk,
    /// Something the bot overhears.
    Fact,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Talk => "talk",
            Self::Fact => "fact",
        }
    }

    /// How many messages the bot answers with.
    pub(crate) fn answers(self) -> u32 {
        match self {
            Self::Talk => 2,
            Self::Note | Self::Fact => 1,
        }
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Note, Self::Talk, Self::Fact].into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// What is said behind the word and the number. What comes out somewhere else tells whether it was kept as it is.
pub(crate) fn words(number: u64) -> String {
    // Any mixing will do: neighbours shall not look alike.
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("the build {mixed:016x} of the web shop is green and deployed in {} seconds", mixed % 997)
}

/// What a person writes.
pub(crate) fn asked(kind: Kind, number: u64) -> String {
    format!("{} {number} {}", kind.word(), words(number))
}

/// What the bot answers with in the given place, counted from 0.
pub(crate) fn answer(kind: Kind, number: u64, ordinal: u32, words: &str) -> String {
    format!("{} {number}/{ordinal} {words}", kind.word())
}

/// Whether the bot tells somebody that the message they wrote was given up.
pub(crate) fn is_apology(text: &str) -> bool {
    text.starts_with("Sorry, something went wrong on my side.")
}

/// The number and the place of an answer; `None` when it is none, or not word for word what it has to be.
pub(crate) fn read_answer(text: &str) -> Option<(Kind, u64, u32)> {
    let mut parts = text.splitn(3, ' ');
    let kind: Kind = parts.next()?.parse().ok()?;
    let (number, ordinal) = parts.next()?.split_once('/')?;
    let (number, ordinal) = (number.parse().ok()?, ordinal.parse().ok()?);
    let exact = ordinal < kind.answers() && text == answer(kind, number, ordinal, &words(number));
    exact.then_some((kind, number, ordinal))
}
