//! The moments of a schedule.

use jiff::{
    civil::Date,
    tz::{AmbiguousOffset, TimeZone},
};

use super::{Cron, Schedule};
use crate::clock::Timestamp;

/// How many days are looked through for the next moment: the 29th of February may be eight years away.
const DAYS: u32 = 8 * 366 + 1;

/// A schedule in its time zone.
///
/// Where the clock is put forward, a time that it leaves out comes as much later as the clock is put forward by, so that
/// 2:30 is 3:30. Where it is put back, a time that it shows twice comes when it is shown first. A schedule of every hour
/// goes by the hours that pass instead: it leaves out what is left out, and comes twice where the clock shows it twice.
#[derive(Clone, Debug)]
pub(crate) struct Timetable {
    cron: Cron,
    zone: TimeZone,
}

impl Timetable {
    /// The moments of a schedule.
    ///
    /// # Errors
    /// When nobody knows the time zone.
    pub(crate) fn new(schedule: &Schedule) -> Result<Self, String> {
        let Schedule { cron, timezone, .. } = *schedule;
        let zone = TimeZone::get(timezone)
            .map_err(|_| format!("`{timezone}` is no time zone: write its name, as `Europe/Paris` or `UTC`"))?;
        Ok(Self { cron, zone })
    }

    /// The first moment after another one. A schedule always has one, unless it lies beyond all calendars.
    pub(crate) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        // A time may be put off into the next day.
        let mut day = self.day(after)?.yesterday().ok()?;
        for _ in 0..DAYS {
            let found = self.moments(day).into_iter().find(|moment| *moment > after);
            if found.is_some() {
                return found;
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// The last moment up to another one that lies after a third.
    pub(crate) fn last(&self, up_to: Timestamp, after: Timestamp) -> Option<Timestamp> {
        let first = self.day(after)?.yesterday().ok()?;
        let mut day = self.day(up_to)?.tomorrow().ok()?;
        while day >= first {
            let found = self.moments(day).into_iter().rfind(|moment| *moment <= up_to);
            if found.is_some() {
                return found.filter(|moment| *moment > after);
            }
            day = day.yesterday().ok()?;
        }
        None
    }

    /// A moment as people of the zone write it, for them.
    pub(crate) fn written(&self, moment: Timestamp) -> String {
        let Ok(moment) = instant(moment) else { return String::new() };
        moment.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
    }

    fn day(&self, at: Timestamp) -> Option<Date> {
        instant(at).ok().map(|at| self.zone.to_datetime(at).date())
    }

    /// The moments of a day, in order.
    fn moments(&self, day: Date) -> Vec<Timestamp> {
        if !self.cron.has_day(day) {
            return Vec::new();
        }
        let hours = (0..24).filter(|hour| self.cron.hours >> hour & 1 == 1);
        let times = hours.flat_map(|hour| {
            let minutes = (0..60).filter(|minute| self.cron.minutes >> minute & 1 == 1);
            minutes.map(move |minute| (hour, minute))
        });
        let mut moments: Vec<Timestamp> = times.flat_map(|(hour, minute)| self.at(day, hour, minute)).collect();
        moments.sort();
        moments.dedup();
        moments
    }

    fn at(&self, day: Date, hour: i8, minute: i8) -> impl Iterator<Item = Timestamp> {
        let shown = self.zone.to_ambiguous_timestamp(day.at(hour, minute, 0, 0));
        let [first, second] = match (shown.offset(), self.cron.is_every_hour()) {
            (AmbiguousOffset::Gap { .. }, true) => [None, None],
            (AmbiguousOffset::Fold { .. }, true) => [shown.earlier().ok(), shown.later().ok()],
            _ => [shown.compatible().ok(), None],
        };
        [first, second]
            .into_iter()
            .flatten()
            .filter_map(|moment| u64::try_from(moment.as_microsecond()).ok().map(Timestamp::from_micros))
    }
}

impl Cron {
    fn is_every_hour(&self) -> bool {
        self.hours == (1 << 24) - 1
    }

    fn has_day(&self, day: Date) -> bool {
        let has = |numbers: u64, number: i8| numbers >> number & 1 == 1;
        let in_month = has(self.days, day.day());
        let in_week = has(self.weekdays, day.weekday().to_sunday_zero_offset());
        has(self.months, day.month()) && if self.either_day { in_month || in_week } else { in_month && in_week }
    }
}

fn instant(at: Timestamp) -> Result<jiff::Timestamp, jiff::Error> {
    jiff::Timestamp::from_microsecond(i64::try_from(at.micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn timetable(text: &'static str, timezone: &'static str) -> Timetable {
        Timetable::new(&Schedule { text, cron: Cron::or_never(text), timezone, catch_up: 0 }).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond().cast_unsigned())
    }

    /// The moments after another one, as they are written in the zone.
    fn after(timetable: &Timetable, start: &str, count: usize) -> Vec<String> {
        let moments = std::iter::successors(timetable.next(at(start)), |moment| timetable.next(*moment));
        moments.take(count).map(|moment| timetable.written(moment)).collect()
    }

    #[test]
    fn moments_follow_each_other() {
        let weekdays = timetable("30 9,14 * * 1-5", "Europe/Paris");
        assert_eq!(
            after(&weekdays, "2027-01-01T09:00:00Z", 4),
            [
                "2027-01-01 14:30 +01:00",
                "2027-01-04 09:30 +01:00",
                "2027-01-04 14:30 +01:00",
                "2027-01-05 09:30 +01:00"
            ]
        );
        let leap = timetable("0 0 29 2 *", "UTC");
        assert_eq!(after(&leap, "2097-01-01T00:00:00Z", 1), ["2104-02-29 00:00 +00:00"]);
        let either = timetable("0 0 13 * FRI", "UTC");
        assert_eq!(after(&either, "2027-01-08T00:00:00Z", 2), ["2027-01-13 00:00 +00:00", "2027-01-15 00:00 +00:00"]);
        let both = timetable("0 0 */13 * FRI", "UTC");
        assert_eq!(after(&both, "2027-01-08T00:00:00Z", 1), ["2027-05-14 00:00 +00:00"]);
    }

    #[test]
    fn a_moment_is_not_its_own_next_but_its_own_last() {
        let daily = timetable("0 9 * * *", "UTC");
        let nine = at("2027-01-02T09:00:00Z");
        let day = Duration::from_secs(86_400);
        assert_eq!(daily.next(nine), Some(nine + day));
        let before = at("2027-01-01T09:00:00Z");
        assert_eq!(daily.last(nine, before), Some(nine));
        assert_eq!(daily.last(at("2027-01-02T08:59:59Z"), before), None, "the one before is not after itself");
        assert_eq!(daily.last(at("2027-01-09T10:00:00Z"), before), Some(at("2027-01-09T09:00:00Z")));
    }

    /// In Paris the clock goes from 2:00 to 3:00 on the 28th of March 2027.
    #[test]
    fn what_the_clock_leaves_out_comes_as_much_later() {
        let half_past_two = timetable("30 2 * * *", "Europe/Paris");
        assert_eq!(
            after(&half_past_two, "2027-03-27T00:00:00Z", 3),
            ["2027-03-27 02:30 +01:00", "2027-03-28 03:30 +02:00", "2027-03-29 02:30 +02:00"]
        );
        let two_and_three = timetable("0 2,3 * * *", "Europe/Paris");
        assert_eq!(
            after(&two_and_three, "2027-03-28T00:30:00Z", 2),
            ["2027-03-28 03:00 +02:00", "2027-03-29 02:00 +02:00"],
            "two times that fall together come once"
        );
        let midnight = timetable("0 0 * * *", "America/Santiago");
        assert_eq!(after(&midnight, "2026-09-05T12:00:00Z", 1), ["2026-09-06 01:00 -03:00"]);
        let half_hour = timetable("15 2 * * *", "Australia/Lord_Howe");
        assert_eq!(after(&half_hour, "2026-10-03T12:00:00Z", 1), ["2026-10-04 02:45 +11:00"]);
    }

    /// In Paris the clock goes from 3:00 to 2:00 on the 31st of October 2027.
    #[test]
    fn what_the_clock_shows_twice_comes_once() {
        let half_past_two = timetable("30 2 * * *", "Europe/Paris");
        assert_eq!(
            after(&half_past_two, "2027-10-30T12:00:00Z", 2),
            ["2027-10-31 02:30 +02:00", "2027-11-01 02:30 +01:00"]
        );
        assert_eq!(half_past_two.last(at("2027-10-31T01:45:00Z"), at("2027-10-31T01:15:00Z")), None);
    }

    #[test]
    fn every_hour_is_every_hour_that_passes() {
        let half_hours = timetable("*/30 * * * *", "Europe/Paris");
        assert_eq!(
            after(&half_hours, "2027-10-31T00:00:00Z", 5),
            [
                "2027-10-31 02:30 +02:00",
                "2027-10-31 02:00 +01:00",
                "2027-10-31 02:30 +01:00",
                "2027-10-31 03:00 +01:00",
                "2027-10-31 03:30 +01:00"
            ]
        );
        assert_eq!(
            after(&half_hours, "2027-03-28T00:30:00Z", 2),
            ["2027-03-28 03:00 +02:00", "2027-03-28 03:30 +02:00"]
        );
    }

    #[test]
    fn a_zone_that_nobody_knows_is_refused() {
        let schedule = Schedule { text: "@daily", cron: Cron::or_never("@daily"), timezone: "Paris", catch_up: 0 };
        let refused = Timetable::new(&schedule).unwrap_err();
        assert_eq!(refused, "`Paris` is no time zone: write its name, as `Europe/Paris` or `UTC`");
    }
}
