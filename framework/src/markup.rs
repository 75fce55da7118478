//! References inside the Markdown of an answer.
//!
//! Only typed values make a mention: `Display` of a person writes its identifier between two characters that Unicode
//! reserves for internal use, and the renderer turns those, and nothing else, into the platform's own markup. Text
//! that only looks like a mention stays text.

use std::fmt::{self, Write};

/// Opens a reference. A noncharacter, which no platform delivers inside text.
pub(crate) const OPEN: char = '\u{FDD0}';
/// Closes a reference.
pub(crate) const CLOSE: char = '\u{FDD1}';
/// Stands before a person's identifier.
pub(crate) const USER: char = '@';
/// Stands before a conversation's identifier.
pub(crate) const CHANNEL: char = '#';

/// Whether text holds one of the two characters that stand around a reference.
pub(crate) fn stands_in(text: &str) -> bool {
    // Their first byte is rare enough that most text is told by it alone.
    memchr::memchr(OPEN_BYTE, text.as_bytes()).is_some_and(|at| text[at..].contains([OPEN, CLOSE]))
}

/// The first byte of both characters in UTF-8.
const OPEN_BYTE: u8 = 0xef;

/// Writes a reference that the renderer will turn into the platform's markup.
pub(crate) fn mention(sigil: char, id: &str, out: &mut impl Write) -> fmt::Result {
    out.write_char(OPEN)?;
    out.write_char(sigil)?;
    out.write_str(id)?;
    out.write_char(CLOSE)
}

/// Writes text so that Markdown shows it as it is.
pub(crate) fn escape(text: &str, out: &mut impl Write) -> fmt::Result {
    // Whether the line holds nothing yet, or a number alone, behind which a dot would begin a list.
    let (mut empty, mut number) = (true, false);
    for character in text.chars() {
        let special = match character {
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '|' | '&' => true,
            '#' | '+' | '-' | '=' => empty,
            '.' | ')' => number,
            _ => false,
        };
        if special {
            out.write_char('\\')?;
        }
        if !matches!(character, OPEN | CLOSE) {
            out.write_char(character)?;
        }
        number = character.is_ascii_digit() && (empty || number);
        empty = character == '\n' || (empty && character.is_whitespace());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        escape(text, &mut out).unwrap();
        out
    }

    #[test]
    fn what_would_begin_a_list_is_escaped_where_it_would() {
        for (typed, shown) in [
            ("1. a\n 12) b\n.5", "1\\. a\n 12\\) b\n.5"),
            ("v1. a 2) b", "v1. a 2) b"),
            ("1 . a\n1.2", "1 . a\n1\\.2"),
            (" - a - b\n# c", " \\- a - b\n\\# c"),
        ] {
            assert_eq!(escaped(typed), shown, "{typed:?}");
        }
    }

    #[test]
    fn a_long_line_is_read_once() {
        // Read again for each bracket, this would take minutes.
        let text = ")".repeat(4_000_000);
        assert_eq!(escaped(&text), text);
    }
}
