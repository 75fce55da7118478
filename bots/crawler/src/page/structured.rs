//! What a page says to programs in JSON-LD: questions and answers, courses, offers.

use scraper::Html;
use serde_json::Value;

use super::Block;
use super::walk::{all, squeeze, text_of};

const DEEPEST: usize = 8;
/// More things than a page is about.
const MOST: usize = 500;
/// More facts and headings than a page has: each is looked for in all that it says.
const MOST_BLOCKS: usize = 2000;

/// Adds what the structured data says and the text of the page does not.
pub(super) fn add(html: &Html, language: Option<&str>, title: &str, blocks: &mut Vec<Block>) {
    let labels = if language == Some("en") { &ENGLISH } else { &FRENCH };
    let mut said = said(blocks);
    let mut room = MOST_BLOCKS;
    for thing in things(html).into_iter().take(MOST) {
        let mut section: Vec<Block> = if is(&thing, &["FAQPage", "QAPage"]) {
            list(&thing, "mainEntity").iter().filter_map(|question| answered(question)).flatten().collect()
        } else if is(&thing, &["Course", "EducationalOccupationalProgram", "Product", "Service"]) {
            course(&thing, labels, title)
        } else if is(&thing, &["Offer", "AggregateOffer"]) {
            price(&thing, labels).map(Block::Fact).into_iter().collect()
        } else {
            continue;
        };
        section.truncate(room);
        room -= section.len();
        let section = unsaid(section, &said);
        said.push_str(&self::said(&section));
        blocks.extend(section);
    }
}

/// When the page was changed, in its own words.
pub(super) fn changed(html: &Html) -> Option<String> {
    things(html).iter().find_map(|thing| text(thing, "dateModified"))
}

/// The things that the page describes, those inside lists and graphs too.
fn things(html: &Html) -> Vec<Value> {
    let scripts = all(html, "script[type='application/ld+json']");
    let values = scripts.filter_map(|script| serde_json::from_str(&script.text().collect::<String>()).ok());
    let mut things = Vec::new();
    for value in values {
        unfold(value, 0, &mut things);
    }
    things
}

fn unfold(value: Value, depth: usize, into: &mut Vec<Value>) {
    match value {
        Value::Array(values) if depth < DEEPEST => {
            values.into_iter().for_each(|value| unfold(value, depth + 1, into));
        }
        Value::Object(mut object) => {
            let inner: Vec<Value> =
                ["@graph", "itemListElement", "item"].into_iter().filter_map(|name| object.remove(name)).collect();
            into.push(Value::Object(object));
            if depth < DEEPEST {
                inner.into_iter().for_each(|value| unfold(value, depth + 1, into));
            }
        }
        _ => {}
    }
}

fn is(thing: &Value, types: &[&str]) -> bool {
    list(thing, "@type").iter().filter_map(|name| name.as_str()).any(|name| types.contains(&name))
}

/// A property that may have one value, several or none.
fn list<'a>(thing: &'a Value, property: &str) -> Vec<&'a Value> {
    match thing.get(property) {
        Some(Value::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    }
}

