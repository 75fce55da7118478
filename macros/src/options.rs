//! The options of an attribute: `check = ops_only, cooldown = "10s"`.

mod value;

use syn::{Ident, LitStr, Path};

use self::value::{Refused, catch_up, channel, cooldown, literal, only, path, priority, retry, scopes, timezone};
use crate::{
    arguments::{Given, Value},
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
    pub(crate) timezone: Option<String>,
    pub(crate) catch_up: Option<u64>,
    pub(crate) scopes: Vec<LitStr>,
    pub(crate) regex: Option<LitStr>,
    pub(crate) krate: Option<Path>,
}

/// An option, how it is written, and the attributes that take it.
struct Known(&'static str, &'static str, &'static [On]);

const PEOPLE: &[On] = &[On::Mention, On::Dm, On::Message, On::Command, On::Reaction];
const TYPED: &[On] = &[On::Mention, On::Dm, On::Message, On::Command];
const PLACED: &[On] = &[On::Mention, On::Message, On::Command, On::Reaction, On::Unhandled, On::Schedule];
const EVERY: &[On] =
    &[On::Mention, On::Dm, On::Message, On::Command, On::Reaction, On::Event, On::Unhandled, On::Failure, On::Schedule];

const KNOWN: [Known; 12] = [
    Known("check", "check = ops_only", PEOPLE),
    Known("cooldown", "cooldown = \"10s\"", PEOPLE),
    Known("only", "only = channel` or `only = dm", &[On::Mention, On::Message]),
    Known("channel", "channel = \"C0123ABCD\"", PLACED),
    Known("priority", "priority = 5", TYPED),
    Known("hidden", "hidden", TYPED),
    Known("retry", "retry = 3", EVERY),
    Known("scopes", "scopes(\"users:read\")", EVERY),
    Known("regex", "regex = \"^build (?<number>[0-9]+)$\"", &[On::Message]),
    Known("timezone", "timezone = \"Europe/Paris\"", &[On::Schedule]),
    Known("catch_up", "catch_up = \"1h\"", &[On::Schedule]),
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
        (On::Reaction, "priority") => {
            "one handler alone can be for a reaction, and one named goes before any: take out `priority`".to_owned()
        }
        (On::Unhandled | On::Failure, "priority") => {
            format!("one handler alone can be `{own}`, so that none goes before another: take out `priority`")
        }
        _ => format!("`{own}` takes no `{name}`: it is for {others}"),
    }
}

impl Options {
    fn set(&mut self, name: &str, value: &Value) -> Result<(), Refused> {
        match (name, value) {
            ("hidden", Value::None) => self.hidden = true,
            ("scopes", Value::List(list)) => self.scopes = scopes(list)?,
            ("check", Value::Equals(function)) => self.check = Some(path(function)?),
            ("crate", Value::Equals(facade)) => self.krate = Some(path(facade)?),
            ("only", Value::Equals(word)) => self.only = Some(only(word)?),
            ("regex", Value::Equals(text)) => self.regex = Some(literal(text)?),
            ("cooldown", Value::Equals(text)) => self.cooldown = cooldown(&literal(text)?.value())?,
            ("timezone", Value::Equals(text)) => self.timezone = Some(timezone(&literal(text)?.value())?),
            ("catch_up", Value::Equals(text)) => self.catch_up = Some(catch_up(&literal(text)?.value())?),
            ("channel", Value::Equals(text)) => self.channel = Some(channel(&literal(text)?.value())?),
            ("priority", Value::Equals(number)) => self.priority = priority(number)?,
            ("retry", Value::Equals(number)) => self.retry = retry(number)?,
            _ => return Err(None),
        }
        Ok(())
    }
}
