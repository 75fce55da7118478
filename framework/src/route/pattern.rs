//! Patterns of words: `deploy {service} to {env?}`.

use std::{cmp::Ordering, fmt, ops::Range, sync::Arc};

use super::{
    fold::{fold, without_trailing},
    reading::Reading,
};

/// Words and placeholders, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    elements: Vec<Element>,
}

/// One element of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// A word, folded.
    Word(Box<str>),
    /// `{name}`: exactly one word.
    One(Arc<str>),
    /// `{name?}`: one word or none. Only optional elements follow it.
    Optional(Arc<str>),
    /// `{name..}`: everything that is left, which may be nothing. The last element.
    Rest(Arc<str>),
}

/// What stands at each placeholder that something stands at: bytes of the text that was read.
pub(crate) type Bindings = Vec<(Arc<str>, Range<usize>)>;

impl Pattern {
    /// Reads a pattern as an author writes it.
    pub(crate) fn parse(source: &str) -> Result<Self, PatternError> {
        let words: Vec<&str> = source.split_whitespace().collect();
        let mut elements: Vec<Element> = Vec::with_capacity(words.len());
        let mut said = Vec::with_capacity(words.len());
        for (index, word) in words.iter().enumerate() {
            let element = element(word, index + 1 == words.len())?;
            if matches!(elements.last(), Some(Element::Rest(_))) {
                return Err(PatternError(format!("nothing can follow `{{…..}}`, yet `{word}` does")));
            }
            let optional = matches!(element, Element::Optional(_) | Element::Rest(_));
            if matches!(elements.last(), Some(Element::Optional(_))) && !optional {
                return Err(PatternError(format!("`{word}` follows an optional placeholder: optional ones come last")));
            }
            if element.name().is_some_and(|name| elements.iter().any(|other| other.name() == Some(name))) {
                return Err(PatternError(format!("`{word}` stands there twice")));
            }
            said.push(element.name().map_or_else(|| unescaped(word), str::to_owned));
            elements.push(element);
        }
        let pattern = Self { elements };
        // Whoever writes a pattern in which quotation marks hold words together would wait for ever.
        if !pattern.takes(&said.join(" ")) {
            return Err(PatternError(format!(
                "nobody can say `{source}`: quotation marks are taken off what people type before it is compared, so \
                 leave them out"
            )));
        }
        Ok(pattern)
    }

    pub(crate) fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// A sentence that the pattern takes.
    pub(crate) fn sample(&self) -> String {
        let words = self.elements.iter().map(|element| match element {
            Element::Word(word) => word.to_string(),
            Element::One(name) | Element::Optional(name) | Element::Rest(name) => name.to_string(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// What the text binds, if the pattern takes it.
    pub(crate) fn matches(&self, reading: &mut Reading<'_>) -> Result<Bindings, Mismatch> {
        let mut bindings = Vec::new();
        for (index, element) in self.elements.iter().enumerate() {
            match element {
                Element::Rest(name) => {
                    if let Some(word) = reading.word(index) {
                        bindings.push((name.clone(), word.outer.start..reading.text().len()));
                    }
                    return Ok(bindings);
                }
                Element::Optional(name) => match reading.word(index) {
                    Some(word) => bindings.push((name.clone(), word.inner.clone())),
                    None => return Ok(bindings),
                },
                Element::One(name) => match reading.word(index) {
                    Some(word) => bindings.push((name.clone(), word.inner.clone())),
                    None => return Err(Mismatch::Missing { element: element.to_string() }),
                },
                Element::Word(wanted) => match reading.compared(index) {
                    Some(said) if said == &**wanted => {}
                    Some(said) => {
                        return Err(Mismatch::Other {
                            position: index + 1,
                            wanted: wanted.to_string(),
                            said: said.to_owned(),
                        });
                    }
                    None => return Err(Mismatch::Missing { element: wanted.to_string() }),
                },
            }
        }
        let Some(further) = reading.word(self.elements.len()).map(|word| word.outer.clone()) else {
            return Ok(bindings);
        };
        Err(Mismatch::Further { said: reading.text()[further].chars().take(40).collect() })
    }

    /// Whether it takes a text.
    pub(crate) fn takes(&self, text: &str) -> bool {
        self.matches(&mut Reading::new(text)).is_ok()
    }

    /// Whether its first element is a word, and not a placeholder.
    pub(crate) fn begins_with_a_word(&self) -> bool {
        matches!(self.elements.first(), Some(Element::Word(_)))
    }

    /// What a text lacks to be taken, when it began as the pattern does and ended too early.
    pub(crate) fn lacking(&self, text: &str) -> Option<String> {
        let begins = matches!(self.elements.first(), Some(Element::Word(_)));
        match self.matches(&mut Reading::new(text)) {
            Err(Mismatch::Missing { element }) if begins && !text.trim().is_empty() => Some(element),
            _ => None,
        }
    }

    /// Whether this pattern takes every sentence that `other` takes.
    pub(crate) fn subsumes(&self, other: &Self) -> bool {
        subsumes(&self.elements, &other.elements)
    }
}

/// Why a pattern does not take a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// The text ends before this element.
    Missing { element: String },
    /// Another word stands where a word is wanted.
    Other { position: usize, wanted: String, said: String },
    /// The text goes on behind the pattern.
    Further { said: String },
}

impl Mismatch {
    /// Whether the text began as the pattern does.
    pub(crate) fn is_near(&self) -> bool {
        !matches!(self, Self::Other { position: 1, .. })
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { element } => write!(f, "`{element}` is missing"),
            Self::Other { position, wanted, said } => write!(f, "word {position} should be `{wanted}`, not `{said}`"),
            Self::Further { said } => write!(f, "nothing may follow, yet `{said}` does"),
        }
    }
}

/// A pattern that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PatternError(pub(crate) String);

impl Element {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Word(_) => None,
            Self::One(name) | Self::Optional(name) | Self::Rest(name) => Some(name),
        }
    }

