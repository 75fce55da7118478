//! The rules of one scope, indexed.

use regex::RegexSet;

use super::{
    pattern::Bindings,
    problem::Problem,
    reading::Reading,
    rule::{Matcher, Rule, RuleId, Slot},
    words::{Words, bindings},
};

/// The rules of one scope: by priority, then words before regular expressions before whatever takes anything.
#[derive(Debug, Default)]
pub(crate) struct Section {
    layers: Vec<Layer>,
    /// Every regular expression of the scope, tried at once.
    regexes: RegexSet,
    /// The rule of each expression in the set.
    regex_rules: Vec<RuleId>,
}

/// The rules of one priority.
#[derive(Debug, Default)]
struct Layer {
    priority: i32,
    words: Words,
    /// The regular expressions; one for each audience at most.
    regex: Slot,
    any: Slot,
}

impl Section {
    /// Indexes the rules of one scope; tells of every rule that cannot stand.
    pub(crate) fn build(members: &[RuleId], rules: &[Rule], problems: &mut Vec<Problem>) -> Self {
        let mut section = Self::default();
        let mut priorities: Vec<i32> = members.iter().map(|id| rules[id.0].priority).collect();
        priorities.sort_unstable_by(|one, other| other.cmp(one));
        priorities.dedup();
        section.layers = priorities.into_iter().map(|priority| Layer { priority, ..Layer::default() }).collect();
        let mut sources = Vec::new();
        for &id in members {
            let rule = &rules[id.0];
            let audience = rule.audience(id);
            let Some(layer) = section.layers.iter_mut().find(|layer| layer.priority == rule.priority) else { continue };
            let inserted = match &rule.matcher {
                Matcher::Words(pattern) => layer.words.insert(pattern, id, audience),
                Matcher::Any => layer.any.fill(id, audience),
                Matcher::Regex(regex) => {
                    sources.push(regex.as_str());
                    section.regex_rules.push(id);
                    layer.regex.fill(id, audience)
                }
            };
            if let Err(first) = inserted {
                problems.push(Problem::same_rank(&rules[first.0], rule));
            }
        }
        // Each expression was compiled alone before; only their sum can be too large.
        match RegexSet::new(&sources) {
            Ok(set) => section.regexes = set,
            Err(error) => problems.push(Problem::too_many_regexes(&error)),
        }
        section.find_unreachable(members, rules, problems);
        section
    }

    fn find_unreachable(&self, members: &[RuleId], rules: &[Rule], problems: &mut Vec<Problem>) {
        for layer in &self.layers {
            for (unreachable, by) in layer.words.shadowed() {
                problems.push(Problem::unreachable(&rules[unreachable.0], &rules[by.0]));
            }
        }
        if self.layers.len() < 2 {
            return;
        }
        for &low in members {
            let earlier = members.iter().find(|high| takes_all(&rules[high.0], &rules[low.0], **high, low));
            if let Some(by) = earlier {
                problems.push(Problem::unreachable(&rules[low.0], &rules[by.0]));
            }
        }
    }

    /// The rule that takes the text, and what it binds.
    pub(crate) fn find(&self, rules: &[Rule], reading: &mut Reading<'_>, direct: bool) -> Option<(RuleId, Bindings)> {
        let mut regexes: Option<regex::SetMatches> = None;
        for layer in &self.layers {
            if let Some(found) = find_words(&layer.words, rules, reading, direct) {
                return Some(found);
            }
            if let Some(id) = layer.regex.get(direct) {
                let matched = regexes.get_or_insert_with(|| self.regexes.matches(reading.text()));
                let position = self.regex_rules.iter().position(|rule| *rule == id);
                if position.is_some_and(|position| matched.matched(position)) {
                    return Some((id, captures(&rules[id.0], reading.text())));
                }
            }
            if let Some(id) = layer.any.get(direct) {
                return Some((id, Bindings::new()));
            }
        }
        None
    }

    /// Whether a rule of the section takes anything at all.
    pub(crate) fn takes_anything(&self, direct: bool) -> Option<RuleId> {
        self.layers.iter().find_map(|layer| layer.any.get(direct))
    }
}

fn find_words(words: &Words, rules: &[Rule], reading: &mut Reading<'_>, direct: bool) -> Option<(RuleId, Bindings)> {
    let pattern = |id: RuleId| match &rules[id.0].matcher {
        Matcher::Words(pattern) => Some(pattern),
        _ => None,
    };
    if let Some(id) = words.find(reading, direct) {
        return Some((id, bindings(pattern(id)?, reading)));
    }
    let mut shorter = reading.without_last_punctuation()?;
    let id = words.find(&mut shorter, direct)?;
    Some((id, bindings(pattern(id)?, &mut shorter)))
}

/// The named groups of a rule's expression in the text.
fn captures(rule: &Rule, text: &str) -> Bindings {
    let Matcher::Regex(regex) = &rule.matcher else { return Bindings::new() };
    let Some(captures) = regex.captures(text) else { return Bindings::new() };
    let named = regex.capture_names().flatten();
    named.filter_map(|name| captures.name(name).map(|group| (name.into(), group.range()))).collect()
}

/// Whether `high` goes before `low` and takes all that `low` would take.
fn takes_all(high: &Rule, low: &Rule, high_id: RuleId, low_id: RuleId) -> bool {
    if high.priority <= low.priority || !high.audience(high_id).covers(low.audience(low_id)) {
        return false;
    }
    match (&high.matcher, &low.matcher) {
        (Matcher::Any, _) => true,
        (Matcher::Words(high), Matcher::Words(low)) => high.subsumes(low),
        _ => false,
    }
}
