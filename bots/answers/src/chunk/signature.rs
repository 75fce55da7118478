//! The declaration of a definition, without its body.

use super::syntax::Definition;

/// The lines of a declaration, indented as one piece.
pub(super) fn signature(definition: &Definition<'_>, text: &str) -> String {
    let node = definition.outer;
    let from = node.start_byte();
    let to = definition
        .body
        .map_or(node.end_byte(), |body| body.start_byte());
    let whole = text.get(from..to).unwrap_or("");
    // A value may be long; the declaration is its first line then.
    let lines: Vec<_> = whole.lines().collect();
    let kept = if definition.body.is_none() && lines.len() > 6 {
        &lines[..1]
    } else {
        &lines[..]
    };
    let indent = kept
        .iter()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min();
    let mut out = String::new();
    for (at, line) in kept.iter().take(30).enumerate() {
        let line = if at == 0 {
            line
        } else {
            line.get(indent.unwrap_or(0)..).unwrap_or("")
        };
        let inner = if at > 0 && at + 1 < kept.len() {
            "    "
        } else {
            ""
        };
        out.push_str(inner);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.trim_end()
        .trim_end_matches(['{', ':', '='])
        .trim_end()
        .to_owned()
}
