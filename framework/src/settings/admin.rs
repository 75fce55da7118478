//! The listener for operators.

use std::net::SocketAddr;

use secrecy::SecretString;

use super::{Environment, Preferences, SettingProblem, parse};

/// The shortest token: what is shorter can be guessed.
const SHORTEST: usize = 16;

/// What `BAVARD_ADMIN_LISTEN` may be, in English and in French.
const ADDRESS: (&str, &str) =
    ("an address and a port, as 127.0.0.1:9301, or nothing", "une adresse et un port, comme 127.0.0.1:9301, ou rien");

/// The listener for operators.
#[derive(Clone, Debug)]
pub(crate) struct Admin {
    pub(crate) listen: SocketAddr,
    /// What operators show to be let in; without one, whoever is on this machine may.
    pub(crate) token: Option<SecretString>,
}

/// `BAVARD_ADMIN_LISTEN`, else the app's; nothing when it is there and empty. Beyond this machine it needs
/// `BAVARD_ADMIN_TOKEN`.
pub(crate) fn read(environment: &Environment, preferences: &Preferences) -> Result<Option<Admin>, SettingProblem> {
    let token = token(environment)?;
    if environment.is_blank("BAVARD_ADMIN_LISTEN") {
        return Ok(None);
    }
    let listen = match environment.text("BAVARD_ADMIN_LISTEN")? {
        None => preferences.admin_listen,
        Some(text) => parse("BAVARD_ADMIN_LISTEN", &text, ADDRESS)?,
    };
    if token.is_none() && !listen.ip().to_canonical().is_loopback() {
        return Err(SettingProblem::new(
            format!(
                "BAVARD_ADMIN_LISTEN is {listen}, which others can reach, and BAVARD_ADMIN_TOKEN is missing. Set it to \
                 a random word, as `openssl rand -hex 32` gives, or listen on 127.0.0.1."
            ),
            format!(
                "BAVARD_ADMIN_LISTEN vaut {listen}, que d'autres peuvent joindre, et BAVARD_ADMIN_TOKEN manque. \
                 Donnez-lui un mot au hasard, comme celui de `openssl rand -hex 32`, ou écoutez sur 127.0.0.1."
            ),
        ));
    }
    Ok(Some(Admin { listen, token }))
}

fn token(environment: &Environment) -> Result<Option<SecretString>, SettingProblem> {
    let Some(token) = environment.secret("BAVARD_ADMIN_TOKEN")? else { return Ok(None) };
    let fault = |english, french| Err(SettingProblem::malformed("BAVARD_ADMIN_TOKEN", (english, french)));
    if token.starts_with(['"', '\'']) || token.ends_with(['"', '\'']) {
        return fault(
            "it without quotes: `docker --env-file` keeps them, so remove them",
            "le jeton sans guillemets : `docker --env-file` les garde, retirez-les",
        );
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return fault(
            "letters, digits and signs alone; it holds a blank, or a letter that no header can hold",
            "des lettres, des chiffres et des signes ; il contient un espace, ou une lettre qu'un en-tête n'admet pas",
        );
    }
    if token.len() < SHORTEST {
        return fault(
            "sixteen characters or more, as `openssl rand -hex 32` gives",
            "seize caractères ou plus, comme en donne `openssl rand -hex 32`",
        );
    }
    Ok(Some(token.into()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn admin(pairs: &[(&str, &str)]) -> Result<Option<Admin>, SettingProblem> {
        read(&Environment::of(pairs.iter().copied()), &Preferences::new("bot"))
    }

    const TOKEN: (&str, &str) = ("BAVARD_ADMIN_TOKEN", "0123456789abcdef");

    #[test]
    fn it_listens_where_the_app_says_unless_a_setting_says_otherwise() {
        assert_eq!(admin(&[]).unwrap().unwrap().listen.to_string(), "127.0.0.1:9300");
        let other = admin(&[("BAVARD_ADMIN_LISTEN", "[::1]:9310")]).unwrap().unwrap();
        assert_eq!(other.listen.to_string(), "[::1]:9310");
        assert!(other.token.is_none());
    }

    #[test]
    fn empty_turns_it_off() {
        assert!(admin(&[("BAVARD_ADMIN_LISTEN", " ")]).unwrap().is_none());
    }

    #[test]
    fn beyond_this_machine_it_needs_a_token() {
        for listen in ["0.0.0.0:9300", "[::]:9300", "192.0.2.1:9300", "[::ffff:192.0.2.1]:9300"] {
            let problem = admin(&[("BAVARD_ADMIN_LISTEN", listen)]).unwrap_err();
            let told = [problem.to_string(), problem.in_french().to_owned()];
            assert!(told.iter().all(|told| told.contains(listen) && told.contains("BAVARD_ADMIN_TOKEN")), "{told:?}");
            let admin = admin(&[("BAVARD_ADMIN_LISTEN", listen), TOKEN]).unwrap().unwrap();
            assert_eq!(admin.token.as_ref().unwrap().expose_secret(), TOKEN.1);
            assert!(!format!("{admin:?}").contains(TOKEN.1));
        }
        assert!(admin(&[("BAVARD_ADMIN_LISTEN", "[::ffff:127.0.0.1]:9300")]).is_ok());
    }
}
