//! What is wrong with a setting, and what to write instead.

use std::{fmt, io, path::Path};

use super::Environment;
use crate::{sentence::Sentence, slack::client::Said};

/// A setting that is missing or cannot be used: what is wrong and the one next step. Never shows a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// One, or several that are told together.
    told: Vec<Sentence>,
}

impl SettingProblem {
    /// What is wrong with a setting and the one next step, in English and in French. Both name the setting, and show no
    /// secret.
    #[must_use]
    pub fn new(english: impl Into<String>, french: impl Into<String>) -> Self {
        Self { told: vec![Sentence::new(english, french)] }
    }

    /// The setting is not understood; it is not shown, for it may be a secret. What is expected is told in English and in
    /// French, as it stands behind "write": `("how many notes are kept, as 100", "combien de notes sont gardées, …")`.
    #[must_use]
    pub fn malformed(name: &str, (english, french): (&str, &str)) -> Self {
        Self::new(
            format!("{name} is not understood. Write {english}."),
            format!("{name} n’est pas compris. Valeur attendue : {french}."),
        )
    }

    /// The sentence in French; a line for each of several.
    #[must_use]
    pub fn in_french(&self) -> String {
        self.lines(|told| &told.french)
    }

    fn lines(&self, text: fn(&Sentence) -> &String) -> String {
        self.told.iter().map(|told| text(told).as_str()).collect::<Vec<_>>().join("\n")
    }

    /// These are missing, and how to do without them.
    pub(super) fn missing(names: &[&str], environment: &Environment) -> Self {
        let mut problems: Vec<Self> = names.iter().map(|name| Self::missing_one(name, environment)).collect();
        problems.push(Self::without_platform());
        Self::together(&problems)
    }

    #[cfg(feature = "playground")]
    fn without_platform() -> Self {
        Self::new(
            "To try the bot without Slack, start it without `serve` and without any SLACK_* variable.",
            "Pour essayer le bot sans Slack, lancez-le sans `serve` et sans aucune variable SLACK_*.",
        )
    }

    #[cfg(not(feature = "playground"))]
    fn without_platform() -> Self {
        Self::new(
            "To try the bot without Slack, turn the feature `playground` of bavard on, as `cargo run -F \
             bavard/playground`, and start it without `serve`.",
            "Pour essayer le bot sans Slack, activez la fonctionnalité `playground` de bavard, comme `cargo run -F \
             bavard/playground`, et lancez-le sans `serve`.",
        )
    }

    pub(crate) fn missing_one(name: &str, environment: &Environment) -> Self {
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
        let file = environment.file().display();
        Self::new(
            format!(
                "{name} is missing.{} Copy it from the app's settings, {place}, into the environment or {file}.",
                socket.0
            ),
            format!(
                "{name} manque.{} Copiez-le depuis les réglages de l'application, {place}, dans l'environnement ou \
                 dans {file}.",
                socket.1
            ),
        )
    }

    /// Several, told together.
    pub(super) fn together(problems: &[Self]) -> Self {
        Self { told: problems.iter().flat_map(|problem| &problem.told).cloned().collect() }
    }

    pub(super) fn unreadable(name: &str, file: &str, error: &io::Error) -> Self {
        Self::new(
            format!("{name}_FILE names {file}, which cannot be read: {error}. Check the path and its rights."),
            format!("{name}_FILE désigne {file}, qui ne peut pas être lu : {error}. Vérifiez le chemin et ses droits."),
        )
    }

    pub(super) fn no_file(file: &Path) -> Self {
        let file = file.display();
        Self::new(
            format!("there is no file {file}. Check the path given to --env-file."),
            format!("le fichier {file} n'existe pas. Vérifiez le chemin donné à --env-file."),
        )
    }

    /// A file with settings that cannot be read at all.
    pub(super) fn unreadable_file(file: &Path, error: &io::Error) -> Self {
        let file = file.display();
        Self::new(
            format!("{file} cannot be read: {error}. Mend the file."),
            format!("{file} est illisible : {error}. Corrigez le fichier."),
        )
    }

    /// A file with a line that is no setting. The line itself may hold a secret.
    pub(super) fn malformed_line(file: &Path, line: usize) -> Self {
        let file = file.display();
        Self::new(
            format!(
                "{file} cannot be read: line {line} is not of the form NAME=value. Mend the file; a value \
                 with blanks stands between quotes, and a token has none."
            ),
            format!(
                "{file} est illisible : la ligne {line} n'est pas de la forme NOM=valeur. Corrigez le fichier ; une \
                 valeur qui contient des espaces s'écrit entre guillemets, et un jeton n'en contient pas."
            ),
        )
    }

    pub(super) fn said(said: Said) -> Self {
        Self::new(said.to_string(), said.in_french())
    }

    /// Each of several by itself.
    pub(crate) fn each(&self) -> &[Sentence] {
        &self.told
    }
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines(|told| &told.english))
    }
}

impl fmt::Debug for SettingProblem {
    /// The sentence itself: it is what `unwrap` prints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SettingProblem {}
