//! The platform's encoding of text: three escapes, and references between angle brackets.

use memchr::memchr;

use crate::{
    event::{Entity, Reference, Text},
    id::{ChannelId, UserId},
};

/// Text with the bot's own mention taken off its ends.
#[derive(Debug)]
pub(crate) struct Markup {
    pub(crate) text: Text,
    /// Whether the bot is mentioned anywhere in it.
    pub(crate) mentions_bot: bool,
}

/// Decodes text. The bot's own mention is removed when it stands first or last; elsewhere it stays.
pub(crate) fn text(encoded: &str, bot: Option<&UserId>) -> Markup {
    let mut decoded = decode(encoded);
    let is_bot = |entity: &Entity| matches!(&entity.reference, Reference::User(user) if Some(user) == bot);
    let mentions_bot = bot.is_some() && decoded.entities.iter().any(is_bot);
    if mentions_bot {
        let range = without_own_mention(&decoded, is_bot);
        decoded = cut(&decoded, range);
    }
    Markup { text: Text::new(decoded.shown, decoded.entities), mentions_bot }
}

/// Text as it is shown, and its references.
struct Decoded {
    shown: String,
    entities: Vec<Entity>,
}

fn decode(encoded: &str) -> Decoded {
    let mut decoded = Decoded { shown: String::with_capacity(encoded.len()), entities: Vec::new() };
    let mut rest = encoded;
    while let Some(open) = memchr(b'<', rest.as_bytes()) {
        unescape(&rest[..open], &mut decoded.shown);
        let Some(length) = memchr(b'>', &rest.as_bytes()[open..]) else {
            unescape(&rest[open..], &mut decoded.shown);
            return decoded;
        };
        reference(&rest[open + 1..open + length], &mut decoded);
        rest = &rest[open + length + 1..];
    }
    unescape(rest, &mut decoded.shown);
    decoded
}

fn reference(inside: &str, decoded: &mut Decoded) {
    let (target, label) = inside.split_once('|').map_or((inside, ""), |(target, label)| (target, label));
    let start = decoded.shown.len();
    let reference = match target.split_at_checked(1) {
        Some(("@", user)) if !user.is_empty() => {
            decoded.shown.push_str("<@");
            decoded.shown.push_str(user);
            decoded.shown.push('>');
            Reference::User(UserId::new(user))
        }
        Some(("#", channel)) if !channel.is_empty() => {
            decoded.shown.push('#');
            unescape(if label.is_empty() { channel } else { label }, &mut decoded.shown);
            Reference::Channel(ChannelId::new(channel))
        }
        Some(("!", other)) => {
            let shown = if label.is_empty() { other.split('^').next().unwrap_or(other) } else { label };
            if !shown.starts_with('@') && label.is_empty() {
                decoded.shown.push('@');
            }
            unescape(shown, &mut decoded.shown);
            Reference::Other(other.to_owned())
        }
        _ if !is_address(target) => {
            // Only where nothing was encoded: a command may arrive as it was typed.
            decoded.shown.push('<');
            unescape(inside, &mut decoded.shown);
            return decoded.shown.push('>');
        }
        _ => {
            unescape(if label.is_empty() { target } else { label }, &mut decoded.shown);
            let mut address = String::with_capacity(target.len());
            unescape(target, &mut address);
            Reference::Link(address)
        }
    };
    if decoded.shown.len() > start {
        decoded.entities.push(Entity { at: start..decoded.shown.len(), reference });
    }
}

/// Whether it begins with a scheme, as every link does.
fn is_address(target: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let scheme = target.split_once(':').map_or("", |(scheme, _)| scheme);
    !scheme.is_empty() && scheme.bytes().all(legal) && !target.contains(char::is_whitespace)
}

/// Only these three are ever escaped; each is decoded once.
fn unescape(escaped: &str, shown: &mut String) {
    let mut rest = escaped;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        shown.push_str(&rest[..at]);
        let escapes = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')];
        let (length, character) = escapes
            .iter()
            .find(|(escape, _)| rest[at..].starts_with(escape))
            .map_or((1, '&'), |(escape, character)| (escape.len(), *character));
        shown.push(character);
        rest = &rest[at + length..];
    }
    shown.push_str(rest);
}

