//! The options of an attribute: `check = ops_only, cooldown = "10s"`.

use proc_macro2::TokenStream;
use syn::{Ident, LitInt, LitStr, Path, parse::Parser};

use crate::{
    arguments::{Given, Value, split},
    on::On,
    problems::{Problems, nearest},
};

/// The options of one attribute.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) check: Option<Path>,
    pub(crate) cooldown: u64,
    pub(crate) only: Option<Ident>,
    pub(crate) channel: Option<String>,
    pub(crate) priority: i32,
    pub(crate) hidden: bool,
    pub(crate) retry: u32,
    pub(crate) scopes: Vec<LitStr>,
    pub(crate) regex: Option<LitStr>,
    pub(crate) krate: Option<Path>,
}

/// An option, how it is written, and the attributes that take it.
struct Known(&'static str, &'static str, &'static [On]);

const PEOPLE: &[On] = &[On::Mention, On::Dm, On::Message, On::Command, On::Reaction];
const TYPED: &[On] = &[On::Mention, On::Dm, On::Message, On::Command];
const PLACED: &[On] = &[On::Mention, On::Message, On::Command, On::Reaction, On::Unhandled];
const RANKED: &[On] = &[On::Mention, On::Dm, On::Message, On::Command, On::Reaction, On::Unhandled, On::Failure];
const EVERY: &[On] =
    &[On::Mention, On::Dm, On::Message, On::Command, On::Reaction, On::Event, On::Unhandled, On::Failure];

const KNOWN: [Known; 10] = [
    Known("check", "check = ops_only", PEOPLE),
    Known("cooldown", "cooldown = \"10s\"", PEOPLE),
    Known("only", "only = channel` or `only = dm", &[On::Mention, On::Message]),
    Known("channel", "channel = \"C0123ABCD\"", PLACED),
    Known("priority", "priority = 5", RANKED),
    Known("hidden", "hidden", TYPED),
    Known("retry", "retry = 3", EVERY),
    Known("scopes", "scopes(\"users:read\")", EVERY),
    Known("regex", "regex = \"^build (?<number>[0-9]+)$\"", &[On::Message]),
    Known("crate", "crate = my_facade::bavard", EVERY),
];

/// Reads the options of an attribute.
pub(crate) fn read(on: On, given: &[Given], problems: &mut Problems) -> Options {
    let mut options = Options::default();
    for (index, option) in given.iter().enumerate() {
        let name = option.name.to_string();
        let Some(Known(_, form, places)) = KNOWN.iter().find(|known| known.0 == name) else {
            problems.on(&option.name, unknown(on, &name));
            continue;
        };
        if !places.contains(&on) {
            problems.on(&option.name, misplaced(on, &name, places));
        } else if given[..index].iter().any(|other| other.name == option.name) {
            problems.on(&option.name, format!("`{name}` is given twice"));
        } else if let Err(problem) = options.set(&name, &option.value) {
            problems.at(option.place(), problem.unwrap_or_else(|| format!("this option is written `{form}`")));
        }
    }
    options
}

fn unknown(on: On, name: &str) -> String {
    let names = || KNOWN.iter().filter(|known| known.2.contains(&on)).map(|known| known.0);
    let meant = nearest(name, names()).map(|meant| format!(": did you mean `{meant}`?")).unwrap_or_default();
    let list = names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    format!("unknown option `{name}`{meant}\nthe options of `{}` are {list}", on.attribute())
}

fn misplaced(on: On, name: &str, places: &[On]) -> String {
    let others = places.iter().map(|on| format!("`{}`", on.attribute())).collect::<Vec<_>>().join(", ");
    let own = on.attribute();
    match (on, name) {
        (On::Dm, "channel") => "`on_dm` is for direct messages, which are in no channel: take out `channel`".to_owned(),
        (On::Dm, "only") => "`on_dm` is for direct messages alone already: take out `only`".to_owned(),
        _ => format!("`{own}` takes no `{name}`: it is for {others}"),
    }
}

/// Why a value was refused: the author is told this, or else how the option is written.
type Refused = Option<String>;

impl Options {
    fn set(&mut self, name: &str, value: &Value) -> Result<(), Refused> {
        match (name, value) {
            ("hidden", Value::None) => self.hidden = true,
            ("scopes", Value::List(list)) => self.scopes = scopes(list)?,
            ("check", Value::Equals(path)) => self.check = Some(parse(Path::parse_mod_style, path)?),
            ("crate", Value::Equals(path)) => self.krate = Some(parse(Path::parse_mod_style, path)?),
            ("only", Value::Equals(word)) => self.only = Some(only(word)?),
            ("regex", Value::Equals(text)) => self.regex = Some(literal(text)?),
            ("cooldown", Value::Equals(text)) => self.cooldown = cooldown(&literal(text)?.value())?,
            ("channel", Value::Equals(text)) => self.channel = Some(channel(&literal(text)?.value())?),
            ("priority", Value::Equals(number)) => self.priority = priority(number)?,
            ("retry", Value::Equals(number)) => self.retry = retry(number)?,
            _ => return Err(None),
        }
        Ok(())
    }
}

fn parse<T>(parser: impl Parser<Output = T>, tokens: &TokenStream) -> Result<T, Refused> {
    parser.parse2(tokens.clone()).map_err(|_| None)
}

fn literal(tokens: &TokenStream) -> Result<LitStr, Refused> {
    syn::parse2(tokens.clone()).map_err(|_| None)
}

fn only(word: &TokenStream) -> Result<Ident, Refused> {
    let word: Ident = syn::parse2(word.clone()).map_err(|_| None)?;
    match word.to_string().as_str() {
        "channel" => Ok(Ident::new("Channel", word.span())),
        "dm" => Ok(Ident::new("Dm", word.span())),
        _ => Err(None),
    }
}

/// Its sign is a token of its own.
fn priority(number: &TokenStream) -> Result<i32, Refused> {
    let text = number.to_string().replace([' ', '_'], "");
    text.parse().map_err(|_| None)
}

fn retry(number: &TokenStream) -> Result<u32, Refused> {
    let number: LitInt = syn::parse2(number.clone()).map_err(|_| None)?;
    match number.base10_parse() {
        Ok(0) => Err(Some("no retry is what happens anyway: take it out".to_owned())),
        number => number.map_err(|_| None),
    }
}

fn scopes(list: &TokenStream) -> Result<Vec<LitStr>, Refused> {
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

fn channel(id: &str) -> Result<String, Refused> {
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

/// Milliseconds.
fn cooldown(text: &str) -> Result<u64, Refused> {
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
