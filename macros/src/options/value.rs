//! The values of options.

use proc_macro2::TokenStream;
use syn::{Ident, LitInt, LitStr, Path, parse::Parser};

use crate::arguments::split;

/// Why a value was refused: the author is told this, or else how the option is written.
pub(super) type Refused = Option<String>;

pub(super) fn path(tokens: &TokenStream) -> Result<Path, Refused> {
    Path::parse_mod_style.parse2(tokens.clone()).map_err(|_| None)
}

pub(super) fn literal(tokens: &TokenStream) -> Result<LitStr, Refused> {
    syn::parse2(tokens.clone()).map_err(|_| None)
}

pub(super) fn only(word: &TokenStream) -> Result<Ident, Refused> {
    let word: Ident = syn::parse2(word.clone()).map_err(|_| None)?;
    match word.to_string().as_str() {
        "channel" => Ok(Ident::new("Channel", word.span())),
        "dm" => Ok(Ident::new("Dm", word.span())),
        _ => Err(None),
    }
}

/// Its sign is a token of its own.
pub(super) fn priority(number: &TokenStream) -> Result<i32, Refused> {
    let text = number.to_string().replace([' ', '_'], "");
    text.parse().map_err(|_| None)
}

pub(super) fn retry(number: &TokenStream) -> Result<u32, Refused> {
    let number: LitInt = syn::parse2(number.clone()).map_err(|_| None)?;
    match number.base10_parse() {
        Ok(0) => Err(Some("no retry is what happens anyway: take it out".to_owned())),
        number => number.map_err(|_| None),
    }
}

pub(super) fn scopes(list: &TokenStream) -> Result<Vec<LitStr>, Refused> {
    let scopes = split(list.clone()).iter().map(literal).collect::<Result<Vec<_>, _>>()?;
    if scopes.is_empty() {
        return Err(None);
    }
    let allowed = |letter: char| letter.is_ascii_lowercase() || ":._-".contains(letter);
    match scopes.iter().map(LitStr::value).find(|scope| scope.is_empty() || !scope.chars().all(allowed)) {
        Some(scope) => Err(Some(format!("`{scope}` is no scope: write its name, as `users:read`"))),
        None => Ok(scopes),
    }
}

pub(super) fn channel(id: &str) -> Result<String, Refused> {
    let known = id.starts_with(['C', 'G']) && id.len() > 2;
    if known && id.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit()) {
        return Ok(id.to_owned());
    }
    if id.starts_with('D') && !id.contains(char::is_lowercase) {
        return Err(Some(format!("`{id}` is a direct message: use `on_dm`, or `only = dm`")));
    }
    Err(Some(format!(
        "`{id}` is a name, which may change: write the channel's id, as `C0123ABCD` (it ends the channel's link)"
    )))
}

/// Whether somebody knows the zone is seen when the bot is checked.
pub(super) fn timezone(name: &str) -> Result<String, Refused> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "/_+-".contains(letter);
    if name.is_empty() || !name.chars().all(allowed) {
        return Err(Some(format!("`{name}` is no time zone: write its name, as `Europe/Paris` or `UTC`")));
    }
    Ok(name.to_owned())
}

/// How long a schedule may make up for what was missed: the events of that time are still known.
const LONGEST_CATCH_UP: u64 = 2 * 86_400_000;

/// Milliseconds.
pub(super) fn catch_up(text: &str) -> Result<u64, Refused> {
    match cooldown(text)? {
        milliseconds if milliseconds <= LONGEST_CATCH_UP => Ok(milliseconds),
        _ => Err(Some("what was missed is made up for within two days at most: write `2d` or less".to_owned())),
    }
}

/// Milliseconds.
pub(super) fn cooldown(text: &str) -> Result<u64, Refused> {
    let mut rest = text;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let unit_at = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or(None)?;
        let next_at =
            rest[unit_at..].find(|letter: char| letter.is_ascii_digit()).map_or(rest.len(), |at| unit_at + at);
        let number: u64 = rest[..unit_at].parse().map_err(|_| None)?;
        let unit = match &rest[unit_at..next_at] {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(None),
        };
        total = number.checked_mul(unit).and_then(|part| total.checked_add(part)).ok_or(None)?;
        rest = &rest[next_at..];
    }
    if total == 0 { Err(None) } else { Ok(total) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cooldowns_have_units() {
        assert_eq!(cooldown("10s"), Ok(10_000));
        assert_eq!(cooldown("1h30m"), Ok(5_400_000));
        for text in ["", "10", "s", "0s", "10 s", "1y", "99999999999999999999s"] {
            assert_eq!(cooldown(text), Err(None), "{text}");
        }
    }

    #[test]
    fn channels_are_named_by_id() {
        assert_eq!(channel("C0123ABCD"), Ok("C0123ABCD".to_owned()));
        for text in ["", "C", "#general", "general", "D0123ABCD", "C0123abcd"] {
            assert!(channel(text).is_err(), "{text}");
        }
    }
}
