//! From Markdown to the platform's own markup.
//!
//! Whatever is not a typed reference is escaped, so that nothing in an answer mentions anybody by accident.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::{
    event::{Reference, Text},
    markup,
};

/// How far a list is indented: what is deeper is a list all the same.
const DEEPEST: usize = 5;

/// Translates Markdown.
pub(super) fn mrkdwn(markdown: &str) -> String {
    if is_plain(markdown) {
        return markdown.to_owned();
    }
    let mut writer = Writer::default();
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    Parser::new_ext(markdown, options).for_each(|event| writer.event(event));
    writer.out.truncate(writer.out.trim_end().len());
    writer.out
}

/// Writes what a person typed exactly as it came, references included.
pub(super) fn verbatim(text: &Text) -> String {
    let shown = text.as_str();
    let mut out = String::with_capacity(shown.len());
    let mut done = 0;
    for (range, reference) in text.entities() {
        escape(&shown[done..range.start], &mut out);
        let label = &shown[range.clone()];
        match reference {
            Reference::User(user) => push_reference(&mut out, '@', user.as_str()),
            Reference::Channel(channel) => push_reference(&mut out, '#', channel.as_str()),
            Reference::Link(address) => link(address, label, &mut out),
            Reference::Other(_) => escape(label, &mut out),
        }
        done = range.end;
    }
    escape(&shown[done..], &mut out);
    out
}

/// Whether text means the same in Markdown and here: one line of words, without anything that either marks up.
fn is_plain(text: &str) -> bool {
    let plain = |character: char| {
        character.is_alphanumeric()
            || matches!(
                character,
                ' ' | ',' | ';' | ':' | '!' | '?' | '\'' | '"' | '/' | '(' | '%' | '’' | '«' | '»' | '…'
            )
            || matches!(character, '.' | ')' | '-')
    };
    let starts_as_a_word = text.starts_with(|first: char| first.is_alphabetic());
    starts_as_a_word && text.chars().all(plain) && !text.ends_with(' ')
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The lists that are open; an ordered one with its next number.
    lists: Vec<Option<u64>>,
    /// How many quotes are open.
    quotes: usize,
    /// The addresses of the links that are open, with where their labels begin.
    links: Vec<(String, usize)>,
    in_code: bool,
    in_cell: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                self.out.push('`');
                escape(&code.replace('`', "'"), &mut self.out);
                self.out.push('`');
            }
            Event::Html(html) | Event::InlineHtml(html) => self.text(&html),
            Event::SoftBreak | Event::HardBreak => self.line(),
            Event::Rule => {
                self.out.push_str("———");
                self.block();
            }
            Event::FootnoteReference(name) => self.text(&name),
            Event::TaskListMarker(done) => self.out.push_str(if done { "☑ " } else { "☐ " }),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } | Tag::Strong => self.out.push('*'),
            Tag::Emphasis => self.out.push('_'),
            Tag::Strikethrough => self.out.push('~'),
            Tag::BlockQuote(_) => {
                self.quotes += 1;
                self.out.push_str("> ");
            }
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                // The platform knows no languages; their name would be part of the code.
                let (CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) = kind;
                self.out.push_str("```\n");
            }
            Tag::List(first) => {
                if !self.lists.is_empty() {
                    self.line_if_needed();
                }
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.into_string(), self.out.len()));
            }
            Tag::TableCell => {
                if self.in_cell {
                    self.out.push_str(" | ");
                }
                self.in_cell = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.out.push('*'),
            TagEnd::Emphasis => self.out.push('_'),
            TagEnd::Strikethrough => self.out.push('~'),
            TagEnd::Heading(_) => {
                self.out.push('*');
                self.block();
            }
            TagEnd::Paragraph => self.block(),
            TagEnd::BlockQuote(_) => {
                self.quotes -= 1;
                let trimmed = self.out.trim_end_matches(['>', ' ', '\n']).len();
                self.out.truncate(trimmed);
                self.block();
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                if !self.out.ends_with('\n') {
                    self.out.push('\n');
                }
                self.out.push_str("```");
                self.block();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.out.truncate(self.out.trim_end().len());
                    self.block();
                }
            }
            TagEnd::Item => {
                self.out.truncate(self.out.trim_end().len());
                self.line();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::TableHead | TagEnd::TableRow => {
                self.in_cell = false;
                self.line();
            }
            TagEnd::Table => self.block(),
            _ => {}
        }
    }

    fn item(&mut self) {
        self.line_if_needed();
        let depth = self.lists.len().saturating_sub(1).min(DEEPEST);
        self.out.push_str(&"    ".repeat(depth));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&format!("{number}. "));
                *number += 1;
            }
            _ => self.out.push_str("• "),
        }
    }

    fn end_link(&mut self) {
        let Some((address, start)) = self.links.pop() else { return };
        let label = self.out.split_off(start);
        if is_address(&address) {
            let label = label.replace(['<', '>'], "").replace('\n', " ");
            link_with_escaped_label(&address, &label, &mut self.out);
        } else {
            self.out.push_str(&label);
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_code {
            return escape(&text.replace("```", "'''"), &mut self.out);
        }
        // A reference stands between two characters that nothing else writes.
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once(markup::OPEN) {
            escape(before, &mut self.out);
            let Some((reference, after)) = behind.split_once(markup::CLOSE) else {
                return escape(behind, &mut self.out);
            };
            let sigil = reference.chars().next();
            match sigil.filter(|sigil| matches!(*sigil, markup::USER | markup::CHANNEL)) {
                Some(sigil) => push_reference(&mut self.out, sigil, &reference[sigil.len_utf8()..]),
                None => escape(reference, &mut self.out),
            }
            rest = after;
        }
        escape(rest, &mut self.out);
    }

    fn line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&"> ".repeat(self.quotes.min(1)));
    }

    fn line_if_needed(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') && !self.out.ends_with("> ") {
            self.line();
        }
    }

    /// Ends a block: an empty line follows, except inside a list.
    fn block(&mut self) {
        self.line();
        if self.lists.is_empty() {
            self.line();
        }
    }
}

