//! Definitions of JavaScript and TypeScript.

use super::syntax::{Definition, Scope, Step, name_of, text_of};
use crate::passage::{Kind, Name};
use tree_sitter::Node;

pub(super) fn step<'t>(node: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    within(node, node, text, scope)
}

/// What `node` defines; `outer` holds it with its `export`.
fn within<'t>(node: Node<'t>, outer: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    match node.kind() {
        "export_statement" | "ambient_declaration" => exported(node, outer, text, scope),
        "function_declaration" | "generator_function_declaration" | "function_signature" => {
            define(node, outer, Kind::Function, text)
        }
        "class_declaration" | "abstract_class_declaration" | "interface_declaration" | "class" => {
            define(node, outer, Kind::Type, text)
        }
        "enum_declaration" => enumeration(node, outer, text),
        "type_alias_declaration" => define(node, outer, Kind::Alias, text),
        "method_definition" | "abstract_method_signature" | "method_signature" => {
            define(node, outer, Kind::Method, text)
        }
        "public_field_definition" | "field_definition" => field(node, outer, text),
        "lexical_declaration" | "variable_declaration" => variables(node, outer, text),
        "internal_module" | "module" => module(node, text),
        "expression_statement" => expression(node, outer, text, scope),
        _ => Step::Pass,
    }
}

fn exported<'t>(node: Node<'t>, outer: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    let inner = node.child_by_field_name("declaration").or_else(|| node.child_by_field_name("value"));
    match inner.or_else(|| node.named_child(0)) {
        Some(inner) => within(inner, outer, text, scope),
        None => Step::Pass,
    }
}

fn define<'t>(node: Node<'t>, outer: Node<'t>, kind: Kind, text: &str) -> Step<'t> {
    let Some(name) = node.child_by_field_name("name") else {
        return Step::Pass;
    };
    let mut definition = Definition::new(kind, outer, name, text);
    definition.body = node.child_by_field_name("body");
    if kind == Kind::Type && node.kind() != "interface_declaration" {
        definition.members = definition.body;
    }
    Step::Define(vec![definition])
}

fn enumeration<'t>(node: Node<'t>, outer: Node<'t>, text: &str) -> Step<'t> {
    let Step::Define(mut definitions) = define(node, outer, Kind::Type, text) else {
        return Step::Pass;
    };
    for definition in &mut definitions {
        definition.members = None;
        let Some(body) = definition.body else {
            continue;
        };
        let mut cursor = body.walk();
        definition.also = body
            .named_children(&mut cursor)
            .filter_map(|member| match member.kind() {
                "property_identifier" => Some(name_of(member, text)),
                _ => member.child_by_field_name("name").map(|name| name_of(name, text)),
            })
            .collect();
    }
    Step::Define(definitions)
}

fn is_function(node: Node<'_>) -> bool {
    matches!(node.kind(), "arrow_function" | "function_expression" | "function" | "generator_function")
}

fn field<'t>(node: Node<'t>, outer: Node<'t>, text: &str) -> Step<'t> {
    let name = node.child_by_field_name("name").or_else(|| node.child_by_field_name("property"));
    let Some(name) = name else { return Step::Pass };
    match node.child_by_field_name("value") {
        Some(value) if is_function(value) => valued(Kind::Method, outer, name, value, text),
        _ => Step::Mention(vec![name_of(name, text)]),
    }
}

fn valued<'t>(kind: Kind, outer: Node<'t>, name: Node<'t>, value: Node<'t>, text: &str) -> Step<'t> {
    let mut definition = Definition::new(kind, outer, name, text);
    definition.body = value.child_by_field_name("body");
    if kind == Kind::Type {
        definition.members = definition.body;
    }
    Step::Define(vec![definition])
}

