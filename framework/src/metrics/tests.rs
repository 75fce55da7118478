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
