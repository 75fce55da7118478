use bavard::*;

#[on_schedule("@daily", timezone = "Central European Time", catch_up = "3d")]
async fn values() {}

#[on_schedule("@daily", timezone = UTC, catch_up = 3600)]
async fn forms() {}

#[on_schedule("@daily", cooldown = "1h", priority = 1, channel = "#general")]
async fn misplaced() {}

#[on_mention("now", timezone = "UTC")]
async fn elsewhere() {}

fn main() {}
