//! What is acknowledged survives the process.
#![allow(clippy::unwrap_used)] // Helpers of tests, which the lints do not see.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use bavard::{
    Bot, Environment, StartError,
    prelude::*,
    workspace::{Fault, State as Conversations, Workspace},
};
use tokio::{runtime::Runtime, sync::Notify};

use crate::support::{EVENTS, Log, SOON};

#[derive(Clone, Default)]
struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
    /// A file by which another process sees that it was reached.
    mark: Option<PathBuf>,
}

#[on_mention("wait")]
async fn wait(ctx: Context, gate: State<Gate>) -> Result<&'static str> {
    ctx.say("almost").await?;
    gate.reached.notify_one();
    gate.mark.as_ref().map(std::fs::File::create).transpose()?;
    gate.open.notified().await;
    Ok("at last")
}

#[on_command("/wait")]
async fn wait_for_command(gate: State<Gate>) -> &'static str {
    gate.reached.notify_one();
    gate.open.notified().await;
    "never said"
}

#[on_failure]
async fn sorry_and_wait(failure: Failure, gate: State<Gate>) -> String {
    gate.reached.notify_one();
    gate.open.notified().await;
    format!("{} broke.", failure.handler)
}

#[on_dm("first")]
async fn first() -> &'static str {
    "one"
}

#[on_dm("second")]
async fn second(gate: State<Gate>) -> &'static str {
    gate.reached.notify_one();
    "two"
}

fn environment(workspace: &Workspace, dir: &Path) -> Environment {
    Environment::of([
        ("SLACK_BOT_TOKEN", workspace.identity().token.as_str()),
        ("SLACK_SIGNING_SECRET", &workspace.identity().signing_secret),
        ("SLACK_API_URL", &workspace.api_url()),
        ("BAVARD_LISTEN", "127.0.0.1:0"),
        ("BAVARD_ADMIN_LISTEN", ""),
        ("BAVARD_DATA_DIR", dir.to_str().unwrap()),
    ])
}

/// Starts the bot on what is in `dir`; the workspace delivers to it from now on.
async fn start(workspace: &Workspace, dir: &Path, gate: &Gate) -> Bot {
    start_app(App::empty().handlers(handlers![wait, wait_for_command, first, second]), workspace, dir, gate).await
}

async fn start_app(app: App, workspace: &Workspace, dir: &Path, gate: &Gate) -> Bot {
    let bot = app.state(gate.clone()).start_in(&environment(workspace, dir)).await.unwrap();
    workspace.deliver_to(&format!("http://{}{EVENTS}", bot.address()).parse().unwrap());
    bot
}

fn said(state: &Conversations) -> Vec<String> {
    let mut said: Vec<_> = state.said_by_bot().collect();
    said.sort_by(|one, other| one.id.cmp(&other.id));
    said.iter().map(|message| message.shown().to_owned()).collect()
}

async fn heard(workspace: &Workspace, last: &str) -> Vec<String> {
    let all = |state: &Conversations| Some(said(state)).filter(|said| said.iter().any(|text| text == last));
    workspace.wait_until(all, SOON).await.unwrap()
}

/// The bot ends in the midst of its handler, without a chance to put anything in order.
fn crash(bot: Bot, its: Runtime) {
    drop(bot);
    drop(its);
}

#[test]
fn an_event_that_was_cut_short_is_run_again_and_says_nothing_twice() {
    let (outer, its) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let workspace = outer.block_on(Workspace::start()).unwrap();
    let general = workspace.channel("general");
    let gate = Gate::default();
    let bot = its.block_on(start(&workspace, dir.path(), &gate));
    workspace.person("alice").say(&general, "@bot wait");
    its.block_on(gate.reached.notified());
    outer.block_on(workspace.quiet());
    crash(bot, its);
    outer.block_on(async {
        let bot = start(&workspace, dir.path(), &gate).await;
        gate.reached.notified().await;
        gate.open.notify_one();
        assert_eq!(heard(&workspace, "at last").await, ["almost", "at last"]);
        // A delivery that comes again is known from before the crash.
        let delivered = workspace.deliveries().into_iter().find_map(|delivery| delivery.event_id).unwrap();
        assert!(workspace.send_again(&delivered));
        workspace.quiet().await;
        bot.idle().await;
        assert_eq!(workspace.read(said), ["almost", "at last"]);
        assert!(bot.stop().await);
    });
}

