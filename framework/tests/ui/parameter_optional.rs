use bavard::*;

#[on_mention("deploy {service} {env?}")]
async fn must_be_optional(service: String, env: String) -> String {
    service + &env
}

#[on_mention("deploy {service}")]
async fn is_always_there(service: Option<String>) -> Option<String> {
    service
}

#[on_mention("deploy {service}")]
#[on_dm]
async fn is_absent_from_one(service: String) -> String {
    service
}

#[on_mention("say {words..}", "say")]
async fn rest_is_absent_from_one(words: String) -> String {
    words
}

#[on_mention("deploy {service}")]
async fn is_one_word(service: Vec<String>) -> String {
    service.concat()
}

fn main() {}
