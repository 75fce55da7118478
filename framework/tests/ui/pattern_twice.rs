use bavard::*;

#[on_mention("deploy {service}", "Deploy  {service}")]
#[on_dm("deploy {service}")]
#[on_dm("deploy {service}")]
async fn deploy(service: String) -> String {
    service
}

#[on_dm]
#[on_dm]
async fn answer() {}

fn main() {}
