//! `routes`: the handlers in the order of dispatch, and why one message goes where it goes.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{FAILED, fail, print};
use crate::{
    app::App,
    dispatch::{Dispatcher, Origin},
    handler::description,
    id::ChannelId,
    language::Language,
    route::{Audience, Rule, RuleId, Verdict, fold},
};

/// Print the handlers in the order of dispatch, or explain one message.
#[derive(Debug, Args)]
pub(super) struct Routes {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Explain where a message would go, and why not elsewhere, without running anything.
    Match {
        /// The message. `@` and the bot's name at either end mention the bot.
        text: String,
        /// Where it is said: `dm`, or a channel as `#general`. Without it, the message is one that mentions the bot.
        #[arg(long = "in", value_name = "PLACE", value_parser = placed)]
        place: Option<String>,
        /// Who says it. Dispatch asks for nobody's name; a `check` or `cooldown` on the way is told.
        #[arg(long = "as", value_name = "NAME")]
        person: Option<String>,
    },
}

impl Routes {
    pub(super) fn run(&self, app: &App) -> ExitCode {
        let dispatcher = match app.dispatcher() {
            Ok(dispatcher) => dispatcher,
            Err(problems) => return fail(FAILED, &problems.to_string()),
        };
        match &self.what {
            None => print(&table(&dispatcher)),
            Some(What::Match { text, place, person }) => {
                let name = &app.preferences().name;
                let explained = explained(&dispatcher, name, text, place.as_deref(), person.as_deref());
                print(&explained);
            }
        }
        ExitCode::SUCCESS
    }
}

