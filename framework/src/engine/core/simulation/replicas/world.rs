//! Everything together, one act after the other.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use fastrand::Rng;
use futures_util::FutureExt;

use super::{
    super::super::{Input, Output},
    mistake::Mistake,
    platform::{AGAIN, Conversation, Said, WAITS},
    replica::{Replica, arrival},
};
use crate::{
    clock::Timestamp,
    store::{EffectKey, Key, Lane, MemoryStore, Sequence, Store},
};

const START: Timestamp = Timestamp::from_seconds(1_700_000_000);

/// How long things go wrong, and how long everything may take to come to its end after that.
const TROUBLE: Duration = Duration::from_secs(400);
const PATIENCE: Duration = Duration::from_secs(2 * 60 * 60);

pub(super) const REPLICAS: usize = 3;
const MESSAGES: usize = 24;
const LANES: [&str; 4] = ["one", "two", "three", "four"];

/// Something that happens at its time.
#[derive(Debug)]
pub(super) enum Act {
    /// The platform delivers.
    Deliver {
        said: usize,
    },
    /// The platform has waited long enough.
    Missed {
        said: usize,
        attempt: usize,
    },
    /// An answer reaches the platform.
    Answered {
        ticket: u64,
        stored: bool,
    },
    /// What was asked for takes effect, whatever became of who asked.
    Carry {
        by: By,
        output: Output,
    },
    /// Something reaches a process.
    Tell {
        by: By,
        input: Box<Input>,
    },
    Tick {
        by: By,
    },
    Look {
        by: By,
    },
    Renew {
        by: By,
    },
    GiveUp {
        lane: Lane,
    },
    Crash {
        replica: usize,
    },
    Start {
        replica: usize,
    },
    Pause {
        replica: usize,
        span: Duration,
    },
}

/// Which process, and its handle on the store as it was.
#[derive(Clone, Debug)]
pub(super) struct By {
    pub(super) replica: usize,
    pub(super) epoch: u32,
    pub(super) store: Arc<MemoryStore>,
}

/// What truly happened, whatever the processes believe.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Which message each event in the store brings.
    pub(super) admitted: BTreeMap<Sequence, usize>,
    pub(super) begun: Vec<(Lane, Sequence)>,
    /// How often the end of each event was committed.
    pub(super) ended: BTreeMap<Sequence, usize>,
    pub(super) dead: BTreeSet<Sequence>,
    pub(super) given_up: BTreeSet<EffectKey>,
    /// Events that were stored without anybody being told so: they come back by and by, and are not acknowledged before.
    pub(super) untold: BTreeSet<Sequence>,
}

/// How often what went wrong.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Happened {
    pub(super) crashes: usize,
    pub(super) pauses: usize,
    pub(super) lost_leases: usize,
    pub(super) fenced: usize,
    pub(super) unknown_commits: usize,
    pub(super) in_doubt: usize,
    pub(super) redelivered: usize,
    pub(super) taken_over: usize,
}

impl Happened {
    pub(super) fn add(&mut self, other: Self) {
        self.crashes += other.crashes;
        self.pauses += other.pauses;
        self.lost_leases += other.lost_leases;
        self.fenced += other.fenced;
        self.unknown_commits += other.unknown_commits;
        self.in_doubt += other.in_doubt;
        self.redelivered += other.redelivered;
        self.taken_over += other.taken_over;
    }
}

pub(super) struct World {
    pub(super) rng: Rng,
    pub(super) now: Timestamp,
    agenda: BTreeMap<(Timestamp, u64), Act>,
    acts: u64,
    pub(super) mistake: Option<Mistake>,
    tells: bool,
    pub(super) store: MemoryStore,
    pub(super) replicas: Vec<Replica>,
    pub(super) said: Vec<Said>,
    /// Which event each attempt delivers.
    tickets: Vec<usize>,
    pub(super) conversation: Conversation,
    pub(super) ledger: Ledger,
    pub(super) happened: Happened,
    /// What happened, in a word each.
    pub(super) history: Vec<String>,
    /// Until when the leases of each holder hold.
    pub(super) holders: BTreeMap<u64, (Arc<MemoryStore>, Timestamp)>,
}

