//! What operators do at the command line, beside the bot that runs and while it does not.
#![allow(clippy::unwrap_used, reason = "what does not work fails the test")]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use bavard::workspace::{Fault, Person, State, Workspace};
use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything here takes; reached only by a test that fails.
const SOON: Duration = Duration::from_secs(20);

/// A word that is looked for wherever it must not be.
const CANARY: &str = "canaryqx7";

/// The bot as a program, with its data.
struct Program {
    workspace: Workspace,
    alice: Person,
    dir: TempDir,
    running: Option<Child>,
    admin: String,
}

impl Program {
    async fn new() -> Self {
        let workspace = Workspace::start().await.unwrap();
        let alice = workspace.person("alice");
        Self { workspace, alice, dir: tempfile::tempdir().unwrap(), running: None, admin: String::new() }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tour"));
        command.env_clear().current_dir(self.dir.path()).env("BAVARD_DATA_DIR", self.data()).env("USER", "olga");
        command
    }

    /// Starts the bot; the workspace delivers to it from now on.
    fn serve(&mut self) {
        let identity = self.workspace.identity();
        let mut command = self.command();
        command.arg("serve").env("SLACK_BOT_TOKEN", &identity.token);
        command.env("SLACK_SIGNING_SECRET", &identity.signing_secret).env("SLACK_API_URL", self.workspace.api_url());
        command.env("BAVARD_LISTEN", "127.0.0.1:0").env("BAVARD_ADMIN_LISTEN", "127.0.0.1:0").env("BAVARD_LOG", "json");
        let mut running = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(running.stderr.take().unwrap()).lines();
        let said = loop {
            let line = lines.next().unwrap_or_else(|| panic!("it ends without listening")).unwrap();
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if said["message"] == "listening" {
                break said;
            }
        };
        // The rest is read too, so that it is never held up.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let address = format!("http://{}/slack/events", said["address"].as_str().unwrap());
        self.workspace.deliver_to(&address.parse().unwrap());
        self.admin = said["admin"].as_str().unwrap().to_owned();
        self.running = Some(running);
    }

    /// Ends the bot at once.
    fn kill(&mut self) {
        let mut running = self.running.take().unwrap();
        running.kill().unwrap();
        running.wait().unwrap();
    }

    fn output(&self, arguments: &[&str]) -> Output {
        let mut command = self.command();
        if !self.admin.is_empty() {
            command.env("BAVARD_ADMIN_LISTEN", &self.admin);
        }
        command.args(arguments).output().unwrap()
    }

