//! What a handler says before it returns.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{Notify, oneshot};

use super::{Engine, lock, run::Run};
use crate::{
    engine::core::{Input, Job, Spoken, Waiter},
    error::{Error, Result},
    event::Event,
    handler::{Outlet, Speech},
    id::{ChannelId, MessageId},
    platform::{Occasion, Outgoing},
    reply::Posted,
    store::{Effect, EffectKey, EffectState, Key, Lease, Sequence},
};

/// Where one running handler speaks from.
#[derive(Debug)]
pub(super) struct Floor {
    lease: Lease,
    sequence: Sequence,
    job: Arc<Job>,
    speaker: Cow<'static, str>,
    /// A run before this one said something else at the same place.
    diverged: Notify,
    closed: AtomicBool,
}

impl Floor {
    pub(super) fn new(run: &Run, speaker: Cow<'static, str>) -> Self {
        Self {
            lease: run.lease.clone(),
            sequence: run.sequence,
            job: run.job.clone(),
            speaker,
            diverged: Notify::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// Under which name what it does is kept.
    pub(super) fn speaker(&self) -> &Cow<'static, str> {
        &self.speaker
    }

    /// Waits until the handler says something else than it said before.
    pub(super) async fn diverged(&self) {
        self.diverged.notified().await;
    }

    /// The handler has returned.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

/// A handler that waits for what it said to be delivered.
#[derive(Debug)]
pub(super) struct Waiting {
    told: oneshot::Sender<Result<Spoken, String>>,
    job: Arc<Job>,
    effects: Vec<Effect>,
}

impl Waiting {
    /// Tells what became of it, and keeps it for a further run of the handler, whether or not anybody still waits.
    pub(super) fn tell(self, result: Result<Spoken, String>) {
        let state = match &result {
            Ok((channel, message)) => EffectState::Sent { channel: channel.clone(), message: message.clone() },
            Err(reason) => EffectState::Dead { reason: reason.clone() },
        };
        let mut recorded = lock(&self.job.recorded);
        recorded.retain(|known| self.effects.iter().all(|effect| effect.key != known.key));
        recorded.extend(self.effects.into_iter().map(|effect| Effect { state: state.clone(), ..effect }));
        drop(recorded);
        // The handler may have stopped waiting.
        let _ = self.told.send(result);
    }
}

impl Engine {
    /// The way on which a running handler speaks.
    pub(super) fn outlet(&self, floor: Arc<Floor>) -> Outlet {
        let engine = self.clone();
        Arc::new(move |speech| {
            let (engine, floor) = (engine.clone(), floor.clone());
            Box::pin(async move { engine.speak(&floor, speech).await })
        })
    }

    async fn speak(&self, floor: &Floor, speech: Speech) -> Result<Posted> {
        if floor.closed.load(Ordering::Relaxed) {
            return Err(Error::new("its handler has returned: what is said later is said with `Bot::say`"));
        }
        let before = said_before(&floor.job, &floor.speaker, speech.ordinal);
        let platform = &self.0.parts.platform;
        let key = key(&floor.job.event, floor.job.replays, &floor.speaker, speech.ordinal);
        let replaces = speech.replaces.as_ref();
        let occasion = Occasion { event: &floor.job.event, key: &key, replaces, before };
        let outgoing = platform.render(&speech.reply, &occasion);
        let effects: Vec<Effect> = effects(floor.sequence, floor.speaker.clone(), speech.ordinal, outgoing).collect();
        let Some(last) = effects.last() else {
            return Err(Error::new("the event stands in no conversation to speak in"));
        };
        let before = recorded(&lock(&floor.job.recorded), &effects);
        match before {
            Recorded::Nothing => {}
            Recorded::Otherwise => {
                floor.diverged.notify_one();
                return std::future::pending().await;
            }
            Recorded::Ended(result) => return result,
        }
        let fallback = last.outgoing.channel.clone();
        let waiter = Waiter(self.next());
        let (told, delivered) = oneshot::channel();
        let waiting = Waiting { told, job: floor.job.clone(), effects: effects.clone() };
        lock(&self.0.waiters).insert(waiter, waiting);
        // A handler may stop waiting at any time: what it said goes its way all the same.
        self.begin(Input::Spoke { lease: floor.lease.clone(), effects, waiter: Some(waiter) });
        match delivered.await {
            Ok(Ok((channel, message))) => Ok(posted(channel.or(fallback), message)),
            Ok(Err(reason)) => Err(not_said(&reason)),
            Err(_) => Err(Error::new("the bot stopped before it was said")),
        }
    }
}

/// How many calls were made for an event before what a handler says now; the same when it is run again.
pub(super) fn said_before(job: &Job, speaker: &str, ordinal: u32) -> usize {
    let recorded = lock(&job.recorded);
    recorded.iter().filter(|known| known.key.handler != speaker || known.key.ordinal < ordinal).count()
}

/// How many things a handler has said in the runs before.
pub(super) fn spoken_before(job: &Job, speaker: &str) -> u32 {
    let recorded = lock(&job.recorded);
    let own = recorded.iter().filter(|known| known.key.handler == speaker);
    own.map(|known| known.key.ordinal + 1).max().unwrap_or_default()
}

/// Names one saying among all that are ever said; the same at every run of an event.
///
/// An event that is taken up again after it was given up says everything anew: what it said the first time is never
/// taken for what it says now.
pub(crate) fn key(event: &Event, replays: u32, speaker: &str, ordinal: u32) -> String {
    let key = Key::of(3, &[event.app.as_str(), event.team.as_str(), event.id.as_str(), speaker]);
    let mut text = key.digits(32);
    text.push('/');
    text.push_str(&ordinal.to_string());
    if replays > 0 {
        text.push('+');
        text.push_str(&replays.to_string());
    }
    text
}

/// The effects of one saying, part by part.
pub(super) fn effects(
    event: Sequence,
    speaker: Cow<'static, str>,
    ordinal: u32,
    outgoing: impl IntoIterator<Item = Outgoing>,
) -> impl Iterator<Item = Effect> {
    outgoing.into_iter().zip(0..).map(move |(outgoing, part)| Effect {
        key: EffectKey { event, handler: speaker.clone(), ordinal, part },
        outgoing: Arc::new(outgoing),
        state: EffectState::Pending,
    })
}

/// What a run before this one has recorded at the place of some effects.
pub(super) enum Recorded {
    Nothing,
    Otherwise,
    Ended(Result<Posted>),
}

pub(super) fn recorded(known: &[Effect], effects: &[Effect]) -> Recorded {
    let mut last = Recorded::Nothing;
    for effect in effects {
        let Some(known) = known.iter().find(|known| known.key == effect.key) else { continue };
        if known.outgoing.method != effect.outgoing.method || known.outgoing.body != effect.outgoing.body {
            return Recorded::Otherwise;
        }
        last = match &known.state {
            EffectState::Sent { channel, message } => {
                let channel = channel.clone().or_else(|| effect.outgoing.channel.clone());
                Recorded::Ended(Ok(posted(channel, message.clone())))
            }
            EffectState::Dead { reason } => Recorded::Ended(Err(not_said(reason))),
            // Its way goes on, or has ended since: the core knows.
            EffectState::Pending | EffectState::Sending(_) | EffectState::Ambiguous(_) => Recorded::Nothing,
        };
    }
    last
}

fn posted(channel: Option<ChannelId>, message: Option<MessageId>) -> Posted {
    Posted { channel: channel.unwrap_or_else(|| "".into()), message }
}

fn not_said(reason: &str) -> Error {
    if reason.starts_with("ambiguous") {
        return Error::new(format!("nobody knows whether it was said: {reason}"));
    }
    Error::new(format!("it was not said: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Timestamp,
        event::{Kind, Raw, Retry},
    };

    #[test]
    fn everything_said_has_a_key_of_its_own_and_what_is_said_again_after_all_too() {
        let event = Event {
            id: "Ev1".into(),
            app: "A1".into(),
            team: "T1".into(),
            bot: None,
            name: "message".into(),
            kind: Kind::Other,
            received: Timestamp::default(),
            retry: Retry::default(),
            raw: Raw::new(bytes::Bytes::new()),
        };
        let keys = [key(&event, 0, "h", 0), key(&event, 0, "h", 1), key(&event, 1, "h", 0), key(&event, 2, "h", 0)];
        let different: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
        assert_eq!(keys[2], key(&event, 1, "h", 0));
    }
}
