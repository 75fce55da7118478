//! What handlers need of the platform: scopes, events and commands, each with those that need it.

use std::collections::BTreeMap;

use crate::{
    handler::{Handler, Matching, On, Trigger, shown},
    route::Audience,
    slack::events,
};

/// What all handlers need, by name, with the handlers that need it.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    /// Scopes of the bot's token.
    pub(crate) scopes: Needed,
    /// Events that the app subscribes to.
    pub(crate) events: Needed,
    /// Slash commands, as `/deploy`.
    pub(crate) commands: BTreeMap<String, Command>,
    /// Buttons, forms and shortcuts.
    pub(crate) interactivity: Vec<&'static Handler>,
}

/// Who needs what.
pub(crate) type Needed = BTreeMap<String, Vec<&'static Handler>>;

/// A slash command.
#[derive(Debug)]
pub(crate) struct Command {
    /// The handler that takes most of what is written behind it, in whose words it is described.
    pub(crate) handler: &'static Handler,
    /// How many words of its pattern stand as they are.
    fixed: usize,
    /// What may be written behind it, by each of its handlers.
    pub(crate) usages: Vec<String>,
}

/// What people do with messages and forms comes to the address of interactivity, under these names.
const INTERACTIONS: [&str; 8] = [
    "block_actions",
    "block_suggestion",
    "interactive_message",
    "message_action",
    "shortcut",
    "view_closed",
    "view_submission",
    "workflow_step_edit",
];

/// The kinds of conversation in which something is said: the event, and the scope that lets the bot hear it. bavard
/// itself reads them, to look whether an answer has arrived, and to tell a handler what was said before: to hear all that
/// is said is not needed for either.
const CHANNELS: (&str, &str) = ("message.channels", "channels:history");
const PRIVATE: (&str, &str) = ("message.groups", "groups:history");
const DIRECT: (&str, &str) = ("message.im", "im:history");

impl Needs {
    pub(crate) fn of(handlers: &[&'static Handler]) -> Self {
        let mut needs = Self::default();
        for handler in handlers {
            handler.triggers.iter().for_each(|trigger| needs.add(handler, trigger));
            handler.scopes.iter().for_each(|scope| needs.scope(scope, handler));
        }
        needs
    }

    fn add(&mut self, handler: &'static Handler, trigger: &Trigger) {
        let in_channels = trigger.only != Some(Audience::Dm);
        let in_direct = trigger.only != Some(Audience::Channel) && trigger.channel.is_none();
        match (trigger.on, trigger.matching) {
            (On::Mention | On::Unhandled, _) => {
                if in_channels {
                    self.event("app_mention", "app_mentions:read", handler);
                    self.scope(CHANNELS.1, handler);
                }
                if in_direct {
                    self.event(DIRECT.0, DIRECT.1, handler);
                }
            }
            (On::Dm, _) => self.event(DIRECT.0, DIRECT.1, handler),
            (On::Message, _) => {
                if in_channels {
                    self.event(CHANNELS.0, CHANNELS.1, handler);
                    // Whoever asks for the scope hears private channels too.
                    if handler.scopes.contains(&PRIVATE.1) {
                        self.event(PRIVATE.0, PRIVATE.1, handler);
                    }
                }
                if in_direct && trigger.only == Some(Audience::Dm) {
                    self.event(DIRECT.0, DIRECT.1, handler);
                }
            }
            (On::Command, Matching::Words(pattern)) => self.command(pattern, handler),
            (On::Reaction, _) => self.event("reaction_added", "reactions:read", handler),
            (On::Event, Matching::Name(name)) => return self.named(name, handler),
            (On::Schedule, _) | (On::Failure | On::Command | On::Event, _) => {}
        }
        // Whoever is asked, answers; a failure is told by whoever failed.
        if trigger.on != On::Failure {
            self.scope("chat:write", handler);
        }
    }

    /// Any event by its name. One that the table does not know is subscribed to as it stands.
    fn named(&mut self, name: &'static str, handler: &'static Handler) {
        if INTERACTIONS.contains(&name) {
            return self.interactivity.push(handler);
        }
        if name == "message" {
            return [CHANNELS, DIRECT].into_iter().for_each(|(event, scope)| self.event(event, scope, handler));
        }
        self.events.entry(name.to_owned()).or_default().push(handler);
        // Any of several will do: what the handler asks for itself goes before the first.
        let mut scopes = events::scopes(name).into_iter().flat_map(|scopes| scopes.split('|'));
        if let Some(first) = scopes.clone().find(|scope| handler.scopes.contains(scope)).or_else(|| scopes.next()) {
            self.scope(first, handler);
        }
    }

    fn command(&mut self, pattern: &str, handler: &'static Handler) {
        let (name, usage) = pattern.split_once(' ').unwrap_or((pattern, ""));
        self.scope("commands", handler);
        let fixed = usage.split_whitespace().filter(|word| !word.starts_with('{')).count();
        let command = Command { handler, fixed, usages: Vec::new() };
        let known = self.commands.entry(name.to_owned()).or_insert(command);
        let is_told = !handler.doc.trim().is_empty();
        if is_told && (known.handler.doc.trim().is_empty() || fixed < known.fixed) {
            (known.handler, known.fixed) = (handler, fixed);
        }
        known.usages.extend(Some(shown(usage.trim())).filter(|usage| !usage.is_empty()));
    }

    fn event(&mut self, event: &str, scope: &str, handler: &'static Handler) {
        add(&mut self.events, event, handler);
        self.scope(scope, handler);
    }

    fn scope(&mut self, scope: &str, handler: &'static Handler) {
        add(&mut self.scopes, scope, handler);
    }
}

fn add(needed: &mut Needed, name: &str, handler: &'static Handler) {
    let by = needed.entry(name.to_owned()).or_default();
    if by.iter().all(|known| known.path != handler.path) {
        by.push(handler);
    }
}
