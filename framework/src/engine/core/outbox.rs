//! Effects: sent in the order of their lane, once, at their pace.

use std::time::Duration;

use super::{
    COMMIT_AGAIN, Core,
    io::{Output, Spoken, Waiter},
    lane::{Outbound, Sending},
    timers::Timer,
    trail::{Note, Trail},
    unclear::doubted,
};
use crate::{
    clock::Timestamp,
    platform::{Delivery, Recourse},
    store::{Attempt, Effect, EffectKey, EffectState, Lane, StoreError},
};

const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// How long something waits for a token that is refused to be put right.
const REFUSED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

impl Core {
    /// Decides in which state effects are committed.
    pub(super) fn pace_or_doubt(&mut self, now: Timestamp, lane: &Lane, effects: &mut [Effect]) {
        let running = self.lanes.get(lane).and_then(|state| state.running.as_ref());
        match running.and_then(|running| running.event.doubted) {
            Some(since) => effects.iter_mut().for_each(|effect| effect.state = doubted(since)),
            None => self.pace_first(now, lane, effects),
        }
    }

    /// Marks the first effect as being sent in the commit that holds it, when nothing goes before it and its turn is
    /// now.
    fn pace_first(&mut self, now: Timestamp, lane: &Lane, effects: &mut [Effect]) {
        let is_next = self.lanes.get(lane).is_some_and(|state| state.outbox.is_empty() && !state.records.has_failed());
        if let Some(first) = effects.first_mut().filter(|_| is_next)
            && self.pace.take(&first.outgoing, now).is_ok()
        {
            first.state = EffectState::Sending(Attempt { since: now, again: false });
        }
    }

