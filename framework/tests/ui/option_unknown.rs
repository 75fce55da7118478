use bavard::*;

async fn ops_only(_: Context) -> bool {
    true
}

#[on_mention("deploy", chek = ops_only)]
async fn near() {}

#[on_dm("deploy", quickly)]
async fn far() {}

fn main() {}
