//! Taking events in.

use rusqlite::params;

use super::{
    row,
    tables::{Refusal, Tables},
};
use crate::{
    id::UserId,
    store::{Admitted, EventState, Inbound, Sequence},
};

impl Tables<'_> {
    pub(super) fn admit(&mut self, inbound: &Inbound) -> Result<Admitted, Refusal> {
        let now = inbound.received;
        // All deliveries of an event bring the same message: the message's key stands for the event's, except for
        // observers, who are shown each event of it.
        let by_itself = inbound.message.is_none() || inbound.observed;
        if by_itself && !self.remember(inbound.key, now)? {
            return Ok(Admitted::Duplicate);
        }
        let dispatch = match inbound.message {
            Some(message) => self.remember(message, now)?,
            None => true,
        };
        if !dispatch && !inbound.observed {
            return Ok(Admitted::Duplicate);
        }
        let sequence = self.next;
        self.next = Sequence(sequence.0 + 1);
        let state = if inbound.answering { EventState::Answering } else { EventState::Ready };
        self.statements.insert_event.execute(params![
            row::number(sequence),
            &*inbound.lane.0,
            inbound.person.as_ref().map(UserId::as_str),
            row::text(&state)?,
            row::micros(now),
            dispatch,
            0,
            row::event_sum(sequence, &inbound.lane.0, now, dispatch, &inbound.body),
            &inbound.body[..],
        ])?;
        self.sweep.admitted(now);
        let lease = self.lanes.event_begins(&inbound.lane, sequence);
        Ok(Admitted::New { sequence, lease: Some(lease), dispatch })
    }
}
