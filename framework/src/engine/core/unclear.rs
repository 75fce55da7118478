//! Effects of which nobody knows whether they arrived: looked for, then ended or sent once more.
//!
//! Nothing else of the lane is sent meanwhile, so that the order stands whatever comes out.

use std::time::Duration;

use super::{
    Core,
    io::Output,
    lane::{Outbound, Sending},
    outbox::backoff,
    timers::{Timer, Urgency},
    trail::Trail,
};
use crate::{
    clock::Timestamp,
    platform::{Found, Recourse},
    store::{Attempt, Effect, EffectKey, EffectState, Lane},
};

/// When it is looked for, counted from the moment it became unclear: what was just said may not be shown at once.
const LOOKS: [Duration; 3] = [Duration::from_secs(3), Duration::from_secs(10), Duration::from_secs(30)];

/// The same for what was said long ago, if it was.
const LOOK_ONCE: [Duration; 1] = [Duration::ZERO];

const UNSEEKABLE: &str = "what is said in this way cannot be looked for";

/// How far the search for an effect is.
#[derive(Debug)]
pub(crate) struct Search {
    /// When it became unclear.
    from: Timestamp,
    /// Why.
    why: String,
    looks: &'static [Duration],
    /// How often it was looked for and not found.
    absent: usize,
    /// How often the platform did not say.
    unanswered: u32,
}

impl Search {
    fn new(from: Timestamp, why: String, looks: &'static [Duration]) -> Self {
        Self { from, why, looks, absent: 0, unanswered: 0 }
    }

    /// When it is looked for next; `None` when it was looked for often enough.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.looks.get(self.absent).map(|wait| self.from + *wait)
    }
}

impl Outbound {
    /// An effect that is committed. What an event says that may have said it before is looked for first.
    pub(crate) fn committed(effect: Effect, now: Timestamp, trail: Trail) -> Self {
        match effect.state {
            EffectState::Ambiguous(attempt) => {
                let why = "its event stood in a copy that was put back, and may have been run before";
                Self::sought_first(effect, attempt, now, Search::new(now, why.to_owned(), &LOOK_ONCE), trail)
            }
            _ => Self::new(effect, now, trail),
        }
    }

    /// An effect of a process that is gone: what was being sent may have arrived.
    pub(crate) fn old(effect: Effect, now: Timestamp) -> Self {
        let (EffectState::Sending(attempt) | EffectState::Ambiguous(attempt)) = effect.state else {
            return Self::new(effect, now, Trail::none());
        };
        let why = "the process ended while it was sent".to_owned();
        Self::sought_first(effect, attempt, now, Search::new(attempt.since, why, &LOOKS), Trail::none())
    }

    fn sought_first(mut effect: Effect, attempt: Attempt, now: Timestamp, search: Search, trail: Trail) -> Self {
        if effect.outgoing.recourse == Recourse::Repeat {
            effect.state = EffectState::Pending;
            return Self::new(effect, now, trail);
        }
        effect.state = EffectState::Ambiguous(attempt);
        let mut unclear = Self::new(effect, now, trail);
        unclear.seek(search);
        unclear
    }

    /// Nobody knows any more whether it arrived.
    fn seek(&mut self, search: Search) {
        let looked_for = self.effect.outgoing.recourse == Recourse::Look;
        self.not_before = search.next().filter(|_| looked_for).unwrap_or(search.from);
        self.search = Some(search);
    }

    /// The attempt that it may have arrived by, while that is looked into.
    pub(crate) fn sought(&self) -> Option<Attempt> {
        let open = self.search.as_ref().is_some_and(|search| search.next().is_some());
        match self.effect.state {
            EffectState::Ambiguous(attempt) if open => Some(attempt),
            _ => None,
        }
    }

    /// What it goes before, and what goes before it.
    pub(crate) fn urgency(&self) -> Urgency {
        match self.trail.answers {
            _ if self.sought().is_some() => Urgency::Read,
            true => Urgency::Answer,
            false => Urgency::Post,
        }
    }

    /// The attempt that begins now.
    pub(crate) fn attempt(&self, now: Timestamp) -> Attempt {
        match self.effect.state {
            EffectState::Ambiguous(attempt) => Attempt { again: true, ..attempt },
            _ => Attempt { since: now, again: false },
        }
    }

