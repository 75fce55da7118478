//! Text from outside, made fit for a log or an error.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

/// Replaces what is as good as a key: tokens, addresses of hooks and tickets of sockets. Their beginning stays, so
/// that a reader knows what stood there. Text without any comes back as it is.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    SECRETS.replace_all(text, |found: &Captures<'_>| format!("{}…", &found["kept"]))
}

/// JSON of the platform may write `/` as `\/`, and an address may stand percent-encoded within another.
#[expect(clippy::expect_used, reason = "the pattern is constant, and a test compiles it")]
static SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?P<kept>xox[a-z](?:\.xox[a-z])?-|xapp-|xwfp-",
        r"|hooks\.slack(?:-gov)?\.com",
        r"|[?&]ticket=|[?&](?:client_secret|refresh_token|code)=)",
        r#"[^\s"'<>,;()&|]*"#,
    ))
    .expect("the pattern of secrets compiles")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_their_beginning_stays() {
        for (text, expected) in [
            ("token xoxb-12-ab, refused", "token xoxb-…, refused"),
            ("{\"t\":\"xoxe.xoxb-1-Mi0\"}", "{\"t\":\"xoxe.xoxb-…\"}"),
            ("xapp-1-A-2-ff (xwfp-9)", "xapp-… (xwfp-…)"),
            ("https://hooks.slack.com/services/T/B/x y", "https://hooks.slack.com… y"),
            (r"https:\/\/hooks.slack-gov.com\/commands\/T\/1\/x", r"https:\/\/hooks.slack-gov.com…"),
            ("u=https%3A%2F%2Fhooks.slack.com%2Fservices%2FT", "u=https%3A%2F%2Fhooks.slack.com…"),
            ("wss://wss.slack.com/link/?ticket=ab-12&app_id=a", "wss://wss.slack.com/link/?ticket=…&app_id=a"),
        ] {
            assert_eq!(redact(text), expected);
        }
    }

    #[test]
    fn other_text_is_not_copied() {
        assert!(matches!(redact("nothing to hide: xoxo, box-1"), Cow::Borrowed(_)));
    }
}
