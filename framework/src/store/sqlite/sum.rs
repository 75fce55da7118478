//! Sums by which damage to a row is noticed: SQLite keeps none of what is in its pages.

use rusqlite::types::Type;

/// The sum of these parts, each told apart by its length. Parts that differ in eight neighbouring bytes or fewer never
/// have the same sum; any others hardly ever.
pub(super) fn sum(parts: &[&[u8]]) -> i64 {
    let mut sum = 0x6276_7264_u64;
    for part in parts {
        sum = mixed(sum, part.len() as u64);
        let mut words = part.chunks_exact(8);
        for word in words.by_ref() {
            sum = mixed(sum, word.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
        sum = mixed(sum, words.remainder().iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
    sum.cast_signed()
}

/// Takes a word in, in such a way that another word, or another sum before it, gives another sum.
fn mixed(sum: u64, word: u64) -> u64 {
    let mixed = (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 32)
}

/// Refuses a row that has not the sum it was written with.
pub(super) fn compare(written: i64, read: i64) -> rusqlite::Result<()> {
    if written == read {
        return Ok(());
    }
    let why = "a row is not what was written into it";
    Err(rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, why.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_counts() {
        let text = b"the build of the web shop is green".to_vec();
        for bit in 0..8 * text.len() {
            let mut other = text.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(sum(&[&text]), sum(&[&other]), "bit {bit}");
        }
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(sum(&[b"ab", b"c"]), sum(&[b"a", b"bc"]));
        assert_ne!(sum(&[b"a", b""]), sum(&[b"a"]));
        assert_ne!(sum(&[b"a\0"]), sum(&[b"a"]));
        assert_eq!(sum(&[b"ab", b"c"]), sum(&[b"ab", b"c"]));
    }
}
