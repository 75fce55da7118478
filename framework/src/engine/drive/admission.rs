//! Taking events in.

use std::{pin::pin, sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::oneshot;

use super::{Engine, count, given_up::note_given_up, lock, trace};
#[cfg(feature = "schedule")]
use crate::dispatch::Firing;
use crate::{
    clock::Timestamp,
    dispatch::{Plan, Saying},
    engine::core::{Acknowledgement, Input, Job, OldEvent, Shed, TakenOver, Ticket},
    error::Error,
    event::{Event, Kind},
    id::ChannelId,
    reply::Reply,
    store::{Inbound, Key, Lane, Leased, StoreError},
    within::within,
};

/// How long an acknowledgement waits for its commit.
const COMMIT_WITHIN: Duration = Duration::from_secs(2);

/// How long a request waits for its response at most: the platform gives it three seconds.
const ANSWER_WITHIN: Duration = Duration::from_millis(2_900);

/// How many lanes are taken over at once.
const AT_ONCE: usize = 256;

impl Engine {
    /// Takes in an event; answers when it is stored, or will not be. `None` when no handler is for it: then its text is
    /// kept nowhere.
    pub(crate) async fn arrive(&self, event: Box<Event>, request: bool) -> Option<Acknowledgement> {
        let plan = self.0.parts.dispatcher.plan(&event);
        let kind = count::kind(&event);
        if plan.taker.is_none() && plan.observers.is_empty() {
            self.metrics().ignored.get(kind).increment();
            return None;
        }
        let inbound = inbound(&event, &plan, request);
        let ticket = Ticket(self.next());
        let (owed, acknowledged) = oneshot::channel();
        lock(&self.0.tickets).insert(ticket, owed);
        let span = trace::begin(&event, &inbound.lane);
        let job = Arc::new(Job::new(Arc::from(event), plan, request, Vec::new(), span));
        self.begin(Input::Arrived { ticket, job, inbound });
        // The core itself sees to it that a request is answered in time, once it is stored. A commit that comes later
        // makes the next delivery a duplicate, so it is let go on.
        let limit = if request { ANSWER_WITHIN } else { COMMIT_WITHIN };
        let acknowledged = within(limit, pin!(acknowledged)).await.and_then(Result::ok);
        let acknowledgement = acknowledged.unwrap_or(Acknowledgement::Shed(Shed::Late));
        if let Acknowledgement::Shed(shed) = acknowledgement {
            self.count_shed(kind, shed);
        }
        Some(acknowledgement)
    }

    /// Drives an input whatever becomes of the caller, who may go away at any time. What needs no waiting, as with the
    /// store in memory, is done at once; only the rest costs a task.
    pub(super) fn begin(&self, input: Input) {
        let engine = self.clone();
        let mut driving: BoxFuture<'static, ()> = Box::pin(async move { engine.drive(input).await });
        if (&mut driving).now_or_never().is_none() {
            tokio::spawn(driving);
        }
    }

    /// Says something that answers no event: it goes the way of an event whose handler says it.
    pub(crate) async fn say(&self, channel: &ChannelId, reply: Reply) -> Result<(), Error> {
        let saying = Saying::new(channel, reply, format!("say-{}-{}", self.0.parts.clock.now().micros(), self.next()));
        let event = saying.event(self.0.parts.clock.now());
        match self.arrive(Box::new(event), false).await {
            Some(Acknowledgement::Stored) => Ok(()),
            Some(Acknowledgement::Shed(Shed::Draining)) => Err(Error::new("the bot is about to stop")),
            _ => Err(Error::new("it could not be stored")),
        }
    }

    /// Takes over what the process before this one left. Its handlers and its messages are not waited for: new events
    /// of a lane come in behind those that were there before.
    pub(crate) async fn take_over(&self) -> Result<usize, StoreError> {
        let mut taken = 0;
        loop {
            let leased = self.take_some(AT_ONCE).await?;
            // Where others use the store too, what this one has no room for is left to them.
            if leased == 0 || self.0.parts.store.shared().is_some() {
                return Ok(taken + leased);
            }
            taken += leased;
        }
    }

    /// Takes over so many lanes at most; says how many events came with them.
    pub(super) async fn take_some(&self, lanes: usize) -> Result<usize, StoreError> {
        let leased = self.0.parts.store.lease(lanes, self.0.parts.clock.now()).await?;
        let events = leased.iter().map(|lane| lane.events.len()).sum();
        if !leased.is_empty() {
            let lanes = leased.into_iter().map(|lane| self.old(lane)).collect();
            self.begin(Input::TakenOver(lanes));
        }
        Ok(events)
    }

    fn old(&self, leased: Leased) -> TakenOver {
        let Leased { lease, events, effects } = leased;
        let events = events.into_iter().map(|stored| {
            let job = self.restore(&stored.body, stored.received, stored.replays, stored.recorded);
            note_given_up(stored.sequence, &stored.state, job.as_deref());
            OldEvent {
                job,
                sequence: stored.sequence,
                state: stored.state,
                crashes: stored.crashes,
                attempts: stored.attempts,
                dispatch: stored.dispatch,
            }
        });
        TakenOver { events: events.collect(), lease, effects }
    }

    pub(super) fn restore(
        &self,
        body: &bytes::Bytes,
        received: Timestamp,
        replays: u32,
        recorded: Vec<crate::store::Effect>,
    ) -> Option<Arc<Job>> {
        let saying = Saying::read(body).map(|saying| Box::new(saying.event(received)));
        #[cfg(feature = "schedule")]
        let saying = saying.or_else(|| Firing::read(body).map(|firing| Box::new(firing.event(received))));
        let event = saying.or_else(|| self.0.parts.platform.restore(body, received))?;
        let plan = self.0.parts.dispatcher.plan(&event);
        let wanted = plan.taker.is_some() || !plan.observers.is_empty();
        // A request that went on as an event has had its response.
        let span = trace::begin(&event, &lane(&event));
        let job = Job { replays, ..Job::new(Arc::from(event), plan, false, recorded, span) };
        wanted.then(|| Arc::new(job))
    }
}

fn inbound(event: &Event, plan: &Plan, request: bool) -> Inbound {
    let message = match &event.kind {
        Kind::Message(message) => Some(Key::of(
            1,
            &[event.app.as_str(), event.team.as_str(), message.place.channel.as_str(), message.id.as_str()],
        )),
        _ => None,
    };
    // All deliveries of an event bring the same message: its key stands for the event's, except for observers, who are
    // shown each event of it.
    let (key, message) = match message {
        Some(message) if plan.observers.is_empty() => (message, None),
        message => (Key::of(0, &[event.app.as_str(), event.team.as_str(), event.id.as_str()]), message),
    };
    Inbound {
        key,
        message,
        observed: !plan.observers.is_empty(),
        lane: lane(event),
        person: event.user().cloned(),
        body: event.raw.bytes().clone(),
        received: event.received,
        answering: request,
    }
}

/// A thread, or the message that would start it; a direct-message channel is one lane. What stands in no conversation
/// has a lane of its own.
fn lane(event: &Event) -> Lane {
    let team = &event.team;
    let name = match &event.kind {
        Kind::Message(message) if Saying::is(event) => format!("say/{}", message.place.channel),
        Kind::Scheduled(scheduled) => format!("schedule/{}", scheduled.schedule),
        _ => match event.conversation() {
            Some((channel, Some(root))) => format!("{team}/{channel}/{root}"),
            Some((channel, None)) => format!("{team}/{channel}"),
            None => format!("{team}//{}", event.id),
        },
    };
    Lane(Arc::from(name))
}
