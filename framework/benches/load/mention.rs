//! The event that is delivered: a mention in a channel, as the platform writes it.

pub(crate) const BOT: &str = "U0BOT00001";

/// What is said to the bot in the event of this number, encoded as the platform does, behind its mention and `echo`.
pub(crate) fn words(number: usize) -> String {
    format!("{number} the build of the web shop is green &amp; deployed, thanks to <@U0OTHER001>")
}

/// The body of the delivery of this number; every number is an event and a message of its own.
pub(crate) fn body(number: usize, seconds: u64) -> String {
    let words = words(number);
    let (minute, micros) = (seconds + number as u64 / 1_000_000, number % 1_000_000);
    format!(
        r#"{{"token":"ZZZZZZWSxiZZZ2yIvs3peJ","team_id":"T123ABC456","context_team_id":"T123ABC456","context_enterprise_id":null,"api_app_id":"A123ABC456","event":{{"user":"U0ASKER001","type":"app_mention","ts":"{minute}.{micros:06}","client_msg_id":"0f1c3f3d-9b0c-4e5c-8d7e-{number:012}","text":"<@{BOT}> echo {words}","team":"T123ABC456","blocks":[{{"type":"rich_text","block_id":"b{number:07}","elements":[{{"type":"rich_text_section","elements":[{{"type":"user","user_id":"{BOT}"}},{{"type":"text","text":" echo {number} the build of the web shop is green & deployed, thanks to "}},{{"type":"user","user_id":"U0OTHER001"}}]}}]}}],"assistant_thread":{{"action_token":"10000000000.1000000000000.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}},"channel":"C123ABC456","event_ts":"{minute}.{micros:06}"}},"type":"event_callback","event_id":"Ev{number:011}","event_time":{minute},"authorizations":[{{"enterprise_id":null,"team_id":"T123ABC456","user_id":"{BOT}","is_bot":true,"is_enterprise_install":false}}],"is_ext_shared_channel":false,"event_context":"4-eyJldCI6ImFwcF9tZW50aW9uIiwidGlkIjoiVDEyM0FCQzQ1NiIsImFpZCI6IkExMjNBQkM0NTYiLCJjaWQiOiJDMTIzQUJDNDU2In0","ext_shared_channel":null,"source_team":"T123ABC456","user_team":"T123ABC456","is_private":false,"unfurled_links":[],"shares":{{"public":{{"C123ABC456":[]}}}},"context":{{"locale":"fr-FR","time_zone":"Europe/Paris","client":"desktop 4.41.97 (linux; x64)"}}}}"#
    )
}
