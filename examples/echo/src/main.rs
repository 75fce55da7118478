//! A bot that says back what it is told, as it came.
//!
//! `cargo run -p echo -- chat "echo hello"`

use bavard::prelude::*;

/// Says it back.
#[help(fr = "Répète.")]
#[on_mention("echo {text..}")]
#[on_dm("echo {text..}")]
async fn echo(text: Text) -> Text {
    text
}

#[bavard::main]
fn bot() -> App {
    App::new("echo")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handlers_are_in_order() {
        bot().check().unwrap();
    }
}
