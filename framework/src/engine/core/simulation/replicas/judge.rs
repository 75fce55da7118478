//! What must hold once everything has come to its end.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::FutureExt;

use super::{replica::Handler, world::World};
use crate::store::{EffectKey, Lane, Sequence, Store};

impl World {
    /// What is wrong; nothing, if all is right.
    pub(super) fn judge(&self) -> Vec<String> {
        let checks = [
            self.everything_is_at_its_end(),
            self.what_was_acknowledged_ended_once(),
            self.nothing_is_said_twice(),
            self.everything_was_said_or_is_listed(),
            self.lanes_are_in_order(),
        ];
        checks.into_iter().flatten().collect()
    }

    fn everything_is_at_its_end(&self) -> Vec<String> {
        let counts = self.store.counts().now_or_never().unwrap().unwrap();
        let at_work = self.replicas.iter().filter(|replica| !replica.core.is_idle());
        let at_work: Vec<String> = at_work.map(|replica| format!("{:?}", replica.core)).collect();
        let wrong = (counts.open, counts.unsent) != (0, 0) || !at_work.is_empty();
        wrong.then(|| format!("not everything is at its end: {counts:?} {at_work:#?}")).into_iter().collect()
    }

    fn what_was_acknowledged_ended_once(&self) -> Vec<String> {
        let acknowledged: BTreeSet<usize> =
            self.said.iter().filter(|said| said.acknowledged).map(|said| said.message).collect();
        let mut ended: BTreeMap<usize, usize> = BTreeMap::new();
        for sequence in self.ledger.ended.keys() {
            *ended.entry(self.ledger.admitted[sequence]).or_default() += 1;
        }
        let wrong = |message: &usize| match ended.get(message) {
            Some(1) => None,
            None => Some(format!("message {message} was acknowledged and lost")),
            Some(times) => Some(format!("message {message} was taken in {times} times")),
        };
        let twice = self.ledger.ended.iter().filter(|(_, times)| **times > 1);
        let twice = twice.map(|(sequence, times)| format!("{sequence:?} ended {times} times"));
        acknowledged.iter().filter_map(wrong).chain(twice).collect()
    }

    fn nothing_is_said_twice(&self) -> Vec<String> {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for posted in &self.conversation.posted {
            *times.entry(self.words(&posted.effect)).or_default() += 1;
        }
        times
            .into_iter()
            .filter(|(_, times)| *times > 1)
            .map(|(what, times)| format!("{what}: {times} times"))
            .collect()
    }

    fn everything_was_said_or_is_listed(&self) -> Vec<String> {
        let said: BTreeSet<String> = self.conversation.posted.iter().map(|posted| self.words(&posted.effect)).collect();
        let listed: BTreeSet<String> = self.ledger.given_up.iter().map(|effect| self.words(effect)).collect();
        let mut wrong = Vec::new();
        for sequence in self.ledger.ended.keys().filter(|sequence| !self.ledger.dead.contains(sequence)) {
            let message = self.ledger.admitted[sequence];
            for ordinal in Handler::of(message).says() {
                let words = format!("message {message}, number {ordinal}");
                if !said.contains(&words) && !listed.contains(&words) {
                    wrong.push(format!("{words}: not said, and not listed"));
                }
            }
        }
        wrong
    }

    /// What was said in a lane stands in the order of its events, and of what each says.
    fn lanes_are_in_order(&self) -> Vec<String> {
        let mut lanes: BTreeMap<&Lane, Vec<(Sequence, u32)>> = BTreeMap::new();
        let told = |sequence: &Sequence| !self.ledger.untold.contains(sequence);
        for posted in self.conversation.posted.iter().filter(|posted| told(&posted.effect.event)) {
            lanes.entry(&posted.lane).or_default().push((posted.effect.event, posted.effect.ordinal));
        }
        let order = lanes.into_iter().filter(|(_, said)| !said.is_sorted());
        let mut wrong: Vec<String> = order.map(|(lane, said)| format!("{lane:?} is out of order: {said:?}")).collect();
        let mut runs: BTreeMap<&Lane, Vec<Sequence>> = BTreeMap::new();
        let mut begun = BTreeSet::new();
        for (lane, sequence) in self.ledger.begun.iter().filter(|(_, event)| told(event) && begun.insert(*event)) {
            runs.entry(lane).or_default().push(*sequence);
        }
        let order = runs.into_iter().filter(|(_, runs)| !runs.is_sorted());
        wrong.extend(order.map(|(lane, runs)| format!("{lane:?} is run out of order: {runs:?}")));
        wrong
    }

    /// What an effect is to people, whatever event brought it.
    fn words(&self, effect: &EffectKey) -> String {
        let message = self.ledger.admitted.get(&effect.event);
        // A mistake numbers what is said anew, which changes nothing for whoever reads it.
        format!("message {}, number {}", message.map_or(usize::MAX, |message| *message), effect.ordinal % 100)
    }
}
