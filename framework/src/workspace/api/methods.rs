//! The methods a workspace serves, with the scopes each needs and whether it reads JSON.

use super::{Answer, Args, auth, chat, conversations, reactions, users};
use crate::workspace::state::State;

/// A method of the Web API.
pub(super) struct Method {
    pub(super) name: &'static str,
    /// Whether arguments are read from a JSON body; else they are ignored there, as on the platform.
    pub(super) json: bool,
    pub(super) needs: Needs,
    pub(super) run: fn(&mut State, &Args) -> Answer,
}

/// What a caller must have.
pub(super) enum Needs {
    /// Nothing at all.
    NoToken,
    /// A valid token.
    Token,
    /// This scope.
    Scope(&'static str),
    /// The scope of this suffix for the kind of conversation: `channels:`, `groups:`, `im:`.
    Conversation(&'static str),
    /// Any of these.
    OneOf(&'static [&'static str]),
}

impl Needs {
    /// The scopes of which one at least must be granted; empty: none is needed.
    pub(super) fn accepted(&self) -> Vec<String> {
        match self {
            Self::NoToken | Self::Token => Vec::new(),
            Self::Scope(scope) => vec![(*scope).into()],
            Self::Conversation(suffix) => {
                ["channels", "groups", "im", "mpim"].map(|kind| format!("{kind}:{suffix}")).to_vec()
            }
            Self::OneOf(scopes) => scopes.iter().map(|scope| String::from(*scope)).collect(),
        }
    }
}

const fn method(name: &'static str, json: bool, needs: Needs, run: fn(&mut State, &Args) -> Answer) -> Method {
    Method { name, json, needs, run }
}

pub(super) static METHODS: &[Method] = &[
    method("api.test", true, Needs::NoToken, auth::api_test),
    method("auth.test", true, Needs::Token, auth::auth_test),
    method("oauth.v2.access", false, Needs::NoToken, auth::oauth_access),
    method("bots.info", false, Needs::Scope("users:read"), auth::bots_info),
    method("team.info", true, Needs::Scope("team:read"), auth::team_info),
    method("chat.postMessage", true, Needs::Scope("chat:write"), chat::post_message),
    method("chat.postEphemeral", true, Needs::Scope("chat:write"), chat::post_ephemeral),
    method("chat.update", true, Needs::Scope("chat:write"), chat::update),
    method("chat.delete", true, Needs::Scope("chat:write"), chat::delete),
    method("chat.getPermalink", false, Needs::Token, chat::get_permalink),
    method("conversations.history", true, Needs::Conversation("history"), conversations::history),
    method("conversations.replies", false, Needs::Conversation("history"), conversations::replies),
    method("conversations.info", false, Needs::Conversation("read"), conversations::info),
    method("conversations.list", false, Needs::Conversation("read"), conversations::list),
    method("conversations.members", false, Needs::Conversation("read"), conversations::members),
    method("conversations.open", true, Needs::OneOf(MANAGE), conversations::open),
    method("conversations.join", true, Needs::Scope("channels:join"), conversations::join),
    method("users.conversations", false, Needs::Conversation("read"), conversations::of_user),
    method("users.info", false, Needs::Scope("users:read"), users::info),
    method("users.list", false, Needs::Scope("users:read"), users::list),
    method("reactions.add", true, Needs::Scope("reactions:write"), reactions::add),
    method("reactions.remove", true, Needs::Scope("reactions:write"), reactions::remove),
    method("reactions.get", false, Needs::Scope("reactions:read"), reactions::get),
];

const MANAGE: &[&str] = &["channels:manage", "groups:write", "im:write", "mpim:write"];
