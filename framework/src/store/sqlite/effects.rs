//! Effects, up to their end.

use rusqlite::params;

use super::{
    row,
    tables::{Refusal, Tables},
};
use crate::store::{Effect, EffectKey, EffectState, Lane, Lease};

impl Tables<'_> {
    /// Puts effects in, except those that a run before this one did.
    pub(super) fn record(&mut self, lease: &Lease, effects: &[Effect]) -> Result<(), Refusal> {
        self.lanes.check(lease)?;
        for Effect { key, outgoing, state } in effects {
            let outgoing_text = row::without_body(outgoing)?;
            let inserted = self.statements.insert_effect.execute(params![
                row::number(key.event),
                &*key.handler,
                key.ordinal,
                key.part,
                &*lease.lane.0,
                state.is_ended(),
                row::text(state)?,
                row::effect_sum(key, &lease.lane.0, &outgoing_text, &outgoing.body),
                outgoing_text,
                &outgoing.body[..],
            ])?;
            if inserted == 1 && !state.is_ended() {
                self.lanes.effect_begins(&lease.lane, key.event);
            }
        }
        Ok(())
    }

    pub(super) fn mark(&mut self, lease: &Lease, effect: &EffectKey, state: &EffectState) -> Result<(), Refusal> {
        self.lanes.check(lease)?;
        self.change_effect(&lease.lane, effect, state)
    }

    /// Puts an effect that is not at its end into another state.
    pub(super) fn change_effect(
        &mut self,
        lane: &Lane,
        effect: &EffectKey,
        state: &EffectState,
    ) -> Result<(), Refusal> {
        let EffectKey { event, handler, ordinal, part } = effect;
        let event_number = row::number(*event);
        let mut changed = 0;
        if let EffectState::Dead { reason } = state {
            self.statements.bury_effect.execute(params![event_number, &**handler, ordinal, part, reason])?;
        }
        if state.is_ended() {
            changed = self.statements.delete_effect.execute(params![event_number, &**handler, ordinal, part])?;
        }
        if changed == 0 {
            let state_text = row::text(state)?;
            let values = params![event_number, &**handler, ordinal, part, state_text, state.is_ended()];
            changed = self.statements.change_effect.execute(values)?;
        }
        if changed == 1 && state.is_ended() {
            self.lanes.effect_ends(lane, *event);
        }
        Ok(())
    }
}
