//! Definitions of Rust.

use super::syntax::{Definition, Scope, Step, name_of, text_of};
use crate::passage::{Kind, Name};
use tree_sitter::Node;

pub(super) fn step<'t>(node: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    let function = if scope.owner.is_some() { Kind::Method } else { Kind::Function };
    match node.kind() {
        "function_item" | "function_signature_item" => define(node, function, text),
        "struct_item" | "union_item" => define(node, Kind::Type, text),
        "enum_item" => enumeration(node, text),
        "trait_item" => with_members(node, Kind::Type, text),
        "type_item" if scope.owner.is_none() => define(node, Kind::Alias, text),
        "macro_definition" => define(node, Kind::Macro, text),
        "const_item" | "static_item" => constant(node, text, scope),
        "impl_item" => implementation(node, text),
        "mod_item" => module(node, text),
        "foreign_mod_item" => {
            node.child_by_field_name("body").map_or(Step::Pass, |inside| Step::Enter { inside, name: None })
        }
        "use_declaration" => reexport(node, text),
        "macro_invocation" => invocation(node),
        "expression_statement" => match node.named_child(0) {
            Some(inner) if inner.kind() == "macro_invocation" => invocation(inner),
            _ => Step::Pass,
        },
        _ => Step::Pass,
    }
}

fn named<'t>(node: Node<'t>, kind: Kind, text: &str) -> Option<Definition<'t>> {
    let mut definition = Definition::new(kind, node, node.child_by_field_name("name")?, text);
    definition.body = node.child_by_field_name("body");
    Some(definition)
}

fn define<'t>(node: Node<'t>, kind: Kind, text: &str) -> Step<'t> {
    named(node, kind, text).map_or(Step::Pass, |definition| Step::Define(vec![definition]))
}

fn with_members<'t>(node: Node<'t>, kind: Kind, text: &str) -> Step<'t> {
    let Some(mut definition) = named(node, kind, text) else {
        return Step::Pass;
    };
    definition.members = definition.body;
    Step::Define(vec![definition])
}

fn enumeration<'t>(node: Node<'t>, text: &str) -> Step<'t> {
    let Some(mut definition) = named(node, Kind::Type, text) else {
        return Step::Pass;
    };
    if let Some(body) = definition.body {
        let mut cursor = body.walk();
        let variants = body.named_children(&mut cursor).filter(|child| child.kind() == "enum_variant");
        definition.also = variants
            .filter_map(|variant| variant.child_by_field_name("name"))
            .map(|name| name_of(name, text))
            .collect();
    }
    Step::Define(vec![definition])
}

/// A constant on one line without a comment is only a name in its surroundings.
fn constant<'t>(node: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    let Some(name) = node.child_by_field_name("name") else {
        return Step::Pass;
    };
    let one_line = node.start_position().row == node.end_position().row;
    let plain = node.prev_sibling().is_none_or(|above| above.kind() != "line_comment");
    if scope.owner.is_some() || (one_line && plain) {
        return Step::Mention(vec![name_of(name, text)]);
    }
    Step::Define(vec![Definition::new(Kind::Constant, node, name, text)])
}

fn implementation<'t>(node: Node<'t>, text: &str) -> Step<'t> {
    let Some(of) = node.child_by_field_name("type") else {
        return Step::Pass;
    };
    let base = base(of);
    let mut definition = Definition::new(Kind::Implementation, node, base, text);
    definition.body = node.child_by_field_name("body");
    definition.members = definition.body;
    definition.title = Some(match node.child_by_field_name("trait") {
        Some(implemented) => format!("impl {} for {}", squeeze(text_of(implemented, text)), definition.name),
        None => format!("impl {}", definition.name),
    });
    Step::Define(vec![definition])
}

/// `Router` of `&routing::Router<S>`.
fn base(mut of: Node<'_>) -> Node<'_> {
    loop {
        let inner = match of.kind() {
            "generic_type" | "reference_type" => of.child_by_field_name("type"),
            "scoped_type_identifier" => of.child_by_field_name("name"),
            _ => None,
        };
        match inner {
            Some(inner) => of = inner,
            None => return of,
        }
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn module<'t>(node: Node<'t>, text: &str) -> Step<'t> {
    let name = node.child_by_field_name("name");
    match node.child_by_field_name("body") {
        Some(inside) => Step::Enter { inside, name: name.map(|name| text_of(name, text).to_owned()) },
        None => Step::Pass,
    }
}

/// `pub use http_body::Body;` is where people find a name of another crate.
fn reexport<'t>(node: Node<'t>, text: &str) -> Step<'t> {
    let mut cursor = node.walk();
    let is_public = node.named_children(&mut cursor).any(|child| text_of(child, text) == "pub");
    let mut names = Vec::new();
    if let Some(argument) = node.child_by_field_name("argument").filter(|_| is_public) {
        used(argument, text, 0, &mut names);
    }
    if names.is_empty() { Step::Pass } else { Step::Mention(names) }
}

fn used(node: Node<'_>, text: &str, depth: usize, names: &mut Vec<Name>) {
    let inner = match node.kind() {
        "identifier" => return names.push(name_of(node, text)),
        "scoped_identifier" => node.child_by_field_name("name"),
        "use_as_clause" => node.child_by_field_name("alias"),
        "scoped_use_list" => node.child_by_field_name("list"),
        _ => None,
    };
    if let Some(inner) = inner.filter(|_| depth < 8) {
        return used(inner, text, depth + 1, names);
    }
    if node.kind() == "use_list" && depth < 8 {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).for_each(|child| used(child, text, depth + 1, names));
    }
}

/// `cfg_rt! { pub struct JoinHandle … }`: the grammar sees tokens, people see definitions.
fn invocation(node: Node<'_>) -> Step<'_> {
    let mut cursor = node.walk();
    let tokens = node.named_children(&mut cursor).find(|child| child.kind() == "token_tree");
    match tokens {
        Some(tokens) if tokens.child(0).is_some_and(|open| open.kind() == "{") => Step::Reparse(tokens.byte_range()),
        _ => Step::Pass,
    }
}

/// Whether `#[…]` marks a test or a module of tests.
pub(super) fn is_test_attribute(attribute: &str) -> bool {
    let tight: String = attribute.split_whitespace().collect();
    ["#[test]", "::test]", "::test(", "cfg(test)", "cfg(all(test", "cfg(any(test"]
        .iter()
        .any(|mark| tight.contains(mark))
}
