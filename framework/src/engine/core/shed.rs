//! Whether events are taken in.
//!
//! What is not taken in is asked for again, and the platform gives up after about six minutes. So the backlog alone is
//! shed for three minutes at most; then events are taken in and lag behind. First those are shed that begin a
//! conversation: an event of one that has work already would come back out of order.

use std::time::Duration;

use super::{
    io::{Room, Shed},
    trail::Note,
};
use crate::clock::Timestamp;

/// How long a lane may wait for its turn.
const OLDEST: Duration = Duration::from_secs(15 * 60);

/// How long the backlog may be shed.
const LONGEST: Duration = Duration::from_secs(3 * 60);

/// So many times the limit of what waits are the end of the memory: nothing is taken in past it.
const MEMORY: usize = 10;

/// Decides whether events are taken in.
#[derive(Debug, Default)]
pub(super) struct Shedding {
    backlog: Backlog,
    pub(super) room: Room,
    /// The longest wait, and at which second it was looked at.
    oldest: Duration,
    looked: Option<u64>,
}

/// Where the backlog stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Backlog {
    /// It is short enough.
    #[default]
    Short,
    /// It has been shed since then.
    Shed(Timestamp),
    /// It was shed for long enough, and is still long.
    Lags,
}

/// What is not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nothing at all.
    All(Shed),
    /// What begins a conversation.
    New(Shed),
}

impl Shedding {
    /// Looks at what waits, and at how long a lane has waited for its turn: that once a second at most.
    pub(super) fn look(
        &mut self,
        now: Timestamp,
        waiting: usize,
        limit: usize,
        oldest: impl FnOnce() -> Duration,
        notes: &mut Vec<Note>,
    ) -> Option<Refusal> {
        if self.looked != Some(now.seconds()) {
            self.looked = Some(now.seconds());
            self.oldest = oldest();
        }
        let was = self.backlog;
        self.backlog = self.next(now, waiting, limit);
        match (was, self.backlog) {
            (Backlog::Short, Backlog::Shed(_)) => notes.push(Note::Sheds { waiting, oldest: self.oldest }),
            (Backlog::Shed(_), Backlog::Lags) => notes.push(Note::Lags),
            (Backlog::Shed(_) | Backlog::Lags, Backlog::Short) => notes.push(Note::ShedsNoMore),
            _ => {}
        }
        self.refusal(waiting, limit)
    }

    fn next(&self, now: Timestamp, waiting: usize, limit: usize) -> Backlog {
        let is_long = waiting >= limit || self.oldest >= OLDEST;
        // It has to become clearly shorter, or the three minutes would begin again and again.
        let is_short = waiting < limit - limit / 5 && self.oldest < OLDEST - OLDEST / 5;
        match self.backlog {
            Backlog::Short if is_long => Backlog::Shed(now),
            Backlog::Shed(_) | Backlog::Lags if is_short => Backlog::Short,
            Backlog::Shed(since) if now.since(since) >= LONGEST => Backlog::Lags,
            as_it_is => as_it_is,
        }
    }

    fn refusal(&self, waiting: usize, limit: usize) -> Option<Refusal> {
        match (self.room, self.backlog) {
            (Room::None, _) => Some(Refusal::All(Shed::Disk)),
            _ if waiting >= limit.saturating_mul(MEMORY) => Some(Refusal::All(Shed::Backlog)),
            (Room::Little, _) => Some(Refusal::New(Shed::Disk)),
            (Room::Enough, Backlog::Shed(_)) if self.oldest >= OLDEST => Some(Refusal::New(Shed::Age)),
            (Room::Enough, Backlog::Shed(_)) => Some(Refusal::New(Shed::Backlog)),
            (Room::Enough, Backlog::Short | Backlog::Lags) => None,
        }
    }

    /// Whether everything is taken in.
    pub(super) fn is_open(&self) -> bool {
        self.room == Room::Enough && self.backlog == Backlog::Short
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_000);
    const LIMIT: usize = 100;

