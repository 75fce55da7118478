//! Events: taken in, run one at a time in their lane, ended.

use std::sync::Arc;

use super::{
    COMMIT_AGAIN, Core,
    io::{Acknowledgement, End, Job, Output, Shed, TakenOver, Ticket},
    lane::{GivenUp, LaneState, Owed, Queued, Request, Running},
    shed::Refusal,
    suspect::calm,
    timers::Timer,
    trail::{Note, Trail},
};
use crate::{
    clock::Timestamp,
    platform::Response,
    store::{Admitted, EventState, Inbound, Lane, Lease, Sequence, Settlement, StoreError},
};

impl Core {
    pub(super) fn arrived(&mut self, ticket: Ticket, job: Arc<Job>, inbound: Inbound, out: &mut Vec<Output>) {
        if let Some(shed) = self.shed(&inbound.lane) {
            return out.push(respond(ticket, Acknowledgement::Shed(shed)));
        }
        self.admitting += 1;
        out.push(Output::Admit { ticket, job, inbound });
    }

    /// Why an event of a lane is not taken in.
    fn shed(&mut self, lane: &Lane) -> Option<Shed> {
        if self.draining.is_some() {
            return Some(Shed::Draining);
        }
        if self.admitting >= self.limits.admitting {
            return Some(Shed::Admitting);
        }
        let (now, ready) = (self.now, &self.ready);
        let oldest = || ready.oldest().map(|since| now.since(since)).unwrap_or_default();
        match self.shedding.look(now, self.waiting, self.limits.waiting, oldest, &mut self.notes)? {
            Refusal::All(shed) => Some(shed),
            Refusal::New(shed) => (!self.lanes.contains_key(lane)).then_some(shed),
        }
    }

    pub(super) fn admitted(
        &mut self,
        now: Timestamp,
        ticket: Ticket,
        job: Arc<Job>,
        result: Result<Admitted, StoreError>,
        out: &mut Vec<Output>,
    ) {
        self.admitting -= 1;
        let (sequence, lease, dispatch) = match result {
            Err(_) => return out.push(respond(ticket, Acknowledgement::Shed(Shed::Store))),
            Ok(Admitted::Duplicate) => return out.push(respond(ticket, Acknowledgement::Stored)),
            Ok(Admitted::New { lease: None, .. }) => return out.push(respond(ticket, Acknowledgement::Stored)),
            Ok(Admitted::New { sequence, lease: Some(lease), dispatch }) => (sequence, lease, dispatch),
        };
        let received = job.event.received;
        let request = job.request;
        // Told late, its lane has gone to another since, and the event with it.
        if !self.make_way(&lease, out) {
            return out.push(respond(ticket, Acknowledgement::Stored));
        }
        let event = Queued { sequence, job, dispatch, attempts: 0, crashes: 0, not_before: now, doubted: None };
        if request {
            let deadline = received + self.limits.answer_within;
            let lane = lease.lane.clone();
            self.timers.set(deadline, lane.clone(), Timer::Answer);
            let request = Request { ticket, response: Owed::Answer };
            return self.run(lease, event, Some(request), out);
        }
        out.push(respond(ticket, Acknowledgement::Stored));
        self.enqueue(lease, event);
    }

    fn enqueue(&mut self, lease: Lease, event: Queued) {
        let lane = lease.lane.clone();
        self.waiting += 1;
        let state = self.lanes.entry(lane.clone()).or_insert_with(|| LaneState::new(lease));
        // Commits end in one order and may be told in another.
        let behind = state.queue.partition_point(|other| other.sequence < event.sequence);
        state.queue.insert(behind, event);
        self.list(&lane);
    }

