//! The declaration of a definition, without its body.

use super::syntax::Definition;

/// Lines of the longest declaration that is kept.
const LONGEST: usize = 30;

/// The lines of a declaration, indented as one piece.
pub(super) fn signature(definition: &Definition<'_>, text: &str) -> String {
    let node = definition.outer;
    let from = node.start_byte();
    let to = definition.body.map_or(node.end_byte(), |body| body.start_byte());
    let whole = text.get(from..to).unwrap_or("");
    // A value may be long; the declaration is its first line then.
    let lines: Vec<_> = whole.lines().collect();
    let kept = if definition.body.is_none() && lines.len() > 6 { &lines[..1] } else { &lines[..] };
    let column = node.start_position().column;
    let mut out = String::new();
    for (at, line) in kept.iter().take(LONGEST).enumerate() {
        let margin = line.len() - line.trim_start().len();
        out.push_str(if at == 0 { line } else { &line[margin.min(column)..] });
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out.trim_end().trim_end_matches(['{', ':', '=']).trim_end().to_owned()
}
