//! The words of a pattern: `deploy {service} to {env?}`.

use syn::Ident;

/// A place in a pattern that takes what a person types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder {
    pub(crate) name: String,
    pub(crate) takes: Takes,
}

/// How much a placeholder takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// `{name}`: exactly one word, or a group of a regular expression that is always there.
    One,
    /// `{name?}`: one word or none, or a group that may be absent.
    Maybe,
    /// `{name..}`: everything that is left, which may be nothing.
    Rest,
}

impl Placeholder {
    /// As it stands in a pattern.
    pub(crate) fn written(&self) -> String {
        let mark = match self.takes {
            Takes::One => "",
            Takes::Maybe => "?",
            Takes::Rest => "..",
        };
        format!("{{{}{mark}}}", self.name)
    }
}

/// A pattern that was read.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) placeholders: Vec<Placeholder>,
    /// The pattern without its names: two patterns of one shape take the same sentences.
    pub(crate) shape: String,
    /// What is wrong with it.
    pub(crate) problems: Vec<String>,
}

/// Reads a pattern.
pub(crate) fn read(pattern: &str) -> Words {
    let mut words = Words::default();
    for word in pattern.split_whitespace() {
        match read_word(word) {
            Ok(None) => words.literal(word),
            Ok(Some(placeholder)) => words.placeholder(placeholder),
            Err(problem) => words.problems.push(problem),
        }
    }
    if pattern.trim().is_empty() {
        words.problems.push("this pattern is empty: write the words that a person types".to_owned());
    }
    words
}

impl Words {
    fn literal(&mut self, word: &str) {
        if let Some(tail) = self.placeholders.last().filter(|last| last.takes != Takes::One) {
            let problem = format!("`{}` may only stand at the end, and `{word}` comes after it", tail.written());
            self.problems.push(problem);
        }
        self.shape.push(' ');
        self.shape.push_str(&word.to_lowercase());
    }

    fn placeholder(&mut self, placeholder: Placeholder) {
        let written = placeholder.written();
        if self.placeholders.iter().any(|other| other.name == placeholder.name) {
            self.problems.push(format!("`{}` stands twice in this pattern: give each its own name", placeholder.name));
        }
        if let Some(tail) = self.placeholders.last() {
            let after = tail.written();
            match (tail.takes, placeholder.takes) {
                (Takes::Rest, _) => {
                    self.problems.push(format!("`{after}` takes everything that is left, and nothing may follow it"));
                }
                (Takes::Maybe, Takes::One) => {
                    self.problems.push(format!("`{after}` may only stand at the end, and `{written}` comes after it"));
                }
                _ => {}
            }
        }
        self.shape.push_str(match placeholder.takes {
            Takes::One => " {}",
            Takes::Maybe => " {?}",
            Takes::Rest => " {..}",
        });
        self.placeholders.push(placeholder);
    }
}

/// Reads one word: `None` for one that stands for itself.
fn read_word(word: &str) -> Result<Option<Placeholder>, String> {
    let unescaped = word.replace("{{", "").replace("}}", "");
    let inner = word.strip_prefix('{').filter(|rest| !rest.starts_with('{')).and_then(|rest| rest.strip_suffix('}'));
    if let Some(inner) = inner.filter(|inner| !inner.contains(['{', '}'])) {
        return placeholder(inner).map(Some);
    }
    match (unescaped.contains('{'), unescaped.contains('}')) {
        (false, false) => Ok(None),
        (true, true) => Err(format!("in `{word}` the placeholder is not a word of its own: put blanks around it")),
        _ => Err(format!(
            "in `{word}` a brace stands alone: a placeholder is `{{name}}` without blanks, and a brace itself is \
             written twice"
        )),
    }
}

fn placeholder(inner: &str) -> Result<Placeholder, String> {
    let (name, takes) = match (inner.strip_suffix(".."), inner.strip_suffix('?')) {
        (Some(name), _) => (name, Takes::Rest),
        (_, Some(name)) => (name, Takes::Maybe),
        _ => (inner, Takes::One),
    };
    match name_problem(name) {
        Some(problem) => Err(problem),
        None => Ok(Placeholder { name: name.to_owned(), takes }),
    }
}

/// Why a placeholder cannot have this name, which a parameter must have too.
pub(crate) fn name_problem(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("`{}` has no name: write `{name}`, and take a parameter of that name".to_owned());
    }
    let problem = || format!("`{name}` cannot name a placeholder, as no parameter can have that name");
    (name == "_" || syn::parse_str::<Ident>(name).is_err()).then(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pattern: &str) -> Vec<String> {
        let words = read(pattern);
        assert_eq!(words.problems, Vec::<String>::new(), "{pattern}");
        words.placeholders.iter().map(Placeholder::written).collect()
    }

    #[test]
    fn reads_placeholders() {
        assert_eq!(written("deploy {service} to {env?}"), ["{service}", "{env?}"]);
        assert_eq!(written("say {first?} {second?} {rest..}"), ["{first?}", "{second?}", "{rest..}"]);
        assert_eq!(written("set {{braces}} or a{{b"), Vec::<String>::new());
    }

    #[test]
    fn names_count_for_nothing_in_a_shape() {
        assert_eq!(read("Deploy {a}").shape, read("deploy  {b}").shape);
        assert_ne!(read("deploy {a}").shape, read("deploy {a?}").shape);
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        for pattern in [
            "",
            " ",
            "a{x}",
            "{x}b",
            "{x",
            "x}",
            "{ x }",
            "{}",
            "{..}",
            "{self}",
            "{type}",
            "{1}",
            "{_}",
            "{x}}",
            "{{x}",
            "{x} {x}",
            "{x?} y",
            "{x?} {y}",
            "{x..} y",
            "{x..} {y..}",
            "{x..} {y?}",
        ] {
            assert_eq!(read(pattern).problems.len(), read(pattern).problems.len().max(1), "{pattern}");
        }
    }
}
