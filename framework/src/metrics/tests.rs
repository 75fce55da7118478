//! What is written, and that the book says the same.

use std::collections::BTreeSet;

use super::*;

fn sample<'a>(text: &'a str, series: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))
}

#[test]
fn every_metric_is_written_with_its_meaning_and_its_type() {
    let text = Metrics::default().text(&Standing::default());
    for description in of::ALL {
        assert!(text.contains(&format!("# HELP {} {}\n", description.name, description.help)), "{}", description.name);
        assert!(text.contains(&format!("# TYPE {} {}\n", description.name, description.kind.word())));
    }
    let names: BTreeSet<&str> = of::ALL.iter().map(|description| description.name).collect();
    assert_eq!((names.len(), text.matches("# TYPE ").count()), (of::ALL.len(), of::ALL.len()));
}

#[test]
fn counters_grow_under_their_labels_and_known_ones_begin_at_zero() {
    let metrics = Metrics::new(&Names { methods: vec!["chat.update", "chat.postMessage"], ..Names::default() });
    metrics.http_requests.get(Route::Events).get(Code::of(200)).increment();
    metrics.shed.get(Cause::Disk).add(2);
    metrics.calls.get("chat.postMessage").get(CallOutcome::Ok).increment();
    metrics.calls.get("what nobody knows").get(CallOutcome::Ok).increment();
    let text = metrics.text(&Standing::default());
    assert_eq!(sample(&text, r#"bavard_http_requests_total{route="events",code="200"}"#), Some("1"));
    assert_eq!(sample(&text, r#"bavard_http_requests_total{route="readyz",code="503"}"#), Some("0"));
    assert_eq!(sample(&text, r#"bavard_shed_total{cause="disk"}"#), Some("2"));
    assert_eq!(sample(&text, r#"bavard_slack_calls_total{method="chat.postMessage",outcome="ok"}"#), Some("1"));
    assert_eq!(sample(&text, r#"bavard_slack_calls_total{method="other",outcome="ok"}"#), Some("1"));
    assert!(!text.contains("chat.update") && !text.contains("nobody knows"), "{text}");
    assert!(metrics.signature_failures.find("no name").is_none());
}

#[test]
fn a_histogram_counts_into_the_bucket_that_holds_the_value_and_those_above() {
    let metrics = Metrics::default();
    for micros in [1_000, 1_001, 2_000_000, 9_000_000] {
        metrics.ack.observe(Duration::from_micros(micros));
    }
    metrics.commit_batch.count(3);
    let text = metrics.text(&Standing::default());
    for (bound, count) in [("0.001", "1"), ("0.0025", "2"), ("1", "2"), ("2", "3"), ("3", "3"), ("+Inf", "4")] {
        assert_eq!(sample(&text, &format!("bavard_ack_seconds_bucket{{le=\"{bound}\"}}")), Some(count), "{bound}");
    }
    assert_eq!(sample(&text, "bavard_ack_seconds_count"), Some("4"));
    assert_eq!(sample(&text, "bavard_ack_seconds_sum"), Some("11.002001"));
    assert_eq!(sample(&text, r#"bavard_commit_batch_size_bucket{le="4"}"#), Some("1"));
    assert_eq!(sample(&text, "bavard_commit_batch_size_sum"), Some("3"));
}

#[test]
fn gauges_tell_what_is_known_and_names_are_escaped() {
    let standing = Standing {
        name: "a \"bot\"\n\\".to_owned(),
        inbox_ready: 7,
        inbox_oldest: Duration::from_millis(1_500),
        dead: Some(3),
        ..Standing::default()
    };
    let text = Metrics::default().text(&standing);
    assert_eq!(sample(&text, "bavard_inbox_ready"), Some("7"));
    assert_eq!(sample(&text, "bavard_inbox_oldest_seconds"), Some("1.5"));
    assert_eq!(sample(&text, "bavard_dead_current"), Some("3"));
    assert_eq!(sample(&text, "bavard_store_free_bytes"), None);
    assert!(text.contains(r#"bavard_build_info{app="a \"bot\"\n\\",version=""#), "{text}");
}

#[test]
fn the_first_word_of_a_reason_is_its_label() {
    assert_eq!(Reason::of("failed: deploy"), Reason::Failed);
    assert_eq!(Reason::of("ambiguous: HTTP 500; it is not to be found"), Reason::Ambiguous);
    assert_eq!(Reason::of("whatever comes"), Reason::Other);
}

/// A file of the book.
fn book(file: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_book_lists_what_is_written_and_nothing_else() {
    let page = book("monitoring.md");
    let table = page.split("<!-- metrics -->").nth(1).and_then(|rest| rest.split("<!-- end").next()).unwrap();
    let told: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    let row = |description: &&of::Description| {
        let labels: Vec<String> = description.labels.iter().map(|label| format!("`{label}`")).collect();
        let labels = if labels.is_empty() { "–".to_owned() } else { labels.join(", ") };
        format!("| `{}` | {} | {labels} | {} |", description.name, description.kind.word(), description.help)
    };
    let written: Vec<String> = of::ALL.iter().map(row).collect();
    assert_eq!(told, written);
}

#[test]
fn the_book_lists_every_cause_for_which_events_are_shed() {
    let page = book("monitoring.md");
    for cause in <Cause as label::Label>::WORDS {
        assert!(page.contains(&format!("| `{cause}` | ")), "{cause}");
    }
}

/// The words of an expression that could be names of metrics.
fn names(expression: &str) -> BTreeSet<&str> {
    let words = expression.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("bavard_")).collect()
}

/// The rules: the names of the alerts, each with its expression.
fn rules() -> Vec<(String, String)> {
    let text = book("alerts/bavard.rules.yml");
    let rules = text.split("\n      - alert: ").skip(1);
    let rule = |rule: &str| {
        let (name, rest) = rule.split_once('\n').unwrap();
        let expression = rest.split_once("expr: ").unwrap().1;
        let ends = ["\n        for:", "\n        labels:"].into_iter().filter_map(|end| expression.find(end));
        (name.to_owned(), expression[..ends.min().unwrap()].trim_start_matches(">-").trim().to_owned())
    };
    rules.map(rule).collect()
}

#[test]
fn every_metric_of_the_alert_rules_is_written_with_the_labels_they_ask_for() {
    let rules = rules();
    assert!(rules.len() >= 15, "{rules:?}");
    for (alert, expression) in &rules {
        let names = names(expression);
        assert!(!names.is_empty(), "{alert}: {expression}");
        for name in names {
            let family = of::ALL.iter().find(|description| match description.kind {
                of::Kind::Histogram => {
                    ["_bucket", "_sum", "_count"].iter().any(|end| name == format!("{}{end}", description.name))
                }
                _ => name == description.name,
            });
            let family = family.unwrap_or_else(|| panic!("{alert}: there is no {name}"));
            let selectors = expression.split(name).skip(1).filter_map(|rest| rest.strip_prefix('{')?.split('}').next());
            for selector in selectors.flat_map(|selectors| selectors.split(',')) {
                let label = selector.split(['!', '=']).next().unwrap();
                assert!(family.labels.contains(&label), "{alert}: {name} has no label {label}");
            }
        }
    }
}

#[test]
fn values_that_the_alert_rules_compare_labels_with_are_ones_they_take() {
    let words = [<Cause as label::Label>::WORDS, <Reason as label::Label>::WORDS, <Resolution as label::Label>::WORDS];
    for (alert, expression) in rules() {
        for selector in expression.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let value = selector.split('"').nth(1).unwrap();
            assert!(words.iter().any(|words| words.contains(&value)), "{alert}: {value}");
        }
    }
}

#[test]
fn the_alert_rules_are_of_the_form_that_prometheus_reads_and_stand_in_the_book() {
    let (text, page) = (book("alerts/bavard.rules.yml"), book("monitoring.md"));
    assert!(text.contains("\ngroups:\n  - name: bavard\n    rules:\n") && !text.contains('\t'));
    let alerts: BTreeSet<String> = rules().into_iter().map(|(alert, _)| alert).collect();
    assert_eq!(alerts.len(), rules().len(), "each stands there once");
    for rule in text.split("\n      - alert: ").skip(1) {
        let alert = rule.lines().next().unwrap();
        assert!(page.contains(&format!("`{alert}`")), "{alert} is not in the book");
        let keys = rule.lines().skip(1).filter(|line| line.starts_with("        ") && !line.starts_with("         "));
        let keys: Vec<&str> = keys.map(|line| line.trim().split(':').next().unwrap()).collect();
        let expected: &[&str] = match keys.contains(&"for") {
            true => &["expr", "for", "labels", "annotations"],
            false => &["expr", "labels", "annotations"],
        };
        assert_eq!(keys, expected, "{alert}");
        assert!(
            rule.contains("labels: {severity: page}")
                || rule.contains("severity: warn")
                || rule.contains("severity: info")
        );
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
            assert_eq!(rule.matches(open).count(), rule.matches(close).count(), "{alert}: {open}{close}");
        }
        // A colon within a plain text would begin a mapping.
        let summary = rule.split_once("summary: ").unwrap().1;
        assert!(!summary.contains(": ") && !summary.contains(" #"), "{alert}: {summary}");
    }
}
