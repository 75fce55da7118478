//! What the platform has to know of the app, derived from its handlers: scopes, events, commands, addresses.

mod compare;
mod document;
mod improvements;
mod limits;
mod needs;
mod yaml;

use serde_json::Value;

use self::needs::Needs;
pub(crate) use self::{
    compare::Difference,
    improvements::{Improvement, improvements, unneeded},
    limits::Excess,
};
use crate::{handler::Handler, language::Language};

/// The description of an app, as the platform takes it.
#[derive(Debug)]
pub(crate) struct Manifest {
    needs: Needs,
    document: Value,
}

/// A scope that handlers need, and that a token does not have.
#[derive(Debug)]
pub(crate) struct Lacking {
    pub(crate) scope: String,
    /// Who needs it, the first of them with their places in the source.
    pub(crate) by: String,
}

/// What a token with these scopes does not let handlers do.
pub(crate) fn lacking(handlers: &[&'static Handler], granted: &[String]) -> Vec<Lacking> {
    let scopes = Needs::of(handlers).scopes.into_iter().filter(|(scope, _)| !granted.contains(scope));
    scopes.map(|(scope, by)| Lacking { scope, by: placed(&by) }).collect()
}

/// The first of many handlers, and how many more there are.
fn placed(handlers: &[&'static Handler]) -> String {
    const MOST: usize = 3;
    let mut named: Vec<String> = handlers.iter().take(MOST).map(|handler| handler.placed()).collect();
    named.extend(handlers.len().checked_sub(MOST).filter(|more| *more > 0).map(|more| format!("+{more}")));
    named.join(", ")
}

/// What an app has to be subscribed to, and the commands that it has to have, for these handlers.
pub(crate) fn declared(handlers: &[&'static Handler]) -> Vec<String> {
    let Needs { events, commands, .. } = Needs::of(handlers);
    events.into_keys().chain(commands.into_keys()).collect()
}

/// What is told of the app beside its handlers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) name: &'a str,
    /// The public address under which the platform reaches the bot, as `https://bot.example.com`.
    pub(crate) url: Option<&'a str>,
    pub(crate) events_path: &'a str,
    /// In which the commands are described.
    pub(crate) language: Language,
}

impl Manifest {
    /// The manifest of an app with these handlers.
    pub(crate) fn of(handlers: &[&'static Handler], about: &About<'_>) -> Self {
        let needs = Needs::of(handlers);
        Self { document: document::of(&needs, about), needs }
    }

    /// What the platform does not take, each with its place in the source.
    pub(crate) fn excesses(&self) -> Vec<Excess> {
        limits::excesses(&self.needs, &self.document)
    }

    /// What another manifest of the app, as the platform gives it, lacks or has more.
    pub(crate) fn differences(&self, other: &Value) -> Vec<Difference> {
        compare::differences(&self.needs, &self.document, other)
    }

    /// As JSON, line by line.
    pub(crate) fn json(&self) -> String {
        format!("{:#}", self.document)
    }

    /// As YAML.
    pub(crate) fn yaml(&self) -> String {
        yaml::write(&self.document)
    }

    /// The address of the page on which the platform makes an app of it.
    pub(crate) fn link(&self) -> String {
        let manifest: String = url::form_urlencoded::byte_serialize(self.document.to_string().as_bytes()).collect();
        // What is no form may not read this as a space.
        let manifest = manifest.replace('+', "%20");
        format!("https://api.slack.com/apps?new_app=1&manifest_json={manifest}")
    }
}

#[cfg(test)]
mod tests;