/// A property as plain text.
fn text(thing: &Value, property: &str) -> Option<String> {
    let text = match thing.get(property)? {
        Value::String(text) => plain(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Text that may hold markup, without it.
fn plain(text: &str) -> String {
    if text.contains(['<', '&']) { text_of(Html::parse_fragment(text).root_element()) } else { squeeze(text) }
}

fn answered(question: &Value) -> Option<Vec<Block>> {
    let asked = text(question, "name")?;
    let answers = list(question, "acceptedAnswer").into_iter().chain(list(question, "suggestedAnswer"));
    let answer = answers.filter_map(|answer| text(answer, "text")).next()?;
    Some(vec![Block::Heading { level: 2, text: asked, anchor: None }, Block::Fact(answer)])
}

fn course(thing: &Value, labels: &Labels, title: &str) -> Vec<Block> {
    let name = text(thing, "name").unwrap_or_else(|| title.to_owned());
    let mut facts: Vec<String> = text(thing, "description").into_iter().collect();
    let label = |label: &str, value: Option<String>| value.map(|value| format!("{label}\u{a0}: {value}"));
    facts.extend(label(labels.credential, named(thing, "educationalCredentialAwarded")));
    facts.extend(label(labels.level, named(thing, "educationalLevel")));
    facts.extend(label(
        labels.required,
        named(thing, "coursePrerequisites").or_else(|| named(thing, "programPrerequisites")),
    ));
    facts.extend(label(labels.duration, text(thing, "timeToComplete").map(|time| labels.time(&time))));
    for course in list(thing, "hasCourseInstance") {
        facts.extend(label(labels.start, text(course, "startDate")));
        facts.extend(label(labels.duration, text(course, "courseWorkload").map(|time| labels.time(&time))));
    }
    facts.extend(list(thing, "offers").into_iter().filter_map(|offer| price(offer, labels)));
    if facts.is_empty() {
        return Vec::new();
    }
    let heading = Block::Heading { level: 2, text: name, anchor: None };
    std::iter::once(heading).chain(facts.into_iter().map(Block::Fact)).collect()
}

/// A text, or the name of a thing.
fn named(thing: &Value, property: &str) -> Option<String> {
    text(thing, property).or_else(|| text(thing.get(property)?, "name"))
}

fn price(offer: &Value, labels: &Labels) -> Option<String> {
    let currency = text(offer, "priceCurrency").map(|currency| match currency.as_str() {
        "EUR" => "€".to_owned(),
        _ => currency,
    });
    let amount = text(offer, "price").or_else(|| {
        let (low, high) = (text(offer, "lowPrice")?, text(offer, "highPrice")?);
        Some(format!("{low}–{high}"))
    })?;
    let of = text(offer, "name").or_else(|| text(offer, "category")).map_or(String::new(), |name| format!(" ({name})"));
    Some(format!("{}{of}\u{a0}: {amount}\u{a0}{}", labels.price, currency.unwrap_or_default()).trim_end().to_owned())
}

struct Labels {
    price: &'static str,
    duration: &'static str,
    credential: &'static str,
    level: &'static str,
    required: &'static str,
    start: &'static str,
    units: [(&'static str, &'static str); 5],
}

const FRENCH: Labels = Labels {
    price: "Prix",
    duration: "Durée",
    credential: "Diplôme ou titre",
    level: "Niveau",
    required: "Prérequis",
    start: "Début",
    units: [("Y", "an(s)"), ("M", "mois"), ("W", "semaine(s)"), ("D", "jour(s)"), ("H", "heure(s)")],
};
const ENGLISH: Labels = Labels {
    price: "Price",
    duration: "Duration",
    credential: "Degree or title",
    level: "Level",
    required: "Required",
    start: "Start",
    units: [("Y", "year(s)"), ("M", "month(s)"), ("W", "week(s)"), ("D", "day(s)"), ("H", "hour(s)")],
};

impl Labels {
    /// A length as `P12M`, in words; as it is when it has several parts, or is words already.
    fn time(&self, length: &str) -> String {
        let inner = length.strip_prefix("PT").or_else(|| length.strip_prefix('P')).unwrap_or_default();
        let number = inner.trim_end_matches(|c: char| !c.is_ascii_digit());
        let unit = self.units.iter().find(|(unit, _)| inner.strip_prefix(number) == Some(unit));
        match unit {
            Some((_, word)) if !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()) => {
                format!("{number} {word}")
            }
            _ => length.to_owned(),
        }
    }
}

/// All that a page says, as one text to look into.
fn said(blocks: &[Block]) -> String {
    let texts = blocks.iter().map(|block| match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Item(text) | Block::Fact(text) => text.as_str(),
    });
    letters(&texts.collect::<Vec<_>>().join(" "))
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The facts that are not said yet, under their headings.
fn unsaid(section: Vec<Block>, said: &str) -> Vec<Block> {
    let mut kept: Vec<Block> = Vec::new();
    for block in section {
        match &block {
            Block::Fact(text) if said.contains(&letters(text)) => {}
            Block::Heading { .. } => {
                kept.pop_if(|last| matches!(last, Block::Heading { .. }));
                kept.push(block);
            }
            _ => kept.push(block),
        }
    }
    kept.pop_if(|last| matches!(last, Block::Heading { .. }));
    kept
}
