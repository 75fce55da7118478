//! Documents by heading.

use super::source::Source;
use super::table::table_rows;
use crate::analyse::Chain;
use crate::passage::{Kind, Passage};
use std::ops::Range;

/// How headings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `## Heading`, or a line underlined with `=` or `-`.
    Markdown,
    /// A line underlined with any one mark; the marks rank as they first appear.
    ReStructured,
}

struct Heading {
    row: usize,
    /// The row after the heading, underline included.
    body: usize,
    level: usize,
    title: String,
}

/// One passage per section, with the headings above it as its trail; long sections are split.
pub(super) fn sections(source: &Source<'_>, style: Style) -> Vec<Passage> {
    let rows = front_matter(source)..source.line_count();
    let written = (style, source.prose_chain());
    let headings = headings(rows.clone(), style, &|row| source.line(row));
    let mut passages = Vec::new();
    let mut open: Vec<(usize, String)> = Vec::new();
    let before = rows.start..headings.first().map_or(rows.end, |heading| heading.row);
    section(source, before, source.file_name(), &[], written, &mut passages);
    for (at, heading) in headings.iter().enumerate() {
        let end = headings.get(at + 1).map_or(rows.end, |next| next.row);
        open.retain(|(level, _)| *level < heading.level);
        let trail: Vec<_> = open.iter().map(|(_, title)| title.clone()).collect();
        open.push((heading.level, heading.title.clone()));
        if source.trim(heading.body..end).is_some() {
            section(source, heading.row..end, &heading.title, &trail, written, &mut passages);
        }
    }
    passages
}

fn section(
    source: &Source<'_>,
    rows: Range<usize>,
    title: &str,
    trail: &[String],
    (style, chain): (Style, Chain),
    into: &mut Vec<Passage>,
) {
    for piece in source.split(rows.clone()) {
        let mut passage = source.passage(Kind::Section, &piece, chain);
        passage.title = title.into();
        passage.trail = trail.to_vec();
        into.push(passage);
    }
    if style != Style::Markdown {
        return;
    }
    for row in table_rows(source, rows) {
        let mut passage = source.passage(Kind::Section, &(row.row..row.row + 1), chain);
        passage.title = plain(row.cells.first().map_or(title, String::as_str));
        passage.trail = trail.iter().map(String::as_str).chain([title]).map(str::to_owned).collect();
        passage.documentation = row.cells.join(" — ");
        passage.also = row.settings;
        into.push(passage);
    }
}

/// The row after a YAML head, which is not text.
fn front_matter(source: &Source<'_>) -> usize {
    if source.line(0).trim_end() != "---" {
        return 0;
    }
    (1..source.line_count().min(60)).find(|&row| source.line(row).trim_end() == "---").map_or(0, |row| row + 1)
}

fn headings<'a>(rows: Range<usize>, style: Style, line: &dyn Fn(usize) -> &'a str) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut fence: Option<&str> = None;
    let mut marks: Vec<char> = Vec::new();
    let mut row = rows.start;
    while row < rows.end {
        let text = line(row).trim_end();
        let start = text.trim_start();
        row += 1;
        if style == Style::Markdown
            && let Some(mark) = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark))
        {
            fence = match fence {
                Some(open) if open == mark => None,
                None => Some(mark),
                open => open,
            };
            continue;
        }
        if fence.is_some() {
            continue;
        }
        if style == Style::Markdown
            && let Some((level, title)) = hashes(text)
        {
            headings.push(Heading { row: row - 1, body: row, level, title });
            continue;
        }
        let next = if row < rows.end { line(row).trim_end() } else { "" };
        let Some(mark) = underline(text, next, style) else {
            continue;
        };
        let level = marks.iter().position(|&known| known == mark).unwrap_or_else(|| {
            marks.push(mark);
            marks.len() - 1
        });
        let level = if style == Style::Markdown { usize::from(mark == '-') + 1 } else { level + 1 };
        headings.push(Heading { row: row - 1, body: row + 1, level, title: plain(text) });
        row += 1;
    }
    headings
}

fn hashes(line: &str) -> Option<(usize, String)> {
    let level = line.bytes().take_while(|&byte| byte == b'#').count();
    let title = line.get(level..)?;
    let heading = (1..=6).contains(&level) && title.starts_with([' ', '\t']);
    heading.then(|| (level, plain(title.trim_end_matches('#')))).filter(|(_, title)| !title.is_empty())
}

fn underline(title: &str, next: &str, style: Style) -> Option<char> {
    let mark = next.chars().next()?;
    let marks = if style == Style::Markdown { "=-" } else { "=-~^\"'*+#.:`" };
    let is_line = marks.contains(mark) && next.chars().all(|c| c == mark) && next.len() >= 3;
    let is_title = title.chars().any(char::is_alphanumeric) && !title.starts_with([' ', '|', '>', '-', '*', '\t']);
    (is_line && is_title && (style == Style::Markdown || next.chars().count() + 1 >= title.chars().count()))
        .then_some(mark)
}

/// A heading without its marks: `` `foo` `` and **foo** are foo.
fn plain(title: &str) -> String {
    let title = match (title.find("]("), title.find('[')) {
        (Some(end), Some(start)) if start < end => {
            format!("{}{}", &title[..start], &title[start + 1..end])
        }
        _ => title.to_owned(),
    };
    title.replace(['`', '*'], "").trim().to_owned()
}

/// The sections of a comment at the head of a file. `cleaned` is the comment without its marks,
/// a line for each of `rows`.
pub(super) fn comment_sections(source: &Source<'_>, rows: &Range<usize>, cleaned: &[String]) -> Vec<Passage> {
    let line = |row: usize| cleaned.get(row - rows.start).map_or("", String::as_str);
    let headings = headings(rows.clone(), Style::Markdown, &line);
    let mut starts = vec![(rows.start, None)];
    starts.extend(headings.into_iter().map(|heading| (heading.row, Some(heading.title))));
    let mut passages = Vec::new();
    for (at, (start, title)) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(rows.end, |next| next.0);
        for piece in source.split(*start..end) {
            let text = cleaned[piece.start - rows.start..piece.end - rows.start].join("\n").trim().to_owned();
            if !text.chars().any(char::is_alphanumeric) {
                continue;
            }
            let mut passage = source.passage(Kind::Section, &piece, Chain::Code);
            passage.text = text;
            if let Some(title) = title {
                passage.title.clone_from(title);
            }
            passages.push(passage);
        }
    }
    passages
}
