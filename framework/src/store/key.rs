//! Keys by which a second delivery is known.

use sha2::{Digest, Sha256};

/// 128 bits of a digest over the parts that make something unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key([u8; 16]);

impl Key {
    /// The key of these parts; each is told apart by its length.
    pub(crate) fn of(kind: u8, parts: &[&str]) -> Self {
        let mut digest = Sha256::new();
        digest.update([kind]);
        for part in parts {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
        let digest = digest.finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The first hexadecimal digits, for people; 32 at most.
    pub(crate) fn digits(&self, count: usize) -> String {
        let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
        let mut digits = String::with_capacity(2 * self.0.len() + 4);
        for byte in self.0 {
            digits.push(digit(byte >> 4));
            digits.push(digit(byte & 15));
        }
        digits.truncate(count);
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(Key::of(0, &["ab", "c"]), Key::of(0, &["a", "bc"]));
        assert_ne!(Key::of(0, &["a"]), Key::of(1, &["a"]));
        assert_eq!(Key::of(0, &["a", "b"]), Key::of(0, &["a", "b"]));
    }

    #[test]
    fn digits_are_hexadecimal() {
        let mut bytes = [0; 16];
        (bytes[0], bytes[1]) = (0x0a, 0xf3);
        assert_eq!((Key(bytes).digits(5), Key(bytes).digits(99).len()), ("0af30".to_owned(), 32));
    }
}
