//! The five fields of a schedule, read at compile time so that a mistake is told there.

/// The times of a schedule: those minutes of those hours of those days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cron {
    /// Each number that is meant is a bit, here and in the other fields.
    pub(super) minutes: u64,
    pub(super) hours: u64,
    pub(super) days: u64,
    pub(super) months: u64,
    /// Sunday is 0.
    pub(super) weekdays: u64,
    /// A day is meant by either field of days, and not only by both: neither begins with a star.
    pub(super) either_day: bool,
}

impl Cron {
    /// Reads `minutes hours days months weekdays`, as `0 9 * * 1-5`, or one of `@hourly`, `@daily`, `@weekly`, `@monthly`
    /// and `@yearly`.
    ///
    /// # Errors
    /// What is wrong with it, and how it is written.
    pub const fn read(text: &str) -> Result<Self, &'static str> {
        let text = spelled_out(text).as_bytes();
        let mut read = [0; 5];
        let mut stars = [false; 5];
        let mut at = 0;
        let mut index = 0;
        while index < FIELDS.len() {
            at = past(text, at, true);
            let end = past(text, at, false);
            if at == end {
                return Err(FORM);
            }
            stars[index] = text[at] == b'*';
            read[index] = match FIELDS[index].read(text, at, end) {
                Some(0) | None => return Err(FIELDS[index].form),
                Some(numbers) => numbers,
            };
            at = end;
            index += 1;
        }
        if past(text, at, true) < text.len() {
            return Err(FORM);
        }
        let [minutes, hours, days, months, weekdays] = read;
        // Both 0 and 7 are Sunday.
        let weekdays = (weekdays | weekdays >> 7) & 0x7f;
        let cron = Self { minutes, hours, days, months, weekdays, either_day: !stars[2] && !stars[4] };
        if cron.never() { Err(NEVER) } else { Ok(cron) }
    }

    /// Refuses what cannot be read.
    ///
    /// # Panics
    /// At compile time, with what is wrong.
    #[track_caller]
    pub const fn must_be_read(text: &str) {
        if let Err(why) = Self::read(text) {
            panic!("{}", why);
        }
    }

    /// The same where what is wrong is told elsewhere.
    #[must_use]
    pub const fn or_never(text: &str) -> Self {
        match Self::read(text) {
            Ok(cron) => cron,
            Err(_) => Self { minutes: 0, hours: 0, days: 0, months: 0, weekdays: 0, either_day: false },
        }
    }

    /// Whether no month that is meant has a day that is meant.
    const fn never(&self) -> bool {
        let first = self.days.trailing_zeros();
        let mut month = 1;
        while month < LENGTHS.len() {
            if self.months >> month & 1 == 1 && first <= LENGTHS[month] {
                return false;
            }
            month += 1;
        }
        !self.either_day
    }
}

const FORM: &str = "a schedule has five fields, for minutes, hours, days, months and weekdays, as `0 9 * * 1-5`";

const NEVER: &str = "this is never: no month of the schedule has such a day";

/// How many days each month has at most.
const LENGTHS: [u32; 13] = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// What one field takes.
struct Field {
    first: u8,
    last: u8,
    names: &'static [&'static [u8; 3]],
    form: &'static str,
}

