//! From replies to calls of the Web API.

mod mrkdwn;
mod split;

use bytes::Bytes;
use serde::Serialize;

use self::{mrkdwn::mrkdwn, mrkdwn::verbatim, split::split};
use super::{
    mark::{Mark, Metadata},
    methods,
};
use crate::{
    event::{Command, Kind, PlaceKind},
    platform::{Limits, Occasion, Outgoing, Recourse, Response},
    reply::{Body, Placement, Posted, Reply},
};

/// What posts a message for all to see.
pub(super) const POST: &str = "chat.postMessage";

/// How long an address for late answers is good for, and how often.
const RESPONSE_URL: std::time::Duration = std::time::Duration::from_secs(30 * 60);
const RESPONSE_URL_USES: usize = 5;

/// The calls that say a reply.
pub(crate) fn render(reply: &Reply, occasion: &Occasion<'_>) -> Vec<Outgoing> {
    let mut parts = texts(reply).into_iter().zip(0..);
    // A message cannot become several: what does not fit is said behind it.
    let update = occasion.replaces.and_then(|replaced| {
        let Posted { channel, message: Some(message) } = replaced else { return None };
        let (channel, ts) = (channel.as_str(), message.as_str());
        let (text, _) = parts.next()?;
        let update = call("chat.update", Some(channel), &Update { channel, ts, text });
        Some(Outgoing { recourse: Recourse::Repeat, ..update })
    });
    let said = parts.filter_map(|(text, part)| say(text, reply.placement, occasion, part));
    update.into_iter().chain(said).collect()
}

/// The response that carries the answer to a command.
pub(super) fn respond(reply: Option<&Reply>) -> Response {
    let Some(reply) = reply else { return Response::empty(200) };
    // One response is one message, however long.
    let text = text(reply);
    Response::json(200, json(&Late { response_type: visibility(reply.placement), text, replace_original: None }))
}

fn say(text: String, placement: Placement, occasion: &Occasion<'_>, part: usize) -> Option<Outgoing> {
    let mark = Mark { key: occasion.key, part };
    match &occasion.event.kind {
        Kind::Message(message) => {
            let thread = match placement {
                Placement::Same => message.thread.as_ref(),
                Placement::Thread => message.thread.as_ref().or(Some(&message.id)),
                Placement::Channel => None,
                Placement::Private => message.thread.as_ref(),
            };
            let user = message
                .user
                .as_ref()
                .filter(|_| placement == Placement::Private && message.place.kind == PlaceKind::Channel);
            let target = Target {
                channel: message.place.channel.as_str(),
                thread: thread.map(AsRef::as_ref),
                only_to: user.map(AsRef::as_ref),
            };
            Some(post(text, target, mark))
        }
        Kind::Command(command) => Some(late(text, placement, command, occasion, mark)),
        Kind::Reaction(reaction) => {
            let thread = (placement == Placement::Thread).then(|| reaction.message.as_str());
            let user = (placement == Placement::Private).then(|| reaction.user.as_str());
            Some(post(text, Target { channel: reaction.channel.as_str(), thread, only_to: user }, mark))
        }
        Kind::Scheduled(scheduled) => {
            let channel = scheduled.channel.as_ref()?.as_str();
            Some(post(text, Target { channel, thread: None, only_to: None }, mark))
        }
        Kind::Other => None,
    }
}

/// Where a message goes.
struct Target<'a> {
    channel: &'a str,
    thread: Option<&'a str>,
    only_to: Option<&'a str>,
}

/// What is shown to all carries its mark, to be found again; what one person alone sees can be found by nobody.
fn post(text: String, target: Target<'_>, mark: Mark<'_>) -> Outgoing {
    let Target { channel, thread: thread_ts, only_to: user } = target;
    let message = Message { channel, text, thread_ts, user, unfurl_links: None, unfurl_media: None, metadata: None };
    if user.is_some() {
        return call("chat.postEphemeral", Some(channel), &message);
    }
    let (quiet, metadata) = (Some(false), Some(Metadata::of(mark)));
    let message = Message { unfurl_links: quiet, unfurl_media: quiet, metadata, ..message };
    Outgoing { recourse: Recourse::Look, ..call(POST, Some(channel), &message) }
}

