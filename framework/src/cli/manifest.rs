//! `manifest`: what the platform has to know of the app.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::Value;

use super::{FAILED, OK, print, talk};
use crate::{
    app::{App, StartError},
    language::Language,
    manifest::{About, Difference, Manifest},
    settings::{Environment, events_path},
};

/// Print the app's manifest: scopes, events, commands and addresses, as its handlers need them.
#[derive(Debug, Args)]
pub(super) struct Print {
    /// The public address of the bot, as https://bot.example.com: events and commands come there.
    #[arg(long, value_name = "URL", value_parser = address)]
    url: Option<String>,
    /// Print it as YAML in the place of JSON.
    #[arg(long, conflicts_with = "link")]
    yaml: bool,
    /// Print the address of the page that makes an app of it.
    #[arg(long)]
    link: bool,
    /// Compare it with the manifest of an app, as the platform shows it in JSON; ends with 1 if that lacks something.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["yaml", "link"])]
    compare: Option<PathBuf>,
}

impl Print {
    pub(super) fn run(&self, app: &App, environment: &Environment, language: Language) -> Result<u8, StartError> {
        let dispatcher = app.dispatcher()?;
        let events_path = events_path(environment, app.preferences())?;
        let name = &app.preferences().name;
        // The whole address is what the pages of the platform ask for, and may be given too.
        let url = self.url.as_deref().map(|url| url.strip_suffix(&*events_path).unwrap_or(url));
        let about = About { name, url, events_path: &events_path, language };
        let manifest = Manifest::of(dispatcher.handlers(), &about);
        let excesses = manifest.excesses();
        if !excesses.is_empty() {
            let excesses: Vec<_> = excesses.iter().map(ToString::to_string).collect();
            return Ok(failed(&excesses.join("\n")));
        }
        if let Some(file) = &self.compare {
            return Ok(compared(&manifest, file, self.url.is_some(), language));
        }
        if self.url.is_none() {
            talk(language.pick(NO_ADDRESS, NO_ADDRESS_IN_FRENCH));
        }
        print(&match (self.yaml, self.link) {
            (true, _) => manifest.yaml(),
            (_, true) => manifest.link(),
            _ => manifest.json(),
        });
        Ok(OK)
    }
}

const NO_ADDRESS: &str = "No address is in it, and the platform wants one before it delivers events: give --url \
                          https://bot.example.com.";
const NO_ADDRESS_IN_FRENCH: &str = "Aucune adresse n’y figure, et la plateforme en veut une avant de livrer des \
                                    événements : ajoutez --url https://bot.example.com.";

fn compared(manifest: &Manifest, file: &Path, has_address: bool, language: Language) -> u8 {
    let shown = file.display();
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            return failed(&language.pick(
                format!("{shown} cannot be read: {error}. Check the path."),
                format!("{shown} ne peut pas être lu : {error}. Vérifiez le chemin."),
            ));
        }
    };
    let there: Value = match serde_json::from_str(&text) {
        Ok(there) => there,
        Err(error) => {
            return failed(&language.pick(
                format!("{shown} is no JSON: {error}. The page App Manifest of the app shows it as JSON."),
                format!(
                    "{shown} n’est pas du JSON : {error}. La page App Manifest de l’application le montre en JSON."
                ),
            ));
        }
    };
    let differences = manifest.differences(&there);
    differences.iter().for_each(|difference| print(&difference.text(language)));
    if differences.is_empty() {
        print(language.pick("The app has what its handlers need.", "L’application a ce dont elle a besoin."));
    }
    if !has_address {
        talk(language.pick(
            "Addresses were not compared: give --url https://bot.example.com too.",
            "Les adresses n’ont pas été comparées : ajoutez --url https://bot.example.com.",
        ));
    }
    if differences.iter().any(Difference::harms) { FAILED } else { OK }
}

fn failed(why: &str) -> u8 {
    talk(&format!("error: {why}"));
    FAILED
}

/// The platform takes no other than a public one, and calls it by HTTPS.
fn address(text: &str) -> Result<String, String> {
    let told = || "write the public address, as https://bot.example.com".to_owned();
    let url = url::Url::parse(text).map_err(|_| told())?;
    let plain = url.scheme() == "https" && url.has_host() && url.query().is_none() && url.fragment().is_none();
    if plain { Ok(text.trim_end_matches('/').to_owned()) } else { Err(told()) }
}
