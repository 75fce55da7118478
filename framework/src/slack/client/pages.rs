//! Answers that come in pages.

use std::collections::HashSet;

use serde_json::Value;

use super::{CallError, Client, Response, arguments::Arguments};
use crate::slack::methods;

/// As many as the platform recommends for one page.
const PAGE: u32 = 200;

/// The pages of one call, each fetched when it is asked for.
#[derive(Debug)]
pub struct Pages {
    client: Client,
    method: String,
    /// Of the next page; `Err` once if they cannot be sent, `None` after the last page.
    arguments: Option<Result<Arguments, CallError>>,
    seen: HashSet<String>,
}

impl Pages {
    pub(super) fn new(client: Client, method: &str, arguments: Result<Arguments, CallError>) -> Self {
        let known = methods::find(method);
        let arguments = arguments.map(|mut arguments| {
            if known.is_some_and(|known| known.paginated() && known.takes("limit")) {
                // Without it the platform may refuse, or hold us to a slower rate.
                arguments.entry("limit").or_insert_with(|| Value::from(PAGE));
            }
            arguments
        });
        Self { client, method: method.to_owned(), arguments: Some(arguments), seen: HashSet::new() }
    }

    /// The next page, or `None` after the last one. A page may be empty and yet not be the last.
    ///
    /// After an error of the call the same page may be asked for again. Refuses a list that comes back to a page it
    /// has already given.
    pub async fn next(&mut self) -> Result<Option<Response>, CallError> {
        let arguments = match self.arguments.take() {
            None => return Ok(None),
            Some(arguments) => arguments?,
        };
        let page = match self.client.call_with(&self.method, &arguments).await {
            Ok(page) => page,
            Err(error) => {
                self.arguments = Some(Ok(arguments));
                return Err(error);
            }
        };
        if let Some(cursor) = page.next_cursor() {
            if !self.seen.insert(cursor.to_owned()) {
                return Err(CallError::endless_pages(&self.method));
            }
            let mut arguments = arguments;
            arguments.insert("cursor".to_owned(), Value::from(cursor));
            self.arguments = Some(Ok(arguments));
        }
        Ok(Some(page))
    }
}
