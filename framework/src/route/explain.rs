//! Why a message goes where it goes.

use std::fmt;

use super::{
    pattern::Mismatch,
    reading::Reading,
    rule::{Matcher, Rule, RuleId, Scope},
    table::{Match, Said, Step, Table},
};

/// What routing did with one message, and why each rule did or did not take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// What the message goes to.
    pub(crate) outcome: Option<Match>,
    /// The scopes that were gone through.
    pub(crate) steps: Vec<Step>,
    /// Every rule for messages, in the order of dispatch.
    pub(crate) verdicts: Vec<(RuleId, Verdict)>,
}

/// What one rule says of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It takes the message.
    Took,
    /// It would take the message, but an earlier one did.
    WouldTake,
    /// It nearly takes it.
    Almost(String),
    /// It does not.
    No(String),
}

/// Explains one message, by the code that routes.
pub(crate) fn explain(table: &Table, said: Said<'_>) -> Explanation {
    let mut steps = Vec::new();
    let outcome = table.message(said, Some(&mut steps));
    let of_messages = |id: &RuleId| !matches!(table.rule(*id).scope, Scope::Command(_) | Scope::Reaction(_));
    let verdicts = table.in_order().into_iter().filter(of_messages).map(|id| {
        let taken = outcome.as_ref().is_some_and(|found| found.rule == id);
        (id, if taken { Verdict::Took } else { judge(table.rule(id), id, said) })
    });
    Explanation { verdicts: verdicts.collect(), outcome, steps }
}

/// What a rule, alone, says of a message.
pub(crate) fn judge(rule: &Rule, id: RuleId, said: Said<'_>) -> Verdict {
    match applies(rule, id, said) {
        Ok(()) => judge_text(rule, said.text),
        Err(why) => Verdict::No(why),
    }
}

/// What a rule says of a text alone, wherever that is said.
pub(crate) fn judge_text(rule: &Rule, text: &str) -> Verdict {
    match &rule.matcher {
        Matcher::Any => Verdict::WouldTake,
        Matcher::Regex(regex) if regex.is_match(text) => Verdict::WouldTake,
        Matcher::Regex(_) => Verdict::No("the expression does not match".to_owned()),
        Matcher::Words(pattern) => {
            let mut reading = Reading::new(text);
            let Err(mismatch) = pattern.matches(&mut reading) else { return Verdict::WouldTake };
            let shorter = reading.without_last_punctuation();
            if shorter.is_some_and(|mut shorter| pattern.matches(&mut shorter).is_ok()) {
                return Verdict::WouldTake;
            }
            verdict(&mismatch)
        }
    }
}

fn verdict(mismatch: &Mismatch) -> Verdict {
    if mismatch.is_near() { Verdict::Almost(mismatch.to_string()) } else { Verdict::No(mismatch.to_string()) }
}

fn applies(rule: &Rule, id: RuleId, said: Said<'_>) -> Result<(), String> {
    let only_addressed = matches!(rule.scope, Scope::Mention | Scope::ChannelMention(_));
    match &rule.scope {
        Scope::Dm if !said.direct => return Err("it is for direct messages".to_owned()),
        Scope::ChannelMention(channel) | Scope::Channel(channel) if channel != said.channel => {
            return Err(format!("it is for the channel {channel}"));
        }
        _ if only_addressed && !said.addressed => return Err("the message does not mention the bot".to_owned()),
        _ => {}
    }
    let audience = rule.audience(id).get(said.direct);
    audience.map(|_| ()).ok_or_else(|| {
        if said.direct { "it is for channels alone".to_owned() } else { "it is for direct messages alone".to_owned() }
    })
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Took => f.write_str("takes it"),
            Self::WouldTake => f.write_str("would take it, but comes later"),
            Self::Almost(why) => write!(f, "almost: {why}"),
            Self::No(why) => write!(f, "no: {why}"),
        }
    }
}