    /// Where it stands in the order of dispatch: a word goes first, everything that is left goes last.
    fn rank(&self) -> u8 {
        match self {
            Self::Word(_) => 0,
            Self::One(_) => 1,
            Self::Optional(_) => 2,
            Self::Rest(_) => 3,
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::One(name) => write!(f, "{{{name}}}"),
            Self::Optional(name) => write!(f, "{{{name}?}}"),
            Self::Rest(name) => write!(f, "{{{name}..}}"),
        }
    }
}

/// The order of dispatch among patterns: element by element, then the longer.
impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        let ranks = |pattern: &Self| pattern.elements.iter().map(Element::rank).chain([4]).collect::<Vec<_>>();
        ranks(self).cmp(&ranks(other))
    }
}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn element(word: &str, last: bool) -> Result<Element, PatternError> {
    if !word.contains(['{', '}']) {
        return Ok(literal(word, last));
    }
    if word.replace("{{", "").replace("}}", "").contains(['{', '}']) || word == "{}" {
        return placeholder(word);
    }
    Ok(literal(&unescaped(word), last))
}

fn unescaped(word: &str) -> String {
    word.replace("{{", "{").replace("}}", "}")
}

fn literal(word: &str, last: bool) -> Element {
    let folded = fold(word);
    Element::Word(if last { without_trailing(&folded).into() } else { folded.into() })
}

fn placeholder(word: &str) -> Result<Element, PatternError> {
    let malformed =
        || PatternError(format!("`{word}` is not a placeholder: write `{{name}}`, `{{name?}}` or `{{name..}}`"));
    let inner = word.strip_prefix('{').and_then(|word| word.strip_suffix('}')).ok_or_else(malformed)?;
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_alphabetic() || first == '_')
            && name.chars().all(|character| character.is_alphanumeric() || character == '_')
    };
    let (name, build): (&str, fn(Arc<str>) -> Element) = if let Some(name) = inner.strip_suffix("..") {
        (name, Element::Rest)
    } else if let Some(name) = inner.strip_suffix('?') {
        (name, Element::Optional)
    } else {
        (inner, Element::One)
    };
    if is_name(name) { Ok(build(Arc::from(name))) } else { Err(malformed()) }
}

