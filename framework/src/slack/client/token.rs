//! Tokens: told apart by their prefix, never shown.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::Said;
use crate::id::AppId;

/// A token of the Web API. Shown by `Debug` as its prefix and its last four characters at most.
#[derive(Clone)]
pub struct Token {
    secret: SecretString,
    kind: TokenKind,
}

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A bot (`xoxb-`, or `xoxe.xoxb-` when it rotates).
    Bot,
    /// A person (`xoxp-`), or the configuration of apps (`xoxe.xoxp-`).
    User,
    /// The app itself (`xapp-`): opens sockets.
    App,
    /// One step of a workflow (`xwfp-`).
    Workflow,
    /// What a rotating token is renewed with (`xoxe-`).
    Refresh,
}

/// Prefixes, the longer before the shorter.
const PREFIXES: [(&str, TokenKind); 7] = [
    ("xoxe.xoxb-", TokenKind::Bot),
    ("xoxe.xoxp-", TokenKind::User),
    ("xoxb-", TokenKind::Bot),
    ("xoxp-", TokenKind::User),
    ("xapp-", TokenKind::App),
    ("xwfp-", TokenKind::Workflow),
    ("xoxe-", TokenKind::Refresh),
];

impl Token {
    /// Takes the text of a token of any kind. `setting` is where it was read, and is named by the refusal.
    ///
    /// Refuses what cannot be a token, without ever quoting it.
    pub fn parse(setting: &str, text: &str) -> Result<Self, Said> {
        if let Some((english, french)) = fault(text) {
            return Err(Said { english: format!("{setting} {english}"), french: format!("{setting} {french}") });
        }
        let Some(kind) = TokenKind::of(text) else {
            return Err(Said {
                english: format!(
                    "{setting} does not begin like a token (xoxb-, xapp-, xoxp-). Copy the whole token from the \
                     app's settings; a signing secret or a client secret is not one."
                ),
                french: format!(
                    "{setting} ne commence pas comme un jeton (xoxb-, xapp-, xoxp-). Copiez le jeton entier depuis \
                     les réglages de l'application ; un « signing secret » ou un « client secret » n'en est pas un."
                ),
            });
        };
        Ok(Self { secret: SecretString::from(text), kind })
    }

    /// Takes the text of a token that must be of one kind, and says which was given instead.
    pub fn parse_as(kind: TokenKind, setting: &str, text: &str) -> Result<Self, Said> {
        let token = Self::parse(setting, text)?;
        if token.kind == kind {
            return Ok(token);
        }
        let (found, wanted) = (token.kind.words(), kind.words());
        Err(Said {
            english: format!(
                "{setting} holds {} ({}); it takes {} ({}), {}.",
                found.english, found.prefix, wanted.english, wanted.prefix, wanted.place_english
            ),
            french: format!(
                "{setting} contient {} ({}) ; il y faut {} ({}), {}.",
                found.french, found.prefix, wanted.french, wanted.prefix, wanted.place_french
            ),
        })
    }

    /// What it stands for.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The app that it belongs to, which only the token of an app tells: `xapp-1-A0123ABCD-…`.
    pub fn app(&self) -> Option<AppId> {
        let named = self.reveal().strip_prefix("xapp-")?.split('-').nth(1)?;
        let plausible = named.starts_with('A') && named.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plausible.then(|| AppId::new(named))
    }

    /// Whether it ends after twelve hours unless it is renewed.
    pub fn rotates(&self) -> bool {
        self.reveal().starts_with("xoxe.")
    }

    pub(super) fn reveal(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.reveal();
        let prefix = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix)).map_or("", |(prefix, _)| prefix);
        // Of a short one, four characters would tell too much.
        let end = if text.len() >= prefix.len() + 16 { &text[text.len() - 4..] } else { "" };
        write!(f, "Token({prefix}…{end})")
    }
}

impl TokenKind {
    fn of(text: &str) -> Option<Self> {
        let (prefix, kind) = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix))?;
        (text.len() > prefix.len()).then_some(*kind)
    }

    fn words(self) -> Words {
        match self {
            Self::Bot => Words {
                prefix: "xoxb-",
                english: "a bot token",
                french: "un jeton de bot",
                place_english: "found under OAuth & Permissions",
                place_french: "à copier sous OAuth & Permissions",
            },
            Self::App => Words {
                prefix: "xapp-",
                english: "an app-level token",
                french: "un jeton d'application",
                place_english: "made under Basic Information, App-Level Tokens, with the scope connections:write",
                place_french: "à créer sous Basic Information, App-Level Tokens, avec la portée connections:write",
            },
            Self::User => Words {
                prefix: "xoxp-",
                english: "a user token",
                french: "un jeton d'utilisateur",
                place_english: "found under OAuth & Permissions",
                place_french: "à copier sous OAuth & Permissions",
            },
            Self::Workflow => Words {
                prefix: "xwfp-",
                english: "a workflow token",
                french: "un jeton de workflow",
                place_english: "which comes with an event",
                place_french: "qui arrive avec un événement",
            },
            Self::Refresh => Words {
                prefix: "xoxe-",
                english: "a refresh token",
                french: "un jeton de renouvellement",
                place_english: "which comes with a rotating token",
                place_french: "qui arrive avec un jeton renouvelable",
            },
        }
    }
}