const FIELDS: [Field; 5] = [
    Field {
        first: 0,
        last: 59,
        names: &[],
        form: "the minutes of a schedule are `*` or numbers from 0 to 59, as `0,30`, `10-20` or `*/15`",
    },
    Field {
        first: 0,
        last: 23,
        names: &[],
        form: "the hours of a schedule are `*` or numbers from 0 to 23, as `9,14`, `8-18` or `*/2`",
    },
    Field {
        first: 1,
        last: 31,
        names: &[],
        form: "the days of a schedule are `*` or numbers from 1 to 31, as `1,15`, `1-7` or `*/2`",
    },
    Field {
        first: 1,
        last: 12,
        names: &[b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC"],
        form: "the months of a schedule are `*` or numbers from 1 to 12 or names from JAN to DEC, as `1,7` or `JAN-MAR`",
    },
    Field {
        first: 0,
        last: 7,
        names: &[b"SUN", b"MON", b"TUE", b"WED", b"THU", b"FRI", b"SAT"],
        form: "the weekdays of a schedule are `*` or numbers from 0 to 7 or names from SUN to SAT, as `1-5` or `MON,THU`",
    },
];

impl Field {
    /// The numbers between two places of a text.
    const fn read(&self, text: &[u8], mut at: usize, end: usize) -> Option<u64> {
        let mut numbers = 0;
        loop {
            let Some((more, next)) = self.item(text, at, end) else { return None };
            numbers |= more;
            if next == end {
                return Some(numbers);
            }
            if text[next] != b',' {
                return None;
            }
            at = next + 1;
        }
    }

    /// A star, a number or a range, perhaps with a step; and the place behind it.
    const fn item(&self, text: &[u8], at: usize, end: usize) -> Option<(u64, usize)> {
        let (first, last, mut next) = if at < end && text[at] == b'*' {
            (self.first, self.last, at + 1)
        } else {
            let Some((first, next)) = self.value(text, at, end) else { return None };
            if next < end && text[next] == b'-' {
                let Some((last, next)) = self.value(text, next + 1, end) else { return None };
                (first, last, next)
            } else {
                (first, first, next)
            }
        };
        let mut step = 1;
        if next < end && text[next] == b'/' {
            let Some((given, behind)) = digits(text, next + 1, end) else { return None };
            // A step of a single number goes nowhere.
            if given == 0 || (first == last && text[next - 1] != b'*') {
                return None;
            }
            (step, next) = (given, behind);
        }
        if first < self.first || last > self.last || first > last {
            return None;
        }
        let mut numbers = 0;
        let mut number = first as u32;
        while number <= last as u32 {
            numbers |= 1 << number;
            number += step as u32;
        }
        Some((numbers, next))
    }

    /// A number or a name.
    const fn value(&self, text: &[u8], at: usize, end: usize) -> Option<(u8, usize)> {
        let mut index = 0;
        while index < self.names.len() {
            let [a, b, c] = *self.names[index];
            if at + 3 <= end
                && text[at].to_ascii_uppercase() == a
                && text[at + 1].to_ascii_uppercase() == b
                && text[at + 2].to_ascii_uppercase() == c
            {
                return Some((self.first + index as u8, at + 3));
            }
            index += 1;
        }
        digits(text, at, end)
    }
}

/// A number of at most two digits.
const fn digits(text: &[u8], at: usize, end: usize) -> Option<(u8, usize)> {
    let mut number = 0;
    let mut next = at;
    while next < end && text[next].is_ascii_digit() {
        if next - at == 2 {
            return None;
        }
        number = number * 10 + (text[next] - b'0');
        next += 1;
    }
    if next == at { None } else { Some((number, next)) }
}

/// The first place that is no space, or that is one.
const fn past(text: &[u8], mut at: usize, spaces: bool) -> usize {
    while at < text.len() && text[at].is_ascii_whitespace() == spaces {
        at += 1;
    }
    at
}

/// The five fields that a word stands for.
const fn spelled_out(text: &str) -> &str {
    match text.as_bytes() {
        b"@hourly" => "0 * * * *",
        b"@daily" => "0 0 * * *",
        b"@weekly" => "0 0 * * 0",
        b"@monthly" => "0 0 1 * *",
        b"@yearly" => "0 0 1 1 *",
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(bits: u64) -> Vec<u32> {
        (0..64).filter(|bit| bits >> bit & 1 == 1).collect()
    }

    #[test]
    fn fields_are_lists_of_numbers_ranges_and_steps() {
        let cron = Cron::read(" 5,10-14/2,*/30  22-23 1,31 jan,Jun-AUG  mon-FRI,0 ").unwrap();
        assert_eq!(numbers(cron.minutes), [0, 5, 10, 12, 14, 30]);
        assert_eq!(numbers(cron.hours), [22, 23]);
        assert_eq!(numbers(cron.days), [1, 31]);
        assert_eq!(numbers(cron.months), [1, 6, 7, 8]);
        assert_eq!(numbers(cron.weekdays), [0, 1, 2, 3, 4, 5]);
        assert!(cron.either_day);
        assert_eq!(numbers(Cron::read("* * * * 5-7").unwrap().weekdays), [0, 5, 6]);
    }

    #[test]
    fn a_day_is_meant_by_both_fields_unless_neither_begins_with_a_star() {
        for (text, either) in [("0 0 1 * 1", true), ("0 0 */2 * 1", false), ("0 0 1 * *", false), ("0 0 * * 1", false)]
        {
            assert_eq!(Cron::read(text).unwrap().either_day, either, "{text}");
        }
    }

    #[test]
    fn words_stand_for_schedules() {
        assert_eq!(Cron::read("@daily"), Cron::read("0 0 * * *"));
        assert_eq!(Cron::read("@weekly"), Cron::read("0 0 * * SUN"));
        assert_eq!(Cron::read("@often"), Err(FIELDS[0].form));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_field() {
        for (text, field) in [
            ("60 * * * *", 0),
            ("-1 * * * *", 0),
            ("*/0 * * * *", 0),
            ("5/5 * * * *", 0),
            ("1,,2 * * * *", 0),
            ("9:30 * * * *", 0),
            ("100 * * * *", 0),
            ("20-10 * * * *", 0),
            ("1- * * * *", 0),
            ("*5 * * * *", 0),
            ("0 24 * * *", 1),
            ("0 9h * * *", 1),
            ("0 0 0 * *", 2),
            ("0 0 32 * *", 2),
            ("0 0 L * *", 2),
            ("0 0 * 13 *", 3),
            ("0 0 * 0 *", 3),
            ("0 0 * MAI *", 3),
            ("0 0 * * 8", 4),
            ("0 0 * * MONDAY", 4),
        ] {
            assert_eq!(Cron::read(text), Err(FIELDS[field].form), "{text}");
        }
        for text in ["", "0 9 * *", "0 9 * * * *", "0 9 * * 1-5 2027"] {
            assert_eq!(Cron::read(text), Err(FORM), "{text}");
        }
    }

    #[test]
    fn what_is_never_is_refused() {
        for text in ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31 FEB *"] {
            assert_eq!(Cron::read(text), Err(NEVER), "{text}");
        }
        for text in ["0 0 29 2 *", "0 0 31 2,3 *", "0 0 30 2 MON"] {
            assert!(Cron::read(text).is_ok(), "{text}");
        }
    }
}
