//! What people wrote: plain text with its references.

use std::{fmt, ops::Range, sync::Arc};

use crate::{
    id::{ChannelId, UserId},
    markup,
};

/// What people wrote, decoded: plain text, with every mention and link marked where it stands.
///
/// `Display` is safe inside an answer: what a person typed is shown as typed, never taken as Markdown, and only real
/// references become references again. [`Text::as_str`] is the plain text. Cheap to clone and to slice.
#[derive(Clone)]
pub struct Text {
    source: Arc<str>,
    entities: Arc<[Entity]>,
    start: usize,
    end: usize,
}

/// A reference at a place in a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// The bytes of the source that show it.
    pub at: Range<usize>,
    /// What it refers to.
    pub reference: Reference,
}

/// What an [`Entity`] refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reference {
    /// A person.
    User(UserId),
    /// A conversation.
    Channel(ChannelId),
    /// An address; the text shows its label.
    Link(String),
    /// Anything else the platform marks (a group, everybody, a date). It is shown, and never sent back as a reference.
    Other(String),
}

impl Text {
    /// Text without references.
    #[must_use]
    pub fn plain(text: impl AsRef<str>) -> Self {
        Self::new(text, Vec::new())
    }

    /// Text with its references, in order and without overlap; one that does not lie on the borders of characters, or
    /// overlaps the one before, is left out. The two characters that stand for references inside an answer are
    /// replaced, so that nobody can type one.
    #[must_use]
    pub fn new(text: impl AsRef<str>, mut entities: Vec<Entity>) -> Self {
        let text = text.as_ref();
        let mut done = 0;
        entities.retain(|entity| {
            let stays = entity.at.start >= done && text.get(entity.at.clone()).is_some();
            done = if stays { entity.at.end } else { done };
            stays
        });
        // The replacement is as long, so that references stay where they are.
        let source: Arc<str> = match markup::stands_in(text) {
            true => Arc::from(text.replace([markup::OPEN, markup::CLOSE], "\u{fffd}")),
            false => Arc::from(text),
        };
        let end = source.len();
        Self { source, entities: Arc::from(entities), start: 0, end }
    }

    /// The plain text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.source[self.start..self.end]
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The part at `range` (bytes of [`Text::as_str`]), with its references. A range that does not lie on the borders
    /// of characters within the text gives empty text.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let inside = self.as_str().get(range.clone()).is_some();
        let (start, end) =
            if inside { (self.start + range.start, self.start + range.end) } else { (self.start, self.start) };
        Self { source: self.source.clone(), entities: self.entities.clone(), start, end }
    }

    /// The references in it, with ranges in bytes of [`Text::as_str`].
    pub fn entities(&self) -> impl Iterator<Item = (Range<usize>, &Reference)> {
        self.entities
            .iter()
            .filter(|entity| entity.at.start >= self.start && entity.at.end <= self.end)
            .map(|entity| (entity.at.start - self.start..entity.at.end - self.start, &entity.reference))
    }

    /// The reference that is the whole of this text, if it is one.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        self.entities()
            .find(|(range, _)| *range == (0..self.as_str().len()) && !range.is_empty())
            .map(|(_, reference)| reference)
    }

    /// The people mentioned in it, in order.
    pub fn mentions(&self) -> impl Iterator<Item = &UserId> {
        self.entities().filter_map(|(_, reference)| match reference {
            Reference::User(user) => Some(user),
            _ => None,
        })
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str() && self.entities().eq(other.entities())
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        let mut done = 0;
        for (range, reference) in self.entities() {
            markup::escape(&text[done..range.start], f)?;
            match reference {
                Reference::User(user) => markup::mention(markup::USER, user.as_str(), f)?,
                Reference::Channel(channel) => markup::mention(markup::CHANNEL, channel.as_str(), f)?,
                Reference::Link(_) | Reference::Other(_) => markup::escape(&text[range.clone()], f)?,
            }
            done = range.end;
        }
        markup::escape(&text[done..], f)
    }
}

impl fmt::Debug for Text {
    /// The length alone: text is what people wrote, and logs are read by others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.as_str().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentioned() -> Text {
        let user = Reference::User(UserId::new("U2"));
        Text::new("give <@U2> *all*", vec![Entity { at: 5..10, reference: user }])
    }

    #[test]
    fn slices_keep_their_references() {
        let text = mentioned();
        let who = text.slice(5..10);
        assert_eq!(who.as_str(), "<@U2>");
        assert_eq!(who.reference(), Some(&Reference::User(UserId::new("U2"))));
        assert_eq!(text.slice(11..16).reference(), None);
        assert_eq!(text.slice(0..10).slice(5..10), who);
    }

    #[test]
    fn nobody_can_type_what_stands_for_a_reference() {
        let typed = Text::new(
            "\u{fdd0}@U1\u{fdd1} <@U2>",
            vec![Entity { at: 10..15, reference: Reference::User("U2".into()) }],
        );
        assert_eq!(typed.as_str(), "\u{fffd}@U1\u{fffd} <@U2>");
        assert_eq!(typed.mentions().count(), 1);
    }

    #[test]
    fn references_that_fit_nowhere_are_left_out() {
        let at = |at| Entity { at, reference: Reference::Other(String::new()) };
        let text = Text::new("été", vec![at(0..2), at(1..3), at(3..4), at(0..99)]);
        assert_eq!(text.entities().count(), 1);
        assert_eq!(text.to_string(), "été");
    }

    #[test]
    fn a_slice_outside_is_empty() {
        assert!(mentioned().slice(3..99).is_empty());
        assert!(Text::plain("é").slice(1..2).is_empty());
    }

    #[test]
    fn displays_what_was_typed_as_typed() {
        let shown = mentioned().to_string();
        assert!(shown.ends_with(r" \*all\*"), "{shown:?}");
        assert!(!shown.contains('<'), "only the renderer writes a mention: {shown:?}");
    }
}
