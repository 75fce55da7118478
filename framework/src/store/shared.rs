//! What a process must know of others that use its store at the same time.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Notify;

#[cfg(any(test, feature = "postgres"))]
use super::Lane;
use super::Lease;

/// How a store tells its holder of what others do, and until when the leases of the holder hold.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Rung when lanes may be free, or when others took something into lanes that are held here. It is a hint: a store
    /// that is not asked for long says nothing.
    pub(crate) woken: Notify,
    /// How often to look without having been woken.
    pub(crate) every: Duration,
    /// No clock of the wall, which may be set: a lease that seems to hold for longer than it does says things twice.
    start: Instant,
    /// Until when the leases surely hold, in microseconds since the start.
    until: AtomicU64,
    /// Leases with a token up to this one ran out.
    ran_out: AtomicU64,
    /// The highest token that the holder was told of.
    #[cfg(any(test, feature = "postgres"))]
    told: AtomicU64,
    /// Lanes whose leases up to these are void, and of which the holder was not told.
    void: Mutex<Vec<Lease>>,
    /// Rung when there are some.
    voided: Notify,
}

impl Shared {
    /// Nothing holds yet.
    #[cfg(any(test, feature = "postgres"))]
    pub(crate) fn new(every: Duration) -> Self {
        Self {
            woken: Notify::new(),
            every,
            start: Instant::now(),
            until: AtomicU64::new(0),
            ran_out: AtomicU64::new(0),
            told: AtomicU64::new(0),
            void: Mutex::default(),
            voided: Notify::new(),
        }
    }

    /// The leases with a token beyond `ran_out` hold for so long from `asked` on: the moment before the store was asked
    /// to hold them.
    #[cfg(any(test, feature = "postgres"))]
    pub(crate) fn hold(&self, ran_out: u64, asked: Instant, span: Duration) {
        let until = (asked + span).saturating_duration_since(self.start);
        self.ran_out.store(ran_out, Ordering::Relaxed);
        self.until.store(u64::try_from(until.as_micros()).unwrap_or(u64::MAX), Ordering::Release);
    }

    /// The holder is about to be told of a lease with this token.
    #[cfg(any(test, feature = "postgres"))]
    pub(crate) fn tell(&self, token: u64) {
        self.told.fetch_max(token, Ordering::Relaxed);
    }

    /// Every lease of these lanes that the holder was told of is void.
    #[cfg(any(test, feature = "postgres"))]
    pub(crate) fn void(&self, lanes: impl Iterator<Item = Lane>) {
        let token = self.told.load(Ordering::Relaxed);
        self.void.lock().unwrap_or_else(PoisonError::into_inner).extend(lanes.map(|lane| Lease { lane, token }));
        self.voided.notify_one();
    }

    /// Leases of a lane up to this one are void.
    #[cfg(any(test, feature = "postgres"))]
    pub(crate) fn void_up_to(&self, lease: Lease) {
        self.void.lock().unwrap_or_else(PoisonError::into_inner).push(lease);
        self.voided.notify_one();
    }

    /// Waits until leases are void of which the holder was not told, and gives them.
    pub(crate) async fn voided(&self) -> Vec<Lease> {
        loop {
            let void = std::mem::take(&mut *self.void.lock().unwrap_or_else(PoisonError::into_inner));
            if !void.is_empty() {
                return void;
            }
            self.voided.notified().await;
        }
    }

    /// Whether a lease surely holds for so long from now on.
    pub(crate) fn holds_for(&self, lease: &Lease, span: Duration) -> bool {
        let then = (self.start.elapsed() + span).as_micros();
        then < self.until.load(Ordering::Acquire).into() && lease.token > self.ran_out.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Lane;

    #[test]
    fn nothing_holds_before_the_store_said_so_and_nothing_holds_for_ever() {
        let shared = Shared::new(Duration::from_secs(1));
        let lease = |token| Lease { lane: Lane("l".into()), token };
        assert!(!shared.holds_for(&lease(1), Duration::ZERO));
        shared.hold(0, Instant::now(), Duration::from_secs(3_600));
        assert!(shared.holds_for(&lease(1), Duration::from_secs(600)));
        assert!(!shared.holds_for(&lease(1), Duration::from_secs(3_600)));
    }

    #[test]
    fn a_lease_that_ran_out_does_not_hold_again_with_those_that_came_later() {
        let shared = Shared::new(Duration::from_secs(1));
        shared.hold(7, Instant::now(), Duration::from_secs(60));
        let holds = |token| shared.holds_for(&Lease { lane: Lane("l".into()), token }, Duration::ZERO);
        assert!(!holds(7) && holds(8));
    }

    #[tokio::test]
    async fn what_was_told_before_is_void_and_nothing_that_comes_later() {
        let shared = Shared::new(Duration::from_secs(1));
        shared.tell(8);
        shared.tell(7);
        shared.void([Lane("l".into())].into_iter());
        shared.tell(9);
        assert_eq!(shared.voided().await, [Lease { lane: Lane("l".into()), token: 8 }]);
    }
}
