use bavard::*;

use std::rc::Rc;

#[on_mention("a")]
async fn count() {
    let count = Rc::new(1);
    std::future::ready(()).await;
    drop(count);
}

fn main() {}
