//! From handlers to rules and back: which handlers an event is for.

mod builtin;
#[cfg(feature = "schedule")]
mod firing;
mod help;
mod saying;

use std::{collections::HashMap, sync::Arc};

use regex::Regex;

#[cfg(feature = "schedule")]
pub(crate) use self::firing::Firing;
pub(crate) use self::{builtin::failure, saying::Saying};
use crate::{
    event::{Event, Kind, PlaceKind},
    handler::{Handler, HelpBook, Matching, On, Trigger},
    id::ChannelId,
    route::{
        Explanation, Match, Matcher, Pattern, Problem, Problems, Rule, RuleId, Said, Scope, Table, Verdict, explain,
        fold, judge_text,
    },
    schedule::Schedule,
};

/// Every handler of an app, and the way from an event to those it is for.
#[derive(Debug)]
pub(crate) struct Dispatcher {
    table: Table,
    /// The handler and the attribute of each rule.
    origins: Vec<Origin>,
    observers: HashMap<&'static str, Vec<Origin>>,
    schedules: Vec<Planned>,
    unhandled: Origin,
    failure: Origin,
    help: Arc<HelpBook>,
    handlers: Vec<&'static Handler>,
}

/// A handler and the attribute that starts it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) handler: &'static Handler,
    pub(crate) trigger: &'static Trigger,
}

/// A handler that runs by itself.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// Names the schedule in the store; another one as soon as its times are others.
    pub(crate) id: Arc<str>,
    pub(crate) origin: Origin,
    #[cfg_attr(not(feature = "schedule"), expect(dead_code, reason = "there are none without the feature"))]
    pub(crate) schedule: &'static Schedule,
}

/// What is run for an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// The handler that takes it, and what its pattern binds.
    pub(crate) taker: Option<Taker>,
    /// The handlers that observe it.
    pub(crate) observers: Vec<Origin>,
}

/// The handler that takes an event.
#[derive(Clone, Debug)]
pub(crate) struct Taker {
    pub(crate) origin: Origin,
    pub(crate) found: Option<Match>,
}

impl Dispatcher {
    /// Indexes handlers, with help and the other things that every bot does beside them.
    pub(crate) fn build(handlers: &[&'static Handler]) -> Result<Self, Problems> {
        let mut handlers = handlers.to_vec();
        handlers.sort_by_key(|handler| (handler.file, handler.line));
        let mut draft = Draft::default();
        if handlers.is_empty() {
            draft.problems.push(Problem::NoHandlers);
        }
        handlers.iter().for_each(|handler| draft.add(handler));
        for (rule, origin) in help::rules(&handlers) {
            draft.rules.push(rule);
            draft.origins.push(origin);
        }
        let Draft { rules, origins, observers, schedules, unhandled, failure, mut problems } = draft;
        let table = Table::build(rules).unwrap_or_else(|found| {
            problems.extend(found);
            Table::default()
        });
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        Ok(Self {
            table,
            origins,
            observers,
            schedules,
            unhandled: unhandled.unwrap_or(builtin::unhandled()),
            failure: failure.unwrap_or(builtin::failure()),
            help: Arc::new(HelpBook::of(&handlers)),
            handlers,
        })
    }

    /// What is run for an event; nothing when no handler is for it.
    pub(crate) fn plan(&self, event: &Event) -> Plan {
        let observers = self.observers.get(&*event.name).cloned().unwrap_or_default();
        let taker = match &event.kind {
            Kind::Message(_) if Saying::is(event) => Some(Taker { origin: builtin::say(), found: None }),
            Kind::Message(message) => {
                let said = Said {
                    text: message.text.as_str(),
                    channel: &message.place.channel,
                    direct: message.place.kind == PlaceKind::Direct,
                    addressed: message.addressed,
                };
                let found = self.table.message(said, None).map(|found| self.taker(found));
                found.or_else(|| message.addressed.then_some(Taker { origin: self.unhandled, found: None }))
            }
            Kind::Command(command) => {
                let direct = command.place.kind == PlaceKind::Direct;
                let found = self.table.command(&command.name, command.text.as_str(), direct);
                let unknown = Taker { origin: builtin::unknown_command(), found: None };
                Some(found.map_or(unknown, |found| self.taker(found)))
            }
            Kind::Reaction(reaction) => {
                self.table.reaction(&reaction.name, reaction.base()).map(|found| self.taker(found))
            }
            Kind::Scheduled(scheduled) => {
                let planned = self.schedules.iter().find(|planned| planned.id == scheduled.schedule);
                planned.map(|planned| Taker { origin: planned.origin, found: None })
            }
            Kind::Other => None,
        };
        Plan { taker, observers }
    }

    fn taker(&self, found: Match) -> Taker {
        Taker { origin: self.origins[found.rule.0], found: Some(found) }
    }

    /// The handler of what is said to the bot and no other takes.
    pub(crate) fn unhandled(&self) -> Origin {
        self.unhandled
    }

    /// The handler of failures.
    pub(crate) fn failure(&self) -> Origin {
        self.failure
    }

    pub(crate) fn help(&self) -> &Arc<HelpBook> {
        &self.help
    }

    /// The author's handlers, in the order of the source.
    pub(crate) fn handlers(&self) -> &[&'static Handler] {
        &self.handlers
    }

    /// The paths of all that may be run: the author's handlers and those that every bot has.
    pub(crate) fn paths(&self) -> Vec<&'static str> {
        self.handlers.iter().map(|handler| handler.path).chain(builtin::paths()).collect()
    }

