//! What operators end while it waits here.

use super::{
    Core,
    io::Output,
    lane::{LaneState, Sending},
    outbox::tell,
};
use crate::{
    clock::Timestamp,
    store::{DROPPED, EffectKey, EffectState, EventState, Intervention, Lane, Resolution, Sequence, Settlement},
};

impl Core {
    /// Makes a change to what waits here. `false` when it does not, or is under way right now.
    pub(crate) fn intervene(&mut self, now: Timestamp, change: &Intervention, out: &mut Vec<Output>) -> bool {
        match change {
            Intervention::Drop(event) => self.drop_waiting(*event, out),
            Intervention::Resolve(effect, resolution) => self.resolve_waiting(now, effect, resolution, out),
            Intervention::Replay(_) | Intervention::Note { .. } => false,
        }
    }

    fn drop_waiting(&mut self, event: Sequence, out: &mut Vec<Output>) -> bool {
        let place = |state: &LaneState| state.queue.iter().position(|queued| queued.sequence == event);
        let mut lanes = self.lanes.values_mut();
        let Some((state, at)) = lanes.find_map(|state| place(state).map(|at| (state, at))) else { return false };
        state.queue.remove(at);
        self.waiting -= 1;
        let dead = EventState::Dead { reason: DROPPED.to_owned() };
        let settlement = Settlement { event, state: dead, effects: Vec::new(), changes: Vec::new() };
        let lease = state.lease.clone();
        self.give_up(&lease, settlement, out);
        true
    }

    fn resolve_waiting(
        &mut self,
        now: Timestamp,
        effect: &EffectKey,
        resolution: &Resolution,
        out: &mut Vec<Output>,
    ) -> bool {
        let place = |state: &LaneState| state.outbox.iter().position(|waiting| waiting.effect.key == *effect);
        let found = self.lanes.iter().find_map(|(lane, state)| place(state).map(|at| (lane.clone(), at)));
        match found {
            Some((lane, 0)) => self.resolve_first(now, &lane, resolution, out),
            Some((lane, at)) => self.resolve_behind(&lane, at, resolution, out),
            None => false,
        }
    }

    fn resolve_first(&mut self, now: Timestamp, lane: &Lane, resolution: &Resolution, out: &mut Vec<Output>) -> bool {
        let Some(state) = self.lanes.get_mut(lane) else { return false };
        if !matches!(state.sending, Sending::Idle | Sending::Looking) {
            return false;
        }
        if *resolution != Resolution::Resend {
            self.end_first(lane, resolution.state(), out);
            return true;
        }
        // Whatever a look brings that is still under way, it is void.
        state.sending = Sending::Idle;
        if let Some(first) = state.outbox.front_mut() {
            (first.effect.state, first.search, first.not_before) = (EffectState::Pending, None, now);
        }
        self.send_first(now, lane, out);
        true
    }

    fn resolve_behind(&mut self, lane: &Lane, at: usize, resolution: &Resolution, out: &mut Vec<Output>) -> bool {
        let Some(state) = self.lanes.get_mut(lane) else { return false };
        let Some(waiting) = state.outbox.get_mut(at) else { return false };
        (waiting.effect.state, waiting.search) = (resolution.state(), None);
        let (effect, end) = (waiting.effect.key.clone(), waiting.effect.state.clone());
        if end != EffectState::Pending {
            let waiter = state.outbox.remove(at).and_then(|ended| ended.waiter);
            let told = match &end {
                EffectState::Sent { channel, message } => Ok((channel.clone(), message.clone())),
                _ => Err(DROPPED.to_owned()),
            };
            tell(waiter, told, out);
        }
        out.push(Output::Mark { lease: state.lease.clone(), effect, state: end });
        true
    }
}
