//! Whether the definition of a name comes first, however the name is typed.

use super::measure::{ids, number};
use super::set::{Set, Subject};
use answers::{Error, Library};
use std::collections::HashMap;

/// So many names are asked for.
const NAMES: usize = 600;

pub(crate) struct Identifiers {
    pub(crate) exact: f64,
    pub(crate) words: f64,
    pub(crate) camel: f64,
    pub(crate) sentence: f64,
    pub(crate) count: usize,
}

/// Precision at one over snake_case names that one document alone defines; nothing without any.
pub(crate) fn measure(set: &Set, library: &Library) -> Result<Option<Identifiers>, Error> {
    if set.subject != Subject::Code {
        return Ok(None);
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for document in &set.documents {
        *counts.entry(document.title.as_str()).or_default() += 1;
    }
    let unique: Vec<_> = set
        .documents
        .iter()
        .filter(|document| is_snake(&document.title) && counts[document.title.as_str()] == 1)
        .collect();
    // Evenly spread over the corpus, so that the choice depends on nothing else.
    let names: Vec<_> = unique.iter().step_by((unique.len() / NAMES).max(1)).take(NAMES).collect();
    if names.is_empty() {
        return Ok(None);
    }
    let mut sums = [0_usize; 4];
    for document in &names {
        let name = &document.title;
        let typed = [name.clone(), name.replace('_', " "), camel(name), format!("where is {name} defined")];
        for (sum, text) in sums.iter_mut().zip(typed) {
            *sum += usize::from(ids(library, text.trim())?.first() == Some(&document.id));
        }
    }
    let [exact, words, camel, sentence] = sums.map(|sum| number(sum) / number(names.len()));
    Ok(Some(Identifiers { exact, words, camel, sentence, count: names.len() }))
}

fn is_snake(name: &str) -> bool {
    name.trim_matches('_').contains('_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut upper = false;
    for c in name.trim_matches('_').chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}
