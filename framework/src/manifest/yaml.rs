//! A document of JSON, written as YAML.
//!
//! Texts are quoted as in JSON, which YAML takes, so that nothing in them is read as something else.

use serde_json::Value;

pub(super) fn write(document: &Value) -> String {
    let mut yaml = String::new();
    block(document, 0, &mut yaml);
    yaml
}

fn block(value: &Value, depth: usize, yaml: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                yaml.push_str(&indent);
                yaml.push_str(name);
                yaml.push(':');
                nested(value, depth, yaml);
            }
        }
        Value::Array(values) => {
            for value in values {
                yaml.push_str(&indent);
                yaml.push('-');
                item(value, depth, yaml);
            }
        }
        plain => yaml.push_str(&format!("{indent}{plain}\n")),
    }
}

fn nested(value: &Value, depth: usize, yaml: &mut String) {
    if is_block(value) {
        yaml.push('\n');
        block(value, depth + 1, yaml);
    } else {
        yaml.push_str(&format!(" {value}\n"));
    }
}

/// The first field of an object stands behind the dash.
fn item(value: &Value, depth: usize, yaml: &mut String) {
    if !is_block(value) {
        return yaml.push_str(&format!(" {value}\n"));
    }
    let mut inner = String::new();
    block(value, depth + 1, &mut inner);
    yaml.push(' ');
    yaml.push_str(inner.trim_start());
}

/// Whether it takes lines of its own; what is empty stands as in JSON.
fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(values) => !values.is_empty(),
        _ => false,
    }
}
