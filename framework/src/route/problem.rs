//! What is wrong with a set of handlers, found before the bot runs.

use std::fmt;

use super::rule::{Matcher, Rule};

/// Something wrong with the handlers of an app: what, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// There is no handler at all.
    NoHandlers,
    /// Two handlers of equal rank claim the same words.
    Ambiguous {
        /// The first, with its place in the source.
        first: String,
        /// The second, with its place in the source.
        second: String,
        /// A sentence that both would take; `None` when any would do.
        sentence: Option<String>,
    },
    /// Two handlers where one alone can be: for one reaction, `on_unhandled`, `on_failure`.
    OneTooMany {
        /// The first, with its place in the source.
        first: String,
        /// The second, with its place in the source.
        second: String,
    },
    /// Two regular expressions of one scope have the same priority.
    RegexesNeedPriorities {
        /// The first, with its place in the source.
        first: String,
        /// The second, with its place in the source.
        second: String,
    },
    /// A handler that no event can reach.
    Unreachable {
        /// The handler, with its place in the source.
        handler: String,
        /// The one that takes everything before it.
        by: String,
        /// What to do about it.
        cure: &'static str,
    },
    /// A handler asks for a value that the app does not provide.
    MissingState {
        /// The handler, with its place in the source.
        handler: String,
        /// The type of the value.
        ty: &'static str,
    },
    /// The app provides two values of one type, of which handlers could get one alone.
    StateTwice {
        /// The type of the values.
        ty: &'static str,
    },
    /// A pattern or an expression that cannot be read.
    Unreadable {
        /// The handler, with its place in the source.
        handler: String,
        /// What is wrong.
        why: String,
    },
}

impl Problem {
    pub(crate) fn same_rank(first: &Rule, second: &Rule) -> Self {
        let (first_place, second_place) = (first.place(), second.place());
        match (&first.matcher, &second.matcher) {
            (Matcher::Regex(_), Matcher::Regex(_)) => {
                Self::RegexesNeedPriorities { first: first_place, second: second_place }
            }
            (Matcher::Words(pattern), _) => {
                Self::Ambiguous { first: first_place, second: second_place, sentence: Some(pattern.sample()) }
            }
            _ => Self::Ambiguous { first: first_place, second: second_place, sentence: None },
        }
    }

    pub(crate) fn unreachable(rule: &Rule, by: &Rule) -> Self {
        // A priority counts within a scope alone.
        let cure = if rule.scope == by.scope {
            "Remove one of them, or give the first a higher `priority = …`"
        } else {
            "Direct messages go to `on_dm` first: remove one of them, or write the first as `on_dm` too"
        };
        Self::Unreachable { handler: rule.place(), by: by.place(), cure }
    }

    pub(crate) fn too_many_regexes(error: &regex::Error) -> Self {
        Self::Unreadable { handler: "the regular expressions together".to_owned(), why: error.to_string() }
    }
}

impl Rule {
    /// The rule for a message: `deploy, on_mention("deploy {service}") at src/main.rs:12`.
    pub(crate) fn place(&self) -> String {
        format!("`{}`, {} at {}", self.name, self.source, self.origin)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHandlers => f.write_str(
                "the bot has no handler. Annotate a function, for instance with `#[on_mention(\"hello\")]`; if your \
                 handlers live in a library crate, the linker drops them unless the bot names it: write \
                 `use that_crate as _;`, or list them with `App::empty().handlers(handlers![…])`",
            ),
            Self::Ambiguous { first, second, sentence } => {
                write!(f, "two handlers claim the same words:\n    {first}\n    {second}\n  ")?;
                match sentence {
                    Some(sentence) => write!(f, "Both would take “{sentence}”. ")?,
                    None => f.write_str("Both would take anything. ")?,
                }
                f.write_str("Change one of the patterns, or give one a higher `priority = …`")
            }
            Self::OneTooMany { first, second } => {
                write!(f, "two handlers where one alone can be:\n    {first}\n    {second}\n  Remove one of them")
            }
            Self::RegexesNeedPriorities { first, second } => write!(
                f,
                "two regular expressions of one scope have the same rank:\n    {first}\n    {second}\n  \
                 Nobody can tell whether they overlap: give them different `priority = …`"
            ),
            Self::Unreachable { handler, by, cure } => write!(
                f,
                "no event can reach\n    {handler}\n  because everything it would take goes to\n    {by}\n  {cure}"
            ),
            Self::MissingState { handler, ty } => write!(
                f,
                "{handler} takes `State<{ty}>`, which the app does not provide. Add `.state(value)` or \
                 `.state_with(…)` with a value of this type"
            ),
            Self::StateTwice { ty } => write!(
                f,
                "the app provides two values for `State<{ty}>`. Remove one of them, or give one a type of its own, as \
                 `struct Second({ty})`"
            ),
            Self::Unreadable { handler, why } => write!(f, "{handler}: {why}"),
        }
    }
}

/// Everything that is wrong with an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    /// Each problem.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "{count} problem{} in the handlers:", if count == 1 { "" } else { "s" })?;
        self.0.iter().try_for_each(|problem| write!(f, "\n- {problem}."))
    }
}

impl std::error::Error for Problems {}
