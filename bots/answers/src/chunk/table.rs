//! The rows of tables in documents, each of which is looked for by itself.

use super::source::Source;
use crate::find::is_setting;
use crate::passage::Name;
use std::ops::Range;

/// A row of a table.
pub(super) struct Row {
    /// Where it stands, counted from 0.
    pub(super) row: usize,
    /// What its cells say.
    pub(super) cells: Vec<String>,
    /// The settings that it tells of.
    pub(super) settings: Vec<Name>,
}

/// The rows below the heads of the tables in `rows`, but for those in fences.
pub(super) fn table_rows(source: &Source<'_>, rows: Range<usize>) -> Vec<Row> {
    let mut found = Vec::new();
    let (mut fenced, mut in_table) = (false, false);
    for row in rows {
        let line = source.line(row).trim();
        fenced ^= line.starts_with("```") || line.starts_with("~~~");
        if fenced || !line.starts_with('|') {
            in_table = false;
        } else if is_rule(line) {
            in_table = true;
        } else if in_table {
            let cells: Vec<String> = cells(line).into_iter().filter(|cell| !cell.is_empty()).collect();
            let settings = settings(line).map(|name| Name { name: name.into(), line: row + 1 }).collect();
            found.push(Row { row, cells, settings });
        }
    }
    found.retain(|row| row.cells.iter().any(|cell| cell.chars().any(char::is_alphanumeric)));
    found
}

/// The line below the head of a table.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| "|-: ".contains(c))
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut escaped = false;
    for c in line.trim_matches('|').chars() {
        quoted ^= c == '`';
        match (c, cells.last_mut()) {
            ('|', _) if !quoted && !escaped => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
        escaped = c == '\\';
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// The names in code font that are written as settings are.
fn settings(line: &str) -> impl Iterator<Item = &str> {
    line.split('`')
        .skip(1)
        .step_by(2)
        .map(|code| code.split('=').next().unwrap_or(code))
        .filter(|name| is_setting(name))
}
