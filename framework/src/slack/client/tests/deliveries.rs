//! What becomes of a request, over real connections.

use super::*;

const BODY: &[u8] = br#"{"channel":"C1","text":"hi"}"#;

async fn send(client: &Client) -> Delivery {
    client.send("chat.postMessage", Bytes::from_static(BODY)).await
}

async fn judged(step: Step) -> Delivery {
    let (server, client) = with([step, Step::json(200, r#"{"ok":true,"again":true}"#)]);
    let delivery = send(&client).await;
    assert!(server.requests().len() <= 1, "sent twice");
    delivery
}

fn ambiguous(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::Ambiguous { .. })
}

fn code(delivery: Delivery) -> String {
    match delivery {
        Delivery::Refused(refusal) => refusal.code,
        other => panic!("{other:?}"),
    }
}

fn wait(delivery: &Delivery) -> u64 {
    match delivery {
        Delivery::RateLimited { retry_after } => retry_after.as_secs(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_done_is_sent() {
    let head = "content-type: application/json\r\nx-oauth-scopes: chat:write,im:history";
    let body = r#"{"ok":true,"channel":"C1","ts":"1.2","message":{"thread_ts":"1.1"}}"#;
    let (server, client) = with([Step::answer(200, head, body)]);
    let Delivery::Sent(answer) = send(&client).await else { panic!() };
    assert_eq!(answer.scopes().unwrap(), ["chat:write", "im:history"]);
    assert_eq!(answer.bytes(), body);
    let posted: Posted = answer.json().unwrap();
    assert_eq!(posted.ts.unwrap(), "1.2");
    assert_eq!(posted.message.unwrap().thread_ts.unwrap(), "1.1");

    let request = &server.requests()[0];
    assert_eq!(request.line, "POST /api/chat.postMessage HTTP/1.1\r\n");
    assert_eq!(request.body.as_bytes(), BODY);
    assert_eq!(request.header("authorization"), Some(format!("Bearer {CANARY}").as_str()));
    assert_eq!(request.header("content-type"), Some("application/json; charset=utf-8"));
}

#[tokio::test]
async fn what_was_never_written_is_not_sent() {
    let delivery = send(&client(&Server::nowhere())).await;
    assert!(matches!(&delivery, Delivery::NotSent { why } if why.contains("refused")), "{delivery:?}");
    // A name whose address cannot be found, on any network: its first part is too long for one.
    let delivery = send(&client(&format!("http://{}.invalid/api/", "a".repeat(64)))).await;
    assert!(matches!(delivery, Delivery::NotSent { .. }), "{delivery:?}");
}

#[tokio::test]
async fn a_secure_channel_that_fails_is_not_sent() {
    let (server, _) = with([Step::json(400, "{}")]);
    let delivery = send(&client(&server.base().replace("http:", "https:"))).await;
    assert!(matches!(delivery, Delivery::NotSent { .. }), "{delivery:?}");
    // Nothing that listens there has seen the token.
    assert!(!server.requests().iter().any(|request| format!("{request:?}").contains("CANARY")));
}

#[tokio::test]
async fn a_connection_lost_after_it_stood_is_ambiguous() {
    for step in [Step::DropAtOnce, Step::DropAfterRequest] {
        let delivery = judged(step.clone()).await;
        assert!(ambiguous(&delivery), "{step:?} {delivery:?}");
    }
}

#[tokio::test]
async fn silence_is_ambiguous() {
    let begun = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{\"ok\":true";
    for step in [Step::Silence, Step::Stall("HTTP/1.1 200".to_owned()), Step::Stall(begun.to_owned())] {
        let server = Server::start([step.clone()]);
        let client = Client::new(ClientSettings { timeouts: SHORT, ..settings(&server.base()) }).unwrap();
        let delivery = send(&client).await;
        assert!(ambiguous(&delivery), "{step:?} {delivery:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_ambiguous() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"ok\":true}";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"ok\"\r\n";
    for step in [
        Step::Bytes(cut.to_owned()),
        Step::Bytes(chunked.to_owned()),
        Step::Bytes("nonsense\r\n\r\n".to_owned()),
        Step::json(200, ""),
        Step::json(200, "ok"),
        Step::json(200, "[]"),
        Step::json(200, "{}"),
        Step::json(200, r#"{"ok":"#),
        Step::json(200, r#"{"ok":false}"#),
        Step::json(200, "[true]"),
        Step::answer(200, "content-type: text/html", "<html>ok</html>"),
        Step::json(408, ""),
        Step::json(500, "oops"),
        Step::json(502, "<html>"),
        Step::json(503, r#"{"ok":false,"error":"service_unavailable"}"#),
        Step::json(503, r#"{"ok":false,"error":"channel_not_found"}"#),
        Step::json(200, r#"{"ok":false,"error":"fatal_error"}"#),
        Step::json(200, r#"{"ok":false,"error":"internal_error"}"#),
        Step::json(200, r#"{"ok":false,"error":"request_timeout"}"#),
        Step::json(200, r#"{"ok":false,"error":"service_unavailable"}"#),
    ] {
        let delivery = judged(step.clone()).await;
        assert!(ambiguous(&delivery), "{step:?} {delivery:?}");
    }
}

#[tokio::test]
async fn a_refusal_says_why() {
    assert_eq!(code(judged(Step::json(200, r#"{"ok":false,"error":"channel_not_found"}"#)).await), "channel_not_found");
    assert_eq!(code(judged(Step::json(403, r#"{"ok":false,"error":"access_denied"}"#)).await), "access_denied");
    assert_eq!(code(judged(Step::json(404, "<html>")).await), "http_404");
    let scope = r#"{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"im:history"}"#;
    let Delivery::Refused(refusal) = judged(Step::json(200, scope)).await else { panic!() };
    assert_eq!((refusal.needed.as_deref(), refusal.provided.as_deref()), (Some("chat:write"), Some("im:history")));
    let blocks = r#"{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] blocks"]}}"#;
    let Delivery::Refused(refusal) = judged(Step::json(200, blocks)).await else { panic!() };
    assert_eq!(refusal.messages, ["[ERROR] blocks"]);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start([Step::json(200, r#"{"ok":true}"#)]);
    let to = format!("location: {}chat.postMessage", elsewhere.base());
    for status in [301, 302, 307, 308] {
        assert_eq!(code(judged(Step::answer(status, &to, "")).await), format!("http_{status}"));
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_limit_says_how_long() {
    for (header, seconds) in [
        ("retry-after: 7", 7),
        ("x: y", 30),
        ("retry-after: soon", 30),
        ("retry-after: 0", 1),
        ("retry-after: 99999", 3600),
    ] {
        let delivery = judged(Step::answer(429, header, r#"{"ok":false,"error":"ratelimited"}"#)).await;
        assert_eq!(wait(&delivery), seconds, "{header}");
    }
    assert_eq!(wait(&judged(Step::answer(429, "retry-after: 3", "<html>")).await), 3);
    assert_eq!(wait(&judged(Step::json(200, r#"{"ok":false,"error":"rate_limited"}"#)).await), 30);
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_not_called() {
    let (server, client) = with([Step::json(200, r#"{"ok":true}"#)]);
    for name in ["", "../admin", "..", "a/b", "a?b", "a#b", "a%2fb", "http://evil.example/", "chat postMessage", "é"] {
        let delivery = client.send(name, Bytes::new()).await;
        assert_eq!(code(delivery), "invalid_method_name", "{name}");
        assert_eq!(client.call(name, ()).await.unwrap_err().kind(), CallErrorKind::Arguments, "{name}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn late_answers_go_to_the_platform_without_the_token() {
    let steps = [
        Step::answer(200, "content-type: text/plain", "ok"),
        Step::json(200, r#"{"ok":true}"#),
        Step::json(404, r#"{"ok":false,"error":"used_url"}"#),
        Step::answer(404, "content-type: text/plain", "no_service"),
        Step::answer(200, "content-type: text/html", "<html>"),
        Step::answer(500, "content-type: text/plain", "rollup_error"),
        Step::answer(429, "retry-after: 2", ""),
    ];
    let (server, client) = with(steps);
    let url = Url::parse(&server.base()).unwrap().join("/commands/T1/1/x").unwrap();
    let mut outcomes = Vec::new();
    for _ in 0..7 {
        outcomes.push(client.post_to(&url, Bytes::from_static(b"{}")).await.unwrap());
    }
    let [done, yes, used, gone, html, broken, slow] = <[Delivery; 7]>::try_from(outcomes).unwrap();
    assert!(matches!((done, yes), (Delivery::Sent(_), Delivery::Sent(_))));
    assert_eq!((code(used), code(gone)), ("used_url".to_owned(), "no_service".to_owned()));
    assert!(ambiguous(&html) && ambiguous(&broken));
    assert_eq!(wait(&slow), 2);
    for request in server.requests() {
        assert_eq!(request.line, "POST /commands/T1/1/x HTTP/1.1\r\n");
        assert_eq!(request.header("authorization"), None);
    }

    let evil = Url::parse("https://hooks.slack.com.evil.example/x").unwrap();
    let said = client.post_to(&evil, Bytes::new()).await.unwrap_err();
    assert!(said.to_string().contains("hooks.slack.com"), "{said}");
}
