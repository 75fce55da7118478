//! Whatever the platform sends is acknowledged: recorded payloads, and what becomes of them when their fields change.

mod mutation;
mod recorded;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bavard::{prelude::*, testing::TestBot};
use serde_json::{Value, json};

use crate::support::{Answer, FORM, JSON, deliver};

/// How many handlers ran.
#[derive(Clone, Debug, Default)]
struct Ran(Arc<AtomicUsize>);

impl Ran {
    fn one(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[on_mention]
async fn any_mention(ran: State<Ran>, text: Text, user: User, thread: Thread) -> String {
    ran.one();
    format!("{user} {text} {}", thread.root)
}

#[on_dm]
async fn any_direct_message(ran: State<Ran>, text: Text) -> Reply {
    ran.one();
    Reply::verbatim(text)
}

#[on_message]
async fn any_message(ran: State<Ran>, message: Message, channel: Channel) -> String {
    ran.one();
    format!("{channel} {}", message.text)
}

#[on_reaction]
async fn any_reaction(ran: State<Ran>, reaction: Reaction, user: User) -> String {
    ran.one();
    format!("{user} {}", reaction.base())
}

#[on_command("/hello")]
#[on_command("/weather {place?}")]
async fn command(ran: State<Ran>, command: Command, place: Option<Text>) -> String {
    ran.one();
    format!("{} {} {}", command.name, command.text, place.unwrap_or_else(|| Text::plain("")))
}

#[on_event(
    "message",
    "app_mention",
    "app_home_opened",
    "member_joined_channel",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "channel_created",
    "link_shared",
    "function_executed",
    "block_actions",
    "view_submission",
    "shortcut",
    "tokens_revoked",
    "user_change"
)]
async fn observe(ran: State<Ran>, raw: Raw, retry: Retry) -> Result<()> {
    ran.one();
    drop(retry);
    raw.json::<Value>()?;
    Ok(())
}

/// A bot that is for everything. It has no scope to answer: that is not what is asked here.
async fn bot(ran: &Ran) -> TestBot {
    let handlers = handlers![any_mention, any_direct_message, any_message, any_reaction, command, observe];
    let bot = TestBot::builder().scopes(["commands"]).start(App::empty().handlers(handlers).state(ran.clone())).await;
    bot.workspace().fail(bavard::workspace::Fault::error("channel_not_found").on("chat.postMessage").always());
    bot
}

/// A payload, as it travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// The body itself.
    Envelope,
    /// An inner event in an envelope.
    Inner,
    /// `payload=…`.
    Interaction,
    /// Fields of a form.
    Fields,
}

impl Form {
    fn body(self, payload: &Value, number: usize) -> (&'static str, Vec<u8>) {
        let form = |pairs: Vec<(String, String)>| {
            let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            (FORM, form.into_bytes())
        };
        match self {
            Self::Envelope => (JSON, payload.to_string().into_bytes()),
            Self::Inner => {
                let envelope = json!({
                    "type": "event_callback", "team_id": "T111", "api_app_id": "A111",
                    "event_id": format!("Ev{number}"), "authorizations": [{"user_id": "UBOT", "is_bot": true}],
                    "event": payload,
                });
                (JSON, envelope.to_string().into_bytes())
            }
            Self::Interaction => form(vec![("payload".to_owned(), payload.to_string())]),
            Self::Fields => {
                let fields = payload.as_object().cloned().unwrap_or_default();
                form(fields.into_iter().map(|(name, value)| (name, text(&value))).collect())
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Posts a payload, signed.
async fn send(bot: &TestBot, form: Form, payload: &Value, number: usize) -> Answer {
    let (content_type, body) = form.body(payload, number);
    deliver(bot, content_type, &body).await
}
