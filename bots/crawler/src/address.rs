//! Addresses of pages: one spelling for each page, and which of them belong to the site.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Longer addresses are made by programs, for programs.
const LONGEST: usize = 1000;
/// Parameters that say where a reader came from, and nothing about the page.
const TRACKING: &[&str] = &["gclid", "fbclid", "msclkid", "dclid", "yclid", "mc_cid", "mc_eid", "_ga", "_gl", "igshid"];

#[rustfmt::skip]
const FILES: &[&str] = &[
    "7z", "avi", "avif", "bmp", "css", "csv", "doc", "docx", "eot", "exe", "gif", "gz", "ico", "ics", "jpeg", "jpg",
    "js", "json", "mov", "mp3", "mp4", "odt", "ogg", "pdf", "png", "ppt", "pptx", "rar", "rss", "svg", "tar", "ttf",
    "txt", "wav", "webm", "webp", "woff", "woff2", "xls", "xlsx", "xml", "zip",
];

/// The one address of the page that `link` on the page `base` leads to; nothing for what is no page of the web.
pub(crate) fn resolve(base: &Url, link: &str) -> Option<Url> {
    let mut url = base.join(link.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.as_str().len() > LONGEST {
        return None;
    }
    url.set_fragment(None);
    if url.query().is_some() {
        let kept: Vec<(String, String)> =
            url.query_pairs().into_owned().filter(|(name, _)| !is_tracking(name)).collect();
        if kept.is_empty() {
            url.set_query(None);
        } else if kept.len() < url.query_pairs().count() {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(url)
}

fn is_tracking(name: &str) -> bool {
    name.starts_with("utm_") || TRACKING.contains(&name)
}

/// Whether two addresses belong to one site: the same scheme, host and port.
pub(crate) fn same_site(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// `url` as an address of the site of `start`; nothing for one of another. Who changed to `https` often left old links.
pub(crate) fn on_site(url: &Url, start: &Url) -> Option<Url> {
    if same_site(url, start) {
        return Some(url.clone());
    }
    let is_twin = url.host() == start.host() && url.port().is_none() && start.port().is_none();
    let mut twin = url.clone();
    (is_twin && twin.set_scheme(start.scheme()).is_ok() && same_site(&twin, start)).then_some(twin)
}

/// Whether two hosts are one but for `www.`, and so are taken for the same owner's.
pub(crate) fn same_owner(one: &Url, other: &Url) -> bool {
    let bare = |url: &Url| url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned());
    bare(one) == bare(other)
}

/// Whether the name of what the address leads to is that of a file that holds no page.
pub(crate) fn is_file(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    FILES.contains(&extension.as_str())
}

/// Whether a path goes round in circles: `/a/b/a/b/a/b`.
pub(crate) fn is_endless(url: &Url) -> bool {
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    is_calendar(&parts)
        || parts.len() > 16
        || parts.iter().any(|part| parts.iter().filter(|other| *other == part).count() > 3)
}

/// Whether a path leads to a day of a calendar that has no end: a year that is far off.
fn is_calendar(parts: &[&str]) -> bool {
    let years =
        parts.iter().filter_map(|part| part.split('-').next().filter(|year| year.len() == 4)?.parse::<u32>().ok());
    let dated =
        parts.len() > 1 && parts.last().is_some_and(|last| last.bytes().all(|c| c.is_ascii_digit() || c == b'-'));
    dated && years.clone().any(|year| (1000..1990).contains(&year) || (2035..3000).contains(&year))
}

/// Whether an address of a machine may be asked: it is open to everybody, or it is this machine and that is wanted.
pub(crate) fn may_be_asked(address: IpAddr, allow_loopback: bool) -> bool {
    let address = address.to_canonical();
    if address.is_loopback() {
        return allow_loopback;
    }
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// The same for an address whose host is written as a number; names are judged when they are looked up.
pub(crate) fn host_may_be_asked(url: &Url, allow_loopback: bool) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => may_be_asked(address.into(), allow_loopback),
        Some(Host::Ipv6(address)) => may_be_asked(address.into(), allow_loopback),
        Some(Host::Domain(_)) => true,
        None => false,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocols = (a, b, c) == (192, 0, 0);
    let benchmarks = a == 198 && (b == 18 || b == 19);
    !(address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || shared
        || protocols
        || benchmarks)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Only this block is given out, and three parts of it lead back to addresses of version 4, or nowhere.
    let global = first & 0xe000 == 0x2000;
    let translated = first == 0x2002 || (first == 0x2001 && (second == 0 || second == 0x0db8));
    global && !translated
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_page_has_one_address() {
        let base = url("https://example.com/fr/a");
        let told = |link: &str| resolve(&base, link).map(|url| url.to_string());
        assert_eq!(told("b#top").as_deref(), Some("https://example.com/fr/b"));
        assert_eq!(told("/b?utm_source=x&gclid=1").as_deref(), Some("https://example.com/b"));
        assert_eq!(told("/b?page=2&utm_medium=x").as_deref(), Some("https://example.com/b?page=2"));
        assert_eq!(told("HTTPS://EXAMPLE.com:443/b").as_deref(), Some("https://example.com/b"));
        assert_eq!(told("https://user:secret@example.com/b").as_deref(), Some("https://example.com/b"));
        for link in ["mailto:a@b.c", "javascript:void(0)", "tel:+33", "ftp://example.com/x"] {
            assert_eq!(told(link), None, "{link}");
        }
    }

    #[test]
    fn files_and_circles_are_told_from_pages() {
        assert!(is_file(&url("https://example.com/a/Brochure.PDF")));
        assert!(!is_file(&url("https://example.com/a.html")) && !is_file(&url("https://example.com/v1.2/")));
        assert!(is_endless(&url("https://example.com/a/b/a/b/a/b/a")));
        assert!(!is_endless(&url("https://example.com/fr/formations/bts")));
    }

    #[test]
    fn old_links_lead_to_the_same_site() {
        let start = url("https://example.com/");
        let told = |link: &str| on_site(&url(link), &start).map(|url| url.to_string());
        assert_eq!(told("http://example.com/a").as_deref(), Some("https://example.com/a"));
        assert_eq!(told("https://example.com/a").as_deref(), Some("https://example.com/a"));
        for other in ["http://example.com:8080/a", "https://www.example.com/", "http://example.org/"] {
            assert_eq!(told(other), None, "{other}");
        }
    }

    #[test]
    fn calendars_have_no_end() {
        for endless in ["/agenda/2050/01", "/cal/1875-03-01", "/fr/agenda/2100/"] {
            assert!(is_endless(&url(&format!("https://example.com{endless}"))), "{endless}");
        }
        for page in ["/agenda/2026/11", "/actualites/2024/05/rentree", "/2050/histoire", "/fr/12345"] {
            assert!(!is_endless(&url(&format!("https://example.com{page}"))), "{page}");
        }
    }

    proptest! {
        #[test]
        fn a_link_is_resolved_once_and_for_all(link in "[a-z0-9/?&=%#.:@ é_-]{0,60}|\\PC{0,40}") {
            let base = url("https://example.com/fr/a");
            if let Some(found) = resolve(&base, &link) {
                prop_assert_eq!(resolve(&base, found.as_str()), Some(found.clone()));
                prop_assert!(found.fragment().is_none() && found.username().is_empty() && found.has_host());
            }
        }

        #[test]
        fn no_number_leads_home(address: [u8; 4], mapped: bool) {
            let address = Ipv4Addr::from(address);
            let public = may_be_asked(address.into(), false);
            let wrapped = if mapped { may_be_asked(address.to_ipv6_mapped().into(), false) } else { public };
            prop_assert_eq!(public, wrapped);
            prop_assert!(!public || !(address.is_loopback() || address.is_private() || address.is_link_local()));
        }
    }

    #[test]
    fn only_addresses_that_are_open_to_everybody_are_asked() {
        for closed in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!may_be_asked(closed.parse().unwrap(), false), "{closed}");
        }
        for open in ["93.184.215.14", "172.32.0.1", "2606:2800:21f:cb07::1"] {
            assert!(may_be_asked(open.parse().unwrap(), false), "{open}");
        }
    }

    #[test]
    fn tests_may_ask_this_machine_and_no_other() {
        assert!(may_be_asked("127.0.0.1".parse().unwrap(), true) && may_be_asked("::1".parse().unwrap(), true));
        assert!(!may_be_asked("192.168.1.1".parse().unwrap(), true));
        assert!(!host_may_be_asked(&url("http://127.0.0.1:8099/"), false));
        assert!(!host_may_be_asked(&url("http://2130706433/"), false), "a number is an address too");
        assert!(host_may_be_asked(&url("http://[::1]/"), true));
    }

    #[test]
    fn www_is_the_same_owner_and_another_site() {
        let (one, other) = (url("https://example.com/"), url("https://www.example.com/"));
        assert!(same_owner(&one, &other) && !same_site(&one, &other));
    }
}
