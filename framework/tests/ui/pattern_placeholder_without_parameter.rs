use bavard::*;

#[on_mention("deploy {service} to {env?}", "mets {service} en {env?} {rest..}")]
async fn deploy(ctx: Context) -> String {
    format!("{ctx:?}")
}

fn main() {}
