//! Damage in the log of the file, which SQLite would take for its end, and throw all behind it away.
//!
//! The log is a header and frames, each a page with the sum of all before it. SQLite reads up to the first frame whose
//! sum is wrong: after a crash, that is where writing stopped. Then at most one transaction can stand behind it, for
//! the next is begun only when the one before is on disk. Where more stand there, they were on disk, and acknowledged.

use std::{fs, io, path::Path};

const HEADER: usize = 32;
const FRAME: usize = 24;

/// The size of a page, unless the header says otherwise.
const PAGE: usize = 4_096;

/// What a frame is: its sums, and those of the frame before it as they were written.
struct Frame<'l> {
    bytes: &'l [u8],
    before: (u32, u32),
}

/// Whether transactions were committed to the log that SQLite will not find any more.
pub(super) fn is_broken(log: &Path) -> io::Result<bool> {
    match fs::read(log) {
        Ok(bytes) => Ok(lost(&bytes) > 1),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// How many commits stand behind the first frame that is wrong.
fn lost(log: &[u8]) -> usize {
    let Some((header, frames)) = log.split_at_checked(HEADER) else { return 0 };
    let sums = |big| summed(&header[..24], (0, 0), big);
    let big = word(header, 0) & 1 == 1;
    let header_is_right = sums(big) == (word(header, 24), word(header, 28));
    // Of a header that is wrong nothing is believed: the rest is as this program makes it.
    let big = if header_is_right { big } else { cfg!(target_endian = "big") };
    let page = usize::try_from(word(header, 8)).ok().filter(|size| header_is_right && *size >= 512).unwrap_or(PAGE);
    let sums = sums(big);
    // Frames of a time before this header are of other salts.
    let salts = if header_is_right { &header[16..24] } else { frames.get(8..16).unwrap_or_default() };
    let frames = frames.chunks_exact(FRAME + page).scan(sums, |before, bytes| {
        let frame = Frame { bytes, before: *before };
        *before = (word(bytes, 16), word(bytes, 20));
        Some(frame)
    });
    let behind = frames.map(|frame| (frame.is_right(salts, big), frame.is_commit()));
    let behind = behind.skip_while(|(right, _)| header_is_right && *right);
    behind.filter(|frame| *frame == (true, true)).count()
}

impl Frame<'_> {
    /// Whether it was written behind the frame before it, as it is.
    fn is_right(&self, salts: &[u8], big: bool) -> bool {
        let sums = summed(&self.bytes[..8], self.before, big);
        let sums = summed(&self.bytes[FRAME..], sums, big);
        &self.bytes[8..16] == salts && sums == (word(self.bytes, 16), word(self.bytes, 20))
    }

    /// Whether a transaction ends with it.
    fn is_commit(&self) -> bool {
        word(self.bytes, 4) != 0
    }
}

/// The four bytes there, as the header and the frames have numbers.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes).unwrap_or_default()
}

/// The sums of SQLite, going on from others. The order of bytes is that of the machine that made the log.
fn summed(bytes: &[u8], (mut first, mut second): (u32, u32), big: bool) -> (u32, u32) {
    let read = |at: &[u8]| if big { word(at, 0) } else { word(at, 0).swap_bytes() };
    for pair in bytes.chunks_exact(8) {
        first = first.wrapping_add(read(pair)).wrapping_add(second);
        second = second.wrapping_add(read(&pair[4..])).wrapping_add(first);
    }
    (first, second)
}