/// The part of the text between mentions of the bot at its ends, with the colon or comma that follows the first.
fn without_own_mention(decoded: &Decoded, is_bot: impl Fn(&Entity) -> bool) -> std::ops::Range<usize> {
    let shown = &decoded.shown;
    let mut start = shown.len() - shown.trim_start().len();
    let mut end = shown.trim_end().len();
    if let Some(first) = decoded.entities.iter().find(|entity| entity.at.start == start).filter(|first| is_bot(first)) {
        start = first.at.end;
        let behind = &shown[start..];
        let separator = behind.len() - behind.trim_start_matches([':', ',']).len();
        start += separator.min(1);
        start += shown[start..].len() - shown[start..].trim_start().len();
        // Nothing else was cut from the end, which stays byte for byte.
        end = shown.len().max(start);
    }
    let bare_end = shown.trim_end().len();
    let last = decoded.entities.iter().rfind(|entity| entity.at.end == bare_end && entity.at.start >= start);
    if let Some(last) = last.filter(|last| is_bot(last)) {
        end = shown[..last.at.start].trim_end().len().max(start);
    }
    start..end.max(start)
}

fn cut(decoded: &Decoded, range: std::ops::Range<usize>) -> Decoded {
    let inside = decoded.entities.iter().filter(|entity| entity.at.start >= range.start && entity.at.end <= range.end);
    let moved = inside.map(|entity| Entity {
        at: entity.at.start - range.start..entity.at.end - range.start,
        reference: entity.reference.clone(),
    });
    Decoded { entities: moved.collect(), shown: decoded.shown[range].to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(encoded: &str) -> String {
        text(encoded, Some(&UserId::new("UBOT"))).text.as_str().to_owned()
    }

    #[test]
    fn takes_the_bots_mention_off_both_ends() {
        assert_eq!(shown("<@UBOT> hello"), "hello");
        assert_eq!(shown("<@UBOT|bot>: hello"), "hello");
        assert_eq!(shown("hello <@UBOT>"), "hello");
        assert_eq!(shown("<@UBOT> echo  a  b "), "echo  a  b ");
        assert_eq!(shown("<@UBOT>"), "");
        assert_eq!(shown("<@UBOT> <@UBOT>"), "");
        assert_eq!(shown("ask <@UBOT> now"), "ask <@UBOT> now");
    }

    #[test]
    fn says_whether_the_bot_is_mentioned() {
        let bot = UserId::new("UBOT");
        assert!(text("ask <@UBOT> now", Some(&bot)).mentions_bot);
        assert!(!text("ask &lt;@UBOT&gt; now", Some(&bot)).mentions_bot);
        assert!(!text("ask <@UBOT> now", None).mentions_bot);
    }

    #[test]
    fn decodes_each_escape_once() {
        assert_eq!(shown("a &amp;lt; b &lt;c&gt; &amp; &copy;"), "a &lt; b <c> & &copy;");
    }

    #[test]
    fn keeps_references() {
        let decoded =
            text("<@U2> in <#C1|general> see <https://a.b/?x=1&amp;y=2|a.b> <!here> <!subteam^S1|@ops>", None).text;
        assert_eq!(decoded.as_str(), "<@U2> in #general see a.b @here @ops");
        let references: Vec<_> = decoded.entities().map(|(_, reference)| reference.clone()).collect();
        assert_eq!(
            references,
            [
                Reference::User("U2".into()),
                Reference::Channel("C1".into()),
                Reference::Link("https://a.b/?x=1&y=2".into()),
                Reference::Other("here".into()),
                Reference::Other("subteam^S1".into()),
            ]
        );
    }

    #[test]
    fn an_unclosed_bracket_is_text() {
        assert_eq!(shown("a < b"), "a < b");
    }

    #[test]
    fn brackets_around_anything_else_than_a_reference_are_text() {
        for typed in ["a <> b", "a < b > c", "Vec<String>", "<see: this>", "<a|b>"] {
            assert_eq!(shown(typed), typed);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_decoded_with_references_inside(encoded in "([a<>@#|&;!U\\^é🙂: ]|<@UBOT>|&lt;){0,40}") {
            let decoded = text(&encoded, Some(&UserId::new("UBOT"))).text;
            for (range, _) in decoded.entities() {
                prop_assert!(decoded.as_str().get(range).is_some_and(|shown| !shown.is_empty()));
            }
        }
    }
}
