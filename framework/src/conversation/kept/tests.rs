//! What stays of what is heard.

use super::*;
use crate::{
    clock::ManualClock,
    event::{Retry, Speaker},
    slack::decode::{Callback, overheard},
};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

fn said(id: u32, text: &str) -> Utterance {
    Utterance::new(format!("1700000{id:03}.000000"), Speaker::Person("U1".into()), text)
}

fn thread() -> Strand {
    Strand::of("C1", Some("1700000001.000000"))
}

fn hear(kept: &Kept, utterance: &Utterance) {
    let stands = Strands { channel: "C1", id: utterance.id.as_str(), thread: Some("1700000001.000000") };
    kept.hear(stands, utterance, true);
}

fn texts(utterances: Option<Utterances>) -> Option<Vec<String>> {
    let transcript = utterances?.until(said(999, "now"), true);
    Some(transcript.before().iter().map(|utterance| utterance.text.as_str().to_owned()).collect())
}

/// Reads a thread of two messages; `meanwhile` happens while it is read.
fn read(kept: &Kept, is_whole: bool, meanwhile: impl FnOnce()) -> Vec<String> {
    let reading = kept.begin(&thread(), NOW);
    meanwhile();
    let mut read = Utterances::of(&thread());
    [said(1, "root"), said(2, "reply")].into_iter().for_each(|utterance| read.insert(utterance));
    texts(Some(kept.end(&thread(), reading, read, is_whole))).unwrap()
}

#[test]
fn what_was_read_is_kept_up_from_what_is_heard() {
    let kept = Kept::default();
    hear(&kept, &said(2, "before anybody asked"));
    assert_eq!(texts(kept.whole(&thread(), NOW)), None);
    assert_eq!(read(&kept, true, || ()), ["root", "reply"]);
    // Whether all of it is heard is not known yet.
    assert_eq!(texts(kept.whole(&thread(), NOW)), None);
    hear(&kept, &said(3, "more"));
    hear(&kept, &Utterance { edited: Some("1700000004.000000".into()), ..said(2, "changed") });
    assert_eq!(texts(kept.whole(&thread(), NOW)).unwrap(), ["root", "changed", "more"]);
    kept.take_back("C1", &said(2, "").id);
    assert_eq!(texts(kept.whole(&thread(), NOW)).unwrap(), ["root", "more"]);
}

#[test]
fn what_happens_while_it_is_read_counts() {
    let kept = Kept::default();
    let meanwhile = || {
        hear(&kept, &said(3, "meanwhile"));
        kept.take_back("C1", &said(2, "").id);
    };
    assert_eq!(read(&kept, true, meanwhile), ["root", "meanwhile"]);
    assert_eq!(texts(kept.whole(&thread(), NOW)).unwrap(), ["root", "meanwhile"]);
}

#[test]
fn what_could_not_be_read_again_is_added_to_what_is_known() {
    let kept = Kept::default();
    read(&kept, true, || ());
    hear(&kept, &said(3, "heard"));
    assert_eq!(read(&kept, false, || ()), ["root", "reply", "heard"]);
    assert_eq!(texts(kept.whole(&thread(), NOW)), None);
    assert_eq!(read(&kept, true, || ()), ["root", "reply"], "only what is there is there");
}

#[test]
fn a_message_outside_of_threads_begins_one_and_a_reply_stands_in_its_own_alone() {
    let stands = |id, thread| Strands { channel: "D1", id, thread }.roots().collect::<Vec<_>>();
    assert_eq!(stands("1.2", None), [None, Some("1.2")]);
    assert_eq!(stands("1.2", Some("1.2")), [None, Some("1.2")]);
    assert_eq!(stands("1.3", Some("1.2")), [Some("1.2")]);
    let kept = Kept::default();
    kept.begin(&Strand::of("D1", None), NOW);
    assert!(kept.knows("D1") && !kept.knows("C1"));
    assert!(kept.knows_any(Strands { channel: "D1", id: "1.2", thread: None }));
    assert!(!kept.knows_any(Strands { channel: "D1", id: "1.3", thread: Some("1.2") }));
}

#[test]
fn so_many_are_kept_and_the_oldest_goes_first() {
    let kept = Kept::default();
    for number in 0..=u64::try_from(MOST).unwrap() {
        let root = format!("1700000{number:03}.000000");
        kept.begin(&Strand::of(&format!("C{}", number % 7), Some(&root)), NOW + Duration::from_secs(number));
    }
    assert_eq!(count(&kept.read()), MOST);
    assert!(!kept.knows_any(Strands { channel: "C0", id: "1", thread: Some("1700000000.000000") }));
    assert!(kept.knows_any(Strands { channel: "C1", id: "1", thread: Some("1700000001.000000") }));
}