struct Words {
    prefix: &'static str,
    english: &'static str,
    french: &'static str,
    place_english: &'static str,
    place_french: &'static str,
}

/// What is wrong with the characters of a token, in English and in French.
fn fault(text: &str) -> Option<(&'static str, &'static str)> {
    if text.trim().is_empty() {
        return Some(("is empty. Put the token there.", "est vide. Mettez-y le jeton."));
    }
    if text.contains(['"', '\'', '`', '«', '»', '“', '”', '’']) {
        return Some(("contains quotes. Write the token without them.", "contient des guillemets. Retirez-les."));
    }
    if text.contains(char::is_whitespace) {
        return Some((
            "contains a blank or a line break. Write the token alone, on one line.",
            "contient un blanc ou un retour à la ligne. Écrivez le jeton seul, sur une ligne.",
        ));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if !text.chars().all(legal) {
        return Some((
            "contains characters no token has. Copy the token again; an example of a guide is not one.",
            "contient des caractères qu'aucun jeton ne contient. Copiez-le à nouveau ; un exemple n'en est pas un.",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: &str = "xoxb-1234567890-ABCDEFGHIJKLMNOP";

    fn refusal(text: &str) -> String {
        Token::parse_as(TokenKind::Bot, "SLACK_BOT_TOKEN", text).unwrap_err().to_string()
    }

    #[test]
    fn the_prefix_tells_the_kind() {
        let kind = |text| Token::parse("T", text).map(|token| (token.kind(), token.rotates())).unwrap();
        assert_eq!(kind(BOT), (TokenKind::Bot, false));
        assert_eq!(kind("xoxe.xoxb-1-abc"), (TokenKind::Bot, true));
        assert_eq!(kind("xoxe.xoxp-1-abc"), (TokenKind::User, true));
        assert_eq!(kind("xoxe-1-abc"), (TokenKind::Refresh, false));
        assert_eq!(kind("xapp-1-A1-2-ab"), (TokenKind::App, false));
        assert_eq!(kind("xwfp-1"), (TokenKind::Workflow, false));
    }

    #[test]
    fn a_malformed_token_is_refused_and_not_quoted() {
        for text in
            ["", "  ", "\"xoxb-1-secret\"", "xoxb-1 secret", "xoxb-1-secret\n", "xoxb-…secret", "secret", "xoxb-"]
        {
            let said = Token::parse("SLACK_BOT_TOKEN", text).unwrap_err();
            assert!(said.to_string().starts_with("SLACK_BOT_TOKEN "), "{said}");
            assert!(said.in_french().starts_with("SLACK_BOT_TOKEN "));
            assert!(!said.to_string().contains("-secret"), "{said}");
        }
        assert!(refusal("'xoxb-1'").contains("quotes"));
        assert!(refusal("xoxb-1 ").contains("blank"));
    }

    #[test]
    fn a_swapped_kind_is_named() {
        let said = refusal("xapp-1-A1-2-ab");
        assert!(
            said.starts_with("SLACK_BOT_TOKEN holds an app-level token (xapp-); it takes a bot token (xoxb-)"),
            "{said}"
        );
        let said = Token::parse_as(TokenKind::App, "SLACK_APP_TOKEN", BOT).unwrap_err();
        assert!(said.in_french().contains("jeton de bot (xoxb-) ; il y faut un jeton d'application"), "{said}");
    }

    #[test]
    fn the_token_of_an_app_names_it() {
        let app = |text| Token::parse("T", text).unwrap().app();
        assert_eq!(app("xapp-1-A0123ABCD-456-abcdef"), Some(AppId::new("A0123ABCD")));
        for text in ["xapp-1", "xapp-1-B0123-4", BOT] {
            assert_eq!(app(text), None, "{text}");
        }
    }

    #[test]
    fn debug_shows_four_characters_at_most() {
        let shown = |text| format!("{:?}", Token::parse("T", text).unwrap());
        assert_eq!(shown(BOT), "Token(xoxb-…MNOP)");
        assert_eq!(shown("xoxb-short"), "Token(xoxb-…)");
        assert_eq!(shown("xoxe.xoxb-1234567890-ABCDEFGH"), "Token(xoxe.xoxb-…EFGH)");
    }
}
