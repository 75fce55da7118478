use bavard::*;

#[on_mention("a")]
async fn generic<T: FromCall>(value: T) {
    drop(value);
}

#[on_mention("b")]
async fn sized<const N: usize>() {}

#[on_mention("c")]
async fn lifetime<'a>() {}

#[on_mention("d")]
async fn bounded() where String: Clone {}

#[on_mention("e")]
const fn constant() {}

#[on_mention("f")]
unsafe fn dangerous() {}

#[on_mention("g")]
extern "C" fn foreign() {}

fn main() {}
