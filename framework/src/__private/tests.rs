//! Handlers as the attributes write them, run for a call.

use std::sync::{Arc, OnceLock, atomic::AtomicU32};

use bytes::Bytes;
use futures_util::FutureExt;

use super::{Call, Checks, Context, Handler, HandlerResult, Recorded, check};
use crate::{
    clock::Timestamp,
    error::{Error, Result},
    event::{Event, Kind, Message, Place, PlaceKind, Raw, Retry, Text},
    handler::{Failure, HelpBook, Kept, Onces, State, States, Surroundings, User},
    handlers,
    id::{AppId, ChannelId, EventId, MessageId, TeamId, UserId},
    language::Language,
    reply::Body,
    storage::Storage,
};

#[bavard::on_mention("deploy {service} {env?}")]
async fn deploy(user: User, service: String, env: Option<u8>, version: State<&'static str>) -> String {
    std::future::ready(()).await;
    format!("{} {service} {env:?} {}", user.id, *version)
}

#[bavard::on_dm("add {numbers..}")]
#[bavard::on_dm("add")]
fn add(numbers: Vec<u32>) -> Option<String> {
    let sum: u32 = numbers.iter().sum();
    (sum > 0).then(|| sum.to_string())
}

#[bavard::on_mention("say {words..}")]
async fn say(words: Text) -> Result<Text, String> {
    if words.as_str().is_empty() { Err("nothing to say".to_owned()) } else { Ok(words) }
}

#[bavard::on_event("team_join")]
async fn observe(ctx: Context) -> Result<()> {
    ctx.state::<&'static str>().map(drop).ok_or_else(|| Error::new("no state"))
}

fn surroundings(handler: &'static Handler) -> Context {
    let message = Message {
        id: MessageId::new("1.0"),
        place: Place { channel: ChannelId::new("C1"), kind: PlaceKind::Channel },
        user: Some(UserId::new("U1")),
        text: Text::plain("…"),
        thread: None,
        addressed: true,
    };
    let event = Event {
        id: EventId::new("Ev1"),
        app: AppId::new("A1"),
        team: TeamId::new("T1"),
        bot: None,
        name: Arc::from("app_mention"),
        kind: Kind::Message(message),
        received: Timestamp::default(),
        retry: Retry::default(),
        raw: Raw::new(Bytes::new()),
    };
    let mut states = States::default();
    states.insert("v1");
    Context::new(Surroundings {
        event: Arc::new(event),
        handler,
        usage: None,
        default_language: Language::English,
        states: Arc::new(states),
        help: Arc::new(HelpBook::default()),
        failure: None::<Arc<Failure>>,
        outlet: Arc::new(|_| Box::pin(async { Err(Error::new("nobody listens")) })),
        spoken: AtomicU32::new(0),
        kept: Kept {
            of_bot: Storage::in_memory(),
            before: Vec::new(),
            of_run: OnceLock::new(),
            onces: Onces::new(handler.path.into()),
        },
    })
}

/// What the handler answers when these words stand at its placeholders.
fn run<H: Recorded>(arguments: &[(&str, &str)]) -> HandlerResult<Option<String>> {
    let arguments = arguments.iter().map(|(name, text)| (Arc::from(*name), Text::plain(*text)));
    let call = Call::new(surroundings(H::HANDLER), arguments.collect());
    let answer = (H::HANDLER.run)(call).now_or_never().expect("nothing to wait for")?;
    Ok(answer.map(|reply| match reply.body {
        Body::Markdown(text) => text,
        Body::Verbatim(text) => text.as_str().to_owned(),
    }))
}

#[test]
fn parameters_are_taken_from_the_call() {
    assert_eq!(run::<deploy>(&[("service", "api"), ("env", "3")]).unwrap().as_deref(), Some("U1 api Some(3) v1"));
    assert_eq!(run::<deploy>(&[("service", "api")]).unwrap().as_deref(), Some("U1 api None v1"));
}

#[test]
fn an_argument_of_another_type_is_told_and_the_function_not_run() {
    let error = run::<deploy>(&[("service", "api"), ("env", "many")]).unwrap_err();
    assert_eq!(error.told(), Some("“many” cannot be `env`: it should be a whole number from 0 to 255."));
    let error = run::<deploy>(&[]).unwrap_err();
    assert_eq!(error.told(), Some("`service` is missing: some text."));
}

#[test]
fn the_rest_is_taken_whole_or_word_by_word() {
    assert_eq!(run::<add>(&[("numbers", "1 2  39")]).unwrap().as_deref(), Some("42"));
    assert_eq!(run::<add>(&[]).unwrap(), None);
    assert_eq!(run::<say>(&[("words", "one  two")]).unwrap().as_deref(), Some("one  two"));
    assert_eq!(run::<say>(&[]).unwrap_err().to_string(), "nothing to say");
}

#[test]
fn an_observer_says_nothing() {
    assert_eq!(run::<observe>(&[]).unwrap(), None);
}

fn checked<Marker, C: Checks<Marker>>(verdict: C) -> Result<(), Option<String>> {
    let [handler] = handlers![observe] else { panic!("one handler") };
    let outcome = check(verdict, surroundings(handler)).now_or_never().expect("nothing to wait for");
    outcome.map_err(|error| error.told().map(str::to_owned))
}

#[test]
fn a_check_may_be_sync_or_async_and_say_why_not() {
    assert_eq!(checked(|_: Context| true), Ok(()));
    assert_eq!(checked(|_: Context| false), Err(Some("You may not use this.".to_owned())));
    assert_eq!(checked(async |_: Context| true), Ok(()));
    assert_eq!(
        checked(async |_: Context| Err::<(), _>(Error::tell("On Mondays only."))),
        Err(Some("On Mondays only.".to_owned()))
    );
}