    /// What a command prints that ends well.
    fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command says that does not.
    fn refused(&self, arguments: &[&str], code: i32) -> String {
        let output = self.output(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The rows that a command prints as JSON.
    fn rows(&self, arguments: &[&str]) -> Vec<Value> {
        let printed = self.run(&[arguments, &["--json"]].concat());
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Runs a command until its rows are as they should be.
    fn rows_when(&self, arguments: &[&str], right: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let start = std::time::Instant::now();
        loop {
            let rows = self.rows(arguments);
            if right(&rows) {
                return rows;
            }
            assert!(start.elapsed() < SOON, "{rows:?}");
        }
    }

    /// Waits until the bot has said something so often.
    async fn said(&self, text: &str, times: usize) {
        let count = |state: &State| state.said_by_bot().filter(|message| message.shown().starts_with(text)).count();
        self.workspace.wait_until(|state| (count(state) >= times).then_some(()), SOON).await.unwrap();
    }

    /// The files in which a word stands.
    fn files_with(&self, word: &str) -> Vec<PathBuf> {
        let holds = |path: &PathBuf| {
            let bytes = fs::read(path).unwrap_or_default();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        };
        files(&self.data()).into_iter().filter(holds).collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.kill();
            let _ = running.wait();
        }
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_else(|| panic!("{field} is not in {row}"))
}

/// Whether the only message there is was given up.
fn is_given_up(rows: &[Value]) -> bool {
    matches!(rows, [row] if text(row, "state") == "dead")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_seen_and_run_again_beside_the_bot() {
    let mut program = Program::new().await;
    assert!(program.refused(&["inbox", "list"], 1).contains("is not there"));
    program.serve();
    program.alice.tell("fail");
    program.said("That broke", 1).await;
    let dead = program.rows_when(&["dead", "list"], |rows| rows.len() == 1);
    let id = text(&dead[0], "id").to_owned();
    assert_eq!((text(&dead[0], "reason"), text(&dead[0], "person")), ("failed: fail", program.alice.id().as_str()));
    assert!(!program.run(&["dead", "list"]).contains("\"text\""), "what was said is shown by `show` alone");
    assert!(program.run(&["dead", "list"]).contains(&id));
    assert!(program.rows(&["dead", "list", "--reason", "crash"]).is_empty());
    assert_eq!(program.rows(&["dead", "list", "--reason", "fail", "--since", "1h"]).len(), 1);
    assert!(program.run(&["dead", "show", &id]).contains("\"text\": \"fail\""));
    assert!(program.refused(&["inbox", "show", &id], 1).contains("is dead"));
    assert_eq!(program.run(&["dead", "replay", "--all", "--dry-run"]).trim(), id);
    assert!(program.refused(&["dead", "replay"], 1).contains("which events"));
    let printed = program.run(&["dead", "replay", &id]);
    let again = printed.trim().strip_prefix(&format!("{id} is ")).and_then(|rest| rest.strip_suffix(" now")).unwrap();
    program.said("That broke", 2).await;
    let dead = program.rows_when(&["dead", "list"], |rows| rows.len() == 1);
    assert_eq!((text(&dead[0], "id"), &dead[0]["replays"]), (again, &Value::from(1)));
    program.run(&["dead", "drop", again]);
    assert!(program.rows(&["dead", "list"]).is_empty());
    assert!(program.refused(&["dead", "drop", again], 1).contains("there is no event"));
    let audit = program.rows(&["audit"]);
    let lines: Vec<_> = audit.iter().map(|line| format!("{} {}", text(line, "action"), text(line, "what"))).collect();
    assert_eq!(lines, [format!("replay {id} as {again}"), format!("drop {again}")]);
    assert!(audit.iter().all(|line| text(line, "who") == "olga"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_given_up_is_sent_again_or_taken_for_sent() {
    let mut program = Program::new().await;
    program.serve();
    program.workspace.fail(Fault::error("channel_not_found").on("chat.postMessage").times(2));
    program.alice.tell("hello one");
    let one = program.rows_when(&["outbox", "list"], is_given_up).remove(0);
    assert_eq!(text(&one, "method"), "chat.postMessage");
    assert!(text(&one, "reason").contains("channel_not_found"));
    assert!(!program.run(&["outbox", "list"]).contains("Hello"));
    let id = text(&one, "id");
    assert!(program.run(&["outbox", "show", id]).contains("Hello, one!"));
    assert!(program.rows(&["outbox", "list", "--ambiguous"]).is_empty());
    assert!(program.refused(&["outbox", "resolve", id], 2).contains("--sent <TS>"));
    program.run(&["outbox", "resolve", id, "--resend"]);
    // It is refused once more, and given up once more.
    program.rows_when(&["outbox", "list"], is_given_up);
    program.run(&["outbox", "resolve", id, "--resend"]);
    program.said("Hello, one!", 1).await;
    program.rows_when(&["outbox", "list"], <[Value]>::is_empty);
    program.workspace.fail(Fault::error("channel_not_found").on("chat.postMessage"));
    program.alice.tell("hello two");
    let two = program.rows_when(&["outbox", "list"], is_given_up).remove(0);
    program.run(&["outbox", "resolve", text(&two, "id"), "--sent", "1700000000.000100"]);
    assert!(program.rows(&["outbox", "list"]).is_empty());
    assert!(program.refused(&["outbox", "drop", text(&two, "id")], 1).contains("there is no message"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_dropped_beside_the_bot_and_what_is_under_way_is_not() {
    let mut program = Program::new().await;
    program.serve();
    program.workspace.fail(Fault::rate_limited(3_600).on("chat.postMessage"));
    program.alice.tell("hello one");
    program.rows_when(&["outbox", "list"], |rows| rows.len() == 1 && text(&rows[0], "state") == "unsent");
    program.alice.tell("remind me in 1s tea");
    let open = program.rows_when(&["inbox", "list"], |rows| rows.len() == 1);
    program.alice.tell("hello three");
    let open = program.rows_when(&["inbox", "list"], |rows| rows.len() == open.len() + 1);
    let [running, waiting] = [&open[0], &open[1]].map(|row| text(row, "id").to_owned());
    assert!(program.refused(&["inbox", "drop", &running], 1).contains("under way"));
    program.run(&["inbox", "drop", &waiting]);
    assert_eq!(text(&program.rows(&["dead", "list"])[0], "reason"), "dropped: by an operator");
    // The first message waits for an hour; without it the conversation goes on.
    let first = program.rows(&["outbox", "list"]).remove(0);
    program.run(&["outbox", "drop", text(&first, "id")]);
    program.run(&["dead", "replay", "--reason", "dropped"]);
    program.rows_when(&["outbox", "list"], |rows| rows.iter().any(|row| text(row, "state") == "dead"));
    let audit = program.rows(&["audit"]);
    assert!(audit.iter().any(|line| text(line, "what") == format!("{running}: refused, for it was under way")));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_no_bot_runs_the_command_takes_the_store_itself() {
    let mut program = Program::new().await;
    program.serve();
    program.alice.tell("fail");
    let dead = program.rows_when(&["dead", "list"], |rows| rows.len() == 1);
    program.kill();
    program.run(&["dead", "replay", text(&dead[0], "id")]);
    assert_eq!(program.rows(&["inbox", "list"]).len(), 1);
    program.serve();
    program.said("That broke", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_made_beside_the_bot_and_put_back_without_saying_anything_twice() {
    let mut program = Program::new().await;
    program.serve();
    let copy = program.dir.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    // One message waits while the copy is made, and is sent after it.
    program.workspace.fail(Fault::rate_limited(3_600).on("chat.postMessage"));
    program.alice.tell("hello one");
    program.rows_when(&["outbox", "list"], |rows| rows.len() == 1 && text(&rows[0], "state") == "unsent");
    program.run(&["backup", copy]);
    assert!(program.refused(&["backup", copy], 1).contains("is there already"));
    program.kill();
    program.serve();
    program.said("Hello, one!", 1).await;
    program.rows_when(&["outbox", "list"], <[Value]>::is_empty);
    assert!(program.refused(&["restore", copy], 1).contains("in use by process"));
    program.kill();
    program.run(&["restore", copy]);
    let unsent = program.rows(&["outbox", "list"]);
    assert_eq!((unsent.len(), text(&unsent[0], "state")), (1, "in doubt"));
    assert!(program.data().join("bavard.db.replaced-1").exists());
    program.serve();
    program.rows_when(&["outbox", "list"], <[Value]>::is_empty);
    program.alice.tell("hello two");
    program.said("Hello, two!", 1).await;
    let said =
        program.workspace.read(|state| state.said_by_bot().map(|said| said.shown().to_owned()).collect::<Vec<_>>());
    assert_eq!(said, ["Hello, one!", "Hello, two!"]);
    let actions: Vec<_> = program.rows(&["audit"]).iter().map(|line| text(line, "action").to_owned()).collect();
    assert_eq!(actions, ["backup", "restore"], "what was done since the copy is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_somebody_who_is_erased() {
    let mut program = Program::new().await;
    program.serve();
    let (alice, bob) = (program.alice.id().to_string(), program.workspace.person("bob"));
    let canary = |command: &str| format!("{command} {CANARY}");
    // Dead events, one of them of somebody else, and a message that was given up.
    program.workspace.fail(Fault::error("channel_not_found").on("chat.postMessage"));
    program.alice.tell(&canary("hello"));
    program.rows_when(&["outbox", "list"], is_given_up);
    for _ in 0..3 {
        program.alice.tell("fail");
    }
    bob.tell("fail");
    program.rows_when(&["dead", "list"], |rows| rows.len() == 4);
    program.said("That broke", 4).await;
    program.rows_when(&["outbox", "list"], is_given_up);
    assert!(!program.files_with(CANARY).is_empty());
    let shown = program.run(&["privacy", "show", "--user", &alice]);
    assert!(shown.contains("3  dead events") && shown.contains("1  messages given up"), "{shown}");
    let exported = program.run(&["privacy", "export", "--user", &alice]);
    assert_eq!((exported.lines().count(), exported.contains(CANARY)), (4, true), "{exported}");
    let erased: Value = serde_json::from_str(&program.run(&["privacy", "erase", "--user", &alice])).unwrap();
    assert_eq!(erased, serde_json::json!({ "events": 3, "messages": 1, "values": 0, "under_way": 0 }));
    assert_eq!(program.files_with(CANARY), Vec::<PathBuf>::new());
    assert_eq!(program.files_with(&alice), Vec::<PathBuf>::new());
    assert_eq!(program.rows(&["dead", "list"]).len(), 1, "what bob said stays");
    assert!(program.refused(&["privacy", "erase", "--user", "alice smith"], 2).contains("U0123ABCD"));
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_say_what_they_need() {
    let program = Program::new().await;
    let memory = program.command().args(["inbox", "list"]).env("BAVARD_STORE", "memory:").output().unwrap();
    assert!(String::from_utf8_lossy(&memory.stderr).contains("BAVARD_STORE"));
    let malformed = program.command().args(["inbox", "list"]).env("BAVARD_STORE", "cloud:").output().unwrap();
    assert_eq!(malformed.status.code(), Some(3));
    assert!(program.refused(&["dead", "list", "--since", "yesterday"], 2).contains("2h"));
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_told_in_their_language() {
    let mut program = Program::new().await;
    program.serve();
    program.kill();
    let told = |arguments: &[&str]| {
        let output = program.command().args(arguments).env("BAVARD_LANG", "fr").output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let copy = program.dir.path().join("copie.db").display().to_string();
    for (arguments, expected) in [
        (&["inbox", "list"][..], "Rien n’est en cours."),
        (&["dead", "list"], "Rien n’a été abandonné."),
        (&["dead", "show", "x"], "Écrivez son numéro, comme 3.17"),
        (&["dead", "show", "1.1"], "il n’y a plus d’événement 1.1"),
        (&["dead", "replay"], "quels événements ?"),
        (&["outbox", "list"], "Tout est envoyé"),
        (&["outbox", "show", "x"], "Écrivez son numéro, comme 3.17-5e0c"),
        (&["audit"], "Les opérateurs n’ont rien changé."),
        (&["backup", &copy], "contient tout ce qui est gardé"),
        (&["restore", &copy], "est ce qu’était la copie"),
        (&["restore", "absente.db"], "absente.db n’existe pas"),
        (&["privacy", "show", "--user", "U0123ABCD"], "n’efface pas :"),
        (&["privacy", "erase", "--user", "U0123ABCD"], "ne sont pas touchés"),
    ] {
        let told = told(arguments);
        assert!(told.contains(expected), "{arguments:?}: {told}");
        let english = ["the", "kept", "when", "there"];
        assert!(!told.split_whitespace().any(|word| english.contains(&word)), "{arguments:?}: {told}");
    }
}
