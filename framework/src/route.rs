//! Which handler an event is for. Pure: it knows rules and their numbers, never a handler.

mod edits;
mod explain;
mod fold;
mod pattern;
mod problem;
mod reading;
mod rule;
mod section;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use self::{
    edits::edits,
    explain::{Explanation, Verdict, explain, judge_text},
    fold::{fold, without_trailing},
    pattern::Pattern,
    reading::words,
    rule::{Matcher, Rule, RuleId, Scope},
    table::{Match, Said, Table},
};
pub use self::{
    problem::{Problem, Problems},
    rule::Audience,
};
