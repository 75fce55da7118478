//! How long the platform asks to be left alone.

use std::time::Duration;

/// When it does not say how long.
const UNSAID: Duration = Duration::from_secs(30);
const LEAST: Duration = Duration::from_secs(1);
/// A longer wait is a mistake of somebody between here and there, or a reason to look again.
const MOST: Duration = Duration::from_secs(3600);

/// Takes the header `Retry-After` as it came. Seconds are rounded up and held between one second and one hour;
/// anything else (absent, a date, not a number) is 30 s.
pub(super) fn retry_after(header: Option<&str>) -> Duration {
    let seconds = header.and_then(|text| text.trim().parse::<f64>().ok());
    match seconds {
        Some(seconds) if seconds >= 0.0 => {
            Duration::try_from_secs_f64(seconds.ceil()).unwrap_or(MOST).clamp(LEAST, MOST)
        }
        _ => UNSAID,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_header_gives_a_sane_wait() {
        for (header, seconds) in [
            (None, 30),
            (Some("7"), 7),
            (Some(" 7 "), 7),
            (Some("1.2"), 2),
            (Some("0"), 1),
            (Some("-5"), 30),
            (Some(""), 30),
            (Some("soon"), 30),
            (Some("NaN"), 30),
            (Some("inf"), 3600),
            (Some("1e300"), 3600),
            (Some("86400"), 3600),
            (Some("Wed, 21 Oct 2026 07:28:00 GMT"), 30),
        ] {
            assert_eq!(retry_after(header), Duration::from_secs(seconds), "{header:?}");
        }
    }
}
