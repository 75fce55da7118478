use bavard::*;

#[on_command("/deploy {service}")]
async fn thread(service: String, thread: Thread) -> String {
    format!("{service} {thread:?}")
}

#[on_mention("deploy")]
#[on_reaction("rocket")]
async fn text(text: Text) -> Text {
    text
}

#[on_mention("deploy")]
async fn failure(failure: Failure) -> String {
    failure.reference
}

fn main() {}