#[tokio::test]
async fn nothing_is_kept_for_longer_than_an_hour() {
    let kept = Arc::new(Kept::default());
    let clock = Arc::new(ManualClock::at(NOW));
    read(&kept, true, || hear(&kept, &said(3, "heard")));
    assert!(kept.whole(&thread(), NOW + LIFE).is_some());
    assert!(kept.whole(&thread(), NOW + LIFE + Duration::from_secs(1)).is_none());
    // An attempt to read that fails prolongs nothing.
    let reading = kept.begin(&thread(), NOW + LIFE);
    kept.end(&thread(), reading, Utterances::of(&thread()), false);
    let watching = watch(kept.clone(), clock.clone());
    for _ in 0..12 {
        assert!(kept.knows("C1"));
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        clock.advance(FORGET_EACH);
    }
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(!kept.knows("C1"));
    watching.abort();
}

/// Takes an event in as the plug does.
fn deliver(kept: &Kept, event: &serde_json::Value) {
    let body = serde_json::json!({
        "type": "event_callback", "api_app_id": "A1", "team_id": "T1", "event_id": "Ev1",
        "authorizations": [{"user_id": "UBOT", "is_bot": true}], "event": event,
    });
    let callback = Callback { received: NOW, retry: Retry::default(), bot: None };
    overheard(&body.to_string().into(), callback, Some(kept));
}

#[test]
fn what_the_platform_tells_is_understood() {
    let kept = Kept::default();
    read(&kept, true, || ());
    let (root, channel) = ("1700000001.000000", "C1");
    let message = |ts: &str, user: &str, text: &str| serde_json::json!({"type": "message", "channel": channel, "ts": ts, "thread_ts": root, "user": user, "text": text});
    let about = |mut event: serde_json::Value| {
        event["type"] = "message".into();
        event["channel"] = channel.into();
        deliver(&kept, &event);
    };
    deliver(&kept, &message("1700000003.000000", "U1", "<@UBOT> &amp; more"));
    deliver(&kept, &message("1700000004.000000", "UBOT", "my answer"));
    deliver(&kept, &message("1700000005.000000", "U1", "gone soon"));
    let known = || texts(kept.whole(&thread(), NOW)).unwrap();
    assert_eq!(known(), ["root", "reply", "& more", "my answer", "gone soon"]);
    let edited = serde_json::json!({
        "ts": "1700000003.000000", "thread_ts": root, "user": "U1", "text": "less", "edited": {"user": "U1", "ts": "9"},
    });
    about(serde_json::json!({"subtype": "message_changed", "message": edited}));
    about(serde_json::json!({"subtype": "message_deleted", "deleted_ts": "1700000005.000000"}));
    // What begins a thread is emptied when it is taken back.
    let emptied = serde_json::json!({"ts": root, "thread_ts": root, "subtype": "tombstone", "text": "deleted"});
    about(serde_json::json!({"subtype": "message_changed", "message": emptied}));
    assert_eq!(known(), ["reply", "less", "my answer"]);
    // What says nothing changes nothing.
    for event in [
        serde_json::json!({"subtype": "message_changed"}),
        serde_json::json!({"subtype": "message_changed", "message": 7}),
        serde_json::json!({"subtype": "message_deleted", "deleted_ts": {}}),
        serde_json::json!({"subtype": "channel_topic", "ts": "1700000006.000000", "thread_ts": root, "user": "U1"}),
        serde_json::json!({"ts": "1700000007.000000", "thread_ts": "1700000002.000000", "user": "U1", "text": "elsewhere"}),
        serde_json::json!({"channel": "C2", "ts": "1700000008.000000", "thread_ts": root, "user": "U1", "text": "elsewhere"}),
    ] {
        match event["channel"].is_null() {
            true => about(event),
            false => deliver(&kept, &event),
        }
    }
    assert_eq!(known(), ["reply", "less", "my answer"]);
}

#[test]
fn what_was_taken_back_does_not_come_again_with_what_was_read_before() {
    let kept = Kept::default();
    read(&kept, true, || ());
    hear(&kept, &said(3, "more"));
    kept.take_back("C1", &said(2, "").id);
    // The platform shows it still.
    assert_eq!(read(&kept, true, || ()), ["root"]);
    assert_eq!(texts(kept.whole(&thread(), NOW)).unwrap(), ["root"]);
}

#[test]
fn what_was_not_told_leaves_nothing_that_is_sure() {
    let kept = Kept::default();
    read(&kept, true, || ());
    hear(&kept, &said(3, "more"));
    kept.missed();
    assert_eq!(texts(kept.whole(&thread(), NOW)), None);
}
