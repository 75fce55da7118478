use bavard::*;

#[on_schedule("9:30 * * * 1-5")]
async fn minutes() {}

#[on_schedule("0 9 * *", "0 0 30 FEB *")]
async fn fields() {}

#[on_schedule("0 9 * * 1-5", "0 9 * * MON-FRI,8", timezone = "Europe/Paris")]
async fn weekdays() {}

#[on_schedule]
async fn none() {}

#[on_schedule("@daily", "0 9 * * 1", "0  9 * * 1")]
async fn twice() {}

fn main() {}
