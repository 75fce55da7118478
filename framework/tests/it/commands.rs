//! Commands: answered in the response, or later at the address that came with them.

use std::{sync::Arc, time::Duration};

use bavard::{prelude::*, testing::TestBot, workspace::Fault};
use tokio::sync::Notify;

use crate::support::{
    FORM, NOW, advance_until_idle, calls, deliver, deliver_at, manual_clock, said, shown, times, yield_often,
};

/// Lets a handler wait until a test lets it go.
#[derive(Clone, Default)]
struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

impl Gate {
    async fn pass(&self) {
        self.reached.notify_one();
        self.open.notified().await;
    }
}

/// Adds numbers.
#[on_command("/add {numbers..}")]
async fn add(numbers: Vec<i64>) -> String {
    format!("= {}", numbers.iter().sum::<i64>())
}

#[on_command("/announce {text..}")]
async fn announce(text: Text) -> Reply {
    Reply::verbatim(text).in_channel()
}

#[on_command("/silent")]
async fn silent() {}

#[on_command("/wait")]
async fn wait(gate: State<Gate>) -> &'static str {
    gate.pass().await;
    "at last"
}

#[on_command("/wait aloud")]
async fn wait_aloud(gate: State<Gate>) -> Reply {
    gate.pass().await;
    Reply::markdown("at last, all of you").in_channel()
}

#[on_command("/wait fail")]
async fn wait_and_fail(gate: State<Gate>) -> Result<()> {
    gate.pass().await;
    Err(Error::new("too late and wrong"))
}

#[on_command("/say")]
async fn says_before(ctx: Context) -> Result<&'static str> {
    ctx.say("one").await?;
    ctx.say(Reply::markdown("two").in_channel()).await?;
    Ok("three")
}

#[on_command("/chat")]
async fn says_much(ctx: Context) -> Result<&'static str> {
    for number in 1..=6 {
        ctx.say(format!("number {number}")).await?;
    }
    ctx.say(Reply::markdown("for all").in_channel()).await?;
    Ok("done")
}

#[on_command("/long")]
async fn long() -> String {
    format!("```\n{}```", "let x = 1;\n".repeat(1_000))
}

#[on_command("/where")]
async fn place(channel: Channel, user: User) -> String {
    format!("{user} in {channel}: {:?}", channel.kind)
}

#[tokio::test]
async fn a_command_is_answered_in_its_response() {
    let bot = TestBot::start(App::empty().handlers(handlers![add, announce, silent])).await;
    let alice = bot.person("alice");
    alice.types("/add 1 2 3").await.answered("= 6").privately().acknowledged_within(Duration::from_secs(3));
    let aloud = alice.types("/announce *hear* & <see>").await;
    aloud.answered("*hear* & <see>").outside_threads();
    assert_eq!(aloud.messages()[0].ephemeral_to, None);
    alice.types("/silent").await.unanswered();
    alice.types("/add 1 two").await.said("“two” cannot be `numbers`").privately();
    assert_eq!(bot.workspace().calls().iter().filter(|call| call.method != "auth.test").count(), 0);
}

#[tokio::test]
async fn an_answer_after_two_and_a_half_seconds_goes_to_the_address_of_the_command() {
    for (command, answer, seen_by_all) in [
        ("/wait", "at last", false),
        ("/wait aloud", "at last, all of you", true),
        ("/wait fail", "Sorry, something went wrong on my side.", false),
    ] {
        let (gate, clock) = (Gate::default(), manual_clock());
        let app = App::empty().handlers(handlers![wait, wait_aloud, wait_and_fail]).state(gate.clone());
        let bot = TestBot::builder().clock(clock.clone()).start(app).await;
        let general = bot.workspace().channel("general");
        bot.workspace().person("alice").command(&general, command).unwrap();
        gate.reached.notified().await;
        clock.advance(Duration::from_millis(2_499));
        yield_often().await;
        assert_eq!(bot.workspace().deliveries().len(), 0, "the answer may still come");
        clock.advance(Duration::from_millis(1));
        bot.workspace().quiet().await;
        let acknowledged = bot.workspace().deliveries().pop().unwrap();
        assert_eq!((acknowledged.status, acknowledged.body.as_str()), (Some(200), ""));
        assert_eq!(shown(&bot), [""; 0]);
        gate.open.notify_one();
        let said = said(&bot, 1).await;
        assert!(said[0].shown().starts_with(answer), "{said:?}");
        assert_eq!(said[0].ephemeral_to.is_none(), seen_by_all, "{command}");
        assert_eq!(calls(&bot, "response_url"), 1);
    }
}

#[tokio::test]
async fn a_late_answer_that_the_platform_wants_later_comes_later() {
    let (gate, clock) = (Gate::default(), manual_clock());
    let app = App::empty().handlers(handlers![wait]).state(gate.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    bot.workspace().fail(Fault::rate_limited(7).on("response_url"));
    let general = bot.workspace().channel("general");
    bot.workspace().person("alice").command(&general, "/wait").unwrap();
    gate.reached.notified().await;
    clock.advance(Duration::from_secs(3));
    bot.workspace().quiet().await;
    gate.open.notify_one();
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["at last"]);
    let posts = times(&bot, "response_url");
    assert!(posts.len() == 2 && posts[1].since(posts[0]) >= Duration::from_secs(7), "{posts:?}");
}

