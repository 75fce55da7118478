//! How far one word is from another.

/// The number of letters to add, drop, change or swap to make one word of the other.
pub(crate) fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut before_previous: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=other.len()).collect();
    let mut last = None;
    for (row, letter) in one.chars().take(64).enumerate() {
        let mut current = vec![row + 1];
        for (column, &wanted) in other.iter().enumerate() {
            let change = previous[column] + usize::from(letter != wanted);
            let mut best = change.min(previous[column + 1] + 1).min(current[column] + 1);
            if column > 0 && last == Some(wanted) && other[column - 1] == letter {
                best = best.min(before_previous[column - 1] + 1);
            }
            current.push(best);
        }
        before_previous = std::mem::replace(&mut previous, current);
        last = Some(letter);
    }
    previous[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        assert_eq!(edits("help", "help"), 0);
        assert_eq!(edits("hlep", "help"), 1);
        assert_eq!(edits("deplyo", "deploy"), 1);
        assert_eq!(edits("", "abc"), 3);
    }
}
