//! Channels and what was said in them: `conversations.*`, `users.conversations`.

use serde_json::{Value, json};

use super::{Answer, Args, Refusal, fields, missing_scope, page::page};
use crate::{
    UserId,
    workspace::{
        conversation::{Conversation, Kind},
        message::Message,
        state::State,
    },
};

pub(super) fn history(state: &mut State, args: &Args) -> Answer {
    let conversation = entered(state, args, "history")?;
    let shown = |message: &&Message| {
        message.ephemeral_to.is_none()
            && (message.thread.is_none() || message.broadcast)
            && within(args, message.id.as_str())
            && !(args.lagging && conversation.is_last_of_bot(message))
    };
    let newest_first: Vec<&Message> = conversation.messages.iter().rev().filter(shown).collect();
    let page = page(newest_first, |message| message.id.to_string(), 100, args)?;
    let metadata = args.flag("include_all_metadata");
    let messages = page.items.iter().map(|message| conversation.message_json(message, &state.identity, metadata));
    fields(json!({
        "messages": messages.collect::<Vec<Value>>(),
        "has_more": !page.next.is_empty(),
        "pin_count": 0,
        "response_metadata": page.metadata(),
    }))
}

pub(super) fn replies(state: &mut State, args: &Args) -> Answer {
    let conversation = entered(state, args, "history")?;
    let head = conversation.message(args.required("ts")?).filter(|message| message.ephemeral_to.is_none());
    let head = head.ok_or("thread_not_found")?;
    let shown =
        |reply: &&Message| within(args, reply.id.as_str()) && !(args.lagging && conversation.is_last_of_bot(reply));
    let replies = conversation.replies(head.id.as_str()).filter(shown);
    let page = page(replies.collect(), |message| message.id.to_string(), 999, args)?;
    let metadata = args.flag("include_all_metadata");
    let messages = std::iter::once(&head).chain(&page.items);
    let messages = messages.map(|message| conversation.message_json(message, &state.identity, metadata));
    fields(json!({
        "messages": messages.collect::<Vec<Value>>(),
        "has_more": !page.next.is_empty(),
        "response_metadata": page.metadata(),
    }))
}

pub(super) fn info(state: &mut State, args: &Args) -> Answer {
    let conversation = permitted(state, args.required("channel")?, "read")?;
    fields(json!({ "channel": conversation.json(&state.identity) }))
}

pub(super) fn members(state: &mut State, args: &Args) -> Answer {
    let conversation = permitted(state, args.required("channel")?, "read")?;
    let page = page(conversation.members.clone(), UserId::to_string, 100, args)?;
    fields(json!({ "response_metadata": page.metadata(), "members": page.items }))
}

pub(super) fn list(state: &mut State, args: &Args) -> Answer {
    listed(state, args, |_| true)
}

pub(super) fn of_user(state: &mut State, args: &Args) -> Answer {
    let user = args.text("user").unwrap_or(state.identity.user.as_str());
    let user = state.user(user).ok_or("user_not_found")?.id.clone();
    listed(state, args, |conversation| conversation.has_member(&user))
}

pub(super) fn open(state: &mut State, args: &Args) -> Answer {
    if let Some(channel) = args.text("channel") {
        let conversation = readable(state, channel)?;
        if !matches!(conversation.kind, Kind::Direct(_)) {
            return Err("method_not_supported_for_channel_type".into());
        }
        let channel = opened(conversation, state, args);
        return fields(json!({ "no_op": true, "already_open": true, "channel": channel }));
    }
    let users = args.text("users").ok_or("users_list_not_supplied")?;
    if users.contains(',') {
        return Err(Refusal::explained("not_enough_users", "group messages are not served by this workspace"));
    }
    let user = state.user(users).filter(|user| !user.is_bot).ok_or("user_not_found")?.id.clone();
    if !state.identity.has_scope("im:write") {
        return Err(missing_scope(state, "im:write"));
    }
    let before = state.conversations.len();
    let id = state.direct(&user);
    let channel = opened(readable(state, id.as_str())?, state, args);
    if state.conversations.len() > before {
        return fields(json!({ "channel": channel }));
    }
    fields(json!({ "no_op": true, "already_open": true, "channel": channel }))
}

