//! Why a call did not do what was asked, in words.

use std::{fmt, time::Duration};

use super::{Delivery, Refusal, Response, Said, redact, sentences};
use crate::slack::methods;

/// Why a call failed. `Display` says it in English, [`CallError::in_french`] in French: what happened, why, and the
/// next step. It holds no token and no address.
#[derive(Clone)]
pub struct CallError(Box<Failure>);

#[derive(Clone)]
struct Failure {
    method: String,
    why: Why,
}

#[derive(Clone)]
enum Why {
    Arguments(String),
    RateLimited(Duration),
    NotSent(String),
    Refused(Refusal),
    Ambiguous(String),
    Unreadable(String),
    EndlessPages,
}

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallErrorKind {
    /// The arguments or the name of the method cannot be sent. Nothing was done.
    Arguments,
    /// The token is not, or no longer, valid. Nothing was done.
    Authentication,
    /// The token lacks a scope. Nothing was done.
    Scope,
    /// The platform asks to wait. Nothing was done.
    RateLimited,
    /// The platform was not reached. Nothing was done.
    NotSent,
    /// The platform refused for another reason, told by [`CallError::code`]. Nothing was done.
    Refused,
    /// It may have been done and may not have been.
    Ambiguous,
    /// It was done; the answer is not what was expected.
    Unreadable,
}

impl CallError {
    /// Takes what became of a request; the answer, if it was done.
    pub(super) fn check(method: &str, delivery: Delivery) -> Result<Response, Self> {
        let why = match delivery {
            Delivery::Sent(response) => return Ok(response),
            Delivery::RateLimited { retry_after } => Why::RateLimited(retry_after),
            Delivery::NotSent { why } => Why::NotSent(why),
            Delivery::Refused(refusal) => Why::Refused(refusal),
            Delivery::Ambiguous { why } => Why::Ambiguous(why),
        };
        Err(Self::new(method, why))
    }

    pub(super) fn arguments(method: &str, why: &str) -> Self {
        Self::new(method, Why::Arguments(redact(why).into_owned()))
    }

    /// The error of a reader may quote what it read.
    pub(super) fn unreadable(method: &str, why: &str) -> Self {
        Self::new(method, Why::Unreadable(redact(why).into_owned()))
    }

    pub(super) fn endless_pages(method: &str) -> Self {
        Self::new(method, Why::EndlessPages)
    }

    fn new(method: &str, why: Why) -> Self {
        Self(Box::new(Failure { method: redact(method).into_owned(), why }))
    }

    /// The method that was called.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.0.method
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> CallErrorKind {
        match &self.0.why {
            Why::Arguments(_) => CallErrorKind::Arguments,
            Why::RateLimited(_) => CallErrorKind::RateLimited,
            Why::NotSent(_) => CallErrorKind::NotSent,
            Why::Ambiguous(_) => CallErrorKind::Ambiguous,
            Why::Unreadable(_) | Why::EndlessPages => CallErrorKind::Unreadable,
            Why::Refused(refusal) if refusal.is_authentication() => CallErrorKind::Authentication,
            Why::Refused(refusal) if refusal.code == "missing_scope" => CallErrorKind::Scope,
            Why::Refused(_) => CallErrorKind::Refused,
        }
    }

    /// The platform's code, as `channel_not_found`, if it refused.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.refusal().map(|refusal| refusal.code.as_str())
    }

    /// All that the platform said, if it refused.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.0.why {
            Why::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// How long the platform asks to be left alone, if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.why {
            Why::RateLimited(wait) => Some(*wait),
            _ => None,
        }
    }

    /// What happened, why, and the next step, in French.
    #[must_use]
    pub fn in_french(&self) -> String {
        format!("{} : {}", self.method(), self.said().french)
    }

    fn said(&self) -> Said {
        match &self.0.why {
            Why::Arguments(why) => Said {
                english: format!("nothing was sent: {why}. Correct the call."),
                french: format!("rien n'a été envoyé : {why}. Corrigez l'appel."),
            },
            Why::RateLimited(wait) => Said {
                english: format!("too many calls (ratelimited). It may be tried again in {} s.", wait.as_secs()),
                french: format!("trop d'appels (ratelimited). Nouvel essai possible dans {} s.", wait.as_secs()),
            },
            Why::NotSent(why) => Said {
                english: format!("the platform was not reached: {why}. Check the network and SLACK_API_URL."),
                french: format!("la plateforme est injoignable : {why}. Vérifiez le réseau et SLACK_API_URL."),
            },
            Why::Ambiguous(why) if methods::only_reads(self.method()) => Said {
                english: format!("no answer that can be used: {why}. Check SLACK_API_URL and what stands between."),
                french: format!("aucune réponse utilisable : {why}. Vérifiez SLACK_API_URL et ce qui est entre deux."),
            },
            Why::Ambiguous(why) => Said {
                english: format!("whether it was done is not known: {why}. Look before doing it again."),
                french: format!("on ne sait pas si cela a été fait : {why}. Vérifiez avant de recommencer."),
            },
            Why::Unreadable(why) => Said {
                english: format!("it was done, but the answer is not as expected: {why}. Read its bytes instead."),
                french: format!("c'est fait, mais la réponse est inattendue : {why}. Lisez-en les octets."),
            },
            Why::EndlessPages => Said {
                english: "the same page came twice, so the end would never come. Ask again from the start.".to_owned(),
                french: "la même page est venue deux fois, sans fin possible. Recommencez du début.".to_owned(),
            },
            Why::Refused(refusal) => refused(self.method(), refusal),
        }
    }
}