/// Starts a bot, which runs a handler that waits, and crashes; as often as this.
fn crash_often(times: usize, workspace: &Workspace, dir: &Path, app: fn() -> App) {
    for _ in 0..times {
        let (its, gate) = (Runtime::new().unwrap(), Gate::default());
        let bot = its.block_on(start_app(app(), workspace, dir, &gate));
        if workspace.deliveries().is_empty() {
            workspace.person("alice").say(&workspace.channel("general"), "@bot wait");
        }
        its.block_on(gate.reached.notified());
        its.block_on(workspace.quiet());
        crash(bot, its);
    }
}

/// A runtime whose tasks log on this thread.
fn runtime_of_this_thread() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn an_event_over_which_process_after_process_ended_is_given_up_aloud() {
    let outer = Runtime::new().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let workspace = outer.block_on(Workspace::start()).unwrap();
    crash_often(3, &workspace, dir.path(), || App::empty().handlers(handlers![wait]));
    let (log, _guard) = Log::capture(tracing::Level::ERROR);
    runtime_of_this_thread().block_on(async {
        let gate = Gate::default();
        let bot = start(&workspace, dir.path(), &gate).await;
        bot.idle().await;
        let said = workspace.read(said);
        assert!(said.len() == 2 && said[0] == "almost", "{said:?}");
        let reference = said[1].trim_end_matches("`.").rsplit('`').next().unwrap();
        assert!(said[1].starts_with("Sorry, something went wrong"), "{said:?}");
        let told = log.text();
        for part in ["given up", reference, "handler=\"wait\"", "crashes=3", "`dead list`"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(bot.stop().await);
    });
}

#[test]
fn on_failure_speaks_of_what_is_given_up_unless_the_process_ends_over_it_too() {
    let outer = Runtime::new().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let workspace = outer.block_on(Workspace::start()).unwrap();
    let app = || App::empty().handlers(handlers![wait, sorry_and_wait]);
    crash_often(4, &workspace, dir.path(), app);
    outer.block_on(async {
        let bot = start_app(app(), &workspace, dir.path(), &Gate::default()).await;
        bot.idle().await;
        assert!(workspace.read(said)[1].starts_with("Sorry, something went wrong"));
    });
    let dir = tempfile::tempdir().unwrap();
    let workspace = outer.block_on(Workspace::start()).unwrap();
    crash_often(3, &workspace, dir.path(), app);
    outer.block_on(async {
        let gate = Gate::default();
        gate.open.notify_one();
        let bot = start_app(app(), &workspace, dir.path(), &gate).await;
        bot.idle().await;
        assert_eq!(workspace.read(said), ["almost", "wait broke."]);
    });
}

#[test]
fn a_stop_at_once_is_no_crash_of_whoever_it_cuts_short() {
    let outer = Runtime::new().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let workspace = outer.block_on(Workspace::start()).unwrap();
    for stop in 0..5 {
        let (its, gate) = (Runtime::new().unwrap(), Gate::default());
        let bot = its.block_on(start(&workspace, dir.path(), &gate));
        if stop == 0 {
            workspace.person("alice").say(&workspace.channel("general"), "@bot wait");
        }
        its.block_on(gate.reached.notified());
        its.block_on(workspace.quiet());
        its.block_on(bot.stop_at_once());
    }
    outer.block_on(async {
        let gate = Gate::default();
        gate.open.notify_one();
        let bot = start(&workspace, dir.path(), &gate).await;
        bot.idle().await;
        assert_eq!(workspace.read(said), ["almost", "at last"]);
    });
}

#[test]
fn a_command_that_was_cut_short_before_its_answer_is_given_up_aloud() {
    let (outer, its) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let workspace = outer.block_on(Workspace::builder().commands(["/wait"]).start()).unwrap();
    let gate = Gate::default();
    let bot = its.block_on(start(&workspace, dir.path(), &gate));
    workspace.person("alice").command(&workspace.channel("general"), "/wait").unwrap();
    its.block_on(gate.reached.notified());
    crash(bot, its);
    let (log, _guard) = Log::capture(tracing::Level::WARN);
    runtime_of_this_thread().block_on(async {
        let bot = start(&workspace, dir.path(), &gate).await;
        bot.idle().await;
        let told = log.text();
        for part in ["a command was given up", "reference=", "handler=\"wait_for_command\""] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert_eq!(workspace.read(said), [""; 0]);
    });
}

#[test]
fn what_was_said_and_not_yet_sent_is_sent() {
    let (outer, its) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let workspace = outer.block_on(Workspace::start()).unwrap();
    let gate = Gate::default();
    let bot = its.block_on(start(&workspace, dir.path(), &gate));
    // The first answer holds up the one behind it.
    workspace.fail(Fault::rate_limited(3_600).on("chat.postMessage"));
    let alice = workspace.person("alice");
    alice.tell("first");
    let called =
        |state: &Conversations| state.calls().iter().any(|call| call.method == "chat.postMessage").then_some(());
    outer.block_on(workspace.wait_until(called, SOON)).unwrap();
    alice.tell("second");
    its.block_on(gate.reached.notified());
    outer.block_on(workspace.quiet());
    crash(bot, its);
    outer.block_on(async {
        let bot = start(&workspace, dir.path(), &gate).await;
        heard(&workspace, "two").await;
        bot.idle().await;
        assert_eq!(workspace.read(said).iter().filter(|text| *text == "two").count(), 1);
    });
}

#[tokio::test]
async fn a_second_bot_on_the_same_data_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Workspace::start().await.unwrap();
    let bot = start(&workspace, dir.path(), &Gate::default()).await;
    let app = App::empty().handlers(handlers![first]);
    let error = app.start_in(&environment(&workspace, dir.path())).await.unwrap_err();
    assert!(matches!(error, StartError::Store(_)), "{error:?}");
    let told = error.to_string();
    assert!(told.contains(&format!("process {}", std::process::id())) && told.contains("BAVARD_DATA_DIR"), "{told}");
    assert_eq!(format!("{error:?}"), told, "it is what `unwrap` prints");
    let french = error.in_french();
    assert!(french.contains("est utilisé par le processus") && french.contains("BAVARD_DATA_DIR"), "{french}");
    assert!(bot.stop().await);
    start(&workspace, dir.path(), &Gate::default()).await;
}

