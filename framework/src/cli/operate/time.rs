//! Times as operators read and write them.

use std::time::Duration;

use crate::{clock::Timestamp, event::Text, handler::FromArg};

/// As `2026-11-25T18:43:02Z`.
pub(super) fn stamp(time: Timestamp) -> String {
    let seconds = time.seconds();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// How long ago something was, in its largest unit: `4s`, `3m`, `2h`, `5d`.
pub(super) fn age(span: Duration) -> String {
    match span.as_secs() {
        seconds @ ..60 => format!("{seconds}s"),
        seconds @ ..3_600 => format!("{}m", seconds / 60),
        seconds @ ..86_400 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    }
}

/// A span, as `2h` or `1h30m`.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    Duration::from_arg(&Text::plain(text)).ok_or_else(|| "write a duration, as 90s, 2h or 7d".to_owned())
}

/// How often something is done, as `5/s` or `30/m`: the time from one to the next.
pub(super) fn rate(text: &str) -> Result<Duration, String> {
    let malformed = || "write how many in which time, as 5/s or 30/m".to_owned();
    let (many, unit) = text.split_once('/').ok_or_else(malformed)?;
    let many: u32 = many.trim().parse().ok().filter(|many| *many > 0).ok_or_else(malformed)?;
    let unit = match unit.trim() {
        "s" => Duration::from_secs(1),
        "m" => Duration::from_secs(60),
        "h" => Duration::from_secs(3_600),
        _ => return Err(malformed()),
    };
    Ok(unit / many)
}

/// Year, month and day of a number of days since the epoch, in the calendar in which all centuries have 146,097 days in
/// four.
fn date(days: u64) -> (u64, u64, u64) {
    // Years begin in March, so that the day that some years have more is their last.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_everybody_reads_them() {
        for (seconds, told) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_709_251_200, "2024-03-01T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(stamp(Timestamp::from_seconds(seconds)), told);
        }
    }

    #[test]
    fn ages_are_told_in_their_largest_unit() {
        for (seconds, told) in [(0, "0s"), (59, "59s"), (60, "1m"), (7_199, "1h"), (172_800, "2d")] {
            assert_eq!(age(Duration::from_secs(seconds)), told);
        }
    }

    #[test]
    fn rates_and_spans_are_read() {
        assert_eq!(rate("5/s"), Ok(Duration::from_millis(200)));
        assert_eq!(rate("30/m"), Ok(Duration::from_secs(2)));
        for text in ["", "5", "0/s", "5/x", "/s", "-1/s"] {
            assert!(rate(text).is_err(), "{text}");
        }
        assert_eq!(span("2h"), Ok(Duration::from_secs(7_200)));
        assert!(span("soon").is_err());
    }
}
