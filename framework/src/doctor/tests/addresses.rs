//! Who is behind an address: a bot, its copy, another, or something else.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{NOBODY, Set, app, assert_told};
use crate::testing::TestBot;

/// A program on this machine that answers whatever it is sent, given its body.
async fn program(answer: impl Fn(&str) -> String + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap().to_lowercase();
            let (_, length) = head.split_once("content-length: ").unwrap();
            let mut body = vec![0; length.lines().next().unwrap().parse().unwrap()];
            stream.read_exact(&mut body).await.unwrap();
            let answer = answer(std::str::from_utf8(&body).unwrap());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    address
}

/// An answer with a status, headers and a body.
fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

const HTML: &str = "content-type: text/html; charset=utf-8\r\n";

/// What is told of a bot whose public address leads to a program.
async fn astray(bot: &TestBot, answer: impl Fn(&str) -> String + Send + 'static) -> [Vec<String>; 2] {
    let address = program(answer).await;
    Set::of_bot(bot).told(Some(&format!("http://{address}/"))).await
}

#[tokio::test]
async fn what_is_no_bot_is_told_with_what_to_do() {
    let bot = TestBot::start(app()).await;
    let port = bot.bot().address().port().to_string();
    for (status, headers, body, english, french) in [
        ("200 OK", HTML, "<html>", "a page of HTML (200)", "une page HTML (200)"),
        ("500 Internal Server Error", HTML, "<html>", "a page of HTML (500)", "une page HTML (500)"),
        (
            "404 Not Found",
            "ngrok-error-code: ERR_NGROK_3200\r\n",
            "",
            "has no tunnel for it (ERR_NGROK_3200)",
            "n’a pas de tunnel",
        ),
        ("404 Not Found", HTML, "<p>ERR_NGROK_3200</p>", "Start the tunnel", "Démarrez le tunnel"),
        (
            "502 Bad Gateway",
            HTML,
            "<p>ERR_NGROK_8012</p>",
            "finds nobody behind itself (ERR_NGROK_8012)",
            "ne trouve personne",
        ),
        (
            "502 Bad Gateway",
            HTML,
            "<html>",
            "finds nobody behind itself (502)",
            "ne trouve personne derrière lui (502)",
        ),
        ("503 Service Unavailable", "", "", "Start the bot", "Démarrez le bot"),
        ("404 Not Found", "", "", "has nothing at", "n’a rien à l’adresse"),
        (
            "405 Method Not Allowed",
            "",
            "",
            "The path of events is /twilio/events",
            "Le chemin des événements est /twilio/events",
        ),
        (
            "302 Found",
            "location: /login?key=canary\r\n",
            "",
            "leads elsewhere, to http://127.0.0.1:",
            "redirige ailleurs, vers",
        ),
        (
            "308 Permanent Redirect",
            "location: https://other.example/\r\n",
            "",
            "to https://other.example/.",
            "vers https://other.example/.",
        ),
        ("401 Unauthorized", "www-authenticate: Basic\r\n", "", "a right to enter (401)", "un droit d’entrée (401)"),
        ("403 Forbidden", HTML, "<html>", "a right to enter (403)", "sans identification"),
        (
            "401 Unauthorized",
            "",
            r#"{"error":"signature_wrong"}"#,
            "another Signing Secret than these",
            "un autre Signing Secret",
        ),
        (
            "401 Unauthorized",
            "",
            r#"{"error":"timestamp_far_away"}"#,
            "the clocks of the two machines",
            "les horloges des deux",
        ),
        (
            "401 Unauthorized",
            "",
            r#"{"error":"header_missing"}"#,
            "drops or doubles the headers",
            "retire ou double les en-têtes",
        ),
        ("401 Unauthorized", "", r#"{"error":"canary"}"#, "a right to enter (401)", "un droit d’entrée (401)"),
        ("200 OK", "", "hello", "another program than this bot (it answers 200)", "un autre programme que ce bot"),
        ("418 I'm a teapot", "", "", "another program than this bot (it answers 418)", "il répond 418"),
    ] {
        let told = astray(&bot, move |_| http(status, headers, body)).await;
        assert_told(&told, english, french);
        assert!(told.iter().all(|told| !told.concat().contains("canary")), "{told:#?}");
        assert_eq!(told[0].iter().filter(|line| line.starts_with("failed")).count(), 1, "{told:#?}");
    }
    let told = astray(&bot, |_| http("200 OK", HTML, "<html>")).await;
    assert_told(&told, &format!("`ngrok http --url=… {port}`"), &format!("au port {port}"));
}

#[tokio::test]
async fn whoever_gives_a_challenge_back_is_not_this_bot_for_that() {
    let bot = TestBot::start(app()).await;
    let challenge = |body: &str| {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["challenge"].as_str().unwrap().to_owned()
    };
    for told in [
        astray(&bot, move |body| http("200 OK", "", &challenge(body))).await,
        astray(&bot, move |body| http("200 OK", "", &format!("{{\"challenge\":\"{}\"}}", challenge(body)))).await,
    ] {
        assert_told(&told, "it gives any challenge back", "il rend n’importe quel");
    }
    let told = astray(&bot, |body| http("200 OK", "", body)).await;
    assert_told(&told, "it answers 200", "il répond 200");
    let lied = r#"{"challenge":"x","instance":"x","proof":"v0=00"}"#;
    assert_told(&astray(&bot, |_| http("200 OK", "", lied)).await, "it answers 200", "il répond 200");
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_is_nobody() {
    let bot = TestBot::start(app()).await;
    assert_told(&astray(&bot, |_| String::new()).await, "Nobody answers at", "Personne ne répond");
    let told = Set::of_bot(&bot).told(Some(&format!("http://{NOBODY}"))).await;
    assert_told(&told, "Nobody answers at", "Personne ne répond");
}

#[tokio::test]
async fn another_copy_of_the_bot_is_told_from_this_one() {
    let bot = TestBot::start(app()).await;
    let secret = bot.workspace().identity().signing_secret.clone();
    let copy = TestBot::builder().workspace(|workspace| workspace.signing_secret(&secret)).start(app()).await;
    let url = format!("http://{}/twilio/events", copy.bot().address());
    let told = Set::of_bot(&bot).told(Some(&url)).await;
    assert_told(&told, "another copy of this bot", "une autre copie de ce bot");
    let shared = Set::of_bot(&bot).with("BAVARD_STORE", "postgres://bot:password@db.example.com/bots?sslmode=require");
    assert_told(&shared.told(Some(&url)).await, "they share a database", "partagent une base de données");
    // Where no bot is here, there is nothing to compare it with.
    let told = Set::of(bot.workspace()).told(Some(&url)).await;
    assert_told(&told, "ok       http://127.0.0.1", "pour le comparer");
}

#[tokio::test]
async fn the_other_of_two_bots_is_known_by_its_secret() {
    let (bot, other) = (TestBot::start(app()).await, TestBot::start(app()).await);
    let told = Set::of_bot(&bot).told(Some(&format!("http://{}", other.bot().address()))).await;
    assert_told(&told, "if it is the other of two bots", "si c’est l’autre de deux bots");
}

#[tokio::test]
async fn every_secret_of_a_rotation_is_known() {
    let bot = TestBot::start(app()).await;
    let secret = bot.workspace().identity().signing_secret.clone();
    let rotated = format!("{secret}, 0123456789abcdef0123456789abcdef");
    let url = format!("http://{}", bot.bot().address());
    let told = Set::of_bot(&bot).with("SLACK_SIGNING_SECRET", &rotated).told(Some(&url)).await;
    assert_told(&told, "leads to this very bot", "mène bien à ce bot");
}
