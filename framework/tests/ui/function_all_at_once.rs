use bavard::*;

#[on_mention("deploy {service} {env}", chek = ops_only, cooldown = "10")]
#[on_dm("{x..} y")]
unsafe fn deploy<T>(service: &str) -> String {
    service.to_owned()
}

fn others_are_not_disturbed() -> usize {
    let _ = unsafe { deploy::<u8>("api") };
    handlers![deploy].len()
}

fn main() {}
