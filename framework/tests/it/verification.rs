//! What is let in, and what is told to those who are not.

use std::{sync::Arc, time::Duration};

use bavard::{prelude::*, testing::TestBot, workspace::Workspace};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tracing::Level;

use crate::support::{
    Answer, EVENTS, FORM, JSON, Log, NOW, beside, deliver, deliver_at, envelope, exchange, get, manual_clock, post,
    post_bytes, read, shown, signature,
};

#[on_message("psst {text..}")]
async fn overhear(text: Text) -> Reply {
    Reply::verbatim(text)
}

#[on_command("/say {text..}")]
async fn say(text: Text) -> Reply {
    Reply::verbatim(text)
}

fn app() -> App {
    App::empty().handlers(handlers![overhear, say])
}

fn message(bot: &TestBot, text: &str, ts: &str) -> String {
    let channel = bot.workspace().channel("general");
    let user = bot.workspace().person("alice");
    let event = json!({
        "type": "message", "user": user.id(), "text": text, "ts": ts, "channel": channel.id(),
        "channel_type": "channel",
    });
    envelope(bot, &format!("Ev{ts}"), &event)
}

/// Posts with these headers in the place of the right ones.
async fn post_with(bot: &TestBot, timestamp: &str, signature: &str, body: &[u8]) -> Answer {
    let headers = [("content-type", JSON), ("x-slack-request-timestamp", timestamp), ("x-slack-signature", signature)];
    post(bot.bot().address(), &headers, body).await
}

