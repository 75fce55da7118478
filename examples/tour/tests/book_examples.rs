//! What the book says beyond the examples: direct messages beside mentions, and how states are opened.
#![allow(clippy::unwrap_used, reason = "a test fails by them")]

use std::path::PathBuf;

use bavard::{SettingProblem, prelude::*, testing::TestBot};

#[on_mention("hello")]
async fn hello() -> &'static str {
    "Hello!"
}

#[on_dm("bye")]
#[on_mention("bye")]
async fn bye() -> &'static str {
    "Bye!"
}

#[on_dm]
async fn anything() -> &'static str {
    "Anything at all."
}

// ANCHOR: otherwise
/// Answers whatever else is said in a direct message.
#[on_mention(only = dm)]
async fn otherwise(text: Text) -> String {
    format!("Tell me more about “{text}”.")
}
// ANCHOR_END: otherwise

// ANCHOR: conversation
/// Sums up the discussion.
#[on_mention("sum up", "résume")]
async fn sum_up(conversation: Conversation) -> String {
    let transcript = conversation.transcript().await;
    let people = transcript.before().iter().filter(|utterance| utterance.is_by_person()).count();
    let begin = transcript.before().first().map(|first| &first.text);
    match begin {
        None => "Nothing was said yet.".to_owned(),
        Some(begin) if transcript.is_complete => format!("{people} messages about “{begin}”."),
        Some(begin) => format!("{people} messages or more about “{begin}”."),
    }
}
// ANCHOR_END: conversation

#[tokio::test]
async fn a_discussion_is_summed_up() {
    let bot = TestBot::start(App::empty().handlers(handlers![sum_up])).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    alice.mentions("sum up").await.answered("Nothing was said yet.");
    let root = alice.says("Where do we meet?").await.message().unwrap().clone();
    bob.replies(&root, "At the station.").await.unanswered();
    alice.replies(&root, "@bot sum up").await.answered("2 messages about “Where do we meet?”.");
}

#[tokio::test]
async fn a_bare_on_dm_goes_before_the_words_of_on_mention() {
    let bot = TestBot::start(App::empty().handlers(handlers![hello, bye, anything])).await;
    let alice = bot.person("alice");
    alice.tells("hello").await.answered("Anything at all.");
    alice.mentions("hello").await.answered("Hello!");
    alice.tells("bye").await.answered("Bye!");
    alice.mentions("bye").await.answered("Bye!");
    alice.tells("help").await.said("Here is what I can do");
}

#[tokio::test]
async fn a_bare_on_mention_in_direct_messages_leaves_words_to_the_others() {
    let bot = TestBot::start(App::empty().handlers(handlers![hello, otherwise])).await;
    let alice = bot.person("alice");
    alice.tells("hello").await.answered("Hello!");
    alice.mentions("hello").await.answered("Hello!");
    alice.tells("cats").await.answered("Tell me more about “cats”.");
    let elsewhere = alice.mentions("cats").await;
    assert!(!elsewhere.messages()[0].shown().contains("Tell me more"), "{elsewhere:?}");
}

// ANCHOR: states
/// A value that is there already.
struct Greeting(&'static str);

/// The folder that the bot was started in.
struct Home(PathBuf);

/// Where notes are kept, and how many at most.
struct Notes {
    file: PathBuf,
    most: usize,
}

fn app() -> App {
    App::empty()
        .handlers(handlers![settings])
        .state(Greeting("Hello"))
        .state_with(|| async {
            let folder = std::env::current_dir()?;
            Ok::<_, Error>(Home(folder))
        })
        .setting("NOTES_MOST", most)
        .state_from(|opening: Opening| async move {
            let file = opening.data_dir()?.join("notes.txt");
            let most = opening.read("NOTES_MOST", most)?.unwrap_or(100);
            Ok::<_, Error>(Notes { file, most })
        })
}

/// Reads the setting of how many notes are kept.
fn most(value: &str) -> Result<usize, SettingProblem> {
    let expected = ("how many notes are kept, as 100", "combien de notes sont gardées, comme 100");
    value.parse().map_err(|_| SettingProblem::malformed("NOTES_MOST", expected))
}

/// Tells how the bot is set up.
#[on_mention("settings")]
async fn settings(greeting: State<Greeting>, home: State<Home>, notes: State<Notes>) -> Result<String> {
    let home = home.0.file_name().unwrap_or_default().display();
    let file = notes.file.file_name().unwrap_or_default().display();
    Ok(format!("{} from {home}: at most {} notes, in {file}.", greeting.0, notes.most))
}
// ANCHOR_END: states

#[tokio::test]
async fn states_are_opened_when_the_bot_starts() {
    app().check().unwrap();
    let bot = TestBot::start(app()).await;
    bot.person("alice").mentions("settings").await.answered("Hello from tour: at most 100 notes, in notes.txt.");
    let bot = TestBot::builder().setting("NOTES_MOST", "7").start(app()).await;
    bot.person("alice").mentions("settings").await.answered("Hello from tour: at most 7 notes, in notes.txt.");
}

/// Thanks whoever likes a message.
#[on_reaction("thumbsup")]
async fn liked(user: User) -> Reply {
    Reply::markdown(format!("Thanks, {user}!")).privately()
}

fn friendly() -> App {
    App::empty().handlers(handlers![hello, liked])
}

// ANCHOR: deeds
#[tokio::test]
async fn likes_what_was_said_and_replies_to_it() {
    let bot = TestBot::builder().scope("reactions:read").start(friendly()).await;
    let alice = bot.person("alice");
    let heard = alice.mentions("hello").await;
    let (asked, answered) = (heard.message().unwrap(), &heard.messages()[0]);
    alice.reacts(answered, "thumbsup").await.answered("Thanks, @alice!").privately();
    alice.replies(asked, "@bot hello").await.answered("Hello!").in_thread();
}
// ANCHOR_END: deeds
