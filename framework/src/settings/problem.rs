//! What is wrong with a setting, and what to write instead.

use std::{fmt, io, path::Path};

use super::Environment;
use crate::slack::client::Said;

/// A setting that is missing or cannot be used: what is wrong and the one next step. Never shows a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingProblem {
    english: String,
    french: String,
}

impl SettingProblem {
    /// The sentence in French.
    #[must_use]
    pub fn in_french(&self) -> &str {
        &self.french
    }

    /// These are missing, and how to do without them.
    pub(super) fn missing(names: &[&str], environment: &Environment) -> Self {
        let mut problems: Vec<Self> = names.iter().map(|name| Self::missing_one(name, environment)).collect();
        problems.push(Self::new(
            "To try the bot without Slack, start it without `serve` and without any SLACK_* variable.",
            "Pour essayer le bot sans Slack, lancez-le sans `serve` et sans aucune variable SLACK_*.",
        ));
        Self::together(&problems)
    }

    fn missing_one(name: &str, environment: &Environment) -> Self {
        let place = match name {
            "SLACK_BOT_TOKEN" => "OAuth & Permissions › Bot User OAuth Token (xoxb-…)",
            _ => "Basic Information › App Credentials › Signing Secret",
        };
        // Socket Mode would do without a signing secret, and somebody who set its token expects it.
        let socket = if name == "SLACK_SIGNING_SECRET" && environment.is_set("SLACK_APP_TOKEN") {
            (
                " SLACK_APP_TOKEN alone is not enough: this version serves over HTTP.",
                " SLACK_APP_TOKEN seul ne suffit pas : cette version fonctionne par HTTP.",
            )
        } else {
            ("", "")
        };
        Self {
            english: format!(
                "{name} is missing.{} Copy it from the app's settings, {place}, into the environment or .env.",
                socket.0
            ),
            french: format!(
                "{name} manque.{} Copiez-le depuis les réglages de l'application, {place}, dans l'environnement ou \
                 dans .env.",
                socket.1
            ),
        }
    }

    /// Several, a line for each.
    pub(super) fn together(problems: &[Self]) -> Self {
        let lines = |text: fn(&Self) -> &str| problems.iter().map(text).collect::<Vec<_>>().join("\n");
        Self { english: lines(|problem| &problem.english), french: lines(|problem| &problem.french) }
    }

    pub(super) fn malformed(name: &str, expected: &str) -> Self {
        Self {
            english: format!("{name} cannot be read. Write {expected}."),
            french: format!("{name} est illisible. Valeur attendue : {expected}."),
        }
    }

    pub(super) fn unreadable(name: &str, file: &str, error: &io::Error) -> Self {
        Self {
            english: format!("{name}_FILE names {file}, which cannot be read: {error}. Check the path and its rights."),
            french: format!(
                "{name}_FILE désigne {file}, qui ne peut pas être lu : {error}. Vérifiez le chemin et ses droits."
            ),
        }
    }

    pub(super) fn no_file(file: &Path) -> Self {
        let file = file.display();
        Self {
            english: format!("there is no file {file}. Check the path given to --env-file."),
            french: format!("le fichier {file} n'existe pas. Vérifiez le chemin donné à --env-file."),
        }
    }

    pub(super) fn malformed_file(file: &Path, error: &dotenvy::Error) -> Self {
        let file = file.display();
        // The error of a malformed line quotes the line, which may hold a secret.
        let why = match error {
            dotenvy::Error::Io(error) => error.to_string(),
            _ => "a line is not of the form NAME=value".to_owned(),
        };
        Self {
            english: format!("{file} cannot be read: {why}. Mend the file."),
            french: format!("{file} est illisible : {why}. Corrigez le fichier."),
        }
    }

    pub(super) fn said(said: Said) -> Self {
        Self { english: said.to_string(), french: said.in_french().to_owned() }
    }

    pub(crate) fn new(english: impl Into<String>, french: impl Into<String>) -> Self {
        Self { english: english.into(), french: french.into() }
    }
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl std::error::Error for SettingProblem {}