fn subsumes(general: &[Element], special: &[Element]) -> bool {
    use Element::{One, Optional, Rest, Word};
    match (general.first(), special.first()) {
        (Some(Rest(_)), _) => true,
        (None, None) => true,
        (None, Some(_)) | (Some(_), Some(Rest(_))) => false,
        (Some(Optional(_)), None) => true,
        (Some(_), None) => false,
        // The special one takes one word or none: the general one must take both.
        (Some(_), Some(Optional(name))) => {
            let with_one: Vec<Element> =
                std::iter::once(One(name.clone())).chain(special[1..].iter().cloned()).collect();
            subsumes(general, &[]) && subsumes(general, &with_one)
        }
        (Some(Word(wanted)), Some(Word(word))) => wanted == word && subsumes(&general[1..], &special[1..]),
        (Some(Word(_)), Some(One(_))) => false,
        (Some(One(_) | Optional(_)), Some(Word(_) | One(_))) => subsumes(&general[1..], &special[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(source: &str) -> Pattern {
        Pattern::parse(source).unwrap()
    }

    fn bound(source: &str, text: &str) -> Option<Vec<String>> {
        let bindings = pattern(source).matches(&mut Reading::new(text)).ok()?;
        Some(bindings.into_iter().map(|(name, range)| format!("{name}={}", &text[range])).collect())
    }

    #[test]
    fn binds_slices_of_the_original() {
        assert_eq!(bound("deploy {service} to {env}", "Deploy  API to Prod").unwrap(), ["service=API", "env=Prod"]);
        assert_eq!(bound("echo {text..}", "echo  a \"b\"  c ").unwrap(), ["text=a \"b\"  c "]);
        assert_eq!(bound("echo {text..}", "echo").unwrap(), Vec::<String>::new());
        assert_eq!(bound("say {a} {b?}", "say \"x y\"").unwrap(), ["a=x y"]);
        assert_eq!(bound("où est {name}", "OU EST l’école"), Some(vec!["name=l’école".to_owned()]));
        assert_eq!(bound("help", "Help!!"), Some(vec![]));
    }

    #[test]
    fn says_why_it_does_not_match() {
        let why = |source: &str, text: &str| pattern(source).matches(&mut Reading::new(text)).unwrap_err().to_string();
        assert_eq!(why("deploy {service} to {env}", "deploy api"), "`to` is missing");
        assert_eq!(why("deploy {service}", "deploy"), "`{service}` is missing");
        assert_eq!(why("deploy {service} to {env}", "deploy api in prod"), "word 3 should be `to`, not `in`");
        assert_eq!(why("help", "help me"), "nothing may follow, yet `me` does");
    }

    #[test]
    fn refuses_what_cannot_be_read() {
        for source in ["{a..} b", "{a?} b", "{a} {a}", "a{b}", "{}", "{1x}", "{a"] {
            assert!(Pattern::parse(source).is_err(), "{source}");
        }
        for source in ["say \"a b\"", "say \"a\" {x}", "«oui»"] {
            assert!(Pattern::parse(source).is_err_and(|error| error.0.contains("quotation marks")), "{source}");
        }
        assert!(Pattern::parse("5\" nail").is_ok());
        assert_eq!(pattern("{{x}}").elements(), [Element::Word("{x}".into())]);
    }

    #[test]
    fn knows_what_takes_more() {
        assert!(pattern("a {x}").subsumes(&pattern("a b")));
        assert!(pattern("{r..}").subsumes(&pattern("a {x?}")));
        assert!(pattern("a {x?}").subsumes(&pattern("a")));
        assert!(pattern("a {x?} {y?}").subsumes(&pattern("a {x?}")));
        assert!(!pattern("a {x}").subsumes(&pattern("a {x?}")));
        assert!(!pattern("a b").subsumes(&pattern("a {x}")));
        assert!(!pattern("a {x?}").subsumes(&pattern("a {r..}")));
    }

    #[test]
    fn orders_word_before_placeholder_and_longer_before_shorter() {
        let mut patterns = ["a", "{x}", "a {x?}", "a {r..}", "a b", "a {x}"].map(pattern);
        patterns.sort();
        let order =
            patterns.map(|pattern| pattern.elements.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        assert_eq!(order, ["a b", "a {x}", "a {x?}", "a {r..}", "a", "{x}"]);
    }
}
