//! Why a request was refused, as far as it can be found out: for the log alone, since what it says is believed here.

use std::time::Duration;

use axum::http::HeaderMap;
use bytes::Bytes;
use serde_json::Value;

use super::{Refusal, Verifier, seconds};
use crate::{
    clock::{Timestamp, told},
    id::{AppId, UserId},
};

/// Who the bot is, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ours<'a> {
    /// The app, which only a request with a right signature names.
    pub(crate) app: Option<&'a AppId>,
    pub(crate) user: Option<&'a UserId>,
}

/// A request that was refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused<'a> {
    pub(crate) refusal: Refusal,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
    pub(crate) received: Timestamp,
}

/// What happened, and the one next step.
pub(crate) fn postmortem(verifier: &Verifier, refused: &Refused<'_>, ours: Ours<'_>) -> String {
    let told = match refused.refusal {
        Refusal::SignatureWrong => signature(verifier, refused, ours),
        Refusal::TimestampFarAway => clock(verifier, refused),
        _ => None,
    };
    told.unwrap_or_else(|| refused.refusal.to_string())
}

fn signature(verifier: &Verifier, refused: &Refused<'_>, ours: Ours<'_>) -> Option<String> {
    match verifier.signed_with(refused.headers, refused.body) {
        Some("SLACK_CLIENT_SECRET") => {
            return Some(
                "it is signed with the value of SLACK_CLIENT_SECRET, so the two were pasted the wrong way round. Put \
                 that into SLACK_SIGNING_SECRET"
                    .to_owned(),
            );
        }
        Some(name) => {
            return Some(format!("it is signed with the value of {name}. Put that into SLACK_SIGNING_SECRET"));
        }
        None => {}
    }
    let Named { app, user } = Named::in_body(refused.body);
    let (named, own) = match (app, ours.app, user, ours.user) {
        (Some(app), Some(own), ..) => (app, own.as_str()),
        (_, _, Some(user), Some(own)) => (user, own.as_str()),
        _ => return None,
    };
    let was_right = ours.app.is_some();
    Some(if named == own && was_right {
        "it says that it is for this very app, and requests for it came with a right signature before: somebody else made \
         it, or the Signing Secret was regenerated since. If Slack reports failures, copy *Signing Secret* from Basic \
         Information anew"
            .to_owned()
    } else if named == own {
        "it says that it is for this very app, so SLACK_SIGNING_SECRET is not the app's Signing Secret; most often it \
         is the Client Secret, which stands beside it. Copy *Signing Secret* from Basic Information"
            .to_owned()
    } else {
        format!(
            "it says that it is for {named}, and this bot is {own}: the address is registered in another app. Remove it \
             there, or take the token and the Signing Secret of that app"
        )
    })
}

/// Whoever signs rightly is the platform, or somebody who repeats what it said.
fn clock(verifier: &Verifier, refused: &Refused<'_>) -> Option<String> {
    let (theirs, ours) = (seconds(refused.headers)?, refused.received.seconds());
    if !verifier.is_signed(refused.headers, refused.body) {
        return None;
    }
    let apart = told(Duration::from_secs(theirs.abs_diff(ours)));
    Some(if theirs > ours {
        format!(
            "its signature is right and its time is {apart} ahead, so the clock of this machine is {apart} behind. Set \
             it, as by `timedatectl set-ntp true`"
        )
    } else {
        format!(
            "its signature is right and its time is {apart} ago: the clock of this machine is {apart} ahead, or the \
             request was held up or repeated on its way. Check the clock, as by `timedatectl`"
        )
    })
}

/// For whom a body says that it is.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    app: Option<String>,
    user: Option<String>,
}

impl Named {
    fn in_body(body: &[u8]) -> Self {
        match serde_json::from_slice(body) {
            Ok(envelope) => Self::in_envelope(&envelope),
            Err(_) => Self::in_form(body),
        }
    }

    fn in_form(body: &[u8]) -> Self {
        let find = |name| url::form_urlencoded::parse(body).find(|(field, _)| field == name).map(|(_, value)| value);
        match find("payload") {
            Some(payload) => {
                serde_json::from_str(&payload).map(|payload| Self::in_envelope(&payload)).unwrap_or_default()
            }
            None => Self { app: find("api_app_id").and_then(|app| identifier(&app, "A")), user: None },
        }
    }

    fn in_envelope(envelope: &Value) -> Self {
        let text = |place, first| identifier(envelope.pointer(place)?.as_str()?, first);
        Self { app: text("/api_app_id", "A"), user: text("/authorizations/0/user_id", "UW") }
    }
}

