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
    let mut line_start = true;
    for (at, character) in text.char_indices() {
        let special = match character {
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '|' | '&' => true,
            '#' | '+' | '-' | '=' => line_start,
            '.' | ')' => ends_a_list_number(&text[..at]),
            _ => false,
        };
        if special {
            out.write_char('\\')?;
        }
        if !matches!(character, OPEN | CLOSE) {
            out.write_char(character)?;
        }
        line_start = character == '\n' || (line_start && character.is_whitespace());
    }
    Ok(())
}

/// Whether the last line of `before` is a number, so that a dot behind it would start a numbered list.
fn ends_a_list_number(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before).trim_start();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}
