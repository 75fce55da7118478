//! The named groups of a regular expression, which are placeholders too.

use regex_syntax::hir::{Hir, HirKind};

use crate::pattern::{Placeholder, Takes, name_problem};

/// The named groups of an expression, or why it is none.
pub(crate) fn read(expression: &str) -> Result<Vec<Placeholder>, String> {
    let hir = regex_syntax::parse(expression).map_err(|error| format!("this regular expression {}", reason(&error)))?;
    let mut groups = Vec::new();
    collect(&hir, Takes::One, &mut groups);
    match groups.iter().find_map(|group| name_problem(&group.name)) {
        Some(problem) => Err(problem),
        None => Ok(groups),
    }
}

fn collect(hir: &Hir, takes: Takes, groups: &mut Vec<Placeholder>) {
    match hir.kind() {
        HirKind::Capture(capture) => {
            if let Some(name) = &capture.name {
                groups.push(Placeholder { name: name.to_string(), takes });
            }
            collect(&capture.sub, takes, groups);
        }
        HirKind::Repetition(repetition) if repetition.min == 0 => collect(&repetition.sub, Takes::Maybe, groups),
        HirKind::Repetition(repetition) => collect(&repetition.sub, takes, groups),
        HirKind::Concat(parts) => parts.iter().for_each(|part| collect(part, takes, groups)),
        HirKind::Alternation(branches) => branches.iter().for_each(|branch| collect(branch, Takes::Maybe, groups)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}

/// The library's own words, without the picture it draws.
fn reason(error: &regex_syntax::Error) -> String {
    let (reason, at) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start.column),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span().start.column),
        _ => return format!("is not one: {error}"),
    };
    format!("is not one: {reason}, at character {at}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(expression: &str) -> Vec<String> {
        read(expression).unwrap().iter().map(Placeholder::written).collect()
    }

    #[test]
    fn named_groups_are_placeholders() {
        assert_eq!(groups(r"^build (?<number>\d+)( on (?<branch>\S+))?$"), ["{number}", "{branch?}"]);
        assert_eq!(groups("(?<a>x)|(?P<b>y)"), ["{a?}", "{b?}"]);
        assert_eq!(groups("(?<outer>a(?<inner>b)+)"), ["{outer}", "{inner}"]);
    }

    #[test]
    fn says_why_an_expression_is_none() {
        assert_eq!(read("a(b").unwrap_err(), "this regular expression is not one: unclosed group, at character 2");
        assert!(read("(?<a.b>x)").unwrap_err().contains("`a.b` cannot name a placeholder"));
    }
}
