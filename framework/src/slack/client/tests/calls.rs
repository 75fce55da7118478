//! Calls that wait, repeat and turn pages.

use serde_json::json;

use super::*;

const OK: &str = r#"{"ok":true}"#;

fn limited(seconds: u32) -> Step {
    Step::answer(429, &format!("retry-after: {seconds}"), r#"{"ok":false,"error":"ratelimited"}"#)
}

#[tokio::test]
async fn any_method_is_called_by_name() {
    let (server, client) = with([Step::json(200, OK), Step::json(200, OK), Step::json(200, OK)]);
    client.call("chat.update", json!({"channel": "C1", "ts": "1.2", "text": null})).await.unwrap();
    client.call("users.info", json!({"user": "U1"})).await.unwrap();
    client.call("brand.new.method", json!({"list": ["a", "b"], "deep": {"x": 1}})).await.unwrap();
    let [json, form, unknown] = <[_; 3]>::try_from(server.requests()).unwrap();
    assert_eq!(json.body, r#"{"channel":"C1","ts":"1.2"}"#);
    assert_eq!(
        (form.header("content-type"), form.body.as_str()),
        (Some("application/x-www-form-urlencoded"), "user=U1")
    );
    assert_eq!(unknown.body, "deep=%7B%22x%22%3A1%7D&list=a%2Cb");
}

#[tokio::test]
async fn a_read_is_repeated() {
    let (server, client) =
        with([Step::DropAfterRequest, Step::json(500, ""), Step::answer(200, "x: y", "<html>"), Step::json(200, OK)]);
    client.call("users.info", json!({"user": "U1"})).await.unwrap();
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_read_is_not_repeated_for_ever() {
    let (server, client) = with(vec![Step::json(503, ""); 9]);
    let error = client.call("users.info", json!({"user": "U1"})).await.unwrap_err();
    assert_eq!((error.kind(), server.requests().len()), (CallErrorKind::Ambiguous, 4));
}

#[tokio::test]
async fn a_write_that_may_have_been_done_is_not_repeated() {
    for method in ["chat.postMessage", "chat.update", "brand.new.method"] {
        for step in [Step::DropAfterRequest, Step::DropAtOnce, Step::json(500, ""), Step::json(200, "<html>")] {
            let (server, client) = with([step, Step::json(200, OK)]);
            let error = client.call(method, json!({"channel": "C1"})).await.unwrap_err();
            assert_eq!(error.kind(), CallErrorKind::Ambiguous);
            assert!(server.requests().len() <= 1);
        }
    }
}

#[tokio::test]
async fn a_write_that_was_surely_not_done_is_repeated() {
    let (server, client) = with([limited(2), Step::json(200, OK)]);
    client.call("chat.postMessage", json!({"channel": "C1", "text": "hi"})).await.unwrap();
    assert_eq!(server.requests().len(), 2);
    let error = super::client(&Server::nowhere()).call("chat.postMessage", json!({"channel": "C1"})).await.unwrap_err();
    assert_eq!(error.kind(), CallErrorKind::NotSent);
}

#[tokio::test]
async fn a_limit_blocks_one_conversation_of_one_method() {
    // Longer than a call is ready to wait.
    let (server, client) = with([limited(600), Step::json(200, OK), Step::json(200, OK)]);
    let post = |channel| client.call("chat.postMessage", json!({"channel": channel, "text": "hi"}));
    let error = post("C1").await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (CallErrorKind::RateLimited, Some(Duration::from_secs(600))));
    assert_eq!(post("C1").await.unwrap_err().kind(), CallErrorKind::RateLimited);
    assert_eq!(server.requests().len(), 1, "what is blocked is not asked");
    post("C2").await.unwrap();
    client.call("auth.test", ()).await.unwrap();
}

#[tokio::test]
async fn limits_belong_to_a_workspace() {
    let (_server, client) = with([limited(600), Step::json(200, OK)]);
    client.call("users.list", ()).await.unwrap_err();
    let other = client.with_token(Token::parse("T", "xoxb-other").unwrap());
    other.call("users.list", ()).await.unwrap();
}

#[tokio::test]
async fn a_block_ends_with_its_time() {
    let server = Server::start([limited(600), Step::json(200, OK)]);
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(5)));
    let client = Client::new(ClientSettings { clock: clock.clone(), ..settings(&server.base()) }).unwrap();
    client.call("users.list", ()).await.unwrap_err();
    clock.advance(Duration::from_secs(601));
    client.call("users.list", ()).await.unwrap();
}

fn page(items: &str, cursor: &str) -> Step {
    Step::json(200, &format!(r#"{{"ok":true,"members":{items},"response_metadata":{{"next_cursor":"{cursor}"}}}}"#))
}

#[tokio::test]
async fn pages_follow_the_cursor_past_an_empty_one() {
    let (server, client) = with([page(r#"["U1"]"#, "dGVhbQ=="), page("[]", "bmV4dA=="), page(r#"["U2"]"#, "")]);
    let mut pages = client.members(&"C1".into());
    let mut people = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        people.extend(page.json::<Members>().unwrap().members.unwrap_or_default());
    }
    assert_eq!(people, ["U1", "U2"]);
    assert!(pages.next().await.unwrap().is_none());
    let [first, second, third] = <[_; 3]>::try_from(server.requests()).unwrap();
    assert_eq!(first.body, "channel=C1&limit=200");
    assert!(second.body.contains("cursor=dGVhbQ%3D%3D"), "{}", second.body);
    assert!(third.body.contains("cursor=bmV4dA%3D%3D"), "{}", third.body);
}

#[tokio::test]
async fn pages_without_end_are_an_error() {
    let (server, client) = with([page("[]", "a"), page("[]", "b"), page("[]", "a"), page("[]", "b")]);
    let mut pages = client.members(&"C1".into());
    assert!(pages.next().await.unwrap().is_some() && pages.next().await.unwrap().is_some());
    let error = pages.next().await.unwrap_err();
    assert!(error.to_string().contains("the same page"), "{error}");
    assert!(pages.next().await.unwrap().is_none());
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_page_that_failed_may_be_asked_for_again() {
    let (_server, client) =
        with([page("[]", "a"), Step::json(200, r#"{"ok":false,"error":"invalid_cursor"}"#), page("[]", "")]);
    let mut pages = client.members(&"C1".into());
    assert!(pages.next().await.unwrap().is_some());
    assert_eq!(pages.next().await.unwrap_err().code(), Some("invalid_cursor"));
    assert!(pages.next().await.unwrap().is_some());
    assert!(pages.next().await.unwrap().is_none());
}
