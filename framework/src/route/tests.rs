//! The index and a plain reading of the rules, side by side.

use proptest::prelude::*;

use super::{
    explain::judge,
    rule::{Rule, RuleId, Scope},
    table::Step,
    *,
};
use crate::id::ChannelId;

fn rule(scope: Scope, source: &str, priority: i32) -> Rule {
    let matcher = match source {
        "" => Matcher::Any,
        _ => match source.strip_prefix('/') {
            Some(regex) => Matcher::Regex(Box::new(regex::Regex::new(regex).unwrap())),
            None => Matcher::Words(Pattern::parse(source).unwrap()),
        },
    };
    let source = source.to_owned();
    Rule { scope, only: None, priority, matcher, source, name: "handler", origin: "test.rs:1".to_owned() }
}

fn table(rules: &[(Scope, &str, i32)]) -> Table {
    Table::build(rules.iter().map(|(scope, source, priority)| rule(scope.clone(), source, *priority)).collect())
        .unwrap()
}

fn problems(rules: &[(Scope, &str, i32)]) -> Vec<Problem> {
    let rules = rules.iter().map(|(scope, source, priority)| rule(scope.clone(), source, *priority)).collect();
    Table::build(rules).unwrap_err()
}

fn took(table: &Table, text: &str, direct: bool, addressed: bool) -> Option<String> {
    let channel = ChannelId::new("C1");
    let said = Said { text, channel: &channel, direct, addressed };
    table.message(said, None).map(|found| table.rule(found.rule).source.clone())
}

fn mentioned(table: &Table, text: &str) -> Option<String> {
    took(table, text, false, true)
}

#[test]
fn words_go_left_to_right_then_the_longer() {
    use Scope::Mention;
    let table = table(&[
        (Mention, "deploy {service}", 0),
        (Mention, "deploy now", 0),
        (Mention, "{verb} now", 0),
        (Mention, "deploy {a} to {b}", 0),
    ]);
    assert_eq!(mentioned(&table, "deploy now").as_deref(), Some("deploy now"));
    assert_eq!(mentioned(&table, "stop now").as_deref(), Some("{verb} now"));
    assert_eq!(mentioned(&table, "deploy api to prod").as_deref(), Some("deploy {a} to {b}"));
    assert_eq!(mentioned(&table, "hello"), None);
}

#[test]
fn a_longer_pattern_that_takes_it_too_makes_the_shorter_unreachable() {
    let found = problems(&[(Scope::Mention, "a {x}", 0), (Scope::Mention, "a {x} {y?}", 0)]);
    assert!(matches!(&found[..], [Problem::Unreachable { .. }]), "{found:?}");
    let found = problems(&[(Scope::Mention, "echo", 0), (Scope::Mention, "echo {text..}", 0)]);
    assert!(matches!(&found[..], [Problem::Unreachable { .. }]), "{found:?}");
}

#[test]
fn scope_goes_before_everything() {
    let table = table(&[
        (Scope::Mention, "help", 9),
        (Scope::Dm, "", 0),
        (Scope::Message, "help", 99),
        (Scope::Channel(ChannelId::new("C9")), "help", 0),
    ]);
    assert_eq!(took(&table, "help", true, true).as_deref(), Some(""));
    assert_eq!(took(&table, "help", false, true).as_deref(), Some("help"));
    assert_eq!(took(&table, "other", false, true), None);
}

#[test]
fn priority_goes_before_words() {
    let table = table(&[(Scope::Message, "/^hel", 1), (Scope::Message, "hello", 0), (Scope::Message, "/lo", -1)]);
    assert_eq!(took(&table, "hello", false, false).as_deref(), Some("/^hel"));
    assert_eq!(took(&table, "Hello", false, false).as_deref(), Some("hello"));
    assert_eq!(took(&table, "lo", false, false).as_deref(), Some("/lo"));
}

#[test]
fn two_patterns_that_unify_are_named_with_a_sentence_both_take() {
    let found = problems(&[(Scope::Mention, "Déploie {x} en {y}", 0), (Scope::Mention, "deploie {a} en {b}", 0)]);
    let [Problem::Ambiguous { sentence, .. }] = &found[..] else { panic!("{found:?}") };
    assert_eq!(sentence.as_deref(), Some("deploie x en y"));
}

#[test]
fn two_expressions_of_one_scope_need_priorities() {
    let found = problems(&[(Scope::Message, "/a", 0), (Scope::Message, "/b", 0)]);
    assert!(matches!(&found[..], [Problem::RegexesNeedPriorities { .. }]), "{found:?}");
}

#[test]
fn what_a_higher_priority_takes_whole_is_unreachable() {
    for (high, low) in [("", "help"), ("{all..}", "help me"), ("a {x}", "a b")] {
        let found = problems(&[(Scope::Mention, high, 1), (Scope::Mention, low, 0)]);
        assert!(matches!(&found[..], [Problem::Unreachable { .. }]), "{high} {low}: {found:?}");
    }
}

#[test]
fn a_rule_for_direct_messages_behind_one_that_takes_all_of_them_is_unreachable() {
    let mut only = rule(Scope::Mention, "help", 0);
    only.only = Some(Audience::Dm);
    let found = Table::build(vec![rule(Scope::Dm, "", 0), only]).unwrap_err();
    assert!(matches!(&found[..], [Problem::Unreachable { .. }]), "{found:?}");
}

#[test]
fn audiences_that_do_not_meet_are_not_ambiguous() {
    let (mut one, mut other) = (rule(Scope::Mention, "help", 0), rule(Scope::Mention, "help", 0));
    one.only = Some(Audience::Channel);
    other.only = Some(Audience::Dm);
    assert!(Table::build(vec![one, other]).is_ok());
}

