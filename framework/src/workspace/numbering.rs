//! Identifiers and time stamps, each given once.

use super::state::State;
use crate::{EventId, MessageId};

impl State {
    /// A time stamp that is later than every one before it.
    pub(super) fn next_ts(&mut self) -> MessageId {
        self.last_ts = self.now().micros().max(self.last_ts + 1);
        MessageId::from(format!("{}.{:06}", self.last_ts / 1_000_000, self.last_ts % 1_000_000))
    }

    pub(super) fn event_id(&mut self) -> EventId {
        EventId::from(self.identifier("Ev0"))
    }

    /// `prefix` and nine letters or digits: distinct for distinct calls, the same in every run.
    pub(super) fn identifier(&mut self, prefix: &str) -> String {
        // Multiplying by a number that shares no factor with 36⁹ visits every value once, in scattered order.
        const SPACE: u128 = 36_u128.pow(9);
        self.serial += 1;
        let mut rest = u128::from(self.serial) * 61_803_398_874_989 % SPACE;
        let mut digits = [b'0'; 9];
        for digit in digits.iter_mut().rev() {
            *digit = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(rest % 36) as usize];
            rest /= 36;
        }
        prefix.chars().chain(digits.map(char::from)).collect()
    }

    pub(super) fn block_id(&mut self) -> String {
        self.identifier("").split_off(4)
    }

    pub(super) fn uuid(&mut self) -> String {
        let (one, two) = (self.identifier(""), self.identifier(""));
        let hex: String = one.bytes().chain(two.bytes()).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[12..15], &hex[15..18], &hex[18..30])
    }
}

#[cfg(test)]
mod tests {
    use crate::workspace::state::tests::state;

    #[test]
    fn time_stamps_rise_while_the_clock_stands_still() {
        let mut state = state();
        assert_eq!(state.next_ts(), "1700000000.000000");
        assert_eq!(state.next_ts(), "1700000000.000001");
    }

    #[test]
    fn identifiers_differ_and_look_alike() {
        let mut state = state();
        let ids: std::collections::HashSet<String> = (0..10_000).map(|_| state.identifier("C0")).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 11 && id.starts_with("C0")));
    }
}