    /// Where it stands when the attempt under way surely came to nothing.
    pub(crate) fn returned(&self) -> EffectState {
        match self.effect.state {
            // It stays what it was before it was sent once more, and may be sent once more again.
            EffectState::Sending(attempt) if attempt.again => {
                EffectState::Ambiguous(Attempt { again: false, ..attempt })
            }
            _ => EffectState::Pending,
        }
    }
}

/// Where something stands that an event says which may have said it before.
pub(super) fn doubted(since: Timestamp) -> EffectState {
    EffectState::Ambiguous(Attempt { since, again: false })
}

impl Core {
    /// The first effect may have arrived by the attempt that is under way.
    pub(super) fn unclear(&mut self, now: Timestamp, lane: &Lane, why: String, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        let Some(first) = state.outbox.front_mut() else { return };
        let EffectState::Sending(attempt) = first.effect.state else { return };
        first.effect.state = EffectState::Ambiguous(attempt);
        first.seek(Search::new(now, why, &LOOKS));
        if first.effect.outgoing.recourse != Recourse::Look {
            return self.give_up_unclear(lane, UNSEEKABLE, out);
        }
        state.sending = Sending::Returning;
        self.mark_first(lane, out);
    }

    /// Looks for the first effect, or ends it if it cannot be looked for.
    pub(super) fn look(&mut self, lane: &Lane, attempt: Attempt, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        let Some(first) = state.outbox.front() else { return };
        if first.effect.outgoing.recourse == Recourse::Nothing {
            return self.give_up_unclear(lane, UNSEEKABLE, out);
        }
        state.sending = Sending::Looking;
        let (effect, outgoing) = (first.effect.key.clone(), first.effect.outgoing.clone());
        let lease = state.lease.clone();
        out.push(Output::Find { lease, effect, outgoing, since: attempt.since });
    }

    pub(super) fn found(
        &mut self,
        now: Timestamp,
        lane: &Lane,
        effect: &EffectKey,
        found: Found,
        out: &mut Vec<Output>,
    ) {
        let (tries, resend) = (self.limits.tries, self.limits.resend);
        let Some(state) = self.lanes.get_mut(lane) else { return };
        let looking = state.sending == Sending::Looking;
        let first = state.outbox.front_mut().filter(|first| looking && first.effect.key == *effect);
        let Some((first, attempt)) = first.and_then(|first| first.sought().map(|attempt| (first, attempt))) else {
            return;
        };
        let Some(search) = first.search.as_mut() else { return };
        match found {
            Found::Yes { channel, message } => {
                return self.end_first(lane, EffectState::Sent { channel, message }, out);
            }
            Found::Unable { why } => {
                return self.give_up_unclear(lane, &format!("it cannot be looked for: {why}"), out);
            }
            Found::NotNow { wait, why } => {
                search.unanswered += 1;
                if search.unanswered >= tries {
                    return self.give_up_unclear(lane, &format!("the platform did not let look for it: {why}"), out);
                }
                first.not_before = now + wait.unwrap_or(backoff(search.unanswered));
            }
            Found::No => {
                search.absent += 1;
                match search.next() {
                    Some(next) => first.not_before = next.max(now),
                    None if attempt.again => {
                        return self.give_up_unclear(lane, "it was sent once more, and is not to be found", out);
                    }
                    None if !resend => {
                        return self.give_up_unclear(lane, "it is not to be found; BAVARD_AMBIGUOUS is hold", out);
                    }
                    // It is sent once more.
                    None => {}
                }
            }
        }
        state.sending = Sending::Idle;
        self.send_first(now, lane, out);
    }

    pub(super) fn give_up_unclear(&mut self, lane: &Lane, why: &str, out: &mut Vec<Output>) {
        let first = self.lanes.get(lane).and_then(|state| state.outbox.front());
        let unclear = first.and_then(|first| first.search.as_ref()).map_or("", |search| search.why.as_str());
        let reason = format!("ambiguous: {unclear}; {why}");
        self.end_first(lane, EffectState::Dead { reason }, out);
    }

    /// Comes back to the first effect of a lane, which has nothing to do before `at`.
    pub(super) fn come_back(&mut self, lane: &Lane, at: Timestamp) {
        let first = self.lanes.get(lane).and_then(|state| state.outbox.front());
        let urgency = first.map_or(Urgency::Post, Outbound::urgency);
        let at = first.map_or(at, |first| first.wakes(at));
        self.timers.set_among(at, urgency, lane.clone(), Timer::Send);
    }
}