/// What may stand in the log, whoever wrote it: an identifier, and no more of it than one is long.
fn identifier(text: &str, first: &str) -> Option<String> {
    let plausible = (2..=24).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plausible && text.starts_with(|letter| first.contains(letter))).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const NOW: u64 = 1_800_000_000;
    const EVENT: &str = r#"{"api_app_id":"A0OURS","authorizations":[{"user_id":"U0OURS"}],"type":"event_callback"}"#;

    fn verifier() -> Verifier {
        let others = [("SLACK_CLIENT_SECRET", "\"the other\"\r"), ("SLACK_BOT_TOKEN", "xoxb-1")];
        let others = others.map(|(name, value)| (name.to_owned(), value.into()));
        Verifier::new(&["the secret".into()]).unwrap().beside(others)
    }

    /// What is told of a body that was signed with a secret at a time, to a bot that knows itself by its app and user.
    fn told(secret: &str, at: u64, body: &'static str) -> String {
        let (app, user) = (AppId::new("A0OURS"), UserId::new("U0OURS"));
        told_to(Ours { app: Some(&app), user: Some(&user) }, secret, at, body)
    }

    fn told_to(ours: Ours<'_>, secret: &str, at: u64, body: &'static str) -> String {
        let mut headers = HeaderMap::new();
        let signature = Verifier::new(&[secret.into()]).unwrap().signature(at, body.as_bytes());
        headers.insert("x-slack-request-timestamp", at.into());
        headers.insert("x-slack-signature", HeaderValue::from_str(&signature).unwrap());
        let (body, received) = (Bytes::from_static(body.as_bytes()), Timestamp::from_seconds(NOW));
        let refusal = verifier().verify(&headers, &body, received).unwrap_err();
        postmortem(&verifier(), &Refused { refusal, headers: &headers, body: &body, received }, ours)
    }

    #[test]
    fn a_client_secret_that_was_pasted_the_wrong_way_round_is_named_whatever_quotes_are_around_it() {
        let told = told("the other", NOW, EVENT);
        assert!(told.contains("SLACK_CLIENT_SECRET") && told.contains("wrong way round"), "{told}");
    }

    #[test]
    fn another_token_at_hand_is_named() {
        assert!(told("xoxb-1", NOW, EVENT).contains("the value of SLACK_BOT_TOKEN"));
    }

    #[test]
    fn a_request_for_another_app_is_told_as_one() {
        for (body, other) in [
            (r#"{"api_app_id":"A0OTHER","authorizations":[{"user_id":"U0OTHER"}]}"#, "A0OTHER, and this bot is A0OURS"),
            (r#"{"authorizations":[{"user_id":"U0OTHER"}]}"#, "U0OTHER, and this bot is U0OURS"),
            ("command=%2Fdeploy&api_app_id=A0OTHER", "A0OTHER, and this bot is A0OURS"),
            ("payload=%7B%22api_app_id%22%3A%22A0OTHER%22%7D", "A0OTHER, and this bot is A0OURS"),
        ] {
            let told = told("a third", NOW, body);
            assert!(told.contains(other) && told.contains("another app"), "{told}");
        }
    }

    #[test]
    fn a_request_for_this_app_leaves_the_secret_to_be_wrong() {
        let user = UserId::new("U0OURS");
        let body = r#"{"authorizations":[{"user_id":"U0OURS"}]}"#;
        let told = told_to(Ours { app: None, user: Some(&user) }, "a third", NOW, body);
        assert!(told.contains("this very app") && told.contains("Client Secret"), "{told}");
    }

    #[test]
    fn a_secret_that_was_right_before_is_not_called_wrong() {
        for body in [EVENT, r#"{"authorizations":[{"user_id":"U0OURS"}]}"#, "command=%2Fdeploy&api_app_id=A0OURS"] {
            let told = told("a third", NOW, body);
            assert!(told.contains("right signature before") && !told.contains("Client Secret"), "{told}");
        }
    }

    #[test]
    fn what_names_nobody_is_told_as_any_other() {
        for body in ["", "{", "[]", r#"{"type":"url_verification"}"#, "payload=x", r#"{"api_app_id":"A\nforged line"}"#]
        {
            let told = told("a third", NOW, body);
            assert_eq!(told, Refusal::SignatureWrong.to_string(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_an_identifier_is_taken_from_a_body(
            body in r#"(\PC{0,40}|\{"api_app_id":"A\PC{0,30}"\}|api_app_id=A\PC{0,30}|payload=\PC{0,30})"#
        ) {
            let Named { app, user } = Named::in_body(body.as_bytes());
            for id in app.iter().chain(&user) {
                prop_assert!(id.len() <= 24 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
            }
        }
    }

    #[test]
    fn a_clock_that_is_wrong_is_told_with_how_far() {
        let behind = told("the secret", NOW + 432, EVENT);
        assert!(behind.contains("clock of this machine is 7 min 12 s behind"), "{behind}");
        assert!(told("the secret", NOW - 432, EVENT).contains("7 min 12 s ahead, or the request was held up"));
        assert!(told("the secret", NOW - 200_000, EVENT).contains("55 h 33 min ahead"));
        assert!(told("the secret", NOW - 10_000, EVENT).contains("2 h 46 min ahead"));
        // Anybody can write any time.
        assert_eq!(told("a third", NOW - 432, EVENT), Refusal::TimestampFarAway.to_string());
    }
}
