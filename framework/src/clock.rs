//! Time, injected: nothing in the framework reads a clock of its own.

use std::{
    fmt,
    ops::Add,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// A point in time: microseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Takes microseconds since the Unix epoch.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Takes whole seconds since the Unix epoch.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0 / 1_000_000
    }

    /// How long ago `earlier` was; zero when it lies in the future.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

/// A stretch of time for people, in words of every language: `7 min 12 s`, `55 h 33 min`.
pub(crate) fn told(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=59 => format!("{seconds} s"),
        60..=3_599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(micros))
    }
}

/// Tells the time.
///
/// Implemented by [`SystemClock`] in production and by [`ManualClock`], which moves only when told, in tests.
#[async_trait]
pub trait Clock: Send + Sync + fmt::Debug + 'static {
    /// The time now. Never before an earlier answer of the same clock, unless the machine's clock was set back.
    fn now(&self) -> Timestamp;

    /// Waits until the clock shows `at`; it may come back a little early. Call within a tokio runtime.
    async fn reach(&self, at: Timestamp) {
        tokio::time::sleep(at.since(self.now())).await;
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::default() + since_epoch
    }
}

/// A clock that moves only when told, and wakes whoever waits for it.
#[derive(Debug, Default)]
pub struct ManualClock(watch::Sender<Timestamp>);

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(watch::Sender::new(now))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now = *now + by);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    async fn reach(&self, at: Timestamp) {
        // The sender is this clock's own: it lives as long as somebody waits here.
        let _ = self.0.subscribe().wait_for(|now| *now >= at).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::at(Timestamp::from_seconds(10));
        assert_eq!(clock.now(), clock.now());
        clock.advance(Duration::from_millis(1500));
        assert_eq!(clock.now().micros(), 11_500_000);
        assert_eq!(clock.now().since(Timestamp::from_seconds(10)), Duration::from_millis(1500));
    }

    #[tokio::test]
    async fn who_waits_for_a_manual_clock_is_woken_by_it() {
        let clock = std::sync::Arc::new(ManualClock::at(Timestamp::from_seconds(10)));
        clock.reach(Timestamp::from_seconds(10)).await;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reach(Timestamp::from_seconds(3_610)).await }
        });
        clock.advance(Duration::from_secs(1_800));
        clock.advance(Duration::from_secs(1_800));
        waiting.await.unwrap();
    }

    #[test]
    fn the_past_of_the_past_is_zero() {
        assert_eq!(Timestamp::from_seconds(1).since(Timestamp::from_seconds(2)), Duration::ZERO);
    }
}