impl World {
    pub(super) fn new(seed: u64, mistake: Option<Mistake>) -> Self {
        let store = MemoryStore::new();
        store.careless(mistake == Some(Mistake::ChecksNoToken), mistake == Some(Mistake::LeavesALaneWithWork));
        let replicas = (0..REPLICAS).map(|_| Replica::new(store.beside())).collect();
        let mut world = Self {
            rng: Rng::with_seed(seed),
            now: START,
            agenda: BTreeMap::new(),
            acts: 0,
            mistake,
            tells: false,
            store,
            replicas,
            said: Vec::new(),
            tickets: Vec::new(),
            conversation: Conversation::default(),
            ledger: Ledger::default(),
            happened: Happened::default(),
            history: Vec::new(),
            holders: BTreeMap::new(),
        };
        world.plan();
        world
    }

    /// Prints what happens.
    pub(super) fn telling(mut self) -> Self {
        self.tells = true;
        self
    }

    /// What people will say, and what will go wrong.
    fn plan(&mut self) {
        for replica in 0..REPLICAS {
            self.begin(replica);
        }
        for message in 0..MESSAGES {
            let lane = LANES[self.rng.usize(..LANES.len())];
            let at = self.after(0, 200_000);
            let events = if self.rng.u8(..) < 80 { 2 } else { 1 };
            for event in 0..events {
                self.said.push(Said::new(message, 2 * message + event, lane));
                let at = at + Duration::from_millis(self.rng.u64(0..40));
                self.at(at, Act::Deliver { said: self.said.len() - 1 });
                // Some are delivered again although they were taken.
                if self.rng.u8(..) < 50 {
                    let again = at + Duration::from_millis(self.rng.u64(0..90_000));
                    self.at(again, Act::Deliver { said: self.said.len() - 1 });
                }
            }
        }
        for _ in 0..self.rng.usize(1..7) {
            let (replica, at) = (self.rng.usize(..REPLICAS), self.after(0, 300_000));
            self.at(at, Act::Crash { replica });
        }
        for _ in 0..self.rng.usize(1..6) {
            let (replica, at) = (self.rng.usize(..REPLICAS), self.after(0, 300_000));
            let span = Duration::from_millis(self.rng.u64(100..60_000));
            self.at(at, Act::Pause { replica, span });
        }
    }

    /// Goes on until everything is at its end.
    pub(super) fn play(mut self) -> Self {
        while let Some(((at, _), act)) = self.agenda.pop_first() {
            self.now = at;
            if at.since(START) > PATIENCE || (at.since(START) > TROUBLE && self.is_quiet(&act)) {
                break;
            }
            self.take(act);
        }
        self
    }

    /// Whether nothing is left but to look and to renew.
    fn is_quiet(&self, next: &Act) -> bool {
        let idle = |act: &Act| matches!(act, Act::Look { .. } | Act::Renew { .. } | Act::Tick { .. });
        let counts = self.store.counts().now_or_never().unwrap().unwrap();
        (counts.open, counts.unsent) == (0, 0)
            && self.replicas.iter().all(|replica| replica.core.is_idle())
            && idle(next)
            && self.agenda.values().all(idle)
    }

    pub(super) fn is_trouble(&self) -> bool {
        self.now.since(START) < TROUBLE
    }

    /// Some things go wrong, one in so many times, as long as things go wrong at all.
    pub(super) fn goes_wrong(&mut self, one_in: u32) -> bool {
        self.is_trouble() && self.rng.u32(..one_in) == 0
    }

    pub(super) fn after(&mut self, least: u64, most: u64) -> Timestamp {
        self.now + Duration::from_micros(self.rng.u64(least * 1_000..most * 1_000))
    }

    /// How long something takes on the way.
    pub(super) fn soon(&mut self) -> Timestamp {
        if self.goes_wrong(40) { self.after(100, 2_500) } else { self.after(1, 20) }
    }

    pub(super) fn at(&mut self, at: Timestamp, act: Act) {
        self.acts += 1;
        self.agenda.insert((at, self.acts), act);
    }

    pub(super) fn by(&self, replica: usize) -> By {
        let Replica { epoch, store, .. } = &self.replicas[replica];
        By { replica, epoch: *epoch, store: store.clone() }
    }

    pub(super) fn note(&mut self, what: impl FnOnce() -> String) {
        let note = what();
        if self.tells {
            println!("{:>11} {note}", self.now.since(START).as_micros());
        }
        self.history.push(format!("{} {note}", self.now.micros()));
    }

    /// Whether what is to reach a process still may; what reaches one that stands still waits.
    fn reaches(&mut self, by: &By, act: impl FnOnce() -> Act) -> bool {
        let replica = &self.replicas[by.replica];
        if !replica.is_up || replica.epoch != by.epoch {
            return false;
        }
        let until = replica.paused_until;
        if until > self.now {
            let act = act();
            self.at(until, act);
            return false;
        }
        true
    }

