//! How the platform writes text: what people type, encoded; what is stored, shown.

use serde_json::{Value, json};

/// The names text may refer to, each with its identifier. Of two equal names the first holds.
#[derive(Default)]
pub(super) struct Directory<'a> {
    pub(super) users: Vec<(&'a str, &'a str)>,
    pub(super) channels: Vec<(&'a str, &'a str)>,
}

/// The name that stands behind an identifier.
fn name_of<'a>(names: &[(&'a str, &str)], id: &str) -> Option<&'a str> {
    names.iter().find(|(_, known)| *known == id).map(|(name, _)| *name)
}

/// The longest name that `text` starts with, in any case, and that ends where a word does.
fn called<'a>(names: &[(&'a str, &'a str)], text: &str) -> Option<(&'a str, &'a str)> {
    let starts = |name: &str| {
        let (head, tail) = text.split_at_checked(name.len())?;
        let ends = !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        (ends && head.to_lowercase() == name.to_lowercase()).then_some(())
    };
    let fitting = names.iter().rev().filter(|(name, _)| starts(name).is_some());
    fitting.max_by_key(|(name, _)| name.len()).copied()
}

/// Encodes what a person typed: `&<>` escaped, known `@names` and `#channels` as references, addresses as links.
/// Within backticks nothing but `&<>` is touched.
pub(super) fn encode(typed: &str, directory: &Directory<'_>) -> String {
    let mut encoded = String::with_capacity(typed.len());
    let (mut rest, mut before, mut code) = (typed, ' ', false);
    while let Some(first) = rest.chars().next() {
        code ^= first == '`';
        let border = !before.is_alphanumeric() && !code;
        let (markup, taken) = match reference(rest, directory).filter(|_| border) {
            Some(found) => found,
            None => (escape(&rest[..first.len_utf8()]), first.len_utf8()),
        };
        encoded.push_str(&markup);
        before = rest[..taken].chars().next_back().unwrap_or(' ');
        rest = &rest[taken..];
    }
    encoded
}

/// The markup for a reference that starts `text`, and the bytes it takes.
fn reference(text: &str, directory: &Directory<'_>) -> Option<(String, usize)> {
    if text.starts_with("https://") || text.starts_with("http://") {
        let end = text.find(|c: char| c.is_whitespace() || "<>\"`|".contains(c)).unwrap_or(text.len());
        let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '»']);
        return Some((format!("<{}>", escape(url)), url.len()));
    }
    let (sigil, named) = (text.chars().next()?, text.get(1..)?);
    match sigil {
        '@' => called(&directory.users, named)
            .map(|(name, id)| (format!("<@{id}>"), name))
            .or_else(|| called(&EVERYBODY, named).map(|(name, _)| (format!("<!{name}>"), name))),
        '#' => called(&directory.channels, named).map(|(name, id)| (format!("<#{id}|{name}>"), name)),
        _ => None,
    }
    .map(|(markup, name)| (markup, 1 + name.len()))
}

/// The words that address everybody, or everybody present.
const EVERYBODY: [(&str, &str); 3] = [("here", ""), ("channel", ""), ("everyone", "")];

/// Escapes the three characters that are markup.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A piece of stored text.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    User(&'a str),
    Channel(&'a str, Option<&'a str>),
    Broadcast(&'a str, Option<&'a str>),
    Link(&'a str, Option<&'a str>),
}

fn pieces(stored: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = stored;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        pieces.push(piece(&rest[start + 1..start + length]));
        rest = &rest[start + length + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn piece(inside: &str) -> Piece<'_> {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    match target.split_at_checked(1) {
        Some(("@", id)) => Piece::User(id),
        Some(("#", id)) => Piece::Channel(id, label),
        Some(("!", name)) => Piece::Broadcast(name, label),
        _ => Piece::Link(target, label),
    }
}