fn table(dispatcher: &Dispatcher) -> String {
    let mut rows: Vec<[String; 3]> = dispatcher.rules().map(|(rule, origin)| row(rule, origin)).collect();
    let observers = dispatcher.observers();
    rows.extend(observers.map(|(name, origin)| [format!("on_event({name:?})"), described(origin), place(origin)]));
    rows.extend(scheduled(dispatcher));
    let last = dispatcher.answers_of_last_resort();
    rows.extend(last.map(|(attribute, origin)| [attribute.to_owned(), described(origin), place(origin)]));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1)];
    let lines = rows.iter().map(|[trigger, handler, origin]| {
        format!("{trigger:<0$}  {handler:<1$}  {origin}", widths[0], widths[1]).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The handlers that run by themselves, each with the time when it does so next.
#[cfg(feature = "schedule")]
fn scheduled(dispatcher: &Dispatcher) -> impl Iterator<Item = [String; 3]> {
    let now = crate::clock::Clock::now(&crate::clock::SystemClock);
    dispatcher.schedules().iter().map(move |planned| {
        let timetable = crate::schedule::Timetable::new(planned.schedule).ok();
        let next = timetable.and_then(|timetable| Some(timetable.written(timetable.next(now)?)));
        let origin = planned.origin;
        let place = format!("{}  next {}", place(origin), next.as_deref().unwrap_or("never"));
        [crate::dispatch::source(origin.trigger), described(origin), place]
    })
}

#[cfg(not(feature = "schedule"))]
fn scheduled(_: &Dispatcher) -> [[String; 3]; 0] {
    []
}

fn row(rule: &Rule, origin: Origin) -> [String; 3] {
    let mut trigger = rule.source.clone();
    if let Some(only) = rule.only {
        trigger.push_str(if only == Audience::Dm { " only = dm" } else { " only = channel" });
    }
    if rule.priority != 0 {
        trigger.push_str(&format!(" priority = {}", rule.priority));
    }
    [trigger, described(origin), place(origin)]
}

fn described(origin: Origin) -> String {
    let text = description(origin.handler, Language::English);
    if text.is_empty() { origin.handler.name.to_owned() } else { format!("{}: {text}", origin.handler.name) }
}

fn place(origin: Origin) -> String {
    if origin.trigger.line == 0 {
        return "built in".to_owned();
    }
    format!("{}:{}", origin.handler.file, origin.trigger.line)
}

fn explained(dispatcher: &Dispatcher, bot: &str, text: &str, place: Option<&str>, person: Option<&str>) -> String {
    if text.starts_with('/') {
        return explained_command(dispatcher, text);
    }
    let (said, mentioned) = without_mention(text, bot);
    let direct = place.is_some_and(|place| place.eq_ignore_ascii_case("dm"));
    let addressed = direct || mentioned || place.is_none();
    let channel = ChannelId::new(place.unwrap_or("channel").trim_start_matches('#'));
    let explanation = dispatcher.explain(said, &channel, direct, addressed);
    let mut lines = Vec::new();
    match &explanation.outcome {
        Some(found) => {
            let rule = dispatcher.rule(found.rule);
            lines.push(format!("→ {}, {} at {}", rule.name, rule.source, rule.origin));
            let arguments =
                found.arguments.iter().map(|(name, range)| format!("  {name} = {:?}", &said[range.clone()]));
            lines.extend(arguments);
            let trigger = dispatcher.trigger(found.rule);
            let who = person.unwrap_or("the person");
            if trigger.check.is_some() {
                lines.push(format!("  before it runs, its check is asked whether {who} may use it"));
            }
            if trigger.cooldown > 0 {
                lines.push(format!("  {who} may use it once in {} s", trigger.cooldown.div_ceil(1000)));
            }
        }
        None if addressed => lines.push(unhandled(dispatcher.unhandled())),
        None => lines.push("→ no handler: the message is not kept".to_owned()),
    }
    lines.push(String::new());
    for step in explanation.steps.iter().filter_map(|step| step.entered.as_ref().err().map(|why| (step, why))) {
        lines.push(format!("skipped {}: {}", step.0.scope.words(), step.1));
    }
    lines.extend(verdicts(dispatcher, &explanation.verdicts));
    lines.join("\n")
}

/// What each rule says, a line for each.
fn verdicts(dispatcher: &Dispatcher, verdicts: &[(RuleId, Verdict)]) -> Vec<String> {
    let line = |(id, verdict): &(RuleId, Verdict)| {
        let rule = dispatcher.rule(*id);
        let mark = match verdict {
            Verdict::Took => '✓',
            Verdict::WouldTake | Verdict::Almost(_) => '~',
            Verdict::No(_) => '✗',
        };
        format!("{mark} {} ({}, {}): {verdict}", rule.source, rule.name, rule.origin)
    };
    verdicts.iter().map(line).collect()
}

/// Reads where a message is said.
fn placed(text: &str) -> Result<String, &'static str> {
    let is_id =
        || text.starts_with(['C', 'G']) && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_place = text.eq_ignore_ascii_case("dm") || text.strip_prefix('#').is_some_and(|name| !name.is_empty());
    if is_place || is_id() { Ok(text.to_owned()) } else { Err("write `dm`, or a channel as `#general` or `C0123ABCD`") }
}

/// What becomes of a message to the bot that no handler takes.
fn unhandled(origin: Origin) -> String {
    if origin.trigger.line == 0 {
        return "→ no handler: the bot says that it did not understand".to_owned();
    }
    format!("→ no handler: {} answers instead, on_unhandled at {}", origin.handler.name, place(origin))
}

fn explained_command(dispatcher: &Dispatcher, typed: &str) -> String {
    let (name, text) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let text = text.trim();
    let mut lines = match dispatcher.command(name, text) {
        Some(found) => {
            let rule = dispatcher.rule(found.rule);
            let arguments =
                found.arguments.iter().map(|(name, range)| format!("  {name} = {:?}", &text[range.clone()]));
            let taken = format!("→ {}, {} at {}", rule.name, rule.source, rule.origin);
            std::iter::once(taken).chain(arguments).collect()
        }
        None => vec!["→ no handler: the bot says how the command is used, if it knows it".to_owned()],
    };
    lines.push(String::new());
    lines.extend(verdicts(dispatcher, &dispatcher.explain_command(name, text)));
    lines.join("\n").trim_end().to_owned()
}

/// The message without `@bot` at its ends, and whether it was there.
fn without_mention<'a>(text: &'a str, bot: &str) -> (&'a str, bool) {
    let text = text.trim();
    let is_bot = |word: &str| {
        word.strip_prefix('@').is_some_and(|name| {
            let name = fold(name.trim_end_matches([':', ',']));
            name == "bot" || name == fold(bot)
        })
    };
    if let Some((first, rest)) = text.split_once(char::is_whitespace).filter(|(first, _)| is_bot(first)) {
        let _ = first;
        return (rest.trim_start(), true);
    }
    if let Some((rest, _)) = text.rsplit_once(char::is_whitespace).filter(|(_, last)| is_bot(last)) {
        return (rest.trim_end(), true);
    }
    if is_bot(text) { ("", true) } else { (text, false) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{handlers, on_command, on_failure, on_mention};

    /// Says hello.
    #[on_mention("hello")]
    async fn hello() {}

    /// Says sorry.
    #[on_failure]
    async fn sorry() {}

    /// Adds numbers.
    #[on_command("/add {one} {other}")]
    async fn add(one: u8, other: u8) {
        let _ = (one, other);
    }

    /// Adds everything.
    #[on_command("/add everything")]
    async fn sum() {}

    #[test]
    fn each_handler_of_a_command_says_why_it_does_not_take_it() {
        let dispatcher = Dispatcher::build(handlers![add, sum, hello]).unwrap();
        let told = explained(&dispatcher, "bot", "/add 1", None, None);
        assert!(told.starts_with("→ no handler"), "{told}");
        let reasons: Vec<_> = told.lines().filter(|line| line.starts_with(['~', '✗'])).collect();
        assert_eq!(reasons.len(), 2, "{told}");
        assert!(reasons.iter().all(|line| line.contains("/add") && line.contains(": ")), "{told}");
        let told = explained(&dispatcher, "bot", "/add 1 2", None, None);
        assert!(told.contains("✓ on_command(\"/add {one} {other}\")") && !told.contains("hello"), "{told}");
    }

    #[test]
    fn a_place_is_a_direct_message_or_a_channel() {
        for place in ["dm", "DM", "#general", "C0123ABCD"] {
            assert_eq!(placed(place).as_deref(), Ok(place));
        }
        for other in ["zork", "#", "", "general", "Cellar"] {
            assert!(placed(other).is_err(), "{other}");
        }
    }

    #[test]
    fn every_handler_is_listed_with_those_of_last_resort() {
        let dispatcher = Dispatcher::build(handlers![hello, sorry]).unwrap();
        let listed = table(&dispatcher);
        for (attribute, rest) in [
            ("on_mention(\"hello\")", ["hello: Says hello.", "routes.rs:"]),
            ("on_unhandled", ["unhandled", "built in"]),
            ("on_failure", ["sorry: Says sorry.", "routes.rs:"]),
        ] {
            let mut lines = listed.lines().filter(|line| line.starts_with(attribute));
            let line = lines.next().unwrap_or_else(|| panic!("{attribute} is not in\n{listed}"));
            assert!(rest.iter().all(|part| line.contains(part)) && lines.next().is_none(), "{listed}");
        }
    }
}