fn variables<'t>(node: Node<'t>, outer: Node<'t>, text: &str) -> Step<'t> {
    let mut cursor = node.walk();
    let declared: Vec<_> =
        node.named_children(&mut cursor).filter(|child| child.kind() == "variable_declarator").collect();
    let names = || -> Vec<Name> {
        let names = declared.iter().filter_map(|one| one.child_by_field_name("name"));
        names.filter(|name| name.kind() == "identifier").map(|name| name_of(name, text)).collect()
    };
    let [one] = declared[..] else {
        return Step::Mention(names());
    };
    let (Some(name), Some(value)) = (one.child_by_field_name("name"), one.child_by_field_name("value")) else {
        return Step::Mention(names());
    };
    if name.kind() != "identifier" {
        return Step::Pass;
    }
    let one_line = node.start_position().row == node.end_position().row;
    match value.kind() {
        _ if is_function(value) => valued(Kind::Function, outer, name, value, text),
        "class" => valued(Kind::Type, outer, name, value, text),
        "call_expression" if text_of(value, text).starts_with("require(") => Step::Pass,
        _ if one_line => Step::Mention(names()),
        _ => {
            let mut definition = Definition::new(Kind::Constant, outer, name, text);
            definition.also = methods_of(value, text);
            Step::Define(vec![definition])
        }
    }
}

/// The functions of an object literal.
fn methods_of(value: Node<'_>, text: &str) -> Vec<Name> {
    if value.kind() != "object" {
        return Vec::new();
    }
    let mut cursor = value.walk();
    value
        .named_children(&mut cursor)
        .filter_map(|entry| match entry.kind() {
            "method_definition" => entry.child_by_field_name("name"),
            "pair" if entry.child_by_field_name("value").is_some_and(is_function) => entry.child_by_field_name("key"),
            _ => None,
        })
        .map(|name| name_of(name, text))
        .collect()
}

fn module<'t>(node: Node<'t>, text: &str) -> Step<'t> {
    match node.child_by_field_name("body") {
        Some(inside) => {
            Step::Enter { inside, name: node.child_by_field_name("name").map(|name| text_of(name, text).to_owned()) }
        }
        None => Step::Pass,
    }
}

/// `exports.send = function …`, `namespace A {}`, and what a wrapping function holds.
fn expression<'t>(node: Node<'t>, outer: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
    let Some(inner) = node.named_child(0) else {
        return Step::Pass;
    };
    match inner.kind() {
        "assignment_expression" => assigned(inner, outer, text),
        "internal_module" => within(inner, outer, text, scope),
        "call_expression" | "parenthesized_expression" | "unary_expression" => match wrapped(inner, 0) {
            Some(inside) => Step::Enter { inside, name: None },
            None => Step::Pass,
        },
        _ => Step::Pass,
    }
}

fn assigned<'t>(node: Node<'t>, outer: Node<'t>, text: &str) -> Step<'t> {
    let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
        return Step::Pass;
    };
    // A chain `exports = module.exports = f` ends in the value.
    let mut value = right;
    while value.kind() == "assignment_expression" {
        let Some(next) = value.child_by_field_name("right") else {
            break;
        };
        value = next;
    }
    let kind = match value.kind() {
        "class" => Kind::Type,
        _ if is_function(value) => Kind::Function,
        _ => return Step::Pass,
    };
    let property = left.child_by_field_name("property").unwrap_or(left);
    let name = match value.child_by_field_name("name") {
        Some(own) if text_of(property, text) == "exports" => own,
        _ => property,
    };
    let Step::Define(mut definitions) = valued(kind, outer, name, value, text) else {
        return Step::Pass;
    };
    let owner = left.child_by_field_name("object").map(|object| text_of(object, text).trim_end_matches(".prototype"));
    if let (Some(owner), Some(definition)) = (owner, definitions.first_mut())
        && !matches!(owner, "exports" | "module" | "module.exports")
    {
        definition.title = Some(format!("{owner}.{}", definition.name));
    }
    Step::Define(definitions)
}

/// The body of `(function () { … })()`.
fn wrapped(node: Node<'_>, depth: usize) -> Option<Node<'_>> {
    if is_function(node) {
        return node.child_by_field_name("body").filter(|body| body.kind() == "statement_block");
    }
    let inner = match node.kind() {
        "call_expression" => node.child_by_field_name("function"),
        "unary_expression" => node.child_by_field_name("argument"),
        "parenthesized_expression" => node.named_child(0),
        _ => None,
    };
    inner.filter(|_| depth < 5).and_then(|inner| wrapped(inner, depth + 1))
}
