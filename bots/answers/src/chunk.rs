//! Cuts a document into passages: definitions with their comments, sections, blocks of lines.

mod comments;
mod cutter;
mod javascript;
mod lines;
mod markdown;
mod python;
mod rust;
mod signature;
mod source;
mod syntax;
mod table;
mod tests_of;

use crate::passage::Passage;
use source::Source;
use syntax::Syntax;
pub(crate) use tests_of::is_test_path;

/// A passage longer than this is split.
const LONGEST_LINES: usize = 60;
/// A passage of more bytes than this is split, or cut when it is one line.
const LONGEST_BYTES: usize = 5000;

/// The passages of the file `path` of `root`, in the order of their lines.
///
/// Takes any text, broken code too. Every line that is not blank belongs to a passage; the lines
/// of a passage lie in the file.
pub fn chunk(root: &str, path: &str, text: &str) -> Vec<Passage> {
    let source = Source::new(root, path, text);
    let mut passages = match extension(path) {
        "md" | "mdx" | "markdown" => markdown::sections(&source, markdown::Style::Markdown),
        "rst" => markdown::sections(&source, markdown::Style::ReStructured),
        extension => match Syntax::of_extension(extension) {
            Some(syntax) => cutter::definitions(&source, syntax),
            None => lines::blocks(&source, 0..source.line_count(), &[]),
        },
    };
    if is_test_path(path) {
        passages.iter_mut().for_each(|passage| passage.test = true);
    }
    passages.sort_by_key(|passage| (passage.locator.line(), !passage.kind.defines()));
    passages
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests;
