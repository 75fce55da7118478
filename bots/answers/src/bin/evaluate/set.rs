//! One set of documents, questions and judgements.

use answers::{Chain, Kind, Language, Locator, Passage};
use serde::Deserialize;
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::fs::read_to_string;
use std::path::Path;

#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    #[serde(rename = "_id")]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) path: String,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Query {
    #[serde(rename = "_id")]
    pub(crate) id: String,
    pub(crate) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Code,
    Prose(Language),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code => "code",
            Self::Prose(Language::English) => "English",
            Self::Prose(Language::French) => "French",
        })
    }
}

#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) documents: Vec<Document>,
    pub(crate) queries: Vec<Query>,
    /// Grade of each relevant document, by question.
    pub(crate) relevant: HashMap<String, HashMap<String, f64>>,
    pub(crate) subject: Subject,
    /// Whether the questions are the titles of their answers, which must not be indexed then.
    pub(crate) titles_asked: bool,
    /// Whether titles are breadcrumbs: they say where a document stands and are no headings of its own.
    titles_are_trails: bool,
}

impl Set {
    pub(crate) fn read(place: &Path) -> Result<Self, Box<dyn Error>> {
        let documents: Vec<Document> = lines(&place.join("corpus.jsonl"))?;
        let mut queries: Vec<Query> = lines(&place.join("queries.jsonl"))?;
        let relevant = judgements(&read_to_string(place.join("qrels.tsv"))?);
        queries.retain(|query| relevant.contains_key(&query.id));
        let titles: HashMap<&str, &str> =
            documents.iter().map(|document| (document.id.as_str(), document.title.as_str())).collect();
        let asked = queries.iter().filter(|query| {
            relevant[&query.id].keys().any(|id| titles.get(id.as_str()).is_some_and(|title| *title == query.text))
        });
        Ok(Self {
            name: place.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            titles_asked: asked.count() * 2 > queries.len(),
            titles_are_trails: documents.iter().any(|document| document.title.contains(" > ")),
            subject: subject(&documents),
            documents,
            queries,
            relevant,
        })
    }

    /// The documents as the library takes them.
    pub(crate) fn passages(&self) -> impl Iterator<Item = Passage> + '_ {
        self.documents.iter().map(|document| self.passage(document))
    }

    fn passage(&self, document: &Document) -> Passage {
        // The id takes the place of the root: it tells documents apart and is not searched.
        let locator = Locator::Lines { root: document.id.clone(), path: document.path.clone(), first: 1, last: 1 };
        let language = match self.subject {
            Subject::Code => Language::English,
            Subject::Prose(language) => language,
        };
        let mut passage = Passage::section(locator, language, "", &document.text);
        if self.subject == Subject::Code {
            passage.chain = Chain::Code;
            passage.kind = Kind::Function;
            passage.symbol = Some(document.title.clone());
            passage.title.clone_from(&document.title);
        } else if self.titles_are_trails {
            passage.trail = document.title.split(" > ").map(str::to_owned).collect();
        } else if !self.titles_asked {
            passage.title.clone_from(&document.title);
        }
        passage
    }
}

fn lines<T: for<'de> Deserialize<'de>>(place: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    let text = read_to_string(place).map_err(|error| format!("{}: {error}", place.display()))?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn judgements(text: &str) -> HashMap<String, HashMap<String, f64>> {
    let mut relevant: HashMap<String, HashMap<String, f64>> = HashMap::new();
    for line in text.lines() {
        let columns: Vec<_> = line.split('\t').collect();
        let [query, document, grade] = columns[..] else {
            continue;
        };
        // The heading has no number in its last column.
        let Ok(grade) = grade.trim().parse::<f64>() else {
            continue;
        };
        if grade > 0.0 {
            relevant.entry(query.into()).or_default().insert(document.into(), grade);
        }
    }
    relevant
}

/// Code when most documents are named by one identifier; else the language of most.
fn subject(documents: &[Document]) -> Subject {
    let sample: Vec<_> = documents.iter().take(500).collect();
    let most = |count: usize| count * 2 > sample.len();
    let is_name = |title: &str| !title.is_empty() && !title.contains(char::is_whitespace);
    let is_code = |document: &Document| {
        let marks = document.text.chars().filter(|c| "(){}[]=;:_\"'".contains(*c)).count();
        marks * 20 > document.text.len()
    };
    if most(sample.iter().filter(|document| is_name(&document.title) && is_code(document)).count()) {
        return Subject::Code;
    }
    let french = sample.iter().filter(|document| Language::of(&document.text) == Some(Language::French)).count();
    Subject::Prose(if most(french) { Language::French } else { Language::English })
}
