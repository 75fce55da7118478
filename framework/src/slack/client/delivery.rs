//! What became of a request: the one judgement that sending once rests on.

use std::time::Duration;

use super::{
    Response, redact,
    retry_after::retry_after,
    wire::{Answer, NoAnswer},
};

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// Done.
    Sent(Response),
    /// Not done; may be sent again after this time.
    RateLimited {
        /// How long the platform asks to be left alone: between one second and one hour.
        retry_after: Duration,
    },
    /// Not done: no byte of the request was written (no address, no connection, no secure channel). May be sent
    /// again.
    NotSent {
        /// The cause, for the log.
        why: String,
    },
    /// Not done, and it would be refused again.
    Refused(Refusal),
    /// It may have been done and may not have been: the answer was lost, was no answer, or says that something broke
    /// halfway. A write must not be sent again before the platform was asked whether it is there.
    Ambiguous {
        /// The cause, for the log.
        why: String,
    },
}

/// Why the platform refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The platform's code, as `channel_not_found`; `http_404` for a refusal without one.
    pub code: String,
    /// For `missing_scope`: the scope that was needed.
    pub needed: Option<String>,
    /// For `missing_scope`: the scopes that the token has.
    pub provided: Option<String>,
    /// The platform's own sentences, such as which block is malformed.
    pub messages: Vec<String>,
}

impl Refusal {
    /// A refusal that says no more than a code.
    pub(super) fn of(code: impl Into<String>) -> Self {
        Self { code: code.into(), ..Self::default() }
    }

    /// Whether no call with this token can succeed any more.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        AUTHENTICATION.contains(&self.code.as_str())
    }
}

/// Judges a call of the Web API.
pub(super) fn judge(method: &str, outcome: Result<Answer, NoAnswer>) -> Delivery {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(lost) => return without_answer(lost),
    };
    if let Some(delivery) = by_status(&answer) {
        return delivery;
    }
    let Some(response) = Response::read(method, answer.body.clone(), answer.scopes.clone()) else {
        return without_json(&answer);
    };
    match response.envelope.ok {
        Some(true) if answer.succeeded() => Delivery::Sent(response.dated(answer.date.as_ref())),
        Some(false) => by_code(&answer, &response),
        _ => without_json(&answer),
    }
}

/// Judges a post to a `response_url`, which answers in plain text or in JSON.
pub(super) fn judge_hook(outcome: Result<Answer, NoAnswer>) -> Delivery {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(lost) => return without_answer(lost),
    };
    if let Some(delivery) = by_status(&answer) {
        return delivery;
    }
    let plain = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
    match Response::read("response_url", answer.body.clone(), None) {
        Some(response) if response.envelope.ok == Some(false) => by_code(&answer, &response),
        Some(response) if response.envelope.ok == Some(true) && answer.succeeded() => Delivery::Sent(response),
        None if answer.succeeded() && matches!(plain, "" | "ok") => Delivery::Sent(Response::empty("response_url")),
        None if !answer.succeeded() && is_code(plain) => by_name(&answer, Refusal::of(plain)),
        _ => without_json(&answer),
    }
}

fn without_answer(lost: NoAnswer) -> Delivery {
    match lost {
        NoAnswer::NothingWritten(why) => Delivery::NotSent { why },
        NoAnswer::Lost(why) => Delivery::Ambiguous { why },
    }
}

/// What is judged without looking at the body.
fn by_status(answer: &Answer) -> Option<Delivery> {
    match answer.status {
        429 => Some(Delivery::RateLimited { retry_after: retry_after(answer.retry_after.as_deref()) }),
        status @ (408 | 500..) => Some(Delivery::Ambiguous { why: format!("HTTP {status}") }),
        _ => None,
    }
}

/// A redirect or an error of the client was not carried out; anything else that is not an answer may have been.
fn without_json(answer: &Answer) -> Delivery {
    if answer.succeeded() {
        let (status, length) = (answer.status, answer.body.len());
        return Delivery::Ambiguous {
            why: format!("the answer is not one of the Web API (HTTP {status}, {length} bytes)"),
        };
    }
    Delivery::Refused(Refusal::of(format!("http_{}", answer.status)))
}

fn by_code(answer: &Answer, response: &Response) -> Delivery {
    let said = |text: &Option<String>| text.as_deref().map(|text| redact(text).into_owned());
    let refusal = Refusal {
        code: said(&response.envelope.error).unwrap_or_else(|| "unknown_error".to_owned()),
        needed: said(&response.envelope.needed),
        provided: said(&response.envelope.provided),
        messages: response.messages().iter().map(|text| redact(text).into_owned()).collect(),
    };
    by_name(answer, refusal)
}

fn by_name(answer: &Answer, refusal: Refusal) -> Delivery {
    match refusal.code.as_str() {
        "ratelimited" | "rate_limited" => {
            Delivery::RateLimited { retry_after: retry_after(answer.retry_after.as_deref()) }
        }
        // "Some aspect of the operation may have succeeded", in the platform's own words.
        code if HALFWAY.contains(&code) => Delivery::Ambiguous { why: code.to_owned() },
        _ => Delivery::Refused(refusal),
    }
}

fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'0'..=b'9'))
}

const HALFWAY: [&str; 5] = ["fatal_error", "internal_error", "request_timeout", "service_unavailable", "unknown_error"];

const AUTHENTICATION: [&str; 5] = ["not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired"];

/// What an answer is judged to be, of a call and of a post to a `response_url`.
#[cfg(any(test, feature = "fuzz"))]
#[doc(hidden)]
pub fn judged(status: u16, retry_after: Option<&str>, body: &[u8]) -> [Delivery; 2] {
    let body = bytes::Bytes::copy_from_slice(body);
    let answer = Answer { status, retry_after: retry_after.map(str::to_owned), scopes: None, date: None, body };
    [judge("chat.postMessage", Ok(answer.clone())), judge_hook(Ok(answer))]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sent(delivery: &Delivery) -> bool {
        matches!(delivery, Delivery::Sent(_))
    }

    proptest! {
        #[test]
        fn only_a_clear_yes_is_sent(status in 200_u16..600, body in r#"(\PC{0,20}|\{("ok":(true|false|1|null),?)*("error":"[a-z_]{0,9}")?\})"#) {
            let [call, hook] = judged(status, None, body.as_bytes());
            let yes = (200..300).contains(&status) && body.contains("\"ok\":true");
            let plain = (200..300).contains(&status) && matches!(body.trim(), "" | "ok");
            prop_assert!(!sent(&call) || yes);
            prop_assert!(!sent(&hook) || yes || plain);
        }

        #[test]
        fn a_broken_server_leaves_it_open(status in 500_u16..600, body in "\\PC{0,40}") {
            for delivery in judged(status, None, body.as_bytes()) {
                let open = matches!(delivery, Delivery::Ambiguous { .. });
                prop_assert!(open);
            }
        }
    }
}
