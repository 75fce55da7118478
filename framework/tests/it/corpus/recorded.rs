//! Every recorded payload of the folder that `BAVARD_CORPUS` names.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Form, Ran, bot, send};

/// How the payloads of each folder travel.
const FOLDERS: [(&str, Form); 11] = [
    ("events", Form::Envelope),
    ("realistic/events", Form::Envelope),
    ("realistic/inner-events", Form::Inner),
    ("realistic/interactivity", Form::Interaction),
    ("realistic/slash-commands", Form::Fields),
    ("realistic/socket-mode", Form::Envelope),
    ("realistic/views", Form::Interaction),
    ("realistic/views-inline", Form::Interaction),
    ("realistic/block-kit", Form::Interaction),
    ("docs-derived", Form::Envelope),
    ("app-backend", Form::Interaction),
];

#[tokio::test]
async fn every_recorded_payload_is_acknowledged() {
    let Some(corpus) = std::env::var_os("BAVARD_CORPUS").map(PathBuf::from) else {
        println!("skipped: BAVARD_CORPUS is not set");
        return;
    };
    let ran = Ran::default();
    let bot = bot(&ran).await;
    let (mut posted, mut dispatched) = (0, 0);
    for (folder, form) in FOLDERS {
        for file in files(&corpus.join(folder)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let Ok(payload) = serde_json::from_str::<Value>(&text) else {
                println!("{}: not JSON", file.display());
                continue;
            };
            // What a socket delivers holds what an address would be sent.
            let inside = (folder == "realistic/socket-mode").then(|| payload.get("payload").cloned()).flatten();
            let commands = file.components().any(|part| part.as_os_str() == "slash-commands");
            let inside =
                inside.map(|payload| (if payload["command"].is_string() { Form::Fields } else { form }, payload));
            let recorded = (if commands { Form::Fields } else { form }, payload);
            for (form, mut payload) in [recorded].into_iter().chain(inside) {
                let answer = send(&bot, form, &payload, posted).await;
                assert_eq!(answer.status, 200, "as recorded, {}: {answer:?}", file.display());
                bot.bot().idle().await;
                rename(&mut payload, form, posted);
                let before = ran.count();
                let answer = send(&bot, form, &payload, posted + 1_000_000).await;
                assert_eq!(answer.status, 200, "{}: {answer:?}", file.display());
                bot.bot().idle().await;
                posted += 1;
                dispatched += usize::from(ran.count() > before);
            }
        }
    }
    println!("{posted} payloads: {dispatched} dispatched, {} acknowledged and ignored", posted - dispatched);
    assert!(posted > 300 && dispatched > 80, "{posted} payloads, {dispatched} dispatched");
    assert!(bot.stop().await);
}

/// Gives a payload identifiers of its own: those of recordings are masked, so that one looks like another's repetition.
fn rename(payload: &mut Value, form: Form, number: usize) {
    for name in ["event_id", "trigger_id"] {
        if payload[name].is_string() {
            payload[name] = json!(format!("{name}-{number}"));
        }
    }
    let ts = payload.pointer_mut(if form == Form::Inner { "/ts" } else { "/event/ts" });
    if let Some(ts) = ts.filter(|ts| ts.is_string()) {
        *ts = json!(format!("{number}.000100"));
    }
}

/// The files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "json") {
            found.push(entry);
        }
    }
    found
}