fn opened(conversation: &Conversation, state: &State, args: &Args) -> Value {
    if args.flag("return_im") { conversation.json(&state.identity) } else { json!({ "id": conversation.id }) }
}

pub(super) fn join(state: &mut State, args: &Args) -> Answer {
    let conversation = readable(state, args.required("channel")?)?;
    if conversation.kind != Kind::Public {
        return Err("method_not_supported_for_channel_type".into());
    }
    if conversation.archived {
        return Err("is_archived".into());
    }
    let (id, bot) = (conversation.id.clone(), state.identity.user.clone());
    let already = conversation.has_member(&bot);
    if let Some(conversation) = state.conversation_mut(id.as_str()) {
        conversation.join(&bot);
    }
    let mut answer = json!({ "channel": readable(state, id.as_str())?.json(&state.identity) });
    if already {
        answer["warning"] = json!("already_in_channel");
        answer["response_metadata"] = json!({ "warnings": ["already_in_channel"] });
    }
    fields(answer)
}

/// A conversation the bot can know of: any but the private ones it is not in.
pub(super) fn readable<'a>(state: &'a State, id: &str) -> Result<&'a Conversation, Refusal> {
    let found = state.conversation(id).filter(|conversation| is_visible(state, conversation));
    found.ok_or_else(|| "channel_not_found".into())
}

fn is_visible(state: &State, conversation: &Conversation) -> bool {
    conversation.kind == Kind::Public || conversation.has_member(&state.identity.user)
}

/// A conversation the bot knows of and whose kind its scopes cover.
fn permitted<'a>(state: &'a State, id: &str, suffix: &str) -> Result<&'a Conversation, Refusal> {
    let conversation = readable(state, id)?;
    let scope = format!("{}:{suffix}", conversation.kind.scope());
    if state.identity.has_scope(&scope) { Ok(conversation) } else { Err(missing_scope(state, &scope)) }
}

/// A conversation the bot is in and whose kind its scopes cover.
fn entered<'a>(state: &'a State, args: &Args, suffix: &str) -> Result<&'a Conversation, Refusal> {
    let conversation = permitted(state, args.required("channel")?, suffix)?;
    if conversation.has_member(&state.identity.user) { Ok(conversation) } else { Err("not_in_channel".into()) }
}

/// Whether a time stamp lies after `oldest` and before `latest`; on the border only when `inclusive`.
fn within(args: &Args, ts: &str) -> bool {
    let inclusive = args.flag("inclusive");
    let border = |name: &str| args.text(name).filter(|border| *border != "0" && *border != "now").map(time);
    let ts = time(ts);
    border("oldest").is_none_or(|oldest| ts > oldest || (inclusive && ts == oldest))
        && border("latest").is_none_or(|latest| ts < latest || (inclusive && ts == latest))
}

/// Seconds and microseconds, comparable.
fn time(ts: &str) -> (u64, u64) {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    (seconds.parse().unwrap_or(0), format!("{micros:0<6}").parse().unwrap_or(0))
}

fn listed(state: &State, args: &Args, wanted: impl Fn(&Conversation) -> bool) -> Answer {
    let types: Vec<&str> = args.text("types").unwrap_or("public_channel").split(',').map(str::trim).collect();
    for kind in &types {
        let scope = match *kind {
            "public_channel" => "channels:read",
            "private_channel" => "groups:read",
            "im" => "im:read",
            "mpim" => "mpim:read",
            _ => return Err("invalid_types".into()),
        };
        if !state.identity.has_scope(scope) {
            return Err(missing_scope(state, scope));
        }
    }
    let fits = |conversation: &&Conversation| {
        types.contains(&conversation.kind.listed_as())
            && is_visible(state, conversation)
            && !(conversation.archived && args.flag("exclude_archived"))
            && wanted(conversation)
    };
    let found: Vec<&Conversation> = state.conversations.iter().filter(fits).collect();
    let page = page(found, |conversation| conversation.id.to_string(), 100, args)?;
    let channels: Vec<Value> = page.items.iter().map(|conversation| conversation.json(&state.identity)).collect();
    fields(json!({ "channels": channels, "response_metadata": page.metadata() }))
}