#[tokio::test]
async fn the_published_vectors_are_let_in() {
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const COMMAND: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V\
        &channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=\
        &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
        &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    let clock = Arc::new(bavard::ManualClock::at(bavard::Timestamp::from_seconds(1_531_420_618)));
    let builder = TestBot::builder().clock(clock).workspace(|workspace| workspace.signing_secret(SECRET));
    let bot = builder.start(app()).await;
    for (body, signature) in [
        (COMMAND.as_bytes(), "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
        (b"", "v0=55f41ec73231010289b54e669149ea021fccab11b5524355523533ce930cb739"),
        ("{\"text\":\"café ☃\"}".as_bytes(), "v0=7e04850fa1a947ddd80ab0361496632f66a8069943073e2ff9469b1d6022cb0e"),
        (b"\xff\xfe\x00\x61", "v0=d26d200a35b4bfb1cdbbd6704658fef9355a1ef69f161c0886ad2021c2fe9d58"),
    ] {
        for signature in [signature.to_owned(), signature.to_uppercase().replace("V0", "v0")] {
            assert_eq!(post_with(&bot, "1531420618", &signature, body).await.status, 200, "{signature}");
        }
    }
}

#[tokio::test]
async fn one_bit_of_the_body_the_time_or_the_signature_is_enough_to_refuse() {
    let bot = TestBot::builder().clock(manual_clock()).start(app()).await;
    let secret = bot.workspace().identity().signing_secret.clone();
    let body = message(&bot, "psst hello", "1.1");
    let (time, right) = (NOW.seconds().to_string(), signature(&secret, NOW.seconds(), body.as_bytes()));
    for at in 0..body.len() {
        let mut flipped = body.clone().into_bytes();
        flipped[at] ^= 1 << (at % 8);
        assert_eq!(post_with(&bot, &time, &right, &flipped).await.status, 401, "bit of byte {at}");
    }
    for at in "v0=".len()..right.len() {
        let mut flipped = right.clone().into_bytes();
        flipped[at] = if flipped[at] == b'0' { b'1' } else { b'0' };
        let flipped = String::from_utf8(flipped).unwrap();
        assert_eq!(post_with(&bot, &time, &flipped, body.as_bytes()).await.status, 401, "{flipped}");
    }
    for time in [NOW.seconds() + 1, NOW.seconds() - 1] {
        assert_eq!(post_with(&bot, &time.to_string(), &right, body.as_bytes()).await.status, 401);
    }
    bot.settle().await;
    assert_eq!(shown(&bot), [""; 0]);
    assert_eq!(post_with(&bot, &time, &right, body.as_bytes()).await.status, 200);
    bot.settle().await;
    assert_eq!(shown(&bot), ["hello"]);
}

#[tokio::test]
async fn the_window_is_five_minutes_in_both_directions() {
    let bot = TestBot::builder().clock(manual_clock()).start(app()).await;
    let at = |seconds: i64| bavard::Timestamp::from_seconds(NOW.seconds().saturating_add_signed(seconds));
    for (distance, status) in [(-301, 401), (-300, 200), (0, 200), (300, 200), (301, 401)] {
        let body = message(&bot, "psst hello", &format!("{distance}.1"));
        assert_eq!(deliver_at(&bot, at(distance), JSON, body.as_bytes()).await.status, status, "{distance}");
    }
}

#[tokio::test]
async fn a_time_is_a_plain_number_of_seconds() {
    let bot = TestBot::builder().clock(manual_clock()).start(app()).await;
    let secret = bot.workspace().identity().signing_secret.clone();
    let signature = signature(&secret, NOW.seconds(), b"{}");
    let now = NOW.seconds().to_string();
    for time in ["", "1e9", "NaN", "-1", "9223372036854775807", "99999999999999999999", &format!("+{now}")] {
        assert_eq!(post_with(&bot, time, &signature, b"{}").await.status, 401, "{time:?}");
    }
    for malformed in ["", "v0=", "v1=00", &signature[3..], &format!("{signature}00"), &signature.replace("v0", "v1")] {
        assert_eq!(post_with(&bot, &now, malformed, b"{}").await.status, 401, "{malformed:?}");
    }
    assert_eq!(post_with(&bot, &now, &signature, b"{}").await.status, 200);
}

#[tokio::test]
async fn each_header_stands_there_once() {
    let bot = TestBot::builder().clock(manual_clock()).start(app()).await;
    let secret = bot.workspace().identity().signing_secret.clone();
    let (time, signature) = (NOW.seconds().to_string(), signature(&secret, NOW.seconds(), b"{}"));
    let time = ("x-slack-request-timestamp", time.as_str());
    let signature = ("x-slack-signature", signature.as_str());
    for (headers, status) in [
        (vec![time, signature], 200),
        (vec![time], 401),
        (vec![signature], 401),
        (vec![], 401),
        (vec![time, time, signature], 401),
        (vec![time, signature, signature], 401),
        (vec![time, signature, ("x-slack-signature", "v0=00")], 401),
        (vec![time, ("x-slack-signature", "v0=00"), signature], 401),
    ] {
        assert_eq!(post(bot.bot().address(), &headers, b"{}").await.status, status, "{headers:?}");
    }
}

#[tokio::test]
async fn every_secret_of_a_rotation_is_good_and_no_other() {
    let workspace = Workspace::start().await.unwrap();
    let environment = beside(&workspace, "new-secret, old-secret");
    let bot = app().start_in(&environment).await.unwrap();
    let now = bavard::Clock::now(&bavard::SystemClock).seconds();
    for (secret, status) in [("new-secret", 200), ("old-secret", 200), ("older-secret", 401), ("", 401)] {
        let signature = signature(secret, now, b"{}");
        let time = now.to_string();
        let headers = [("x-slack-request-timestamp", time.as_str()), ("x-slack-signature", &signature)];
        assert_eq!(post(bot.address(), &headers, b"{}").await.status, status, "{secret}");
    }
}

#[tokio::test]
async fn a_body_is_one_mebibyte_at_most() {
    let bot = TestBot::start(app()).await;
    let longest = 1 << 20;
    let filled = |length: usize| {
        let mut body = message(&bot, "psst big", "1.1");
        body.push_str(&" ".repeat(length - body.len()));
        body
    };
    assert_eq!(deliver(&bot, JSON, filled(longest).as_bytes()).await.status, 200);
    assert_eq!(post(bot.bot().address(), &[], filled(longest).as_bytes()).await.status, 401);
    // The length alone decides: nothing of the body need be there.
    let head = format!("POST {EVENTS} HTTP/1.1\r\nhost: bot\r\ncontent-length: {}\r\n\r\n", longest + 1);
    let answer = exchange(bot.bot().address(), head.as_bytes()).await;
    assert_eq!((answer.status, answer.header("connection")), (413, Some("close")));
    bot.settle().await;
    assert_eq!(shown(&bot), ["big"]);
}

#[tokio::test]
async fn a_body_without_a_length_is_limited_all_the_same() {
    let bot = TestBot::builder().clock(manual_clock()).start(app()).await;
    let secret = bot.workspace().identity().signing_secret.clone();
    let body = message(&bot, "psst in pieces", "1.1");
    let head = format!(
        "POST {EVENTS} HTTP/1.1\r\nhost: bot\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\
         x-slack-request-timestamp: {}\r\nx-slack-signature: {}\r\n\r\n",
        NOW.seconds(),
        signature(&secret, NOW.seconds(), body.as_bytes())
    );
    let (first, second) = body.as_bytes().split_at(body.len() / 2);
    let mut bytes = head.clone().into_bytes();
    for chunk in [first, second, b""] {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    assert_eq!(exchange(bot.bot().address(), &bytes).await.status, 200);
    bot.settle().await;
    assert_eq!(shown(&bot), ["in pieces"]);
    // A mebibyte and a byte, and the end of it never comes.
    let mut stream = TcpStream::connect(bot.bot().address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    for _ in 0..16 {
        stream.write_all(&chunk).await.unwrap();
    }
    stream.write_all(b"1\r\n \r\n").await.unwrap();
    assert_eq!(read(&mut stream).await.status, 413);
}

#[tokio::test]
async fn a_body_that_is_encoded_is_not_taken() {
    let bot = TestBot::builder().clock(manual_clock()).start(app()).await;
    let secret = bot.workspace().identity().signing_secret.clone();
    let (time, signature) = (NOW.seconds().to_string(), signature(&secret, NOW.seconds(), b"{}"));
    for (encodings, status) in [
        (vec!["gzip"], 415),
        (vec!["br"], 415),
        (vec!["identity"], 200),
        (vec!["Identity"], 200),
        (vec!["identity", "gzip"], 415),
        (vec!["identity, gzip"], 415),
    ] {
        let mut headers = vec![("x-slack-request-timestamp", time.as_str()), ("x-slack-signature", &signature)];
        headers.extend(encodings.iter().map(|encoding| ("content-encoding", *encoding)));
        assert_eq!(post(bot.bot().address(), &headers, b"{}").await.status, status, "{encodings:?}");
    }
}

#[tokio::test]
async fn a_challenge_is_answered_to_the_platform_alone() {
    let bot = TestBot::start(app()).await;
    let body = json!({"type": "url_verification", "token": "t", "challenge": "3eZbrw1aB"}).to_string();
    let answer = deliver(&bot, JSON, body.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "3eZbrw1aB"));
    assert!(answer.header("content-type").unwrap().starts_with("text/plain"));
    let unsigned = post(bot.bot().address(), &[("content-type", JSON)], body.as_bytes()).await;
    assert_eq!(unsigned.status, 401);
    assert!(!unsigned.body.contains("3eZbrw1aB"));
    bot.workspace().verify_url().await.unwrap();
}

#[tokio::test]
async fn a_certificate_check_is_answered_unsigned_and_runs_nothing() {
    let bot = TestBot::start(app()).await;
    let command = "command=%2Fsay&text=hello&user_id=U1&channel_id=C1&team_id=T1&trigger_id=1.2";
    for body in ["ssl_check=1", "ssl_check=1&token=x", &format!("ssl_check=1&{command}")] {
        let answer = post(bot.bot().address(), &[("content-type", FORM)], body.as_bytes()).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{body}");
        assert_eq!(deliver(&bot, FORM, body.as_bytes()).await.body, "", "{body}");
    }
    for body in ["ssl_check=0", "ssl_check=10", &format!("{command}&ssl_check=1"), "{\"ssl_check\":\"1\"}"] {
        assert_eq!(post(bot.bot().address(), &[("content-type", FORM)], body.as_bytes()).await.status, 401, "{body}");
    }
    bot.settle().await;
    assert_eq!(shown(&bot), [""; 0]);
}

#[tokio::test]
async fn a_form_is_known_whatever_stands_behind_its_type() {
    let bot = TestBot::start(app()).await;
    for (number, kind) in [
        FORM,
        "application/x-www-form-urlencoded; charset=utf-8",
        "application/x-www-form-urlencoded;charset=UTF-8",
        "Application/X-WWW-Form-Urlencoded",
    ]
    .into_iter()
    .enumerate()
    {
        let body = format!("command=%2Fsay&text=caf%C3%A9&user_id=U1&channel_id=C1&team_id=T1&trigger_id={number}");
        let answer = deliver(&bot, kind, body.as_bytes()).await;
        assert!(answer.status == 200 && answer.body.contains("café"), "{kind}: {answer:?}");
    }
}

#[tokio::test]
async fn nobody_is_told_the_signature_that_would_have_been_right() {
    let (log, _guard) = Log::capture(Level::TRACE);
    let bot = TestBot::builder().clock(manual_clock()).start(app()).await;
    let secret = bot.workspace().identity().signing_secret.clone();
    let body = message(&bot, "psst hello", "1.1");
    let right = signature(&secret, NOW.seconds(), body.as_bytes());
    let digits = &right["v0=".len()..];
    let time = NOW.seconds().to_string();
    let wrong = format!("v0={}", "0".repeat(64));
    for (time, signature) in [(time.as_str(), wrong.as_str()), ("1", &right), ("x", &right), (&time, "v0=zz")] {
        let answer = post_with(&bot, time, signature, body.as_bytes()).await;
        assert_eq!(answer.status, 401);
        assert!(!answer.head.contains(digits) && !answer.body.contains(digits), "{answer:?}");
    }
    let log = log.text();
    assert!(log.contains("a request was refused"), "{log}");
    assert!(!log.contains(digits) && !log.contains(&secret), "{log}");
}

/// Whoever floods the bot with one kind of bad requests does not hide the first of another.
#[tokio::test]
async fn each_kind_of_refusal_is_counted_and_told_by_itself() {
    let (log, _guard) = Log::capture(Level::WARN);
    let bot = TestBot::builder().clock(manual_clock()).start(app()).await;
    let address = bot.bot().address();
    for _ in 0..5 {
        assert_eq!(post(address, &[], b"{}").await.status, 401);
    }
    let long = vec![b' '; 1_024 * 1_024 + 1];
    let time = NOW.seconds().to_string();
    assert_eq!(post_with(&bot, &time, "v0=zz", b"{}").await.status, 401);
    assert_eq!(post(address, &[], &long).await.status, 413);
    let log = log.text();
    let told = |why: &str| log.lines().filter(|line| line.contains("was refused") && line.contains(why)).count();
    assert_eq!(told("why=\"header_missing\""), 3, "the 1st, 2nd and 4th: {log}");
    assert_eq!(told("why=\"signature_malformed\" so_far=1"), 1, "{log}");
    assert_eq!(told("status=413 so_far=1"), 1, "{log}");
}

#[tokio::test]
async fn a_head_without_end_is_not_kept() {
    let bot = TestBot::start(app()).await;
    let mut headers: Vec<(String, String)> = (0..100).map(|number| (format!("x-{number}"), "x".to_owned())).collect();
    let answer = |headers: Vec<(String, String)>| {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let bytes = post_bytes(EVENTS, &headers, b"{}");
        let address = bot.bot().address();
        async move { tokio::time::timeout(Duration::from_secs(4), exchange(address, &bytes)).await.unwrap().status }
    };
    assert_eq!(answer(headers.clone()).await, 431);
    headers.truncate(1);
    headers[0].1 = "x".repeat(20_000);
    assert_eq!(answer(headers).await, 431);
}

/// Of two bots side by side one may have been given the token of the other, and answers in its name.
#[tokio::test]
async fn events_for_another_bot_than_the_one_of_the_token_are_told_once() {
    let (log, _guard) = Log::capture(Level::WARN);
    let bot = TestBot::start(app()).await;
    let envelope = |id: &str, user: &str| {
        let inner =
            serde_json::json!({"type": "app_mention", "user": "U2", "channel": "C1", "ts": "1.2", "text": "hi"});
        let own = bot.workspace().identity().user.to_string();
        envelope(&bot, id, &inner).replace(&own, user)
    };
    // Whose the token is has to be known.
    while get(bot.bot().address(), "/bot_user_id").await.status != 200 {
        tokio::task::yield_now().await;
    }
    let own = bot.workspace().identity().user.to_string();
    assert_eq!(deliver(&bot, JSON, envelope("Ev1", &own).as_bytes()).await.status, 200);
    assert!(!log.text().contains("Copy the token"), "{}", log.text());
    for id in ["Ev2", "Ev3"] {
        assert_eq!(deliver(&bot, JSON, envelope(id, "U0OTHER").as_bytes()).await.status, 200);
    }
    let told = log.text();
    assert_eq!(told.matches("an event is for the bot U0OTHER").count(), 1, "{told}");
}