/// A command is answered at its own address, for the bot need not be a member where it was typed; by a message where
/// there is no such address, or it is used up.
fn late(text: String, placement: Placement, command: &Command, occasion: &Occasion<'_>, mark: Mark<'_>) -> Outgoing {
    let visible = visibility(placement);
    let used = occasion.before + mark.part;
    let Some(address) = command.response_url.as_ref().filter(|_| used < RESPONSE_URL_USES) else {
        let alone = visible == EPHEMERAL && command.place.kind == PlaceKind::Channel;
        let only_to = alone.then(|| command.user.as_str());
        return post(text, Target { channel: command.place.channel.as_str(), thread: None, only_to }, mark);
    };
    let body = Late { response_type: visible, text, replace_original: Some(false) };
    Outgoing {
        address: Some(address.into()),
        deadline: Some(occasion.event.received + RESPONSE_URL),
        // Each address has limits of its own, far above what is said there.
        limits: Limits::default(),
        ..call("response_url", None, &body)
    }
}

fn call(method: &str, channel: Option<&str>, body: &impl Serialize) -> Outgoing {
    let limits = methods::limits(method);
    Outgoing {
        method: method.to_owned(),
        body: json(body),
        channel: channel.map(Into::into),
        address: None,
        deadline: None,
        limits: Limits { per_minute: limits.per_minute, in_channel: limits.per_channel.unwrap_or_default() },
        recourse: Recourse::Nothing,
    }
}

fn texts(reply: &Reply) -> Vec<String> {
    split(text(reply))
}

fn text(reply: &Reply) -> String {
    match &reply.body {
        Body::Markdown(text) => mrkdwn(text),
        Body::Verbatim(text) => verbatim(text),
    }
}

const EPHEMERAL: &str = "ephemeral";

fn visibility(placement: Placement) -> &'static str {
    match placement {
        Placement::Same | Placement::Thread | Placement::Private => EPHEMERAL,
        Placement::Channel => "in_channel",
    }
}

/// Strings and flags always serialise.
fn json(body: &impl Serialize) -> Bytes {
    serde_json::to_vec(body).map(Bytes::from).unwrap_or_default()
}

#[derive(Serialize)]
struct Message<'a> {
    channel: &'a str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_ts: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unfurl_links: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unfurl_media: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata<'a>>,
}

#[derive(Serialize)]
struct Update<'a> {
    channel: &'a str,
    ts: &'a str,
    text: String,
}

#[derive(Serialize)]
struct Late {
    response_type: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replace_original: Option<bool>,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        event::{Event, Message as Heard, Place, Raw, Retry, Text},
        slack::mark::PostedAs,
    };

    fn event() -> Event {
        let place = Place { channel: "C1".into(), kind: PlaceKind::Channel };
        let text = Text::plain("hello");
        let user = Some("U1".into());
        let message = Heard { id: "1.1".into(), place, user, text, thread: Some("1.0".into()), addressed: true };
        Event {
            id: "Ev1".into(),
            app: "A1".into(),
            team: "T1".into(),
            bot: None,
            name: Arc::from("app_mention"),
            kind: Kind::Message(message),
            received: crate::clock::Timestamp::default(),
            retry: Retry::default(),
            raw: Raw::new(Bytes::new()),
        }
    }

    fn rendered(reply: &Reply, replaces: Option<&Posted>) -> Vec<Outgoing> {
        render(reply, &Occasion { event: &event(), key: "ab/0", replaces, before: 0 })
    }

    #[test]
    fn each_part_carries_its_own_mark_the_same_at_every_run() {
        let long = Reply::markdown("word\n".repeat(2_000));
        let parts = rendered(&long, None);
        assert_eq!(parts, rendered(&long, None));
        let marks: Vec<_> =
            parts.iter().map(|part| PostedAs::read(&part.body).unwrap().mark().unwrap().to_owned()).collect();
        assert_eq!(marks, ["ab/0/0", "ab/0/1", "ab/0/2"]);
        assert!(parts.iter().all(|part| part.recourse == Recourse::Look));
        let first = PostedAs::read(&parts[0].body).unwrap();
        assert_eq!((&*first.channel, first.thread_ts.as_deref()), ("C1", Some("1.0")));
    }

    #[test]
    fn only_what_all_see_is_marked() {
        let [whisper] = &rendered(&Reply::markdown("psst").privately(), None)[..] else { panic!() };
        assert!(PostedAs::read(&whisper.body).is_none());
        assert_eq!((&*whisper.method, whisper.recourse), ("chat.postEphemeral", Recourse::Nothing));
        let posted = Posted { channel: "C1".into(), message: Some("1.2".into()) };
        let [update, rest] = &rendered(&Reply::markdown("word\n".repeat(1_000)), Some(&posted))[..] else { panic!() };
        assert_eq!((&*update.method, update.recourse), ("chat.update", Recourse::Repeat));
        assert_eq!(PostedAs::read(&rest.body).unwrap().mark(), Some("ab/0/1"));
    }
}
