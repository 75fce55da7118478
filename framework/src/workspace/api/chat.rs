//! Messages of the bot: `chat.*`.

use serde_json::{Value, json};

use super::{Answer, Args, Refusal, conversations::readable, fields};
use crate::{
    ChannelId, MessageId,
    workspace::{
        blocks,
        conversation::Kind,
        message::{Author, Message},
        state::{Draft, State},
    },
};

pub(super) fn post_message(state: &mut State, args: &Args) -> Answer {
    let channel = destination(state, args.required("channel")?)?;
    let mut draft = content(args)?;
    if !is_writable(state, &channel)? {
        return Err("is_archived".into());
    }
    draft.thread = thread(state, &channel, args)?;
    draft.broadcast = draft.thread.is_some() && args.flag("reply_broadcast");
    let message = state.post(&channel, Author::Bot, draft);
    written(state, &message)
}

pub(super) fn post_ephemeral(state: &mut State, args: &Args) -> Answer {
    let channel = destination(state, args.required("channel")?)?;
    let reader = state.user(args.required("user")?).map(|user| user.id.clone());
    let mut draft = content(args)?;
    if !is_writable(state, &channel)? {
        return Err("is_archived".into());
    }
    let member = |user: &_| state.conversation(channel.as_str()).is_some_and(|place| place.has_member(user));
    let reader = reader.filter(member).ok_or("user_not_in_channel")?;
    draft.thread = thread(state, &channel, args)?;
    draft.ephemeral_to = Some(reader);
    let message = state.post(&channel, Author::Bot, draft);
    fields(json!({ "message_ts": message.id }))
}

pub(super) fn update(state: &mut State, args: &Args) -> Answer {
    let (channel, id) = own(state, args, "cant_update_message")?;
    let draft = content(args)?;
    let text_alone = args.text("text").is_some() || args.text("markdown_text").is_some();
    let bot = state.identity.user.clone();
    let message = state.edit(&channel, &id, &bot, |message| {
        if draft.blocks.is_some() || text_alone {
            message.blocks = draft.blocks.filter(|blocks| blocks.as_array().is_none_or(|list| !list.is_empty()));
        }
        if draft.attachments.is_some() || text_alone {
            message.attachments = draft.attachments;
        }
        message.text = draft.text;
        message.metadata = draft.metadata.or(message.metadata.take());
    });
    let message = message.ok_or("message_not_found")?;
    let mut answer = written(state, &message)?;
    answer.insert("text".into(), json!(message.text));
    Ok(answer)
}

pub(super) fn delete(state: &mut State, args: &Args) -> Answer {
    let (channel, id) = own(state, args, "cant_delete_message")?;
    state.delete(&channel, &id);
    fields(json!({ "channel": channel, "ts": id }))
}

pub(super) fn get_permalink(state: &mut State, args: &Args) -> Answer {
    let (channel, ts) = (args.required("channel")?, args.required("message_ts")?);
    let message = seen(state, channel, ts)?;
    let mut link = format!("{}archives/{channel}/p{}", state.base, ts.replace('.', ""));
    if let Some(thread) = &message.thread {
        link.push_str(&format!("?thread_ts={thread}&cid={channel}"));
    }
    fields(json!({ "channel": channel, "permalink": link }))
}

/// `false` in an archived channel. Refused where the bot may not write: a channel it does not see or is not in.
pub(super) fn is_writable(state: &State, channel: &ChannelId) -> Result<bool, Refusal> {
    let conversation = readable(state, channel.as_str())?;
    if conversation.archived {
        return Ok(false);
    }
    let anywhere = conversation.kind == Kind::Public && state.identity.has_scope("chat:write.public");
    if !conversation.has_member(&state.identity.user) && !anywhere {
        return Err("not_in_channel".into());
    }
    Ok(true)
}

/// The conversation a message is sent to: its identifier, or a person's for the direct messages with them.
fn destination(state: &mut State, channel: &str) -> Result<ChannelId, Refusal> {
    let person = state.user(channel).filter(|user| !user.is_bot).map(|user| user.id.clone());
    match person {
        Some(person) => Ok(state.direct(&person)),
        None => readable(state, channel).map(|conversation| conversation.id.clone()),
    }
}

/// The message that a reply answers. A reply's own time stamp, or an unknown one, is refused.
fn thread(state: &State, channel: &ChannelId, args: &Args) -> Result<Option<MessageId>, Refusal> {
    let Some(thread) = args.text("thread_ts").map(MessageId::from) else { return Ok(None) };
    let conversation = readable(state, channel.as_str())?;
    if conversation.is_parent(&thread) { Ok(Some(thread)) } else { Err("cannot_reply_to_message".into()) }
}

/// What is to be said. Refused: nothing, too much, both kinds of text, and what is malformed.
fn content(args: &Args) -> Result<Draft, Refusal> {
    let mut blocks = args.structure("blocks").map_err(|()| Refusal::from("invalid_blocks_format"))?;
    if let Some(blocks) = &blocks {
        blocks::check(blocks).map_err(|(error, place)| Refusal::explained(error, &place))?;
    }
    let attachments = args.structure("attachments").map_err(|()| Refusal::from("invalid_attachments"))?;
    if attachments.as_ref().and_then(Value::as_array).is_some_and(|list| list.len() > 100) {
        return Err("too_many_attachments".into());
    }
    let metadata = args.structure("metadata").map_err(|()| Refusal::from("invalid_metadata_format"))?;
    if metadata.as_ref().is_some_and(|value| !value["event_type"].is_string() || !value["event_payload"].is_object()) {
        return Err("invalid_metadata_format".into());
    }
    let mut text = args.text("text").unwrap_or_default();
    if let Some(markdown) = args.text("markdown_text") {
        if !text.is_empty() || blocks.is_some() {
            return Err("markdown_text_conflict".into());
        }
        if markdown.chars().count() > 12_000 {
            return Err("msg_too_long".into());
        }
        blocks = Some(json!([{ "type": "markdown", "text": markdown }]));
        text = markdown;
    }
    if text.chars().count() > 40_000 {
        return Err("msg_too_long".into());
    }
    let says = |value: &Option<Value>| value.as_ref().and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if text.is_empty() && !says(&blocks) && !says(&attachments) {
        return Err("no_text".into());
    }
    Ok(Draft { text: text.into(), blocks, attachments, metadata, ..Draft::default() })
}

/// A message of the bot itself; the refusal is `foreign` for another's.
fn own(state: &State, args: &Args, foreign: &str) -> Result<(ChannelId, MessageId), Refusal> {
    let message = seen(state, args.required("channel")?, args.required("ts")?)?;
    if !message.is_from_bot() {
        return Err(foreign.into());
    }
    Ok((message.channel.clone(), message.id.clone()))
}

/// A message that everybody sees.
fn seen<'a>(state: &'a State, channel: &str, ts: &str) -> Result<&'a Message, Refusal> {
    let message = readable(state, channel)?.message(ts).filter(|message| message.ephemeral_to.is_none());
    message.ok_or_else(|| "message_not_found".into())
}

fn written(state: &State, message: &Message) -> Answer {
    fields(json!({ "channel": message.channel, "ts": message.id, "message": message.json(&state.identity) }))
}
