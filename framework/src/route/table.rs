//! The table of rules, indexed once at start.

use std::{collections::HashMap, ops::Range, sync::Arc};

use super::{
    fold::fold,
    problem::Problem,
    reading::Reading,
    rule::{Rule, RuleId, Scope},
    section::Section,
};
use crate::id::ChannelId;

/// Every rule, and the way from an event to the one that takes it.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rules: Vec<Rule>,
    channels: HashMap<ChannelId, [Section; 2]>,
    dm: Section,
    mention: Section,
    message: Section,
    commands: HashMap<String, Section>,
    reactions: HashMap<String, RuleId>,
    any_reaction: Option<RuleId>,
}

/// What routing needs to know of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said<'a> {
    pub(crate) text: &'a str,
    pub(crate) channel: &'a ChannelId,
    /// Whether it was said in a direct message.
    pub(crate) direct: bool,
    /// Whether it was said to the bot.
    pub(crate) addressed: bool,
}

/// The rule that takes an event, and what its pattern binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) rule: RuleId,
    pub(crate) arguments: Vec<(Arc<str>, Range<usize>)>,
}

/// What routing went through, for people; written only when somebody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) scope: Scope,
    /// Whether the scope was for this message, and if not, why not.
    pub(crate) entered: Result<(), &'static str>,
    pub(crate) took: Option<RuleId>,
}

impl Table {
    /// Indexes rules; tells of everything that is wrong with them together.
    pub(crate) fn build(rules: Vec<Rule>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut scopes: HashMap<Scope, Vec<RuleId>> = HashMap::new();
        for (index, rule) in rules.iter().enumerate() {
            scopes.entry(rule.scope.clone()).or_default().push(RuleId(index));
        }
        let mut ordered: Vec<(Scope, Vec<RuleId>)> = scopes.into_iter().collect();
        ordered.sort();
        let mut table = Self::default();
        for (scope, members) in ordered {
            let mut section = || Section::build(&members, &rules, &mut problems);
            match scope {
                Scope::ChannelMention(channel) => table.channels.entry(channel).or_default()[0] = section(),
                Scope::Channel(channel) => table.channels.entry(channel).or_default()[1] = section(),
                Scope::Dm => table.dm = section(),
                Scope::Mention => table.mention = section(),
                Scope::Message => table.message = section(),
                Scope::Command(name) => {
                    table.commands.insert(name, section());
                }
                Scope::Reaction(name) => table.add_reactions(name, &members, &rules, &mut problems),
            }
        }
        table.find_unreachable_in_direct_messages(&rules, &mut problems);
        table.rules = rules;
        if problems.is_empty() { Ok(table) } else { Err(problems) }
    }

    fn add_reactions(&mut self, name: Option<String>, members: &[RuleId], rules: &[Rule], problems: &mut Vec<Problem>) {
        for pair in members.windows(2) {
            let [first, second] = [pair[0], pair[1]].map(|id| rules[id.0].place());
            problems.push(Problem::OneTooMany { first, second });
        }
        let Some(&first) = members.first() else { return };
        match name {
            Some(name) => {
                self.reactions.insert(name, first);
            }
            None => self.any_reaction = Some(first),
        }
    }

    /// A rule for direct messages alone never runs behind one that takes all of them.
    fn find_unreachable_in_direct_messages(&self, rules: &[Rule], problems: &mut Vec<Problem>) {
        let Some(by) = self.dm.takes_anything(true) else { return };
        for (index, rule) in rules.iter().enumerate() {
            let audience = rule.audience(RuleId(index));
            let behind = matches!(rule.scope, Scope::Mention | Scope::Message);
            if behind && audience.channel.is_none() {
                problems.push(Problem::unreachable(rule, &rules[by.0]));
            }
        }
    }

    #[cfg(feature = "playground")]
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub(crate) fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.0]
    }

    /// The rules in the order of dispatch.
    pub(crate) fn in_order(&self) -> Vec<RuleId> {
        let mut order: Vec<RuleId> = (0..self.rules.len()).map(RuleId).collect();
        order.sort_by(|one, other| {
            let (one, other) = (self.rule(*one), self.rule(*other));
            let ranks = (&one.scope, -i64::from(one.priority), one.matcher.rank()).cmp(&(
                &other.scope,
                -i64::from(other.priority),
                other.matcher.rank(),
            ));
            ranks.then_with(|| match (&one.matcher, &other.matcher) {
                (super::rule::Matcher::Words(one), super::rule::Matcher::Words(other)) => one.cmp(other),
                _ => std::cmp::Ordering::Equal,
            })
        });
        order
    }

    /// The rule that takes a message. `steps`, when given, receives what was gone through.
    pub(crate) fn message(&self, said: Said<'_>, steps: Option<&mut Vec<Step>>) -> Option<Match> {
        let mut reading = Reading::new(said.text);
        let mut unused = Vec::new();
        let recording = steps.is_some();
        let steps = steps.unwrap_or(&mut unused);
        let here = self.channels.get(said.channel);
        let scopes = [
            (here.map(|[mention, _]| mention), said.addressed, NOT_ADDRESSED),
            (here.map(|[_, message]| message), true, ""),
            (Some(&self.dm), said.direct, NOT_DIRECT),
            (Some(&self.mention), said.addressed, NOT_ADDRESSED),
            (Some(&self.message), true, ""),
        ];
        for (index, (section, applies, why_not)) in scopes.into_iter().enumerate() {
            let Some(section) = section else { continue };
            let found = if applies { section.find(&self.rules, &mut reading, said.direct) } else { None };
            if recording {
                let scope = SCOPES[index](said.channel);
                let entered = if applies { Ok(()) } else { Err(why_not) };
                steps.push(Step { scope, entered, took: found.as_ref().map(|(rule, _)| *rule) });
            }
            if let Some((rule, arguments)) = found {
                return Some(Match { rule, arguments });
            }
        }
        None
    }

    /// The rule that takes a command.
    pub(crate) fn command(&self, name: &str, text: &str, direct: bool) -> Option<Match> {
        let section = self.commands.get(&fold(name))?;
        let (rule, arguments) = section.find(&self.rules, &mut Reading::new(text), direct)?;
        Some(Match { rule, arguments })
    }

    /// The rule that takes a reaction: by its full name, then without its skin tone, then any.
    pub(crate) fn reaction(&self, name: &str, base: &str) -> Option<Match> {
        let rule = self.reactions.get(name).or_else(|| self.reactions.get(base)).copied().or(self.any_reaction)?;
        Some(Match { rule, arguments: Vec::new() })
    }
}

/// The scopes of messages, in the order in which they are gone through.
const SCOPES: [fn(&ChannelId) -> Scope; 5] = [
    |channel| Scope::ChannelMention(channel.clone()),
    |channel| Scope::Channel(channel.clone()),
    |_| Scope::Dm,
    |_| Scope::Mention,
    |_| Scope::Message,
];

const NOT_ADDRESSED: &str = "the message does not mention the bot";
const NOT_DIRECT: &str = "the message is not a direct message";
