//! Addresses that the platform hands out for late answers, and the few that are believed.

use url::{Host, Url};

use super::Said;

/// The hosts that take late answers.
const HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];

/// Takes an address as it came from the wire. Refuses any that is not exactly on a host that takes late answers, by
/// https on its own port and without a name in front; for tests, the host and port of `base` too if that is loopback.
///
/// A refusal does not quote the address, which may be as good as a key.
pub fn parse_response_url(text: &str, base: &Url) -> Result<Url, Said> {
    // Characters on which two readers of an address may disagree.
    if text.contains(|c: char| c == '\\' || c == '@' || c.is_whitespace() || c.is_control() || !c.is_ascii()) {
        return Err(refusal());
    }
    let url = Url::parse(text).map_err(|_| refusal())?;
    check(&url, base)?;
    Ok(url)
}

/// The same judgement of an address that was read already.
pub(super) fn check(url: &Url, base: &Url) -> Result<(), Said> {
    let bare = url.username().is_empty() && url.password().is_none();
    let hook = url.scheme() == "https"
        && url.port().is_none()
        && matches!(url.host(), Some(Host::Domain(host)) if HOSTS.contains(&host));
    if bare && (hook || (is_loopback(base) && url.origin() == base.origin())) {
        return Ok(());
    }
    Err(refusal())
}

/// Whether the address is this machine's own.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub(super) fn refusal() -> Said {
    Said {
        english: "the address for late answers is not one of the platform's (https://hooks.slack.com/…). Nothing was \
                  sent there; answer with a message."
            .to_owned(),
        french:
            "l'adresse des réponses tardives n'est pas celle de la plateforme (https://hooks.slack.com/…). Rien n'y \
                 a été envoyé ; répondez par un message."
                .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn believed(text: &str, base: &str) -> bool {
        parse_response_url(text, &Url::parse(base).unwrap()).is_ok()
    }

    #[test]
    fn the_hosts_of_the_platform_are_believed() {
        for text in [
            "https://hooks.slack.com/commands/T1/2/abc",
            "https://hooks.slack-gov.com/actions/T1/2/abc",
            "https://hooks.slack.com:443/commands/T1/2/abc",
            "HTTPS://HOOKS.SLACK.COM/commands",
        ] {
            assert!(believed(text, "https://slack.com/api/"), "{text}");
        }
    }

    #[test]
    fn no_other_address_is_believed() {
        for text in [
            "http://hooks.slack.com/commands",
            "https://hooks.slack.com.evil.example/commands",
            "https://evilhooks.slack.com/commands",
            "https://hooks.slack.com./commands",
            "https://hooks.slack.com:8443/commands",
            "https://user@hooks.slack.com/commands",
            "https://hooks.slack.com@evil.example/commands",
            "https://hooks.slack.com:x@evil.example/commands",
            r"https://hooks.slack.com\@evil.example/commands",
            r"https://evil.example\hooks.slack.com/",
            r"https:\\hooks.slack.com\commands",
            "https://hooks.sl\u{430}ck.com/commands",
            "https://hooks\u{3002}slack.com/commands",
            "https://hooks.slack.com\u{0}.evil.example/",
            "https://hooks.slack.com\t.evil.example/",
            " https://hooks.slack.com/commands",
            "https://slack.com/api/chat.postMessage",
            "https://127.0.0.1/commands",
            "https://[::1]/commands",
            "//hooks.slack.com/commands",
            "file:///etc/passwd",
            "",
        ] {
            assert!(!believed(text, "https://slack.com/api/"), "{text}");
        }
    }

    #[test]
    fn a_loopback_base_believes_itself_and_nothing_beside_it() {
        let base = "http://127.0.0.1:9100/api/";
        assert!(believed("http://127.0.0.1:9100/commands/1", base));
        assert!(believed("https://hooks.slack.com/commands/1", base));
        for text in [
            "http://127.0.0.1:9101/commands/1",
            "https://127.0.0.1:9100/commands/1",
            "http://127.0.0.2:9100/commands/1",
            "http://localhost:9100/commands/1",
            "http://a@127.0.0.1:9100/commands/1",
        ] {
            assert!(!believed(text, base), "{text}");
        }
        assert!(!believed("https://mock.example/hook", "https://mock.example/api/"), "a base elsewhere");
    }

    #[test]
    fn a_refusal_quotes_nothing() {
        let said = parse_response_url("https://evil.example/canary", &Url::parse("https://slack.com/api/").unwrap());
        assert!(!format!("{said:?}").contains("canary"));
    }
}
