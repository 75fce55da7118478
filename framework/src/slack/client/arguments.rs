//! Arguments of a call, written the way a method takes them.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::slack::methods::Method;

/// The arguments of a call by name.
pub(super) type Arguments = Map<String, Value>;

/// A body, and what it is written in.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) body: Bytes,
    pub(super) encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Json,
    Form,
}

impl Encoding {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

/// Takes anything that serialises to an object, or to nothing. Arguments that are null are left out.
///
/// Refuses what is neither, with the reason.
pub(super) fn arguments(given: impl Serialize) -> Result<Arguments, String> {
    match serde_json::to_value(given) {
        Ok(Value::Object(mut arguments)) => {
            arguments.retain(|_, value| !value.is_null());
            Ok(arguments)
        }
        Ok(Value::Null) => Ok(Arguments::new()),
        Ok(_) => Err("the arguments are not an object".to_owned()),
        Err(error) => Err(format!("the arguments cannot be written as JSON: {error}")),
    }
}

/// Writes JSON where the method is known to take it, otherwise a form, which every method takes.
pub(super) fn encode(method: Option<&Method>, arguments: &Arguments) -> Encoded {
    if method.is_some_and(|method| method.json) {
        let body = Value::from_iter(arguments.iter().map(|(name, value)| (name.as_str(), value.clone())));
        return Encoded { body: Bytes::from(body.to_string()), encoding: Encoding::Json };
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in arguments {
        form.append_pair(name, &form_value(value));
    }
    Encoded { body: Bytes::from(form.finish()), encoding: Encoding::Form }
}

/// Text stands for itself, identifiers in a list are joined by commas, everything else is JSON.
fn form_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => joined(list).unwrap_or_else(|| value.to_string()),
        _ => value.to_string(),
    }
}

/// `None` for a list that cannot be told apart again once it is joined.
fn joined(list: &[Value]) -> Option<String> {
    let texts: Option<Vec<_>> = list.iter().map(Value::as_str).collect();
    let texts = texts.filter(|texts| !texts.is_empty() && !texts.iter().any(|text| text.contains(',')))?;
    Some(texts.join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::slack::methods;

    fn body(method: &str, given: Value) -> String {
        let encoded = encode(methods::find(method), &arguments(given).unwrap());
        String::from_utf8(encoded.body.to_vec()).unwrap()
    }

    #[test]
    fn a_method_that_takes_json_gets_json_without_nulls() {
        let given = json!({"channel": "C1", "text": "a=b&c", "thread_ts": null, "blocks": []});
        let sent: Value = serde_json::from_str(&body("chat.postMessage", given)).unwrap();
        assert_eq!(sent, json!({"channel": "C1", "text": "a=b&c", "blocks": []}));
        assert_eq!(body("auth.test", json!(null)), "{}");
    }

    #[test]
    fn any_other_method_gets_a_form() {
        let given = json!({"user": "U 1&é", "include_locale": true, "n": 3, "left": null});
        assert_eq!(body("users.info", given.clone()), "include_locale=true&n=3&user=U+1%26%C3%A9");
        assert_eq!(body("no.such.method", given), "include_locale=true&n=3&user=U+1%26%C3%A9");
        assert_eq!(
            body("conversations.members", json!({"channel": "C1", "cursor": "dGVhbQ=="})),
            "channel=C1&cursor=dGVhbQ%3D%3D"
        );
    }

    #[test]
    fn lists_of_names_are_joined_and_what_cannot_be_is_json() {
        assert_eq!(body("dnd.teamInfo", json!({"users": ["U1", "U2"]})), "users=U1%2CU2");
        assert_eq!(form_value(&json!(["a,b", "c"])), r#"["a,b","c"]"#);
        assert_eq!(form_value(&json!([{"id": "F1"}])), r#"[{"id":"F1"}]"#);
        assert_eq!(form_value(&json!({"a": [1]})), r#"{"a":[1]}"#);
        assert_eq!(form_value(&json!([])), "[]");
    }

    #[test]
    fn what_is_not_an_object_is_refused() {
        assert!(arguments(json!(["C1"])).unwrap_err().contains("not an object"));
        assert!(arguments(()).unwrap().is_empty());
    }
}