#[tokio::test]
async fn an_answer_of_no_use_any_more_is_not_sent() {
    let (gate, clock) = (Gate::default(), manual_clock());
    let app = App::empty().handlers(handlers![wait]).state(gate.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    let general = bot.workspace().channel("general");
    bot.workspace().person("alice").command(&general, "/wait").unwrap();
    gate.reached.notified().await;
    clock.advance(Duration::from_secs(3));
    bot.workspace().quiet().await;
    clock.advance(Duration::from_secs(30 * 60));
    gate.open.notify_one();
    bot.bot().idle().await;
    assert_eq!(calls(&bot, "response_url"), 0);
    assert_eq!(shown(&bot), [""; 0]);
}

#[tokio::test]
async fn what_is_said_before_the_answer_is_said_at_once() {
    let bot = TestBot::start(App::empty().handlers(handlers![says_before])).await;
    let heard = bot.person("alice").types("/say").await;
    let seen: Vec<_> =
        heard.messages().iter().map(|message| (message.shown(), message.ephemeral_to.is_some())).collect();
    assert_eq!(seen, [("one", true), ("two", false), ("three", true)]);
}

#[tokio::test]
async fn what_is_said_when_the_address_of_a_command_is_used_up_is_a_message() {
    let bot = TestBot::start(App::empty().handlers(handlers![says_much])).await;
    let heard = bot.person("alice").types("/chat").await;
    let said: Vec<_> =
        heard.messages().iter().map(|message| (message.shown(), message.ephemeral_to.is_some())).collect();
    let private = |text| (text, true);
    let numbers = ["number 1", "number 2", "number 3", "number 4", "number 5", "number 6"].map(private);
    assert_eq!(said, [&numbers[..], &[("for all", false), private("done")]].concat());
    assert_eq!((calls(&bot, "response_url"), calls(&bot, "chat.postEphemeral")), (5, 1));
}

#[tokio::test]
async fn a_late_answer_without_an_address_stays_between_two() {
    let (gate, clock) = (Gate::default(), manual_clock());
    let app = App::empty().handlers(handlers![wait]).state(gate.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    let (alice, general) = (bot.workspace().person("alice"), bot.workspace().channel("general"));
    let body = format!(
        "command=%2Fwait&user_id={}&channel_id={}&channel_name=general&team_id=T1&trigger_id=1.2",
        alice.id(),
        general.id()
    );
    let answered = deliver_at(&bot, NOW, FORM, body.as_bytes());
    let waiting = async {
        gate.reached.notified().await;
        clock.advance(Duration::from_secs(3));
    };
    assert_eq!(futures_util::future::join(answered, waiting).await.0.status, 200);
    gate.open.notify_one();
    let said = said(&bot, 1).await;
    assert_eq!((said[0].shown(), said[0].ephemeral_to.as_ref()), ("at last", Some(alice.id())));
}

#[tokio::test]
async fn a_command_that_nobody_takes_is_told_so() {
    let builder = TestBot::builder().language(Language::French);
    let bot = builder.start(App::empty().handlers(handlers![add, wait_aloud]).state(Gate::default())).await;
    let alice = bot.person("alice");
    alice.types("/nothing").await.answered("Je ne connais pas `/nothing`.").privately();
    alice.types("/wait quietly").await.answered("Usage : `/wait aloud`").privately();
    alice.types("/ADD 1").await.answered("= 1");
}

#[tokio::test]
async fn a_command_works_where_the_bot_is_no_member_and_in_direct_messages() {
    let bot = TestBot::start(App::empty().handlers(handlers![place])).await;
    let _ = bot.workspace().channel("cellar").without_bot();
    let alice = bot.person("alice");
    alice.types("/where").await.answered("@alice in #general: Some(Channel)");
    let alice = alice.in_channel("cellar");
    alice.types("/where").await.answered("@alice in #cellar: Some(Channel)");
    let direct = bot.workspace().person("alice").direct();
    bot.workspace().person("alice").command(&direct, "/where").unwrap();
    bot.settle().await;
    assert!(shown(&bot).pop().unwrap().contains("Some(Direct)"), "{:?}", shown(&bot));
}

#[tokio::test]
async fn a_command_that_is_delivered_again_runs_once() {
    let bot = TestBot::start(App::empty().handlers(handlers![add])).await;
    let body = "command=%2Fadd&text=1+1&user_id=U1&channel_id=C1&team_id=T1&trigger_id=1.2.abc";
    let mut answers = Vec::new();
    for _ in 0..3 {
        let answer = deliver(&bot, FORM, body.as_bytes()).await;
        assert_eq!(answer.status, 200);
        answers.push(answer.body);
    }
    assert!(answers[0].contains("= 2"), "{answers:?}");
    assert_eq!(answers[1..], ["", ""]);
    let other = body.replace("abc", "abd");
    assert!(deliver(&bot, FORM, other.as_bytes()).await.body.contains("= 2"));
}

#[tokio::test]
async fn a_long_answer_in_the_response_is_one_message_and_whole() {
    let bot = TestBot::start(App::empty().handlers(handlers![long])).await;
    let heard = bot.person("alice").types("/long").await;
    let text = &heard.messages()[0].text;
    assert_eq!(heard.messages().len(), 1);
    assert_eq!(text, &format!("```\n{}```", "let x = 1;\n".repeat(1_000)));
}
