//! The attributes: what they leave beside a function.

use bavard::{Context, Text, User, handlers, on_dm, on_mention};

/// Says hello.
#[on_mention("hello {name}", "bonjour {name}")]
#[help(fr = "Dit bonjour.")]
async fn hello(ctx: Context, name: String) -> String {
    drop(ctx);
    format!("Hello, {name}!")
}

#[on_dm]
fn answer(text: Text, _: User) -> Text {
    text
}

#[test]
fn first() {
    let [hello, answer] = handlers![hello, answer] else { panic!() };
    assert_eq!(hello.doc, "Says hello.");
    assert_eq!(answer.parameters.len(), 2);
}
