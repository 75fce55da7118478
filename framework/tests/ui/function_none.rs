use bavard::*;

#[on_mention("hello")]
struct Hello;

#[on_mention("hello")]
const HELLO: &str = "hello";

fn main() {}