    /// Effects that are committed.
    pub(super) fn post(
        &mut self,
        now: Timestamp,
        lane: &Lane,
        effects: Vec<Effect>,
        trail: &Trail,
        out: &mut Vec<Output>,
    ) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        state.post(effects, now, trail);
        self.send_first(now, lane, out);
    }

    /// Effects of a process that is gone.
    pub(super) fn post_old(&mut self, now: Timestamp, lane: &Lane, effects: Vec<Effect>, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        for effect in effects {
            // One that came back may bring others of its event with it, which are here.
            if state.outbox.iter().all(|known| known.effect.key != effect.key) {
                state.outbox.push_back(Outbound::old(effect, now));
            }
        }
        self.send_first(now, lane, out);
    }

    /// Brings the first effect of a lane on its way, if nothing is under way and its time has come.
    pub(super) fn send_first(&mut self, now: Timestamp, lane: &Lane, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        if state.sending != Sending::Idle {
            return;
        }
        let Some(first) = state.outbox.front_mut() else { return };
        if first.effect.outgoing.deadline.is_some_and(|deadline| deadline <= now) {
            let reason = "deadline: it was of no use any more".to_owned();
            return self.end_first(lane, EffectState::Dead { reason }, out);
        }
        if matches!(first.effect.state, EffectState::Sending(_)) {
            state.sending = Sending::InFlight;
            let (effect, outgoing) = (first.effect.key.clone(), first.effect.outgoing.clone());
            let (lease, span) = (state.lease.clone(), first.trail.span.clone());
            let has_turn = std::mem::take(&mut first.has_turn);
            return out.push(Output::Send { lease, effect, outgoing, has_turn, span });
        }
        if first.not_before > now {
            let at = first.not_before;
            return self.come_back(lane, at);
        }
        if let Some(attempt) = first.sought() {
            return match self.pace.may_read(now) {
                Ok(()) => self.look(lane, attempt, out),
                Err(at) => self.come_back(lane, at),
            };
        }
        let turn = match first.has_turn {
            true => self.pace.may_go(&first.effect.outgoing, now),
            false => self.pace.take(&first.effect.outgoing, now),
        };
        match turn {
            Ok(()) => {
                first.effect.state = EffectState::Sending(first.attempt(now));
                state.sending = Sending::Beginning;
                self.mark_first(lane, out);
            }
            Err(at) => {
                // A turn that has to be let pass is lost.
                first.has_turn = false;
                first.paced.get_or_insert(now);
                self.come_back(lane, at);
            }
        }
    }

    pub(super) fn delivered(
        &mut self,
        now: Timestamp,
        lane: &Lane,
        effect: &EffectKey,
        delivery: Delivery,
        out: &mut Vec<Output>,
    ) {
        let tries = self.limits.tries;
        let Some(state) = self.lanes.get_mut(lane) else { return };
        let in_flight = state.sending == Sending::InFlight;
        let Some(first) = state.outbox.front_mut().filter(|first| in_flight && first.effect.key == *effect) else {
            return;
        };
        let recourse = first.effect.outgoing.recourse;
        if !matches!(delivery, Delivery::NotYet { .. }) {
            self.notes.extend(first.paced.take().map(|since| Note::Paced(now.since(since))));
        }
        let at = match delivery {
            Delivery::Sent { channel, message } => {
                self.pace.accepted();
                return self.end_first(lane, EffectState::Sent { channel, message }, out);
            }
            Delivery::Refused { why } => {
                self.pace.accepted();
                let reason = format!("refused: {why}");
                return self.end_first(lane, EffectState::Dead { reason }, out);
            }
            Delivery::RateLimited { wait } => {
                self.pace.accepted();
                self.pace.block(&first.effect.outgoing, now, now + wait);
                now + wait
            }
            Delivery::NotYet { wait, has_turn } => {
                first.paced.get_or_insert(now);
                first.has_turn = has_turn;
                if !has_turn {
                    self.pace.hold(&first.effect.outgoing, now, now + wait);
                }
                now + wait
            }
            Delivery::TokenRefused { why } if now.since(first.since) >= REFUSED_FOR => {
                let reason = format!("refused: {why}");
                return self.end_first(lane, EffectState::Dead { reason }, out);
            }
            Delivery::TokenRefused { .. } => self.pace.refused(now),
            Delivery::NotSent { why } if first.tries + 1 >= tries => {
                let reason = format!("unreachable: {why}");
                return self.end_first(lane, EffectState::Dead { reason }, out);
            }
            Delivery::Ambiguous { why } if recourse != Recourse::Repeat || first.tries + 1 >= tries => {
                return self.unclear(now, lane, why, out);
            }
            Delivery::NotSent { .. } | Delivery::Ambiguous { .. } => {
                first.tries += 1;
                now + backoff(first.tries)
            }
        };
        first.not_before = at;
        first.effect.state = first.returned();
        state.sending = Sending::Returning;
        self.mark_first(lane, out);
    }

    pub(super) fn end_first(&mut self, lane: &Lane, ended: EffectState, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        let Some(first) = state.outbox.front_mut() else { return };
        first.effect.state = ended;
        state.sending = Sending::Ending;
        self.mark_first(lane, out);
    }

    pub(super) fn mark_first(&mut self, lane: &Lane, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get(lane) else { return };
        let Some(first) = state.outbox.front() else { return };
        let (lease, effect) = (state.lease.clone(), first.effect.key.clone());
        out.push(Output::Mark { lease, effect, state: first.effect.state.clone() });
    }

    pub(super) fn mark_again(&mut self, lane: &Lane, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get(lane) else { return };
        if matches!(state.sending, Sending::Beginning | Sending::Ending | Sending::Returning) {
            self.mark_first(lane, out);
        }
    }

    pub(super) fn marked(
        &mut self,
        now: Timestamp,
        lane: &Lane,
        effect: &EffectKey,
        result: Result<(), StoreError>,
        out: &mut Vec<Output>,
    ) {
        match result {
            Ok(()) => {}
            Err(StoreError::Fenced) => return self.lost(lane, out),
            // A mark changes no value, and conflicts with none.
            Err(StoreError::Failed { .. } | StoreError::Conflict(_)) => {
                return self.timers.set(now + COMMIT_AGAIN, lane.clone(), Timer::Mark);
            }
        }
        let limit = self.limits.outbox;
        let Some(state) = self.lanes.get_mut(lane) else { return };
        let was_full = state.outbox.len() >= limit;
        // A mark of something that is first no more stands for itself.
        if state.outbox.front().is_none_or(|first| first.effect.key != *effect) {
            return self.leave_if_empty(lane);
        }
        match std::mem::take(&mut state.sending) {
            Sending::Ending => {
                let Some(ended) = state.outbox.pop_front() else { return };
                let Outbound { effect: Effect { key, state: end, .. }, waiter, trail, .. } = ended;
                let result = match end {
                    EffectState::Sent { channel, message } => Ok((channel, message)),
                    EffectState::Dead { reason } => Err(reason),
                    EffectState::Pending | EffectState::Sending(_) | EffectState::Ambiguous(_) => Err(String::new()),
                };
                let received = trail.received.filter(|_| state.is_over(key.event));
                self.notes.extend(received.map(|received| Note::Over(now.since(received))));
                match waiter {
                    Some(_) => tell(waiter, result, out),
                    // Its handler is run again, and may be about to say it again.
                    None if state.is_open(key.event) => state.ended.push((key, result)),
                    None => {}
                }
            }
            Sending::Beginning | Sending::Returning => {}
            other @ (Sending::Idle | Sending::InFlight | Sending::Looking) => {
                state.sending = other;
                return;
            }
        }
        self.send_first(now, lane, out);
        if was_full {
            self.list(lane);
        }
        self.leave_if_empty(lane);
    }
}

/// Tells whoever waits.
pub(super) fn tell(waiter: Option<Waiter>, result: Result<Spoken, String>, out: &mut Vec<Output>) {
    out.extend(waiter.map(|waiter| Output::Spoken { waiter, result }));
}

/// 1, 2, 4, … seconds, up to five minutes.
pub(super) fn backoff(tries: u32) -> Duration {
    Duration::from_secs(1 << tries.saturating_sub(1).min(9)).min(LONGEST_WAIT)
}
