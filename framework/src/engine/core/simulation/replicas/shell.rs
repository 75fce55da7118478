//! What processes ask for, and what comes of it.

use std::{sync::Arc, time::Duration};

use super::{
    super::super::{Acknowledgement, Input, Job, Output, Ticket, Waiter},
    mistake::Mistake,
    platform::Fate,
    replica::{Handler, Speaking, has_said, message_of},
    world::{Act, By, World},
};
use crate::{
    platform::Delivery,
    store::{Effect, EffectKey, EffectState, EventState, Lane, Lease, Sequence, conformance::effect},
};

impl World {
    /// Something that a process asks for sets out.
    pub(super) fn output(&mut self, replica: usize, output: Output) {
        let by = self.by(replica);
        match output {
            Output::Respond { ticket: Ticket(ticket), acknowledgement } => {
                let at = self.soon();
                self.at(at, Act::Answered { ticket, stored: acknowledgement == Acknowledgement::Stored });
            }
            Output::Run { lease, sequence, job, attempts, .. } => {
                self.ledger.begun.push((lease.lane.clone(), sequence));
                let message = message_of(&job);
                self.note(|| format!("{replica} runs {sequence:?}, message {message}, attempt {attempts}"));
                self.handler_begins(by, lease, sequence, job, attempts);
            }
            Output::Send { lease, effect, .. }
                if self.mistake != Some(Mistake::SendsUnderALostLease) && !self.may_send(replica, &lease) =>
            {
                let delivery = Delivery::NotSent { why: "the lease may be lost".to_owned() };
                let at = self.soon();
                self.at(at, Act::Tell { by, input: Box::new(Input::Delivered { lease, effect, delivery }) });
            }
            Output::Spoken { waiter, result } => {
                let Some(speaking) = self.replicas[replica].waiting.remove(&waiter) else { return };
                let state = match result {
                    Ok((channel, message)) => EffectState::Sent { channel, message },
                    // Its handler was told that it was not said.
                    Err(reason) => {
                        self.ledger.given_up.insert(speaking.said.key.clone());
                        EffectState::Dead { reason }
                    }
                };
                let said = Effect { state, ..speaking.said.clone() };
                speaking.job.recorded.lock().unwrap().push(said);
                self.handler_ends(by, &speaking);
            }
            Output::WakeAt(at) => self.at(at.max(self.now), Act::Tick { by }),
            // A lease that was lost here is void for sure.
            Output::Renounce { .. } | Output::Drained => {}
            Output::Settle { lease, mut settlement } => {
                let sends_early = self.mistake == Some(Mistake::SendsBeforeTheCommit);
                let in_two = self.mistake == Some(Mistake::SettlesInTwoCommits);
                if sends_early && let Some(first) = settlement.effects.first() {
                    let (effect, outgoing) = (first.key.clone(), first.outgoing.clone());
                    let at = self.soon();
                    let by = by.clone();
                    self.at(
                        at,
                        Act::Carry {
                            by,
                            output: Output::Send {
                                lease: lease.clone(),
                                effect,
                                outgoing,
                                has_turn: false,
                                span: tracing::Span::none(),
                            },
                        },
                    );
                    settlement.effects.iter_mut().for_each(|effect| effect.state = EffectState::Pending);
                }
                if in_two && matches!(settlement.state, EventState::Done) {
                    let effects = std::mem::take(&mut settlement.effects);
                    let at = self.after(21, 40);
                    let record = Output::Record { lease: lease.clone(), effects, waiter: None };
                    self.at(at, Act::Carry { by: by.clone(), output: record });
                }
                let at = self.soon();
                self.at(at, Act::Carry { by, output: Output::Settle { lease, settlement } });
            }
            output => {
                let at = self.soon();
                self.at(at, Act::Carry { by, output });
            }
        }
    }

    fn number(&self, attempts: u32, runs: usize, ordinal: u32) -> u32 {
        match self.mistake {
            Some(Mistake::NumbersEffectsAnew) => ordinal + 100 * (attempts + u32::try_from(runs).unwrap()),
            _ => ordinal,
        }
    }

    fn runs(&self, sequence: Sequence) -> usize {
        self.ledger.begun.iter().filter(|(_, begun)| *begun == sequence).count() - 1
    }

    fn handler_begins(&mut self, by: By, lease: Lease, sequence: Sequence, job: Arc<Job>, attempts: u32) {
        let handler = Handler::of(message_of(&job));
        let first = effect(sequence, self.number(attempts, self.runs(sequence), 0));
        let speaking = Speaking { lease: lease.clone(), sequence, job, attempts, said: first.clone() };
        if !handler.speaks_first() || has_said(&speaking.job, &first) {
            return self.handler_ends(by, &speaking);
        }
        let replica = &mut self.replicas[by.replica];
        replica.waiters += 1;
        let waiter = Waiter(replica.waiters);
        replica.waiting.insert(waiter, speaking);
        let at = self.soon();
        let input = Input::Spoke { lease, effects: vec![first], waiter: Some(waiter) };
        self.at(at, Act::Tell { by, input: Box::new(input) });
    }

    fn handler_ends(&mut self, by: By, speaking: &Speaking) {
        let Speaking { lease, sequence, job, attempts, .. } = speaking;
        let runs = self.runs(*sequence);
        let at = self.soon();
        let end =
            Handler::of(message_of(job)).end(*sequence, *attempts, at, |ordinal| self.number(*attempts, runs, ordinal));
        let input = Input::Ended { lease: lease.clone(), event: *sequence, end };
        self.at(at, Act::Tell { by, input: Box::new(input) });
    }

    /// What was asked for takes effect, and the answer sets out.
    pub(super) fn carry_out(&mut self, by: By, output: Output) {
        // What was on its way when its process ended arrives, or does not.
        if self.replicas[by.replica].epoch != by.epoch && self.rng.bool() {
            return;
        }
        let input = match output {
            Output::Send { lease, effect, .. } => {
                let delivery = self.post(&lease.lane, &effect);
                let delivery = match delivery {
                    Delivery::Ambiguous { why } if self.mistake == Some(Mistake::SendsAgainAfterATimeout) => {
                        Delivery::NotSent { why }
                    }
                    delivery => delivery,
                };
                let at = self.soon();
                return self.at(at, Act::Tell { by, input: Box::new(Input::Delivered { lease, effect, delivery }) });
            }
            Output::Find { lease, effect, .. } => {
                let found = self.conversation.find(&effect, self.now);
                self.note(|| format!("{effect:?} is looked for: {found:?}"));
                let at = self.soon();
                return self.at(at, Act::Tell { by, input: Box::new(Input::Found { lease, effect, found }) });
            }
            change => self.commit(&by, change),
        };
        self.tell_in_order(by, input);
    }

    fn post(&mut self, lane: &Lane, effect: &EffectKey) -> Delivery {
        let fate = match self.rng.u8(..) {
            _ if !self.is_trouble() => Fate::Arrives,
            0..16 => Fate::LosesAnswer,
            16..26 => Fate::LosesRequest,
            26..40 => Fate::IsLimited,
            40..48 => Fate::IsRefused,
            _ => Fate::Arrives,
        };
        let lag = Duration::from_millis(self.rng.u64(0..6_000));
        let delivery = self.conversation.post(lane, effect.clone(), fate, self.now, lag);
        self.happened.in_doubt += usize::from(matches!(delivery, Delivery::Ambiguous { .. }));
        self.note(|| format!("{effect:?} is sent: {delivery:?}"));
        delivery
    }
}