fn refused(method: &str, refusal: &Refusal) -> Said {
    let code = &refusal.code;
    if code == "missing_scope" {
        return missing_scope(method, refusal);
    }
    let details = details(&refusal.messages);
    match sentences::find(code) {
        Some(known) => Said {
            english: format!("{} ({code}){details}. {}", known.what, known.next),
            french: format!("{} ({code}){details}. {}", known.what_french, known.next_french),
        },
        None => Said {
            english: format!("the platform refused ({code}){details}. Look the code up in the method's reference."),
            french: format!("la plateforme refuse ({code}){details}. Cherchez ce code dans la page de la méthode."),
        },
    }
}

fn missing_scope(method: &str, refusal: &Refusal) -> Said {
    let scope = refusal.needed.clone().unwrap_or_else(|| {
        let known = methods::find(method).map(|method| method.scopes().collect::<Vec<_>>().join(", "));
        known.unwrap_or_else(|| "?".to_owned())
    });
    Said {
        english: format!(
            "the token lacks the scope {scope} (missing_scope). Add it under OAuth & Permissions and reinstall the app."
        ),
        french: format!(
            "il manque au jeton la portée {scope} (missing_scope). Ajoutez-la sous OAuth & Permissions et \
             réinstallez l'application."
        ),
    }
}

/// The platform's own sentences, on one line and not without end.
fn details(messages: &[String]) -> String {
    if messages.is_empty() {
        return String::new();
    }
    let text: String = messages.join("; ").chars().filter(|c| !c.is_control()).take(400).collect();
    format!(": {}", text.trim_end_matches('.'))
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.method(), self.said().english)
    }
}

impl fmt::Debug for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallError({:?}, {self})", self.kind())
    }
}

impl std::error::Error for CallError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> CallError {
        refusal(Refusal::of(code))
    }

    fn refusal(refusal: Refusal) -> CallError {
        CallError::check("chat.postMessage", Delivery::Refused(refusal)).unwrap_err()
    }

    #[test]
    fn a_known_code_is_told_with_its_next_step() {
        let error = refused("not_in_channel");
        let english = "chat.postMessage: the bot is not in the conversation (not_in_channel). Invite it there with \
                       /invite @bot.";
        let french = "chat.postMessage : le bot n'est pas dans la conversation (not_in_channel). Invitez-le avec \
                      /invite @bot.";
        assert_eq!(error.to_string(), english);
        assert_eq!(error.in_french(), french);
        assert_eq!((error.kind(), error.code()), (CallErrorKind::Refused, Some("not_in_channel")));
    }

    #[test]
    fn what_only_reads_is_not_to_be_looked_after() {
        let unclear = |method| {
            let why = "the answer is no JSON".to_owned();
            CallError::check(method, Delivery::Ambiguous { why }).unwrap_err().to_string()
        };
        assert!(unclear("chat.postMessage").contains("Look before doing it again"));
        assert!(unclear("auth.test").contains("Check SLACK_API_URL"), "{}", unclear("auth.test"));
    }

    #[test]
    fn a_missing_scope_is_named() {
        let needed = Some("chat:write.public".to_owned());
        let error = refusal(Refusal { needed, ..Refusal::of("missing_scope") });
        assert_eq!(error.kind(), CallErrorKind::Scope);
        assert!(error.to_string().contains("the scope chat:write.public"), "{error}");
        assert!(error.to_string().contains("reinstall"), "{error}");
        assert!(refused("missing_scope").to_string().contains("the scope chat:write ("));
    }

    #[test]
    fn details_of_the_platform_are_kept_on_one_line() {
        let messages = vec!["[ERROR] must be\nprovided [json-pointer:/blocks/0/text].".to_owned()];
        let error = refusal(Refusal { messages, ..Refusal::of("invalid_blocks") }).to_string();
        assert!(error.contains(": [ERROR] must beprovided [json-pointer:/blocks/0/text]. "), "{error}");
    }

    #[test]
    fn kinds_follow_what_became_of_the_request() {
        let kind = |delivery| CallError::check("m", delivery).unwrap_err().kind();
        assert_eq!(refused("token_revoked").kind(), CallErrorKind::Authentication);
        assert_eq!(kind(Delivery::NotSent { why: "x".into() }), CallErrorKind::NotSent);
        assert_eq!(kind(Delivery::Ambiguous { why: "x".into() }), CallErrorKind::Ambiguous);
        let wait = Duration::from_secs(7);
        let error = CallError::check("m", Delivery::RateLimited { retry_after: wait }).unwrap_err();
        assert_eq!((error.kind(), error.retry_after()), (CallErrorKind::RateLimited, Some(wait)));
        assert!(error.to_string().contains("in 7 s"));
    }

    #[test]
    fn an_unknown_code_is_told_too() {
        assert!(refused("brand_new").to_string().contains("(brand_new)"));
    }
}
