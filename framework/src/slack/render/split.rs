//! Long text, as several messages.

/// How many characters one message holds: beyond about 4,000 the platform splits where it likes.
const LONGEST: usize = 3_900;

const FENCE: &str = "```";

/// Splits text at the ends of lines; a block of code that is cut is closed and opened again.
pub(super) fn split(text: String) -> Vec<String> {
    if text.len() <= LONGEST {
        return vec![text];
    }
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut in_code = false;
    for line in text.split_inclusive('\n').flat_map(pieces) {
        if part.chars().count() + line.chars().count() + FENCE.len() + 1 > LONGEST && !part.is_empty() {
            if in_code {
                part.push_str(FENCE);
            }
            parts.push(std::mem::take(&mut part));
            if in_code {
                part.push_str(FENCE);
                part.push('\n');
            }
        }
        part.push_str(line);
        in_code ^= line.matches(FENCE).count() % 2 == 1;
    }
    parts.push(part);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// A line, cut where it is longer than a message.
fn pieces(line: &str) -> Vec<&str> {
    let longest = LONGEST - 2 * (FENCE.len() + 1);
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some((at, _)) = rest.char_indices().nth(longest) {
        let (piece, behind) = rest.split_at(at);
        pieces.push(piece);
        rest = behind;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_text_is_one_message() {
        assert_eq!(split(String::from("a\nb")), ["a\nb"]);
    }

    #[test]
    fn long_text_is_split_at_the_ends_of_lines_and_nothing_is_lost() {
        let text = "une ligne d’été\n".repeat(1_000);
        let parts = split(text.clone());
        assert!(parts.len() > 1 && parts.iter().all(|part| part.chars().count() <= LONGEST));
        assert_eq!(parts.concat(), text);
    }

    #[test]
    fn code_that_is_cut_is_closed_and_opened_again() {
        let text = format!("```\n{}```\n", "let x = 1;\n".repeat(1_000));
        let parts = split(text);
        assert!(parts.len() > 1);
        for part in parts {
            assert_eq!(part.matches(FENCE).count() % 2, 0, "{part}");
            assert!(part.chars().count() <= LONGEST);
        }
    }

    #[test]
    fn a_line_longer_than_a_message_is_cut() {
        let parts = split("é".repeat(10_000));
        assert_eq!(parts.concat(), "é".repeat(10_000));
        assert!(parts.iter().all(|part| part.chars().count() <= LONGEST));
    }
}
