use bavard::*;

#[on_mention("deploy {service}")]
async fn borrowed(_: &Context, service: &str) -> String {
    service.to_owned()
}

#[on_mention("deploy {service}")]
async fn unnamed(service: impl ToString) -> String {
    service.to_string()
}

#[on_mention("deploy")]
async fn apart(User { id }: User) -> String {
    id.to_string()
}

#[on_mention("deploy")]
async fn by_ref(ref user: User) -> String {
    user.to_string()
}

fn main() {}
