//! People: `users.info`, `users.list`.

use serde_json::{Value, json};

use super::{Answer, Args, fields, page::page};
use crate::workspace::state::State;

pub(super) fn info(state: &mut State, args: &Args) -> Answer {
    let user = state.user(args.required("user")?).ok_or("user_not_found")?;
    fields(json!({ "user": user.json(&state.identity, args.flag("include_locale")) }))
}

pub(super) fn list(state: &mut State, args: &Args) -> Answer {
    let page = page(state.users.iter().collect(), |user| user.id.to_string(), 1000, args)?;
    let locale = args.flag("include_locale");
    let members: Vec<Value> = page.items.iter().map(|user| user.json(&state.identity, locale)).collect();
    fields(json!({
        "members": members,
        "cache_ts": state.now().seconds(),
        "response_metadata": page.metadata(),
    }))
}
