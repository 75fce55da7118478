//! Tables and lists of terms as sentences that stand alone: each says what it is about.

use scraper::ElementRef;

use super::walk::text_of;

/// The rows of a table, each as `Durée : 12 mois`, or as `BTS — Durée : 24 mois ; Prix : 2 500 €` under a row of heads.
pub(super) fn rows(table: ElementRef<'_>) -> Vec<String> {
    let rows: Vec<Vec<Cell>> = rows_of(table).map(cells).filter(|row| !row.is_empty()).collect();
    let headed = rows.first().is_some_and(|first| first.len() > 1 && first.iter().all(|cell| cell.is_head));
    let heads = rows.first().filter(|_| headed);
    rows.iter().skip(usize::from(headed)).map(|row| sentence(row, heads)).filter(|row| !row.is_empty()).collect()
}

struct Cell {
    text: String,
    is_head: bool,
}

/// The rows of this table, and not of those inside it.
fn rows_of(table: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    let elements = table.descendants().filter_map(ElementRef::wrap);
    // The way up is long from what is nested deep, and only taken from a row.
    elements.filter(|element| element.value().name() == "tr").filter(move |row| {
        let own = row.ancestors().filter_map(ElementRef::wrap).find(|above| above.value().name() == "table");
        own.is_some_and(|own| own.id() == table.id())
    })
}

fn cells(row: ElementRef<'_>) -> Vec<Cell> {
    row.child_elements()
        .filter(|cell| matches!(cell.value().name(), "td" | "th"))
        .map(|cell| Cell { text: text_of(cell), is_head: cell.value().name() == "th" })
        .collect()
}

fn sentence(row: &[Cell], heads: Option<&Vec<Cell>>) -> String {
    let said = |cell: &&Cell| cell.text.chars().any(char::is_alphanumeric);
    let Some(heads) = heads else {
        return match row {
            [name, value] if said(&name) && said(&value) => pair(&name.text, &value.text),
            _ => row.iter().filter(said).map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(", "),
        };
    };
    let values = row.iter().zip(heads).skip(1).filter(|(cell, _)| said(cell));
    let values: Vec<String> = values.map(|(cell, head)| pair(&head.text, &cell.text)).collect();
    match row.first().filter(said) {
        Some(name) if values.is_empty() => name.text.clone(),
        Some(name) => format!("{} — {}", name.text, values.join("\u{a0}; ")),
        None => values.join("\u{a0}; "),
    }
}

fn pair(name: &str, value: &str) -> String {
    let name = name.trim_end_matches([':', ' ', '\u{a0}', '\u{202f}']);
    if name.is_empty() { value.to_owned() } else { format!("{name}\u{a0}: {value}") }
}

/// A list of terms, each with what is said of it.
pub(super) fn terms(list: ElementRef<'_>) -> Vec<String> {
    let mut facts = Vec::new();
    let mut term = String::new();
    for element in list.descendants().filter_map(ElementRef::wrap) {
        match element.value().name() {
            "dt" => term = text_of(element),
            "dd" => facts.push(pair(&term, &text_of(element))),
            _ => {}
        }
    }
    facts
}
