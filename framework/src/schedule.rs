//! When a handler runs by itself: times on the clock of a wall, in a time zone.

mod cron;
#[cfg(feature = "schedule")]
mod timetable;

pub use self::cron::Cron;
#[cfg(feature = "schedule")]
pub(crate) use self::timetable::Timetable;

/// What an `on_schedule` says. Written by the attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// As it is written, as `0 9 * * 1-5`.
    pub text: &'static str,
    /// The times.
    pub cron: Cron,
    /// The name of the time zone, as `Europe/Paris`.
    pub timezone: &'static str,
    /// For how many milliseconds a time that was missed is made up for.
    pub catch_up: u64,
}
