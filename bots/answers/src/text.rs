//! Text by bytes, without cutting a letter in two.

/// The beginning of `text`, at most `bytes` long.
pub(crate) fn cut_at(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::cut_at;

    #[test]
    fn letters_stay_whole() {
        assert_eq!(cut_at("é", 1), "");
        assert_eq!(cut_at("aé", 2), "a");
        assert_eq!(cut_at("aé", 9), "aé");
    }
}