    fn take(&mut self, act: Act) {
        match act {
            Act::Deliver { said } => self.deliver(said),
            Act::Missed { said, attempt } => {
                if !self.said[said].acknowledged && self.said[said].attempts == attempt {
                    self.deliver_again(said);
                }
            }
            Act::Answered { ticket, stored } => {
                let said = self.tickets[usize::try_from(ticket).unwrap()];
                match stored {
                    true => self.said[said].acknowledged = true,
                    false if !self.said[said].acknowledged => self.deliver_again(said),
                    false => {}
                }
            }
            Act::Carry { by, output } => self.carry_out(by, output),
            Act::Tell { by, input } => {
                let mut input = Some(input);
                if self.reaches(&by, || Act::Tell { by: by.clone(), input: input.take().unwrap() }) {
                    self.input(by.replica, *input.take().unwrap());
                }
            }
            Act::Tick { by } => {
                if self.reaches(&by, || Act::Tick { by: by.clone() }) {
                    self.input(by.replica, Input::Tick);
                }
            }
            Act::Look { by } => {
                if self.reaches(&by, || Act::Look { by: by.clone() }) {
                    self.look(&by);
                }
            }
            Act::Renew { by } => {
                if self.reaches(&by, || Act::Renew { by: by.clone() }) {
                    self.renew(&by);
                }
            }
            Act::GiveUp { lane } => self.store.give_up(&lane),
            Act::Crash { replica } => self.crash(replica),
            Act::Start { replica } => {
                self.replicas[replica].is_up = true;
                self.begin(replica);
            }
            Act::Pause { replica, span } => {
                self.note(|| format!("{replica} stands still for {span:?}"));
                self.happened.pauses += 1;
                let until = self.replicas[replica].paused_until.max(self.now + span);
                self.replicas[replica].paused_until = until;
            }
        }
    }

    fn deliver(&mut self, said: usize) {
        let attempt = self.said[said].attempts + 1;
        self.said[said].attempts = attempt;
        self.happened.redelivered += usize::from(attempt > 1);
        let ticket = self.tickets.len() as u64;
        self.tickets.push(said);
        let waited = self.now + WAITS;
        self.at(waited, Act::Missed { said, attempt });
        let replica = self.rng.usize(..REPLICAS);
        if !self.replicas[replica].is_up {
            return;
        }
        let message = self.said[said].message;
        let mut inbound = self.said[said].inbound.clone();
        self.note(|| format!("message {message} is delivered to {replica}, attempt {attempt}"));
        let at = self.soon();
        inbound.received = at;
        match self.mistake {
            Some(Mistake::BelievesTheRetryHeader) if attempt > 1 => {
                return self.at(at, Act::Answered { ticket, stored: true });
            }
            Some(Mistake::AcknowledgesBeforeTheCommit) => self.at(at, Act::Answered { ticket, stored: true }),
            Some(Mistake::KnowsEventsAlone) => inbound.message = None,
            Some(Mistake::ForgetsKeysWithTheProcess) => {
                let process = format!("{replica}/{}", self.replicas[replica].epoch);
                inbound.key = Key::of(9, &[&process, &format!("{:?}", inbound.key)]);
                inbound.message = inbound.message.map(|key| Key::of(9, &[&process, &format!("{key:?}")]));
            }
            _ => {}
        }
        let by = self.by(replica);
        self.at(at, Act::Tell { by, input: Box::new(arrival(ticket, message, inbound)) });
    }

    fn deliver_again(&mut self, said: usize) {
        // What was delivered once more of itself is not counted as an attempt of the platform's patience.
        if let Some(wait) = AGAIN.get(self.said[said].attempts - 1) {
            let at = self.now + *wait;
            self.at(at, Act::Deliver { said });
        }
    }

    pub(super) fn input(&mut self, replica: usize, input: Input) {
        let outputs = self.replicas[replica].core.step(self.now, input);
        for output in outputs {
            self.output(replica, output);
        }
    }

    /// Answers of the store reach a process in the order of the commits.
    pub(super) fn tell_in_order(&mut self, by: By, input: Input) {
        let at = self.soon().max(self.replicas[by.replica].told + Duration::from_micros(1));
        self.replicas[by.replica].told = at;
        self.at(at, Act::Tell { by, input: Box::new(input) });
    }
}
