//! Blocks as a reader sees them, and the coarse checks made before they are kept.

use serde_json::Value;

/// The text of `blocks`, in markup, one line per block.
pub(super) fn text(blocks: &Value) -> String {
    lines(blocks, block)
}

/// The text of legacy attachments, in markup.
pub(super) fn attachments(attachments: &Value) -> String {
    lines(attachments, |attachment| {
        if attachment["blocks"].is_array() {
            return text(&attachment["blocks"]);
        }
        let parts = ["pretext", "title", "text"].map(|part| attachment[part].as_str().unwrap_or_default());
        let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if said.is_empty() { attachment["fallback"].as_str().unwrap_or_default().into() } else { said.join("\n") }
    })
}

fn lines(values: &Value, line: impl Fn(&Value) -> String) -> String {
    let lines = values.as_array().into_iter().flatten().map(line);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn block(block: &Value) -> String {
    match block["type"].as_str().unwrap_or_default() {
        "section" => {
            let fields = block["fields"].as_array().into_iter().flatten();
            let accessory = Some(&block["accessory"]).filter(|accessory| accessory.is_object());
            join(std::iter::once(&block["text"]).chain(fields).chain(accessory), "\n")
        }
        "header" | "markdown" => words(&block["text"]),
        "context" => join(block["elements"].as_array().into_iter().flatten(), " "),
        "actions" => join(block["elements"].as_array().into_iter().flatten(), " "),
        "rich_text" => block["elements"].as_array().into_iter().flatten().map(rich).collect::<Vec<_>>().join("\n"),
        "image" | "video" => words(&block["alt_text"]),
        "divider" => "---".into(),
        _ => words(&block["text"]),
    }
}

fn join<'a>(elements: impl Iterator<Item = &'a Value>, separator: &str) -> String {
    let parts = elements.map(element).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(separator)
}

fn element(element: &Value) -> String {
    match element["type"].as_str().unwrap_or_default() {
        "button" => format!("[{}]", words(&element["text"])),
        "image" => words(&element["alt_text"]),
        "mrkdwn" | "plain_text" => words(element),
        _ if element["placeholder"].is_object() => format!("[{}]", words(&element["placeholder"])),
        _ => String::new(),
    }
}

/// A text object's text, or plain text as it is.
fn words(text: &Value) -> String {
    text.as_str().or_else(|| text["text"].as_str()).unwrap_or_default().into()
}

fn rich(element: &Value) -> String {
    let inside = element["elements"].as_array().into_iter().flatten();
    match element["type"].as_str().unwrap_or_default() {
        "rich_text_list" => inside.map(|item| format!("• {}", rich(item))).collect::<Vec<_>>().join("\n"),
        "rich_text_section" | "rich_text_quote" | "rich_text_preformatted" => inside.map(rich).collect(),
        "text" => super::markup::escape(element["text"].as_str().unwrap_or_default()),
        "user" => format!("<@{}>", words(&element["user_id"])),
        "channel" => format!("<#{}>", words(&element["channel_id"])),
        "broadcast" => format!("<!{}>", words(&element["range"])),
        "emoji" => format!(":{}:", words(&element["name"])),
        "link" => {
            let label = Some(words(&element["text"])).filter(|label| !label.is_empty());
            format!("<{}|{}>", words(&element["url"]), label.unwrap_or_else(|| words(&element["url"])))
        }
        _ => String::new(),
    }
}

/// What is wrong with `blocks`: the error, and where.
pub(super) fn check(blocks: &Value) -> Result<(), (&'static str, String)> {
    let Some(list) = blocks.as_array() else {
        return Err(("invalid_blocks_format", "must be an array of blocks [json-pointer:/blocks]".into()));
    };
    if list.len() > 50 {
        return Err(("invalid_blocks", "no more than 50 items allowed [json-pointer:/blocks]".into()));
    }
    for (at, block) in list.iter().enumerate() {
        let wrong =
            |what: &str, path: &str| Err(("invalid_blocks", format!("{what} [json-pointer:/blocks/{at}{path}]")));
        let length = |text: &Value| words(text).chars().count();
        match block["type"].as_str() {
            None => return wrong("missing required field: type", ""),
            Some("section") if block["text"].is_null() && block["fields"].is_null() => {
                return wrong("missing required field: text or fields", "");
            }
            Some("section") if !block["text"].is_null() && !(1..=3000).contains(&length(&block["text"])) => {
                return wrong("must be between 1 and 3000 characters", "/text/text");
            }
            Some("header") if !(1..=150).contains(&length(&block["text"])) => {
                return wrong("must be between 1 and 150 characters", "/text/text");
            }
            Some("markdown") if !(1..=12_000).contains(&length(&block["text"])) => {
                return wrong("must be between 1 and 12000 characters", "/text");
            }
            Some("actions" | "context") if block["elements"].as_array().is_none_or(Vec::is_empty) => {
                return wrong("missing required field: elements", "");
            }
            Some(kind) if !KNOWN.contains(&kind) => return wrong(&format!("unsupported type: {kind}"), "/type"),
            Some(_) => {}
        }
    }
    Ok(())
}

const KNOWN: [&str; 22] = [
    "actions",
    "alert",
    "call",
    "card",
    "carousel",
    "container",
    "context",
    "context_actions",
    "data_table",
    "data_visualization",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "markdown",
    "plan",
    "rich_text",
    "section",
    "table",
    "task_card",
    "video",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_blocks_line_by_line() {
        let blocks = json!([
            { "type": "header", "text": { "type": "plain_text", "text": "Title" } },
            { "type": "section", "text": { "type": "mrkdwn", "text": "a *b*" },
              "accessory": { "type": "button", "text": { "type": "plain_text", "text": "Go" } } },
            { "type": "context", "elements": [{ "type": "mrkdwn", "text": "x" }, { "type": "mrkdwn", "text": "y" }] },
            { "type": "rich_text", "elements": [
                { "type": "rich_text_section", "elements": [
                    { "type": "text", "text": "see <" }, { "type": "user", "user_id": "U1" }] },
                { "type": "rich_text_list", "elements": [
                    { "type": "rich_text_section", "elements": [{ "type": "text", "text": "one" }] }] }] },
        ]);
        assert_eq!(text(&blocks), "Title\na *b*\n[Go]\nx y\nsee &lt;<@U1>\n• one");
    }

    #[test]
    fn names_the_place_of_a_mistake() {
        assert_eq!(check(&json!({})).unwrap_err().0, "invalid_blocks_format");
        let header = json!([{ "type": "divider" }, { "type": "header", "text": { "text": "x".repeat(151) } }]);
        let (error, place) = check(&header).unwrap_err();
        assert_eq!(error, "invalid_blocks");
        assert!(place.ends_with("[json-pointer:/blocks/1/text/text]"), "{place}");
        let unknown = check(&json!([{ "type": "marquee" }])).unwrap_err();
        assert!(unknown.1.contains("marquee"));
    }
}