    /// Puts a lane behind all others that are to be served.
    pub(super) fn list(&mut self, lane: &Lane) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        if let Some(head) = state.queue.front().filter(|_| state.running.is_none() && !state.listed) {
            self.ready.list(&head.job.event.team, lane.clone(), self.now);
            state.listed = true;
        }
    }

    /// Starts events as long as workers are free.
    pub(super) fn start_ready(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        while self.running < self.limits.workers {
            self.list_suspect();
            let Some((team, lane)) = self.ready.next(self.limits.workers) else { return };
            let Some(event) = self.take_head(now, &lane) else {
                self.ready.served(team);
                self.leave_if_empty(&lane);
                continue;
            };
            self.waiting -= 1;
            self.running += 1;
            self.run(event.0, event.1, None, out);
        }
    }

    /// Takes the first event of a lane that is served, if it may be run now.
    fn take_head(&mut self, now: Timestamp, lane: &Lane) -> Option<(Lease, Queued)> {
        let state = self.lanes.get_mut(lane)?;
        state.listed = false;
        let head = state.queue.front().filter(|_| state.running.is_none())?;
        // It is listed again when something of it is said.
        if state.outbox.len() >= self.limits.outbox {
            return None;
        }
        if head.not_before > now {
            self.timers.set(head.not_before, lane.clone(), Timer::Run);
            return None;
        }
        if self.suspects.wait(lane, state) {
            return None;
        }
        Some((state.lease.clone(), state.queue.pop_front()?))
    }

    fn run(&mut self, lease: Lease, event: Queued, request: Option<Request>, out: &mut Vec<Output>) {
        let lane = lease.lane.clone();
        let mut running = Running::new(event, request);
        self.begin(&lease, &mut running, out);
        let state = self.lanes.entry(lane).or_insert_with(|| LaneState::new(lease));
        state.running = Some(running);
    }

    pub(super) fn ended(&mut self, now: Timestamp, lane: &Lane, event: Sequence, end: End, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        let this_one = |running: &&mut Running| running.event.sequence == event && running.settling.is_none();
        let Some(running) = state.running.as_mut().filter(this_one) else { return };
        if std::mem::take(&mut running.counted) {
            self.running -= 1;
            self.ready.served_of(&running.event.job.event.team);
        }
        let Some(end) = self.keep_end(lane, end) else { return };
        let Some(running) = self.lanes.get_mut(lane).and_then(|state| state.running.as_mut()) else { return };
        let in_time = running.request.as_ref().is_some_and(|request| request.response == Owed::Answer);
        let mut effects = end.effects;
        let mut response = None;
        match end.answer {
            Some((answer, _)) if in_time => response = Some(answer),
            Some((_, late)) => effects.extend(late),
            None => response = in_time.then_some(Response::empty(200)),
        }
        self.pace_or_doubt(now, lane, &mut effects);
        let settlement = Settlement { event, state: end.state, effects, changes: end.changes };
        self.settle(lane, settlement, response, out);
    }

    fn settle(&mut self, lane: &Lane, settlement: Settlement, response: Option<Response>, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        let Some(running) = state.running.as_mut() else { return };
        out.push(Output::Settle { lease: state.lease.clone(), settlement: settlement.clone() });
        running.settling = Some((settlement, response));
    }

    pub(super) fn settled(
        &mut self,
        now: Timestamp,
        lane: &Lane,
        event: Sequence,
        result: Result<(), StoreError>,
        out: &mut Vec<Output>,
    ) {
        match result {
            Ok(()) => {}
            Err(StoreError::Fenced) => return self.lost(lane, out),
            Err(StoreError::Conflict(place)) => return self.conflicted(lane, *place, out),
            Err(StoreError::Failed { .. }) => {
                if let Some(state) = self.lanes.get_mut(lane) {
                    state.unsettled(event);
                }
                return self.timers.set(now + COMMIT_AGAIN, lane.clone(), Timer::Settle);
            }
        }
        if self.begun(lane, event, out) {
            return;
        }
        let Some(state) = self.lanes.get_mut(lane) else { return };
        state.given_up.retain(|given_up| given_up.settlement.event != event);
        let this_one = |running: &mut Running| running.event.sequence == event && running.settling.is_some();
        let Some(Running { mut event, request, settling, turn, .. }) = state.running.take_if(this_one) else {
            return self.leave_if_empty(lane);
        };
        let Some((settlement, response)) = settling else { return };
        let acknowledgement = match request.map(|request| request.response) {
            None | Some(Owed::Nothing) => None,
            Some(Owed::Answer) => Some(Acknowledgement::Answer(response.unwrap_or(Response::empty(200)))),
            // The commit that was to come first is overtaken by this one, which holds more.
            Some(Owed::Acknowledgement) => Some(Acknowledgement::Stored),
        };
        let answered = request.zip(acknowledgement);
        out.extend(answered.map(|(request, acknowledgement)| respond(request.ticket, acknowledgement)));
        let trail = Trail::of(&event.job);
        match settlement.state {
            EventState::Retry { at } => {
                event.attempts += 1;
                event.not_before = at;
                self.waiting += 1;
                state.queue.push_front(event);
            }
            _ => state.ended.retain(|(key, _)| key.event != event.sequence),
        }
        self.post(now, lane, settlement.effects, &trail, out);
        if self.lanes.get(lane).is_some_and(|state| state.is_over(settlement.event)) {
            self.notes.extend(trail.received.map(|received| Note::Over(now.since(received))));
        }
        turn.iter().for_each(|place| self.give_turn(lane, place, out));
        self.cleared(lane);
        self.list(lane);
        self.leave_if_empty(lane);
    }

    pub(super) fn taken_over(&mut self, now: Timestamp, old: TakenOver, out: &mut Vec<Output>) {
        let lane = old.lease.lane.clone();
        if !self.make_way(&old.lease, out) {
            return;
        }
        // What others took into a lane that is held here comes behind what it has.
        if !self.lanes.contains_key(&lane) {
            self.notes.push(Note::TakenOver);
            self.lanes.insert(lane.clone(), LaneState::new(old.lease.clone()));
        }
        self.post_old(now, &lane, old.effects, out);
        for event in old.events {
            let reason = match (&event.state, &event.job) {
                (EventState::Answering, _) => Some("unanswered: the process ended before the response was sent"),
                (_, None) => Some("unhandled: no handler takes it any more"),
                _ => None,
            };
            let not_before = match event.state {
                EventState::Retry { at } => at,
                _ => now,
            };
            let not_before = not_before.max(now + calm(event.crashes));
            let restored = matches!(event.state, EventState::Restored);
            match (event.job, reason) {
                (Some(job), None) => self.enqueue(
                    old.lease.clone(),
                    Queued {
                        sequence: event.sequence,
                        doubted: restored.then_some(job.event.received),
                        job,
                        dispatch: event.dispatch,
                        attempts: event.attempts,
                        crashes: event.crashes,
                        not_before,
                    },
                ),
                (_, reason) => {
                    let reason = reason.unwrap_or_default().to_owned();
                    let state = EventState::Dead { reason };
                    let settlement =
                        Settlement { event: event.sequence, state, effects: Vec::new(), changes: Vec::new() };
                    self.give_up(&old.lease, settlement, out);
                }
            }
        }
        self.leave_if_empty(&lane);
    }

    pub(super) fn acknowledged(&mut self, lane: &Lane, result: Result<(), StoreError>, out: &mut Vec<Output>) {
        let Some(request) = self.request(lane) else { return };
        if request.response != Owed::Acknowledgement {
            return;
        }
        request.response = Owed::Nothing;
        let acknowledgement = match result {
            Ok(()) => Acknowledgement::Stored,
            Err(_) => Acknowledgement::Shed(Shed::Store),
        };
        let ticket = request.ticket;
        out.push(respond(ticket, acknowledgement));
    }

    pub(super) fn tick(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.timers.forget_told();
        while let Some((lane, timer)) = self.timers.pop(now) {
            match timer {
                Timer::Answer => self.acknowledge(&lane, out),
                Timer::Run => self.list(&lane),
                Timer::Send => self.send_first(now, &lane, out),
                Timer::Settle => self.settle_again(&lane, out),
                Timer::Mark => self.mark_again(&lane, out),
                Timer::Record => self.record_again(&lane, out),
            }
        }
    }

    /// A request has waited long enough: it goes on as an event.
    fn acknowledge(&mut self, lane: &Lane, out: &mut Vec<Output>) {
        let settling = self
            .lanes
            .get(lane)
            .and_then(|state| state.running.as_ref())
            .is_some_and(|running| running.settling.is_some());
        let Some(request) = self.request(lane) else { return };
        if settling || request.response != Owed::Answer {
            return;
        }
        request.response = Owed::Acknowledgement;
        let Some(state) = self.lanes.get(lane) else { return };
        let Some(event) = state.running.as_ref().map(|running| running.event.sequence) else { return };
        out.push(Output::Acknowledge { lease: state.lease.clone(), event });
    }

    fn settle_again(&mut self, lane: &Lane, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        // The timer may be that of a lease before this one.
        for given_up in &mut state.given_up {
            if std::mem::take(&mut given_up.unsettled) {
                out.push(Output::Settle { lease: state.lease.clone(), settlement: given_up.settlement.clone() });
            }
        }
        let Some(running) = state.running.as_mut() else { return };
        let again = std::mem::take(&mut running.unsettled);
        if let Some((settlement, _)) = running.settling.as_ref().filter(|_| again) {
            out.push(Output::Settle { lease: state.lease.clone(), settlement: settlement.clone() });
        }
    }

    /// An event ends without being run.
    pub(super) fn give_up(&mut self, lease: &Lease, settlement: Settlement, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(&lease.lane) else { return };
        out.push(Output::Settle { lease: lease.clone(), settlement: settlement.clone() });
        state.given_up.push(GivenUp { settlement, unsettled: false });
    }

    fn request(&mut self, lane: &Lane) -> Option<&mut Request> {
        self.lanes.get_mut(lane)?.running.as_mut()?.request.as_mut()
    }

    /// The leases that are held.
    #[cfg(all(test, feature = "workspace"))]
    pub(crate) fn leases(&self) -> impl Iterator<Item = Lease> {
        self.lanes.values().map(|state| state.lease.clone())
    }

    /// The event that a lane runs, and under which lease.
    #[cfg(test)]
    pub(crate) fn running_in(&self, lane: &Lane) -> Option<(Lease, Sequence)> {
        let state = self.lanes.get(lane)?;
        Some((state.lease.clone(), state.running.as_ref()?.event.sequence))
    }
}

pub(super) fn respond(ticket: Ticket, acknowledgement: Acknowledgement) -> Output {
    Output::Respond { ticket, acknowledgement }
}
