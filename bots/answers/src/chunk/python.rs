//! Definitions of Python.

use super::syntax::{Definition, Scope, Step, name_of, text_of};
use crate::passage::Kind;
use tree_sitter::Node;

pub(super) fn step<'t>(node: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    match node.kind() {
        "function_definition" | "class_definition" => define(node, node, text, scope),
        "decorated_definition" => match node.child_by_field_name("definition") {
            Some(inner) => define(inner, node, text, scope),
            None => Step::Pass,
        },
        "expression_statement" => assignment(node, text, scope),
        // What is defined on a condition is defined all the same.
        "if_statement" | "else_clause" | "elif_clause" | "try_statement" | "except_clause" | "finally_clause"
        | "with_statement" | "block" => Step::Enter { inside: node, name: None },
        _ => Step::Pass,
    }
}

fn define<'t>(node: Node<'t>, outer: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    let Some(name) = node.child_by_field_name("name") else {
        return Step::Pass;
    };
    let kind = match (node.kind(), &scope.owner) {
        ("class_definition", _) => Kind::Type,
        (_, Some(_)) => Kind::Method,
        _ => Kind::Function,
    };
    let mut definition = Definition::new(kind, outer, name, text);
    definition.body = node.child_by_field_name("body");
    if kind == Kind::Type {
        definition.members = definition.body;
    }
    Step::Define(vec![definition])
}

/// `LIMIT = 10`. A long or commented value gets its own passage.
fn assignment<'t>(node: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    let target = node
        .named_child(0)
        .filter(|inner| inner.kind() == "assignment")
        .and_then(|inner| inner.child_by_field_name("left"));
    let Some(name) = target.filter(|left| left.kind() == "identifier") else {
        return Step::Pass;
    };
    let one_line = node.start_position().row == node.end_position().row;
    if one_line || scope.owner.is_some() {
        return Step::Mention(vec![name_of(name, text)]);
    }
    Step::Define(vec![Definition::new(Kind::Constant, node, name, text)])
}

/// Whether a statement is a string alone: a docstring when it comes first.
pub(super) fn is_string(node: Node<'_>) -> bool {
    node.kind() == "expression_statement" && node.named_child(0).is_some_and(|inner| inner.kind() == "string")
}

/// What the docstring of a body says.
pub(super) fn docstring(body: Node<'_>, text: &str) -> Option<String> {
    let first = body.named_child(0).filter(|node| is_string(*node))?;
    let said = text_of(first, text).trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_matches(['"', '\'']);
    Some(said.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned())
}