fn is_address(address: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
}

fn push_reference(out: &mut String, sigil: char, id: &str) {
    out.push('<');
    out.push(sigil);
    out.extend(id.chars().filter(char::is_ascii_alphanumeric));
    out.push('>');
}

fn link(address: &str, label: &str, out: &mut String) {
    if !is_address(address) {
        return escape(label, out);
    }
    let mut escaped = String::new();
    escape(label, &mut escaped);
    link_with_escaped_label(address, &escaped, out);
}

fn link_with_escaped_label(address: &str, label: &str, out: &mut String) {
    out.push('<');
    escape(&address.replace('|', "%7C").replace('<', "%3C").replace('>', "%3E"), out);
    if label != address {
        out.push('|');
        out.push_str(&label.replace('|', "¦"));
    }
    out.push('>');
}

/// The first byte of what stands around a reference; it begins characters alone, as every byte that is looked for.
const FIRST_OF_MARKUP: u8 = 0xef;

/// The three characters that the platform reads otherwise; nothing else is ever escaped.
fn escape(text: &str, out: &mut String) {
    let mut done = 0;
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| matches!(*byte, b'&' | b'<' | b'>' | FIRST_OF_MARKUP)) {
        let Some(character) = text[at..].chars().next() else { break };
        let written = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            markup::OPEN | markup::CLOSE => "",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(written);
        done = at + character.len_utf8();
    }
    out.push_str(&text[done..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{handler::User, id::UserId, slack::decode::text};

    #[test]
    fn translates_what_people_write() {
        for (markdown, expected) in [
            ("Hello", "Hello"),
            ("**bold** *it* _it_ ~~no~~ `a<b`", "*bold* _it_ _it_ ~no~ `a&lt;b`"),
            ("# Title\ntext", "*Title*\n\ntext"),
            ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
            ("- a\n- b\n    - c\n\nend", "• a\n• b\n    • c\n\nend"),
            ("1. a\n2. b", "1. a\n2. b"),
            ("[site](https://a.b/?x=1&y=2)", "<https://a.b/?x=1&amp;y=2|site>"),
            ("[evil](javascript:x)", "evil"),
            ("> said\n> twice\n\nanswer", "> said\n> twice\n\nanswer"),
            ("```rust\nlet a = &b;\n```\nend", "```\nlet a = &amp;b;\n```\n\nend"),
            ("a & b <c>", "a &amp; b &lt;c&gt;"),
            ("5 > 3\n\n1\\. no list", "5 &gt; 3\n\n1. no list"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ] {
            assert_eq!(mrkdwn(markdown), expected, "{markdown:?}");
        }
    }

    #[test]
    fn only_typed_references_become_references() {
        let user = User { id: UserId::new("U1") };
        assert_eq!(mrkdwn(&format!("Hello, {user}!")), "Hello, <@U1>!");
        assert_eq!(mrkdwn(&format!("**{user}**")), "*<@U1>*");
        assert_eq!(mrkdwn("<@U1> <!channel> <#C1>"), "&lt;@U1&gt; &lt;!channel&gt; &lt;#C1&gt;");
    }

    #[test]
    fn says_back_what_was_typed_as_it_came() {
        for encoded in ["a *b* _c_ &lt;d&gt; &amp; <@U2> in <https://a.b/?x=1&amp;y=2|a.b>", "  two  spaces", "`code`"]
        {
            assert_eq!(verbatim(&text(encoded, None).text), encoded);
        }
        assert_eq!(verbatim(&text("<!channel> <#C1|general>", None).text), "@channel <#C1>");
    }

    #[test]
    fn what_a_person_typed_is_shown_as_typed_inside_an_answer() {
        let typed = text("# *a* [b](c) &lt;!here&gt; <@U2>", None).text;
        assert_eq!(mrkdwn(&format!("You said: {typed}")), "You said: # *a* [b](c) &lt;!here&gt; <@U2>");
    }

    #[test]
    fn deep_lists_do_not_grow_with_the_square_of_their_depth() {
        let deep = "- ".repeat(4_000);
        assert!(mrkdwn(&deep).len() < 40 * deep.len());
    }

    /// No text makes the platform see a reference that nobody typed.
    fn has_no_foreign_reference(rendered: &str) -> bool {
        !rendered.contains("<!") && !rendered.contains("<@") && !rendered.contains("<#")
    }

    proptest! {
        #[test]
        fn no_text_mentions_anybody_by_accident(markdown in "([a<>@!#|&;*_`~\\[\\]()\\\\ \n\u{fdd0}\u{fdd1}:/-]|<!channel>|<@U1>|http://){0,30}") {
            // What people type has been through `Text`, which lets nobody type these two.
            let rendered = mrkdwn(Text::plain(&markdown).as_str());
            prop_assert!(has_no_foreign_reference(&rendered), "{rendered:?}");
        }

        #[test]
        fn no_typed_text_mentions_anybody_when_it_is_said_back(typed in "([a<>@!#|&;*_ ]|<!channel>){0,30}") {
            let typed = Text::plain(&typed);
            prop_assert!(has_no_foreign_reference(&verbatim(&typed)));
            prop_assert!(has_no_foreign_reference(&mrkdwn(&typed.to_string())));
        }
    }
}
