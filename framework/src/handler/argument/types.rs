//! The types of this crate and of the standard library that can be arguments.

use std::time::Duration;

use url::Url;

use super::{FromArg, Label};
use crate::{
    event::{Reference, Text},
    id::{ChannelId, UserId},
};

impl FromArg for String {
    const LABEL: Label = Label { english: "some text", french: "du texte" };

    fn from_arg(argument: &Text) -> Option<Self> {
        Some(argument.as_str().to_owned())
    }
}

impl FromArg for Text {
    const LABEL: Label = Label { english: "some text", french: "du texte" };

    fn from_arg(argument: &Text) -> Option<Self> {
        Some(argument.clone())
    }
}

macro_rules! numbers {
    ($($english:literal, $french:literal: $($number:ty)*;)*) => {$($(
        impl FromArg for $number {
            const LABEL: Label = Label { english: $english, french: $french };

            fn from_arg(argument: &Text) -> Option<Self> {
                argument.as_str().parse().ok()
            }
        }
    )*)*};
}

// Where nobody could read the bounds, and hardly anybody meets them, they are left out.
numbers! {
    "a whole number from 0 to 255", "un nombre entier de 0 à 255": u8;
    "a whole number from 0 to 65,535", "un nombre entier de 0 à 65 535": u16;
    "a whole number from 0 to 4,294,967,295", "un nombre entier de 0 à 4 294 967 295": u32;
    "a whole number, not negative", "un nombre entier positif ou nul": u64 u128 usize;
    "a whole number from -128 to 127", "un nombre entier de -128 à 127": i8;
    "a whole number from -32,768 to 32,767", "un nombre entier de -32 768 à 32 767": i16;
    "a whole number from -2,147,483,648 to 2,147,483,647", "un nombre entier de -2 147 483 648 à 2 147 483 647": i32;
    "a whole number", "un nombre entier": i64 i128 isize;
}

macro_rules! decimals {
    ($($number:ty)*) => {$(
        impl FromArg for $number {
            const LABEL: Label = Label { english: "a number", french: "un nombre" };

            /// Takes a decimal point or, as in French, a decimal comma.
            fn from_arg(argument: &Text) -> Option<Self> {
                let number: Self = argument.as_str().replacen(',', ".", 1).parse().ok()?;
                number.is_finite().then_some(number)
            }
        }
    )*};
}

decimals!(f32 f64);

impl FromArg for bool {
    const LABEL: Label = Label { english: "yes or no", french: "oui ou non" };
    const CHOICES: &'static [&'static str] = &["yes", "no"];

    fn from_arg(argument: &Text) -> Option<Self> {
        match crate::route::fold(argument.as_str()).as_str() {
            "yes" | "y" | "true" | "on" | "1" | "oui" | "o" | "vrai" => Some(true),
            "no" | "n" | "false" | "off" | "0" | "non" | "faux" => Some(false),
            _ => None,
        }
    }
}

impl FromArg for Duration {
    const LABEL: Label =
        Label { english: "a duration such as `90s` or `1h30m`", french: "une durée comme `90s` ou `1h30m`" };

    /// Takes numbers with units, the largest first: `2d`, `1h30m`, `90s`, `250ms`; `j` for French days.
    fn from_arg(argument: &Text) -> Option<Self> {
        duration(argument.as_str())
    }
}

fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    let mut any = false;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit_end =
            rest[digits..].find(|character: char| character.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
        let millis: u64 = match &rest[digits..unit_end] {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" | "j" => 86_400_000,
            "w" => 604_800_000,
            _ => return None,
        };
        total = total.checked_add(Duration::from_millis(number.checked_mul(millis)?))?;
        rest = &rest[unit_end..];
        any = true;
    }
    any.then_some(total)
}

impl FromArg for UserId {
    const LABEL: Label = Label { english: "a person, as `@name`", french: "une personne, comme `@nom`" };

    fn from_arg(argument: &Text) -> Option<Self> {
        match argument.reference()? {
            Reference::User(user) => Some(user.clone()),
            _ => None,
        }
    }
}

impl FromArg for ChannelId {
    const LABEL: Label = Label { english: "a channel, as `#name`", french: "un canal, comme `#nom`" };

    fn from_arg(argument: &Text) -> Option<Self> {
        match argument.reference()? {
            Reference::Channel(channel) => Some(channel.clone()),
            _ => None,
        }
    }
}

impl FromArg for Url {
    const LABEL: Label = Label {
        english: "an address such as `https://example.com`",
        french: "une adresse comme `https://example.com`",
    };

    fn from_arg(argument: &Text) -> Option<Self> {
        match argument.reference() {
            Some(Reference::Link(target)) => Url::parse(target).ok(),
            _ => Url::parse(argument.as_str()).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: FromArg>(text: &str) -> Option<T> {
        T::from_arg(&Text::plain(text))
    }

    #[test]
    fn reads_numbers_as_people_write_them() {
        assert_eq!(read::<u8>("7"), Some(7));
        assert_eq!(read::<u8>("256"), None);
        assert_eq!(read::<f64>("1,5"), Some(1.5));
        assert_eq!(read::<f64>("NaN"), None);
    }

    #[test]
    fn reads_yes_and_no_in_both_languages() {
        assert_eq!(read::<bool>("Oui"), Some(true));
        assert_eq!(read::<bool>("off"), Some(false));
        assert_eq!(read::<bool>("perhaps"), None);
    }

    #[test]
    fn reads_durations() {
        assert_eq!(read::<Duration>("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(read::<Duration>("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(read::<Duration>("2j"), Some(Duration::from_secs(172_800)));
        assert_eq!(read::<Duration>("10"), None);
        assert_eq!(read::<Duration>("99999999999999999999d"), None);
    }

    #[test]
    fn a_person_is_a_reference_and_never_mere_text() {
        assert_eq!(read::<UserId>("<@U2>"), None);
        let text =
            Text::new("<@U2>", vec![crate::event::Entity { at: 0..5, reference: Reference::User(UserId::new("U2")) }]);
        assert_eq!(UserId::from_arg(&text), Some(UserId::new("U2")));
    }
}
