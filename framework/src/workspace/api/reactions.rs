//! Reactions: `reactions.add`, `reactions.remove`, `reactions.get`.

use serde_json::json;

use super::{Answer, Args, Refusal, chat, conversations::readable, fields};
use crate::{
    ChannelId, MessageId,
    workspace::{message::Message, state::State},
};

pub(super) fn add(state: &mut State, args: &Args) -> Answer {
    let (channel, id) = item(state, args)?;
    let name = name(args)?;
    if !chat::is_writable(state, &channel)? {
        return Err("is_archived".into());
    }
    let bot = state.identity.user.clone();
    if !state.react(&channel, &id, &bot, name) {
        return Err("already_reacted".into());
    }
    fields(json!({}))
}

pub(super) fn remove(state: &mut State, args: &Args) -> Answer {
    let (channel, id) = item(state, args)?;
    let name = name(args)?;
    let bot = state.identity.user.clone();
    if !state.unreact(&channel, &id, &bot, name) {
        return Err("no_reaction".into());
    }
    fields(json!({}))
}

pub(super) fn get(state: &mut State, args: &Args) -> Answer {
    let (channel, id) = item(state, args)?;
    let message = state.message(&channel, &id).map(|message: &Message| message.json(&state.identity));
    fields(json!({ "type": "message", "channel": channel, "message": message }))
}

fn name(args: &Args) -> Result<&str, Refusal> {
    let name = args.required("name")?;
    let plain = |c: char| c.is_alphanumeric() || "_-+':".contains(c);
    if name.starts_with(':') || !name.chars().all(plain) {
        return Err("invalid_name".into());
    }
    Ok(name)
}

fn item(state: &State, args: &Args) -> Result<(ChannelId, MessageId), Refusal> {
    let (Some(channel), Some(ts)) = (args.text("channel"), args.text("timestamp")) else {
        return Err("no_item_specified".into());
    };
    let conversation = readable(state, channel)?;
    let seen = conversation.message(ts).filter(|message| message.ephemeral_to.is_none() && !message.deleted);
    let message = seen.ok_or("message_not_found")?;
    Ok((message.channel.clone(), message.id.clone()))
}