    /// What is refused when so much waits, so many seconds after the start.
    fn look(shedding: &mut Shedding, seconds: u64, waiting: usize, oldest: u64) -> Option<Refusal> {
        let now = START + Duration::from_secs(seconds);
        shedding.look(now, waiting, LIMIT, || Duration::from_secs(oldest), &mut Vec::new())
    }

    #[test]
    fn a_long_backlog_is_shed_for_three_minutes_and_then_lags() {
        let mut shedding = Shedding::default();
        assert_eq!(look(&mut shedding, 0, LIMIT - 1, 0), None);
        for seconds in [1, 2, 180] {
            assert_eq!(look(&mut shedding, seconds, LIMIT, 0), Some(Refusal::New(Shed::Backlog)), "{seconds}");
        }
        for seconds in [181, 182, 3_600] {
            assert_eq!(look(&mut shedding, seconds, LIMIT * 2, 0), None, "{seconds}");
            assert!(!shedding.is_open());
        }
    }

    #[test]
    fn it_is_shed_again_only_after_it_was_clearly_shorter() {
        let mut shedding = Shedding::default();
        look(&mut shedding, 0, LIMIT, 0);
        look(&mut shedding, 180, LIMIT, 0);
        assert_eq!(look(&mut shedding, 181, LIMIT - 20, 0), None);
        assert_eq!(look(&mut shedding, 182, LIMIT, 0), None);
        assert_eq!(look(&mut shedding, 183, LIMIT - 21, 0), None);
        assert!(shedding.is_open());
        assert_eq!(look(&mut shedding, 184, LIMIT, 0), Some(Refusal::New(Shed::Backlog)));
    }

    #[test]
    fn a_lane_that_waits_for_a_quarter_of_an_hour_sheds_as_well() {
        let mut shedding = Shedding::default();
        assert_eq!(look(&mut shedding, 0, 1, 899), None);
        assert_eq!(look(&mut shedding, 1, 1, 900), Some(Refusal::New(Shed::Age)));
        assert_eq!(look(&mut shedding, 2, 1, 719), None);
    }

    #[test]
    fn the_longest_wait_is_looked_at_once_a_second() {
        let mut shedding = Shedding::default();
        look(&mut shedding, 0, 1, 0);
        let unseen = || panic!("it is looked at");
        assert_eq!(shedding.look(START + Duration::from_millis(999), 1, LIMIT, unseen, &mut Vec::new()), None);
    }

    #[test]
    fn the_disk_and_the_memory_are_shed_for_as_long_as_it_takes() {
        let mut shedding = Shedding { room: Room::Little, ..Shedding::default() };
        assert_eq!(look(&mut shedding, 0, 0, 0), Some(Refusal::New(Shed::Disk)));
        assert_eq!(look(&mut shedding, 3_600, 0, 0), Some(Refusal::New(Shed::Disk)));
        shedding.room = Room::None;
        assert_eq!(look(&mut shedding, 3_601, 0, 0), Some(Refusal::All(Shed::Disk)));
        shedding.room = Room::Enough;
        assert_eq!(look(&mut shedding, 3_602, 0, 0), None);
        look(&mut shedding, 3_603, LIMIT, 0);
        assert_eq!(look(&mut shedding, 7_200, LIMIT * 10, 0), Some(Refusal::All(Shed::Backlog)));
    }

    #[test]
    fn the_beginning_and_the_end_are_noted_once() {
        let (mut shedding, mut notes) = (Shedding::default(), Vec::new());
        for (seconds, waiting) in [(0, 1), (1, LIMIT), (2, LIMIT), (200, LIMIT), (201, 1), (202, 1)] {
            let now = START + Duration::from_secs(seconds);
            shedding.look(now, waiting, LIMIT, || Duration::ZERO, &mut notes);
        }
        assert_eq!(notes, [Note::Sheds { waiting: LIMIT, oldest: Duration::ZERO }, Note::Lags, Note::ShedsNoMore]);
    }
}
