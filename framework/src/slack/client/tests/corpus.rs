//! Answers seen in the wild, read from the folder that `BAVARD_CORPUS` names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::slack::client::{
    conversations::OneConversation,
    team::{OneBot, OneTeam},
    users::OneAccount,
    views::OneView,
};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn read(file: &Path) -> Response {
    let body = Bytes::from(fs::read(file).unwrap());
    Response::read("m", body, None).unwrap_or_else(|| panic!("{} is no answer", file.display()))
}

/// Reads an answer with the helper of its method; `None` if the method has none.
fn helped(method: &str, answer: &Response) -> Option<Result<(), CallError>> {
    Some(match method {
        "api.test" => answer.json::<ApiTest>().map(drop),
        "auth.test" => answer.json::<Identity>().map(drop),
        "apps.connections.open" => answer.json::<Socket>().map(drop),
        "bots.info" => answer.json::<OneBot>().map(drop),
        "team.info" => answer.json::<OneTeam>().map(drop),
        "users.info" => answer.json::<OneAccount>().map(drop),
        "users.list" => answer.json::<Accounts>().map(drop),
        "chat.postMessage" | "chat.update" => answer.json::<Posted>().map(drop),
        "chat.postEphemeral" => answer.json::<EphemeralMessage>().map(drop),
        "chat.delete" => answer.json::<Deleted>().map(drop),
        "chat.getPermalink" => answer.json::<Permalink>().map(drop),
        "conversations.info" | "conversations.open" | "conversations.join" => {
            answer.json::<OneConversation>().map(drop)
        }
        "conversations.list" | "users.conversations" => answer.json::<Conversations>().map(drop),
        "conversations.members" => answer.json::<Members>().map(drop),
        "conversations.history" | "conversations.replies" => answer.json::<Messages>().map(drop),
        "views.open" | "views.push" | "views.update" | "views.publish" => answer.json::<OneView>().map(drop),
        _ => return None,
    })
}

#[test]
fn answers_of_the_corpus_are_read() {
    let Some(corpus) = std::env::var_os("BAVARD_CORPUS").map(PathBuf::from) else {
        println!("skipped: BAVARD_CORPUS does not name the folder of samples");
        return;
    };
    let mut read_by_helper = 0;
    let shapes = files(&corpus.join("api"));
    for file in &shapes {
        let method = file.file_stem().unwrap().to_str().unwrap();
        if let Some(outcome) = helped(method, &read(file)) {
            outcome.unwrap_or_else(|error| panic!("{method}: {error}"));
            read_by_helper += 1;
        }
        assert!(crate::slack::methods::find(method).is_some(), "{method} is not in the table");
    }
    assert!(shapes.len() >= 100 && read_by_helper >= 20, "{} {read_by_helper}", shapes.len());

    let recorded = files(&corpus.join("realistic/api-responses"));
    for file in &recorded {
        let answer = read(file);
        let name = file.file_name().unwrap().to_str().unwrap();
        // Those of users.list hold bare names, which the platform never sends.
        if name.starts_with("conversations_list") {
            helped("conversations.list", &answer).unwrap().unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
    assert!(recorded.len() >= 20);
}
