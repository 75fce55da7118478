//! Where the Web API is.

use axum::http::Uri;
use url::Url;

use super::Said;

/// Makes sure that the token can be sent below this address: https, or http to a server of one's own.
///
/// Gives the base with its closing `/`, and the same as requests take it. Refuses another scheme, a name or a password in it, a query, and http towards the platform
/// itself, where everybody between could read the token.
pub(super) fn checked(mut base: Url) -> Result<(Url, Uri), Said> {
    let uri = Uri::try_from(base.as_str());
    let fault = match base.scheme() {
        "https" => None,
        "http" if !is_platform(&base) => None,
        "http" => {
            Some(("would send the token unencrypted; write https", "enverrait le jeton en clair ; écrivez https"))
        }
        _ => Some(("begins neither with https nor with http", "ne commence ni par https ni par http")),
    };
    let fault = fault.or_else(|| {
        let bare = base.username().is_empty() && base.password().is_none();
        let plain = bare && base.query().is_none() && base.fragment().is_none() && base.has_host();
        (!plain).then_some(("holds more than a host and a path", "contient plus qu'un hôte et un chemin"))
    });
    let said = |(english, french): (&str, &str)| Said {
        english: format!("SLACK_API_URL {english}. It looks like https://slack.com/api/."),
        french: format!("SLACK_API_URL {french}. Elle ressemble à https://slack.com/api/."),
    };
    if let Some(fault) = fault {
        return Err(said(fault));
    }
    let uri = uri.map_err(|_| said(("is no address that requests can go to", "n'est pas une adresse utilisable")))?;
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok((base, uri))
}

fn is_platform(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default().trim_end_matches('.');
    ["slack.com", "slack-gov.com"]
        .iter()
        .any(|own| host.strip_suffix(own).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<String, String> {
        checked(Url::parse(text).unwrap()).map(|(url, _)| String::from(url)).map_err(|said| said.to_string())
    }

    #[test]
    fn a_base_ends_in_a_slash() {
        assert_eq!(check("https://slack.com/api").unwrap(), "https://slack.com/api/");
        assert_eq!(check("http://127.0.0.1:9100/api/").unwrap(), "http://127.0.0.1:9100/api/");
        assert_eq!(check("http://mock:9100").unwrap(), "http://mock:9100/");
    }

    #[test]
    fn a_base_that_would_give_the_token_away_is_refused() {
        for text in [
            "http://slack.com/api/",
            "http://www.slack.com/api/",
            "http://slack.com./api/",
            "http://slack-gov.com/api/",
            "ftp://slack.com/api/",
            "https://a:b@slack.com/api/",
            "https://slack.com/api/?x=1",
            "https://slack.com/api/#x",
            "data:text/plain,x",
        ] {
            assert!(check(text).unwrap_err().starts_with("SLACK_API_URL "), "{text}");
        }
        assert!(check("http://notslack.com/api/").is_ok());
    }
}
