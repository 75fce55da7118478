//! The program as it is put into service: a process of its own, whose environment is all that it knows.
#![allow(clippy::unwrap_used)] // Helpers of tests, which the lints do not see.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use bavard::workspace::Workspace;

/// Longer than anything here takes; reached only by a test that fails.
const SOON: Duration = Duration::from_secs(20);

const PROGRAM: &str = env!("CARGO_BIN_EXE_codedoc-bot");

/// The program, with these variables and what it needs in a folder of its own, and nothing else of this environment.
fn program(directory: &Path, command: &str, variables: &[(&str, &str)]) -> Command {
    let mut program = Command::new(PROGRAM);
    program.arg(command).current_dir(directory).env_clear().envs(variables.iter().copied());
    program.env("BAVARD_DATA_DIR", directory.join("data")).env("CODEDOC_ROOTS", directory);
    program
}

/// A bot that serves, and is ended with the test.
struct Serving {
    process: Child,
    address: String,
}

impl Serving {
    /// Starts it on a free port, with calls of the platform led to this proxy.
    fn start(directory: &Path, proxy: &TcpListener) -> Self {
        let proxy = format!("http://{}", proxy.local_addr().unwrap());
        let mut program = program(
            directory,
            "serve",
            &[
                ("SLACK_BOT_TOKEN", "xoxb-1-2"),
                ("SLACK_SIGNING_SECRET", "8f742231b10e8888abcd99aaaaaa85a5"),
                ("HTTPS_PROXY", &proxy),
                ("BAVARD_LISTEN", "127.0.0.1:0"),
                ("BAVARD_ADMIN_LISTEN", ""),
                ("BAVARD_LOG", "json"),
            ],
        );
        let mut process = program.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut before = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "it ended before it listened: {before}");
            if let Some((_, rest)) = line.split_once(r#""address":""#) {
                break rest.split('"').next().unwrap().to_owned();
            }
            before.push_str(&line);
        };
        // It is read to its end: a log that nobody reads would hold the bot up.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { process, address }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_platform_is_reached_through_the_proxy_that_the_environment_names() {
    let (directory, proxy) = (tempfile::tempdir().unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let _bot = Serving::start(directory.path(), &proxy);
    let (told, asked) = mpsc::channel();
    std::thread::spawn(move || {
        let mut first = String::new();
        BufReader::new(proxy.accept().unwrap().0).read_line(&mut first).unwrap();
        told.send(first).unwrap();
    });
    assert_eq!(asked.recv_timeout(SOON).unwrap(), "CONNECT slack.com:443 HTTP/1.1\r\n");
}