    /// Every rule in the order of dispatch, with its handler.
    pub(crate) fn rules(&self) -> impl Iterator<Item = (&Rule, Origin)> {
        self.table.in_order().into_iter().map(|id| (self.table.rule(id), self.origins[id.0]))
    }

    /// The handlers that observe events, by the events' names.
    pub(crate) fn observers(&self) -> impl Iterator<Item = (&'static str, Origin)> + '_ {
        let mut names: Vec<_> = self.observers.iter().collect();
        names.sort_by_key(|(name, _)| **name);
        names.into_iter().flat_map(|(name, origins)| origins.iter().map(|origin| (*name, *origin)))
    }

    /// The handlers that run by themselves.
    #[cfg_attr(not(feature = "schedule"), expect(dead_code, reason = "there are none without the feature"))]
    pub(crate) fn schedules(&self) -> &[Planned] {
        &self.schedules
    }

    /// What answers where no rule does, each by its attribute: `on_unhandled`, then `on_failure`.
    pub(crate) fn answers_of_last_resort(&self) -> [(&'static str, Origin); 2] {
        [self.unhandled, self.failure].map(|origin| (origin.trigger.on.attribute(), origin))
    }

    /// Why a message goes where it goes.
    pub(crate) fn explain(&self, text: &str, channel: &ChannelId, direct: bool, addressed: bool) -> Explanation {
        explain(&self.table, Said { text, channel, direct, addressed })
    }

    /// The names of the commands that some handler is for.
    #[cfg(feature = "playground")]
    pub(crate) fn commands(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .table
            .rules()
            .iter()
            .filter_map(|rule| match &rule.scope {
                Scope::Command(name) => Some(name.clone()),
                _ => None,
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// What each rule of a command says of its text, in the order of dispatch.
    pub(crate) fn explain_command(&self, name: &str, text: &str) -> Vec<(RuleId, Verdict)> {
        let taken = self.command(name, text).map(|found| found.rule);
        let of_command = |rule: &Rule| matches!(&rule.scope, Scope::Command(command) if *command == fold(name));
        let rules = self.table.in_order().into_iter().filter(|id| of_command(self.rule(*id)));
        let verdict = |id: RuleId| match taken == Some(id) {
            true => Verdict::Took,
            false => judge_text(self.rule(id), text),
        };
        rules.map(|id| (id, verdict(id))).collect()
    }

    /// The attribute of a rule.
    pub(crate) fn trigger(&self, id: RuleId) -> &'static Trigger {
        self.origins[id.0].trigger
    }

    /// The rule that takes a command, and what it binds.
    pub(crate) fn command(&self, name: &str, text: &str) -> Option<Match> {
        self.table.command(name, text, false)
    }

    pub(crate) fn rule(&self, id: RuleId) -> &Rule {
        self.table.rule(id)
    }
}

/// What is known while handlers are taken in.
#[derive(Default)]
struct Draft {
    rules: Vec<Rule>,
    origins: Vec<Origin>,
    observers: HashMap<&'static str, Vec<Origin>>,
    schedules: Vec<Planned>,
    unhandled: Option<Origin>,
    failure: Option<Origin>,
    problems: Vec<Problem>,
}

impl Draft {
    fn add(&mut self, handler: &'static Handler) {
        for trigger in handler.triggers {
            let origin = Origin { handler, trigger };
            if trigger.channel.is_some() && !matches!(trigger.on, On::Mention | On::Message | On::Schedule) {
                let why = "`channel` is for `on_mention`, `on_message` and `on_schedule` alone: to restrict it otherwise, write a `check`";
                self.problems.push(Problem::Unreadable { handler: place(origin), why: why.to_owned() });
            }
            match (trigger.on, trigger.matching) {
                (On::Event, Matching::Name(name)) => self.observers.entry(name).or_default().push(origin),
                (On::Schedule, Matching::Times(schedule)) => self.plan(origin, schedule),
                (On::Unhandled, _) => Self::only_one(&mut self.unhandled, origin, &mut self.problems),
                (On::Failure, _) => Self::only_one(&mut self.failure, origin, &mut self.problems),
                _ => match rule(origin) {
                    Ok(rule) => {
                        self.rules.push(rule);
                        self.origins.push(origin);
                    }
                    Err(why) => self.problems.push(Problem::Unreadable { handler: place(origin), why }),
                },
            }
        }
    }

    fn plan(&mut self, origin: Origin, schedule: &'static Schedule) {
        #[cfg(feature = "schedule")]
        if let Err(why) = crate::schedule::Timetable::new(schedule) {
            self.problems.push(Problem::Unreadable { handler: place(origin), why });
        }
        let id = format!("{} {} {}", origin.handler.path, schedule.text, schedule.timezone).into();
        self.schedules.push(Planned { id, origin, schedule });
    }

    fn only_one(slot: &mut Option<Origin>, origin: Origin, problems: &mut Vec<Problem>) {
        match slot {
            None => *slot = Some(origin),
            Some(first) => {
                let (first, second) = (place(*first), place(origin));
                problems.push(Problem::OneTooMany { first, second });
            }
        }
    }
}

fn rule(origin: Origin) -> Result<Rule, String> {
    let Origin { handler, trigger } = origin;
    let channel = trigger.channel.map(ChannelId::new);
    let scope = match (trigger.on, channel, trigger.matching) {
        (On::Mention, Some(channel), _) => Scope::ChannelMention(channel),
        (On::Mention, None, _) => Scope::Mention,
        (On::Dm, ..) => Scope::Dm,
        (On::Command, _, Matching::Words(pattern)) => Scope::Command(fold(command_name(pattern))),
        (On::Reaction, _, Matching::Name(name)) => Scope::Reaction(Some(name.to_owned())),
        (On::Reaction, ..) => Scope::Reaction(None),
        (_, Some(channel), _) => Scope::Channel(channel),
        (_, None, _) => Scope::Message,
    };
    let matcher = match trigger.matching {
        Matching::Regex(source) => Matcher::Regex(Box::new(Regex::new(source).map_err(|error| error.to_string())?)),
        Matching::Words(pattern) if trigger.on == On::Command => {
            match pattern.trim_start().strip_prefix(command_name(pattern)).map(str::trim) {
                None | Some("") => Matcher::Any,
                Some(rest) => Matcher::Words(Pattern::parse(rest).map_err(|error| error.0)?),
            }
        }
        Matching::Words(pattern) => Matcher::Words(Pattern::parse(pattern).map_err(|error| error.0)?),
        Matching::Any | Matching::Name(_) | Matching::Times(_) => Matcher::Any,
    };
    Ok(Rule {
        scope,
        only: trigger.only,
        priority: trigger.priority,
        matcher,
        source: source(trigger),
        name: handler.name,
        origin: if trigger.line == 0 { "built in".to_owned() } else { format!("{}:{}", handler.file, trigger.line) },
    })
}

fn command_name(pattern: &str) -> &str {
    pattern.split_whitespace().next().unwrap_or(pattern)
}

/// The attribute as written.
pub(crate) fn source(trigger: &Trigger) -> String {
    let attribute = trigger.on.attribute();
    match trigger.matching {
        Matching::Any => attribute.to_owned(),
        Matching::Words(pattern) | Matching::Name(pattern) => format!("{attribute}({pattern:?})"),
        Matching::Regex(regex) => format!("{attribute}(regex = {regex:?})"),
        Matching::Times(Schedule { text, timezone, .. }) => format!("{attribute}({text:?}, timezone = {timezone:?})"),
    }
}

fn place(origin: Origin) -> String {
    let Origin { handler, trigger } = origin;
    format!("`{}`, {} at {}:{}", handler.name, source(trigger), handler.file, trigger.line)
}

/// The values that handlers need, each with the place that needs it.
pub(crate) fn needs(handlers: &[&'static Handler]) -> impl Iterator<Item = (&'static Handler, crate::handler::Need)> {
    handlers.iter().flat_map(|handler| handler.needs().map(move |need| (*handler, need)))
}