/// What a reader sees: entities decoded, references by name, links by label.
pub(super) fn shown(stored: &str, directory: &Directory<'_>) -> String {
    let mut shown = String::with_capacity(stored.len());
    for piece in pieces(stored) {
        match piece {
            Piece::Text(text) => shown.push_str(&unescape(text)),
            Piece::User(id) => {
                shown.push('@');
                shown.push_str(name_of(&directory.users, id).unwrap_or(id));
            }
            Piece::Channel(id, label) => {
                shown.push('#');
                shown.push_str(&unescape(name_of(&directory.channels, id).or(label).unwrap_or(id)));
            }
            Piece::Broadcast(_, Some(label)) => shown.push_str(&unescape(label)),
            Piece::Broadcast(name, None) => {
                shown.push('@');
                shown.push_str(name);
            }
            Piece::Link(url, label) => shown.push_str(&unescape(label.unwrap_or(url))),
        }
    }
    shown
}

/// The `rich_text` block a client sends beside the text, in one section and without styles.
pub(super) fn rich_text(stored: &str, block: &str) -> Value {
    let elements: Vec<Value> = pieces(stored).into_iter().map(element).collect();
    json!([{
        "type": "rich_text",
        "block_id": block,
        "elements": [{ "type": "rich_text_section", "elements": elements }],
    }])
}

fn element(piece: Piece<'_>) -> Value {
    match piece {
        Piece::Text(text) => json!({ "type": "text", "text": unescape(text) }),
        Piece::User(id) => json!({ "type": "user", "user_id": id }),
        Piece::Channel(id, _) => json!({ "type": "channel", "channel_id": id }),
        Piece::Broadcast(name, _) => json!({ "type": "broadcast", "range": name }),
        Piece::Link(url, None) => json!({ "type": "link", "url": unescape(url) }),
        Piece::Link(url, Some(label)) => json!({ "type": "link", "url": unescape(url), "text": unescape(label) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Directory<'static> {
        Directory {
            users: vec![("alice", "U1"), ("Code Doc", "U2"), ("bot", "U2"), ("Code", "U3")],
            channels: vec![("general", "C1")],
        }
    }

    #[test]
    fn encodes_what_people_type() {
        for (typed, stored) in [
            ("@bot deploy a & b <now>", "<@U2> deploy a &amp; b &lt;now&gt;"),
            ("hello @alice, see #general.", "hello <@U1>, see <#C1|general>."),
            ("@nobody and a@bot", "@nobody and a@bot"),
            ("@here @everyone", "<!here> <!everyone>"),
            ("see https://a.example/?x=1&y=2.", "see <https://a.example/?x=1&amp;y=2>."),
            ("`@alice` @alice", "`@alice` <@U1>"),
            ("<@U1>", "&lt;@U1&gt;"),
            ("@code doc @Codes @CODE", "<@U2> @Codes <@U3>"),
            ("écrire à @alice…", "écrire à <@U1>…"),
        ] {
            assert_eq!(encode(typed, &known()), stored, "{typed}");
        }
    }

    #[test]
    fn shows_what_is_stored() {
        for (stored, seen) in [
            ("<@U2> a &amp;&lt; b", "@Code Doc a &< b"),
            ("<@U1|old> <@U9>", "@alice @U9"),
            ("<#C1|general> <#C1> <#C9|x> <#C9|>", "#general #general #x #C9"),
            ("<https://a.example|the site> <https://b.example>", "the site https://b.example"),
            ("<!here> <!subteam^S1|@ops> 1 < 2", "@here @ops 1 < 2"),
        ] {
            assert_eq!(shown(stored, &known()), seen, "{stored}");
        }
    }

    #[test]
    fn what_was_typed_is_shown_again() {
        let typed = "@Code Doc look at #general & https://a.example/?x=1&y=2 <ok>";
        assert_eq!(shown(&encode(typed, &known()), &known()), typed);
    }

    #[test]
    fn blocks_say_the_same_as_the_text() {
        let block = rich_text("<@U2> hi &amp; <https://a.example|a>", "b1");
        let elements = &block[0]["elements"][0]["elements"];
        assert_eq!(elements[0], json!({ "type": "user", "user_id": "U2" }));
        assert_eq!(elements[1], json!({ "type": "text", "text": " hi & " }));
        assert_eq!(elements[2], json!({ "type": "link", "url": "https://a.example", "text": "a" }));
    }
}