#[tokio::test]
async fn a_damaged_file_ends_the_start() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("bavard.db"), "no database").unwrap();
    let workspace = Workspace::start().await.unwrap();
    let app = App::empty().handlers(handlers![first]);
    let told = app.start_in(&environment(&workspace, dir.path())).await.unwrap_err().to_string();
    assert!(told.contains("bavard.db is damaged") && told.contains("left as it is"), "{told}");
    assert_eq!(std::fs::read(dir.path().join("bavard.db")).unwrap(), b"no database");
}

/// The bot as a process of its own, in which the test below runs itself.
#[tokio::test]
async fn bot_that_is_killed() {
    let Some(files) = std::env::var_os("BAVARD_TEST_BOT").map(PathBuf::from) else { return };
    let gate = Gate { mark: Some(files.join("reached")), ..Gate::default() };
    let app = App::empty().handlers(handlers![wait]).state(gate);
    let bot = app.start_in(&Environment::of_process("killed", None).unwrap()).await.unwrap();
    std::fs::write(files.join("new"), bot.address().to_string()).unwrap();
    std::fs::rename(files.join("new"), files.join("address")).unwrap();
    std::future::pending::<()>().await;
}

fn process(workspace: &Workspace, dir: &Path, files: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "durability::bot_that_is_killed"]).stdout(Stdio::null()).stderr(Stdio::null());
    let identity = workspace.identity();
    command.env("SLACK_BOT_TOKEN", &identity.token).env("SLACK_SIGNING_SECRET", &identity.signing_secret);
    command
        .env("SLACK_API_URL", workspace.api_url())
        .env("BAVARD_LISTEN", "127.0.0.1:0")
        .env("BAVARD_ADMIN_LISTEN", "");
    command.env("BAVARD_DATA_DIR", dir).env("BAVARD_TEST_BOT", files);
    command.spawn().unwrap()
}

/// Waits until a process has written a file; gives what stands in it.
fn written(child: &mut Child, file: &Path) -> String {
    loop {
        if let Ok(text) = std::fs::read_to_string(file) {
            return text;
        }
        assert!(child.try_wait().unwrap().is_none(), "the bot ended by itself");
        std::thread::yield_now();
    }
}

#[test]
fn what_a_killed_process_acknowledged_is_run_by_the_next() {
    let outer = Runtime::new().unwrap();
    let (dir, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let workspace = outer.block_on(Workspace::start()).unwrap();
    let general = workspace.channel("general");
    let mut child = process(&workspace, dir.path(), files.path());
    let address = written(&mut child, &files.path().join("address"));
    workspace.deliver_to(&format!("http://{address}{EVENTS}").parse().unwrap());
    workspace.person("alice").say(&general, "@bot wait");
    written(&mut child, &files.path().join("reached"));
    outer.block_on(workspace.quiet());
    child.kill().unwrap();
    child.wait().unwrap();
    outer.block_on(async {
        let gate = Gate::default();
        gate.open.notify_one();
        let bot = start(&workspace, dir.path(), &gate).await;
        bot.idle().await;
        assert_eq!(workspace.read(said), ["almost", "at last"]);
    });
}
