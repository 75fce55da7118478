//! StudiPublicWebsite answers questions about the public website of Studi, an online school, with its sources.
//!
//! `cargo run -p studi-public-website-bot` starts it; `cargo run -p studi-public-website-bot -- chat "combien coûte le
//! bachelor ?"` asks it once. Without `SITE_URL` it answers from the site of a school that does not exist.

mod crawling;
mod dialogue;
mod handlers;
mod remark;
mod render;
mod sample;
mod settings;
mod shelf;
#[cfg(test)]
mod tests;
mod website;
mod words;

use bavard::prelude::*;

use website::Website;

#[bavard::main]
fn bot() -> App {
    let app = App::new("studi-public-website").port(8302).admin_port(9302).events_path("/twilio/events");
    settings::declared(app).state_from(Website::open)
}