#[test]
fn commands_and_reactions_are_looked_up_by_name() {
    let table = table(&[
        (Scope::Command("/deploy".into()), "{service}", 0),
        (Scope::Command("/deploy".into()), "", 0),
        (Scope::Reaction(Some("wave".into())), "", 0),
        (Scope::Reaction(None), "", 0),
    ]);
    assert_eq!(table.command("/Deploy", "api", false).unwrap().rule, RuleId(0));
    assert_eq!(table.command("/deploy", "api to prod", false).unwrap().rule, RuleId(1));
    assert_eq!(table.command("/other", "", false), None);
    assert_eq!(table.reaction("wave::skin-tone-2", "wave").unwrap().rule, RuleId(2));
    assert_eq!(table.reaction("tada", "tada").unwrap().rule, RuleId(3));
}

#[test]
fn groups_of_an_expression_are_arguments() {
    let table = table(&[(Scope::Message, r"/(?i)ticket (?<number>\d+)", 0)]);
    let channel = ChannelId::new("C1");
    let said = Said { text: "See Ticket 42!", channel: &channel, direct: false, addressed: false };
    let found = table.message(said, None).unwrap();
    assert_eq!(found.arguments, [("number".into(), 11..13)]);
}

#[test]
fn french_puts_the_question_mark_apart() {
    let table = table(&[(Scope::Mention, "où est {name}", 0), (Scope::Mention, "", 0)]);
    assert_eq!(mentioned(&table, "où est Router ?").as_deref(), Some("où est {name}"));
}

/// The first rule in order that takes the message, by trying each of them.
fn by_reading(table: &Table, said: Said<'_>) -> Option<RuleId> {
    let mut taking: Vec<RuleId> =
        table.in_order().into_iter().filter(|id| judge(table.rule(*id), *id, said) == Verdict::WouldTake).collect();
    // Among the words of one rank, those that take the text with its last punctuation go first.
    let exact = |id: &RuleId| match &table.rule(*id).matcher {
        Matcher::Words(pattern) => pattern.matches(&mut reading::Reading::new(said.text)).is_ok(),
        _ => true,
    };
    let rank = |id: &RuleId| {
        let rule = table.rule(*id);
        (rule.scope.clone(), -i64::from(rule.priority), rule.matcher.rank(), !exact(id))
    };
    taking.sort_by_key(|id| rank(id));
    taking.first().copied()
}

fn sources() -> impl Strategy<Value = String> {
    let element = prop_oneof![
        4 => prop::sample::select(vec!["a", "b", "é", "deploy"]).prop_map(str::to_owned),
        2 => Just("{}".to_owned()),
    ];
    let tail = prop_oneof![3 => Just(""), 1 => Just("{?}"), 1 => Just("{..}"), 1 => Just("{?} {..}")];
    (prop::collection::vec(element, 0..4), tail).prop_map(|(elements, tail)| {
        let joined = elements.join(" ") + " " + tail;
        let mut names = 0;
        let mut named = String::new();
        for character in joined.trim().chars() {
            named.push(character);
            if character == '{' {
                names += 1;
                named.push_str(&format!("x{names}"));
            }
        }
        named
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_index_and_the_reading_of_every_rule_end_in_the_same_handler(
        sources in prop::collection::vec((sources(), 0..3_i32, 0..4_usize), 1..12),
        text in r#"(([aAbÉ]|deploy|"a b"|🙂|\?)[ \u{a0}]?){0,5}"#,
        direct: bool,
        addressed: bool,
    ) {
        let channel = ChannelId::new("C1");
        let mut rules: Vec<Rule> = Vec::new();
        for (source, priority, scope) in sources {
            let scopes = [Scope::Dm, Scope::Mention, Scope::Message, Scope::Channel(channel.clone())];
            rules.push(rule(scopes[scope].clone(), &source, priority));
            if Table::build(rules.clone()).is_err() {
                rules.pop();
            }
        }
        let table = Table::build(rules).unwrap();
        let said = Said { text: &text, channel: &channel, direct, addressed: addressed || direct };
        let explained = explain(&table, said);
        let found = explained.outcome.as_ref().map(|found| found.rule);
        prop_assert_eq!(found, table.message(said, None).map(|found| found.rule));
        prop_assert_eq!(found, by_reading(&table, said));
        let last = explained.steps.last().and_then(|step: &Step| step.took);
        prop_assert_eq!(found, last);
    }

    #[test]
    fn everything_that_is_left_is_kept_byte_for_byte(text in "\\PC{0,80}") {
        let table = table(&[(Scope::Mention, "echo {text..}", 0)]);
        let channel = ChannelId::new("C1");
        let whole = format!("echo {text}");
        let said = Said { text: &whole, channel: &channel, direct: false, addressed: true };
        let found = table.message(said, None).unwrap();
        let kept = found.arguments.first().map_or("", |(_, range)| &whole[range.clone()]);
        prop_assert_eq!(kept, text.trim_start());
    }
}

#[test]
fn a_hundred_kilobytes_of_text_are_routed_by_their_first_words() {
    let table = table(&[(Scope::Mention, "echo {text..}", 0), (Scope::Mention, "help", 0)]);
    let long = format!("echo {}", "mot ".repeat(25_000));
    assert_eq!(mentioned(&table, &long).as_deref(), Some("echo {text..}"));
    let long = "aide ".repeat(20_000);
    assert_eq!(mentioned(&table, &long), None);
}
