//! Changes of the store: made, not made, or made without anybody knowing.

use futures_util::FutureExt;

use super::{
    super::super::{Input, Output},
    replica::message_of,
    world::{Act, By, World},
};
use crate::store::{Admitted, EffectState, EventState, Store, StoreError};

impl World {
    /// A change of the store: made, not made, or made without anybody knowing.
    pub(super) fn commit(&mut self, by: &By, output: Output) -> Input {
        let (fails, unknown, happens) = (self.goes_wrong(60), self.goes_wrong(60), self.rng.bool());
        let lane = match &output {
            Output::Admit { inbound, .. } => inbound.lane.clone(),
            Output::Acknowledge { lease, .. }
            | Output::Record { lease, .. }
            | Output::Settle { lease, .. }
            | Output::Mark { lease, .. } => lease.lane.clone(),
            other => unreachable!("{other:?}"),
        };
        // The worst moment to stand still: what is committed as being sent is not yet sent.
        if self.goes_wrong(150) {
            let span = self.after(50_000, 200_000).since(self.now);
            self.at(self.now, Act::Pause { replica: by.replica, span });
        }
        if unknown {
            self.happened.unknown_commits += 1;
            let at = self.after(1, 1_000);
            self.at(at, Act::GiveUp { lane });
        }
        let makes = !fails && (!unknown || happens);
        let store = by.store.clone();
        match output {
            Output::Admit { ticket, job, inbound } => {
                let message = message_of(&job);
                let made = makes.then(|| store.admit(inbound).now_or_never().unwrap());
                if let Some(Ok(Admitted::New { sequence, .. })) = &made {
                    self.ledger.admitted.insert(*sequence, message);
                    self.note(|| format!("message {message} is {sequence:?}"));
                }
                if let (true, Some(Ok(Admitted::New { sequence, .. }))) = (unknown, &made) {
                    self.ledger.untold.insert(*sequence);
                }
                let result = made.filter(|_| !unknown).unwrap_or_else(|| Err(failed()));
                Input::Admitted { ticket, job, result }
            }
            Output::Acknowledge { lease, event } => {
                let made = makes.then(|| store.acknowledge(&lease, event).now_or_never().unwrap());
                Input::Acknowledged { lease, result: self.told(made, unknown) }
            }
            Output::Record { lease, effects, waiter } => {
                let made = makes.then(|| store.record(&lease, effects.clone()).now_or_never().unwrap());
                Input::Recorded { lease, effects, waiter, result: self.told(made, unknown) }
            }
            Output::Settle { lease, settlement } => {
                let (event, state) = (settlement.event, settlement.state.clone());
                let made = makes.then(|| store.settle(&lease, settlement).now_or_never().unwrap());
                if made == Some(Ok(())) && matches!(state, EventState::Done | EventState::Dead { .. }) {
                    *self.ledger.ended.entry(event).or_default() += 1;
                    if let EventState::Dead { .. } = &state {
                        self.ledger.dead.insert(event);
                    }
                    self.note(|| format!("{event:?} ends: {state:?}"));
                }
                Input::Settled { lease, event, result: self.told(made, unknown) }
            }
            Output::Mark { lease, effect, state } => {
                let made = makes.then(|| store.mark(&lease, &effect, state.clone()).now_or_never().unwrap());
                if let (Some(Ok(())), EffectState::Dead { .. }) = (&made, &state) {
                    self.ledger.given_up.insert(effect.clone());
                }
                Input::Marked { lease, effect, result: self.told(made, unknown) }
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// What a process is told of a change that was made, or was not.
    fn told(&mut self, made: Option<Result<(), StoreError>>, unknown: bool) -> Result<(), StoreError> {
        self.happened.fenced += usize::from(made == Some(Err(StoreError::Fenced)));
        match made {
            _ if unknown => Err(StoreError::Fenced),
            Some(result) => result,
            None => Err(failed()),
        }
    }
}

fn failed() -> StoreError {
    StoreError::Failed { why: "no answer".to_owned() }
}
