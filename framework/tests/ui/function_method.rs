use bavard::*;

struct Bot;

impl Bot {
    #[on_mention("hello")]
    async fn hello(&self) -> &'static str {
        "hello"
    }

    #[on_mention("bye")]
    async fn bye() -> &'static str {
        "bye"
    }
}

fn main() {}
