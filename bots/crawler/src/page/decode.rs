//! Bytes as text, in whatever encoding the page is.

use encoding_rs::{Encoding, UTF_8};

use crate::web::Response;

/// So far into a page its encoding may be told.
const HEAD: usize = 2048;

/// The text of a page: in the encoding that the answer names, else the page itself, else UTF-8.
pub(super) fn decode(response: &Response) -> String {
    let named = response.content_type.as_deref().and_then(label);
    let head = String::from_utf8_lossy(&response.body[..response.body.len().min(HEAD)]);
    let encoding = named.or_else(|| label(&head)).unwrap_or(UTF_8);
    encoding.decode(&response.body).0.into_owned()
}

fn label(text: &str) -> Option<&'static Encoding> {
    let at = text.to_ascii_lowercase().find("charset=")? + "charset=".len();
    let name = text.get(at..)?.trim_start_matches(['"', '\'', ' ']);
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).unwrap_or(name.len());
    Encoding::for_label(&name.as_bytes()[..end])
}