#[test]
fn health_tells_whether_the_bot_is_ready() {
    let (directory, proxy) = (tempfile::tempdir().unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let bot = Serving::start(directory.path(), &proxy);
    let address = bot.address.clone();
    let health = |language| {
        // A proxy for all that is not secure is not asked about this machine either.
        let variables = [("BAVARD_LISTEN", &*address), ("BAVARD_LANG", language), ("HTTP_PROXY", "http://127.0.0.1:9")];
        let output = program(directory.path(), "health", &variables).output().unwrap();
        let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        (output.status.code(), told.concat())
    };
    assert_eq!(health("en"), (Some(0), format!("The bot at {address} is ready.\n")));
    assert_eq!(health("fr"), (Some(0), format!("Le bot à l’adresse {address} est prêt.\n")));
    drop(bot);
    let (code, told) = health("en");
    assert!(code == Some(1) && told.starts_with(&format!("error: no bot answers at {address} (")), "{told}");
}

/// What a command says, and how it ends.
fn run(directory: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let (command, rest) = arguments.split_first().unwrap();
    let output = program(directory, command, variables).args(rest).output().unwrap();
    (output.status.code(), [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat())
}

#[test]
fn doctor_names_the_port_and_the_settings_that_are_missing() {
    let directory = tempfile::tempdir().unwrap();
    let (code, told) =
        run(directory.path(), &["doctor"], &[("SLACK_SIGNING_SECRET", "canary-canary"), ("BAVARD_LANG", "de")]);
    assert_eq!(code, Some(3), "{told}");
    for expected in ["failed   SLACK_BOT_TOKEN is missing", "failed   BAVARD_LANG", "127.0.0.1:8301", " failed, "] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    assert!(!told.contains("canary"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_ends_with_what_it_found() {
    let directory = tempfile::tempdir().unwrap();
    let workspace = Workspace::builder().bot_name("codedoc").start().await.unwrap();
    let identity = workspace.identity();
    let api = workspace.api_url();
    let set = |secret| {
        let variables =
            [("SLACK_BOT_TOKEN", &*identity.token), ("SLACK_SIGNING_SECRET", secret), ("SLACK_API_URL", &api)];
        [&variables[..], &[("SLACK_CLIENT_ID", &*identity.client_id), ("BAVARD_LISTEN", "127.0.0.1:9")]].concat()
    };
    // It calls the workspace, which lives in this process.
    let doctor = |arguments: &[&str], secret| {
        let arguments = [&["doctor"], arguments].concat();
        tokio::task::block_in_place(|| run(directory.path(), &arguments, &set(secret)))
    };
    let (code, told) = doctor(&[], &identity.signing_secret);
    assert!(code == Some(0) && told.contains("it is that of @codedoc"), "{told}");
    let (code, told) = doctor(&["--json"], &identity.client_secret);
    assert_eq!(code, Some(1), "{told}");
    for expected in
        ["\"schema_version\": 1", "\"check\": \"signing_secret\"", "\"status\": \"failed\"", "\"failed\": 1"]
    {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    for secret in [&identity.token, &identity.client_secret] {
        assert!(!told.contains(secret.as_str()), "{told}");
    }
    let (code, told) = doctor(&["--url", "http://bot.example.com"], &identity.signing_secret);
    assert!(code == Some(2) && told.contains("https://bot.example.com"), "{told}");
}

#[test]
fn the_scopes_of_the_guide_are_all_that_it_asks_for() {
    let directory = tempfile::tempdir().unwrap();
    let (code, manifest) = run(directory.path(), &["manifest", "--yaml"], &[]);
    let scopes = "    bot:\n      - \"app_mentions:read\"\n      - \"channels:history\"\n      - \"chat:write\"\n      \
                  - \"commands\"\n      - \"im:history\"\nsettings:";
    assert!(code == Some(0) && manifest.contains(scopes), "{manifest}");
}

/// The app that the first guide makes: four scopes, one event, no command, no messages tab.
const FIRST_APP: &str = r#"{
    "display_information": { "name": "TwilioBot" },
    "features": { "bot_user": { "display_name": "twiliobot", "always_online": true } },
    "oauth_config": { "scopes": { "bot": ["app_mentions:read", "chat:write", "channels:history", "commands"] } },
    "settings": { "event_subscriptions": {
        "request_url": "https://code-doc.twilio.studi.ngrok.app/twilio/events", "bot_events": ["message.im"]
    } }
}"#;

#[test]
fn what_an_app_of_the_first_guide_lacks_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("app.json");
    std::fs::write(&file, FIRST_APP).unwrap();
    let url = "https://code-doc.twilio.studi.ngrok.app";
    let (code, told) = run(directory.path(), &["manifest", "--url", url, "--compare", file.to_str().unwrap()], &[]);
    assert_eq!(code, Some(1), "{told}");
    let expected = [
        "missing   scope im:history  needed by where_is (",
        "missing   event app_mention  needed by where_is (",
        "missing   command /codedoc  needed by ask (",
        "differs   the messages tab is on  is not there, has to be true",
    ];
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{told}");
    assert!(lines.iter().zip(expected).all(|(line, expected)| line.starts_with(expected)), "{told}");
}
